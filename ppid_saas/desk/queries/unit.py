"""A unit's first page: its register in numbers, what it was asked for, how far the central is, what ends soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Text, and_, func, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from ppid_saas.access import policy
from ppid_saas.access.verbs import actor, query
from ppid_saas.accounts import queries as accounts
from ppid_saas.cases.rules import Chip
from ppid_saas.consequence_tests import at_unit
from ppid_saas.desk import rules
from ppid_saas.desk.queries.days import Days, days
from ppid_saas.desk.rules import Figures
from ppid_saas.documents import queries as documents
from ppid_saas.events.models import Event
from ppid_saas.register.models import Item
from ppid_saas.register.rules import MUST
from ppid_saas.reopening import copies
from ppid_saas.submissions.handover_models import Handover
from ppid_saas.submissions.models import Collection, Decision, Status, Submission
from ppid_saas.submissions.queries import handovers, preparing
from ppid_saas.submissions.queries.unit import FINISHED
from ppid_saas.submissions.queries.withdrawn import is_withdrawn
from tenants import context
from tenants.db import db
from tenants.quota import Usage

SHOWN_ENDING = 5
NOT_YET = frozenset({"received", "in_review", "returned"})


@dataclass(frozen=True)
class Asked:
    """The window that counts now, or the next to open, and the newest round handed in for it."""

    id: UUID
    title: str
    opens_on: date
    due_on: date
    submission_id: UUID | None
    number: str | None
    round: int | None
    is_nil: bool | None
    items: int | None
    submitted_at: datetime | None
    finished: bool
    returned: int


@dataclass(frozen=True)
class Progress:
    """How many items the central has in one state, whose turn they are and until when."""

    state: str
    turn: str
    n: int
    due_on: date | None
    chip: Chip | None


@dataclass(frozen=True)
class Home:
    """A unit's first page; what a role may not read is empty."""

    view: str
    step: str
    figures: Figures
    lacking: tuple[str, int] | None
    asked: Asked | None
    opened: bool
    due: Chip | None
    progress: Sequence[Progress]
    ending: Sequence[Row[Any]]
    ending_chips: Sequence[Chip]
    steps: Sequence[tuple[str, bool]]
    usage: Usage | None
    people: Sequence[Row[Any]]
    asks_head: bool = False
    handover: Handover | None = None
    copies: int = 0
    testing: Chip | None = None

    @property
    def ending_total(self) -> int:
        return int(self.ending[0].total) if self.ending else 0


@query("space.see")
def home() -> Home:
    """Read the page for the roles the actor holds."""
    held, view = actor().roles, rules.view_of("unit", actor().roles)
    if not policy.may(held, "item.read"):
        return Home(view, "", Figures(), None, None, False, None, (), (), (), (), None, _people(held))
    calendar, counted = days(), figures()
    window = asked(calendar.today)
    opened = window is not None and window.opens_on <= calendar.today
    sent = window is not None and window.submission_id is not None
    finished = window is not None and window.finished
    told = progress(calendar)
    step = rules.unit_step(counted, opened=opened, sent=sent, finished=finished)
    ends = ending(calendar.ahead(rules.NOTICE_DAYS)) if counted.total else ()
    accepted = any(line.state not in NOT_YET for line in told)
    nil_taken = bool(window and window.is_nil and finished)
    return Home(
        view=view, step=step, figures=counted, lacking=_most_lacking(counted), asked=window, opened=opened,
        due=_due(calendar, step, window, told), progress=told, ending=ends,
        ending_chips=[calendar.within(row.sort_on, rules.NOTICE_DAYS) for row in ends],
        steps=rules.first_steps(counted, sent=sent, accepted=accepted or nil_taken) if view == "officer" else (),
        usage=documents.usage() if policy.may(held, "document.write") else None, people=_people(held),
        asks_head=step in {"send", "mend"} and preparing.waiting_confirmation() is not None,
        handover=handovers.waiting() if policy.may(held, "import.run") else None, copies=len(copies.owed()),
        testing=at_unit.due(),
    )  # fmt: skip


def _people(held: frozenset[str]) -> Sequence[Row[Any]]:
    return accounts.people() if policy.may(held, "member.invite") else ()


def _most_lacking(counted: Figures) -> tuple[str, int] | None:
    return rules.most_lacking(lacking(), MUST) if counted.ready < counted.total else None


