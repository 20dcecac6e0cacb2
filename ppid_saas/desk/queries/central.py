"""A central's first page: one line a stage, who is late, what waits for review, what is prepared and in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from ppid_saas.access import policy
from ppid_saas.access.verbs import actor, query
from ppid_saas.accounts import queries as accounts
from ppid_saas.cases.models import Obligation
from ppid_saas.cases.rules import Chip, day_of
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.rules import DETERMINABLE
from ppid_saas.desk import rules
from ppid_saas.desk.queries import published, testing
from ppid_saas.desk.queries.days import Days, days
from ppid_saas.desk.queries.deciding import APPROVED, RETURNED, Deciding, deciding
from ppid_saas.desk.queries.published import InForce, Prepared
from ppid_saas.desk.queries.testing import Asked, Tests
from ppid_saas.desk.queries.unit import came_back, has_finished
from ppid_saas.desk.rules import Stages
from ppid_saas.determinations import draft_queries, drafting
from ppid_saas.determinations import queries as determinations
from ppid_saas.determinations.queries import Listed
from ppid_saas.reopening import queries as reopening
from ppid_saas.reopening.queries import Waiting
from ppid_saas.storage import queries as storage
from ppid_saas.storage.queries import Attention
from ppid_saas.submissions.models import Collection, Submission
from ppid_saas.submissions.queries.withdrawn import is_withdrawn
from ppid_saas.submissions.rules import standing
from ppid_saas.submissions.service import REVIEW_DUE
from tenants import clock, context
from tenants.db import db

SHOWN = 5
SHOWN_DETERMINATIONS = 3


@dataclass(frozen=True)
class Unit:
    """One unit in the window: where it stands, and the day it first sent."""

    name: str
    standing: str
    first_on: date | None


@dataclass(frozen=True)
class Window:
    """The newest window with its units."""

    id: UUID
    title: str
    opens_on: date
    due_on: date
    chip: Chip
    opened: bool
    units: Sequence[Unit]

    def count(self, *standings: str) -> int:
        return sum(unit.standing in standings for unit in self.units)

    @property
    def sent(self) -> int:
        return len(self.units) - self.count("missing", "late")

    @property
    def left(self) -> list[tuple[date, int]]:
        """How many units had not sent yet, day by day."""
        return rules.left_by_day([unit.first_on for unit in self.units if unit.first_on], len(self.units))

    @property
    def owing(self) -> list[Unit]:
        return [unit for unit in self.units if unit.standing in {"missing", "late"}]


@dataclass(frozen=True)
class Unread:
    """A submission nobody has finished reading."""

    submission: Submission
    unit: str
    chip: Chip


@dataclass(frozen=True)
class Home:
    """A central's first page."""

    view: str
    step: str
    stages: Stages
    window: Window | None
    today: date
    inbox: Sequence[Unread]
    prepared: Sequence[Prepared]
    determinations: Sequence[Listed]
    in_force: InForce | None
    people: Sequence[Row[Any]]
    rooms: Attention = field(default_factory=Attention)
    tests: Tests = field(default_factory=Tests)
    asked: Asked = field(default_factory=Asked)
    to_approve: Sequence[draft_queries.Listed] = ()
    deciding: Deciding = field(default_factory=Deciding)
    reopening: Waiting | None = None
    reopening_due: Chip | None = None

    @property
    def ready(self) -> Prepared | None:
        """The draft that can be published now, first one that the actor did not prepare herself."""
        ready = sorted((draft for draft in self.prepared if draft.ready), key=lambda draft: draft.mine)
        return ready[0] if ready else None


@query("space.see")
def home() -> Home:
    """Read the page for the roles the actor holds."""
    held = actor().roles
    view = rules.view_of("central", held)
    people = accounts.people() if policy.may(held, "member.invite") else ()
    if not policy.may(held, "review.read"):
        return Home(view, "", Stages(), None, clock.today(actor().zone), (), (), (), None, people)
    calendar = days()
    if view in rules.BRIEF:
        return _brief(view, calendar)
    known = accounts.counterparts()
    at, (total, inbox) = window(calendar, known), waiting(calendar, known)
    drafts = published.prepared()
    tests, letters = testing.tests(), deciding()
    stages = replace(
        _stages(at, total, entry_counts(), drafts), testing=tests.left,
        returned=letters.first(RETURNED) is not None, approved=letters.first(APPROVED) is not None,
    )  # fmt: skip
    ends = reopening.waiting(calendar.calendar, calendar.today)
    return Home(
        view=view,
        step=rules.head_step(stages) if view == "head" else rules.officer_step(stages),
        stages=stages,
        window=at,
        today=calendar.today,
        inbox=inbox,
        prepared=drafts,
        determinations=determinations.determinations()[:SHOWN_DETERMINATIONS],
        in_force=published.in_force(calendar.ahead(rules.NOTICE_DAYS)),
        people=people,
        rooms=storage.attention() if policy.may(held, "room.read") else Attention(),
        tests=tests,
        deciding=letters,
        reopening=ends,
        reopening_due=calendar.within(ends.first, rules.NOTICE_DAYS) if ends.first else None,
    )