def _due(calendar: Days, step: str, window: Asked | None, told: Sequence[Progress]) -> Chip | None:
    """Return the deadline of the step itself: of the repair, of the review, else of the window."""
    state = {"mend": "returned", "wait": "received"}.get(step)
    found = next((line.chip for line in told if line.state == state and line.chip), None)
    if found or window is None or step == "done":
        return found
    return calendar.chip(window.due_on, window.opens_on) if step != "wait" else None


@query("item.read")
def figures() -> Figures:
    """Count the register."""
    lacks = type_coerce(Item.missing, ARRAY(Text)).overlap(sorted(MUST))
    counted = select(
        func.count(),
        func.count().filter(~lacks),
        func.count().filter(Item.state == "draft"),
        func.count().filter(Item.state == "returned"),
    ).select_from(Item)
    return Figures(*db.session.execute(counted.where(Item.deleted_at.is_(None))).one())


@query("item.read")
def lacking() -> dict[str, int]:
    """Count how many items lack each field."""
    fields = select(func.unnest(Item.missing).label("field")).where(Item.deleted_at.is_(None)).subquery()
    counted = select(fields.c.field, func.count()).group_by(fields.c.field)
    return {row[0]: row[1] for row in db.session.execute(counted)}


@query("item.read")
def ending(until: date) -> list[Row[Any]]:
    """Return the first items whose period or review is due by then, each with how many there are.

    Source: PP 61/2010 Ps 10(1).
    """
    chosen = (
        select(
            Item.ref, Item.title, Item.sort_on, Item.ends_on, Item.review_on, func.count().over().label("total")
        )
        .where(Item.deleted_at.is_(None), Item.sort_on <= until)
        .order_by(Item.sort_on, Item.ref)
        .limit(SHOWN_ENDING)
    )  # fmt: skip
    return list(db.session.execute(chosen))


def has_finished() -> ColumnElement[bool]:
    """Say of a submission whether its review is finished."""
    told = Event.tenant_id == Submission.reader_id, Event.kind == FINISHED, Event.subject == Submission.id
    return select(Event.id).where(*told).correlate(Submission).exists()


def came_back() -> ColumnElement[int]:
    """Count the items of a submission that came back."""
    answered = and_(Decision.writer_id == Submission.reader_id, Decision.reader_id == Submission.writer_id)
    counted = select(func.count()).where(answered, Decision.submission_id == Submission.id)
    return counted.where(Decision.verdict == "returned").correlate(Submission).scalar_subquery()


@query("submission.read")
def asked(today: date) -> Asked | None:
    """Return the window that is open, or else the next one, and what was handed in for it."""
    me, central = context.tenant_id(), actor().recipient_id
    if central is None:
        return None
    mine = and_(
        Submission.writer_id == me, Submission.reader_id == central, Submission.collection_id == Collection.id,
        ~is_withdrawn(),
    )  # fmt: skip
    columns: tuple[Any, ...] = (
        Collection.id, Collection.title, Collection.opens_on, Collection.due_on, Submission.id, Submission.number,
        Submission.round, Submission.is_nil, Submission.item_count, Submission.submitted_at, has_finished(), came_back(),
    )  # fmt: skip
    chosen = (
        select(*columns)
        .outerjoin(Submission, mine)
        .where(Collection.reader_id == me, Collection.writer_id == central)
        .order_by((Collection.opens_on <= today).desc(), Collection.id.desc(), Submission.round.desc().nulls_last())
        .limit(1)
    )  # fmt: skip
    row = db.session.execute(chosen.execution_options(any_readable=True)).one_or_none()
    return Asked(*row) if row else None


@query("submission.read")
def progress(calendar: Days) -> list[Progress]:
    """Count the central's newest words about this unit's items."""
    central = actor().recipient_id
    since = func.date(func.timezone(actor().zone, Status.at)).label("since")
    newest = (
        select(Status.state, Status.turn, Status.due_on, since)
        .where(Status.writer_id == central, Status.reader_id == context.tenant_id())
        .ext(distinct_on(Status.item_id))
        .order_by(Status.item_id, Status.n.desc())
        .subquery()
    )
    counted = (
        select(
            newest.c.state, newest.c.turn, func.count(), func.min(newest.c.due_on), func.min(newest.c.since)
        )
        .group_by(newest.c.state, newest.c.turn)
        .order_by(func.min(newest.c.due_on).nulls_last(), newest.c.state)
    )
    return [
        Progress(state, turn, n, due_on, calendar.chip(due_on, since) if due_on else None)
        for state, turn, n, due_on, since in db.session.execute(counted)
    ]