def _brief(view: str, calendar: Days) -> Home:
    """The page of those who decide: what is prepared, what was determined, what is in force."""
    drafts, made = published.prepared(), determinations.determinations()[:SHOWN_DETERMINATIONS]
    now = published.in_force(calendar.ahead(rules.NOTICE_DAYS))
    stages, asked = Stages(drafts=len(drafts)), testing.asked()
    return Home(
        view, "", stages, None, calendar.today, (), drafts, made, now, (), asked=asked, to_approve=_to_approve(),
    )  # fmt: skip


def _to_approve() -> Sequence[draft_queries.Listed]:
    """Return the decisions that wait for the actor's approval, the longest waiting first."""
    if not policy.may(actor().roles, "determination.approve"):
        return ()
    return [one for one in reversed(draft_queries.drafts()) if one.draft.state == drafting.WAITING]


def _stages(at: Window | None, total: int, entries: dict[str, int], drafts: Sequence[Prepared]) -> Stages:
    publishes = policy.may(actor().roles, "edition.publish")
    return Stages(
        opened=at is not None and at.opened,
        missing=at.count("missing") if at else 0,
        late=at.count("late") if at else 0,
        repairing=at.count("in_repair") if at else 0,
        waiting=total,
        accepted=sum(entries.get(state, 0) for state in DETERMINABLE),
        determined=entries.get("determined", 0),
        drafts=len(drafts),
        mine_to_publish=sum(draft.ready and not draft.mine for draft in drafts) if publishes else 0,
    )


@query("entry.read")
def entry_counts() -> dict[str, int]:
    """Count the entries in each state."""
    counted = select(Entry.state, func.count()).group_by(Entry.state)
    return {row[0]: row[1] for row in db.session.execute(counted)}


@query("collection.read")
def window(calendar: Days, known: Mapping[UUID, Row[Any]]) -> Window | None:
    """Return the window that is open, else the next one, and where each of its units stands, by name."""
    rows = [row for row in _asked(calendar.today) if row.reader_id in known]
    if not rows:
        return None
    one = rows[0]
    units = [_unit(known[row.reader_id], row, overdue=calendar.today > row.due_on) for row in rows]
    return Window(
        id=one.id,
        title=one.title,
        opens_on=one.opens_on,
        due_on=one.due_on,
        chip=calendar.chip(one.due_on, one.opens_on),
        opened=one.opens_on <= calendar.today,
        units=sorted(units, key=lambda unit: unit.name),
    )


def _unit(unit: Row[Any], row: Row[Any], *, overdue: bool) -> Unit:
    stands = standing(
        rounds=row.round or 0, finished=bool(row.finished), returned=row.returned or 0, overdue=overdue
    )
    return Unit(unit.name, stands, day_of(row.first_at, actor().zone) if row.first_at else None)


def _asked(today: date) -> Sequence[Row[Any]]:
    me = context.tenant_id()
    opened = select(Collection.id).where(Collection.writer_id == me)
    newest = opened.order_by((Collection.opens_on <= today).desc(), Collection.id.desc()).limit(1)
    of_newest = newest.correlate(None).scalar_subquery()
    first_at = func.min(Submission.submitted_at).over(partition_by=Submission.writer_id)
    latest = (
        select(
            Submission.writer_id, Submission.round, first_at.label("first_at"),
            has_finished().label("finished"), came_back().label("returned"),
        )
        .where(Submission.reader_id == me, Submission.collection_id == of_newest, ~is_withdrawn())
        .ext(distinct_on(Submission.writer_id))
        .order_by(Submission.writer_id, Submission.round.desc())
        .subquery()
    )  # fmt: skip
    chosen = (
        select(Collection.id, Collection.title, Collection.opens_on, Collection.due_on, Collection.reader_id, latest)
        .outerjoin(latest, latest.c.writer_id == Collection.reader_id)
        .where(Collection.writer_id == me, Collection.id == of_newest)
    )  # fmt: skip
    return db.session.execute(chosen).all()


@query("review.read")
def waiting(calendar: Days, known: Mapping[UUID, Row[Any]]) -> tuple[int, list[Unread]]:
    """Return how many submissions wait for review, and the most pressing of them."""
    me = context.tenant_id()
    owed = and_(
        Obligation.tenant_id == me,
        Obligation.subject == Submission.id,
        Obligation.kind == REVIEW_DUE,
        Obligation.settled_at.is_(None),
    )
    chosen = (
        select(Submission, Obligation.due_on, Obligation.starts_on, func.count().over().label("total"))
        .outerjoin(Obligation, owed)
        .where(Submission.reader_id == me, ~has_finished(), ~is_withdrawn())
        .order_by(Obligation.due_on.nulls_first(), Submission.id)
        .limit(SHOWN)
    )
    rows = db.session.execute(chosen).all()
    shown = [
        Unread(sent, known[sent.writer_id].name, calendar.chip(due_on, since))
        for sent, due_on, since, _ in rows
        if sent.writer_id in known
    ]
    return (rows[0].total if rows else 0), shown
