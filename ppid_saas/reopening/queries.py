"""Read what nears its end, what was opened and what nobody decided in time. Truth comes from the clock; nothing is written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, null, or_, select, union_all

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, query
from ppid_saas.cases.many import REPLACED
from ppid_saas.cases.models import Obligation
from ppid_saas.cases.queries import calendar_for_tenant
from ppid_saas.cases.rules import Chip, chip
from ppid_saas.consolidation.models import Entry
from ppid_saas.determinations.capping import past_cap
from ppid_saas.determinations.models import Determination, DeterminationItem
from ppid_saas.determinations.opening import OPENING
from ppid_saas.events.models import Event
from ppid_saas.law.extensions import closed_years, ground_codes, latest_end
from ppid_saas.reopening import rules
from ppid_saas.reopening.models import Opened, ReopeningNote
from ppid_saas.workdays.calendar import Calendar
from ppid_saas.workdays.counting import add_working_days
from tenants import clock, context
from tenants.db import among, db

HORIZON = rules.AHEAD_DAYS + rules.DECIDE_DAYS
SHOWN = 20


@dataclass(frozen=True)
class Line:
    """One item of the queue: its entry, its end or review, the day to decide by, why it stands where it stands."""

    entry: Entry
    group: str
    ends_on: date | None
    decide_by: date
    chip: Chip
    weight: rules.Weight
    note: str
    unseen: int
    opens_on: date | None

    @property
    def retested(self) -> bool:
        """Whether it is being tested anew meanwhile."""
        return self.entry.state not in rules.CLOSED


@query("reopening.read")
def queue() -> dict[str, list[Line]]:
    """Return every group with its items, those first whose opening must be determined first.

    Source: SOP 03/SOP-PPID baris 2, 3.
    """
    calendar, today = calendar_for_tenant(), clock.today(actor().zone)
    groups: dict[str, list[Line]] = {name: [] for name in rules.GROUPS}
    days: dict[date, date] = {}
    for duty, entry, noted, opened, unseen in _coming(today, add_working_days(calendar, today, HORIZON)):
        review = duty.kind == rules.REVIEW
        deadline = (
            duty.due_on if review else days.setdefault(duty.due_on, rules.decide_by(calendar, duty.due_on))
        )
        group = "waiting" if opened else rules.group_of(calendar, deadline, review, today)
        if group is None:
            continue
        weight = rules.Weight(noted.requests, noted.matters) if noted else rules.Weight()
        groups[group].append(
            Line(
                entry, group, None if review else duty.due_on, deadline,
                chip(calendar, deadline, rules.NOTICE_DAYS[0], today), weight, noted.note if noted else "",
                unseen or 0, opened.opens_on if opened else None,
            )
        )  # fmt: skip
    for lines in groups.values():
        lines.sort(key=lambda line: rules.place_in_group(line.decide_by, line.weight, line.entry.title))
    return groups


def _coming(
    today: date, until: date
) -> Sequence[tuple[Obligation, Entry, ReopeningNote | None, Opened | None, int | None]]:
    unseen = (
        select(Obligation.subject, func.count().label("n"))
        .where(
            Obligation.kind.in_(rules.REMINDERS),
            Obligation.state == "lapsed",
            Obligation.settled_at.is_(None),
        )
        .group_by(Obligation.subject)
        .subquery()
    )
    chosen = (
        select(Obligation, Entry, ReopeningNote, Opened, unseen.c.n)
        .join(Entry, and_(Entry.tenant_id == Obligation.tenant_id, Entry.item_id == Obligation.subject))
        .outerjoin(ReopeningNote, and_(ReopeningNote.tenant_id == Entry.tenant_id, ReopeningNote.item_id == Entry.item_id))
        .outerjoin(Opened, and_(Opened.tenant_id == Entry.tenant_id, Opened.item_id == Entry.item_id))
        .outerjoin(unseen, unseen.c.subject == Entry.item_id)
        .where(Obligation.kind.in_((rules.END, rules.REVIEW)), Obligation.settled_at.is_(None))
        .where(Obligation.due_on <= until, or_(Obligation.kind == rules.REVIEW, Obligation.due_on >= today))
        .order_by(Obligation.due_on, Obligation.id)
    )  # fmt: skip
    return [(row[0], row[1], row[2], row[3], row[4]) for row in db.session.execute(chosen)]


@query("reopening.read")
def unseen_notices(item_ids: Collection[UUID]) -> list[UUID]:
    """Return the notices about these items that were given and nobody has acknowledged."""
    chosen = select(Obligation.id).where(
        Obligation.kind.in_(rules.REMINDERS), Obligation.state == "lapsed", Obligation.settled_at.is_(None),
        among(Obligation.subject, item_ids),
    )  # fmt: skip
    return list(db.session.execute(chosen).scalars())


@dataclass(frozen=True)
class Public:
    """An item that became public: how, since when, and its row of the public list."""

    entry: Entry
    opened: Opened
    notices: int = 0
    seen: int = 0

    @property
    def complete(self) -> bool:
        """Whether the row of the public list lacks nothing."""
        return not rules.missing_dip(self.opened.dip)


@query("reopening.read")
def opened_items(how: str | None = None) -> list[Public]:
    """Return what became public, newest first; what will only open on a later day is not among it."""
    chosen = (
        select(Entry, Opened)
        .join(Opened, and_(Opened.tenant_id == Entry.tenant_id, Opened.item_id == Entry.item_id))
        .where(Opened.applied_at.is_not(None))
        .order_by(Opened.opens_on.desc(), Entry.item_id)
    )
    if how is not None:
        chosen = chosen.where(Opened.how == how)
    return [Public(row[0], row[1]) for row in db.session.execute(chosen)]


@query("reopening.read")
def opened_item(item_id: UUID) -> Public:
    """Return one item that became public."""
    found = db.session.get(Opened, (context.tenant_id(), item_id), populate_existing=True)
    entry = db.session.get(Entry, (context.tenant_id(), item_id))
    if found is None or entry is None:
        raise NotFoundError
    return Public(entry, found)


@query("reopening.read")
def missed() -> list[Public]:
    """Return what opened by law because nobody decided in time, with how many notices were given and acknowledged.

    Source: PP 61/2010 Ps 10(2).
    """
    rows = opened_items("by_law")
    seen = select(Event.subject, func.count().label("n")).where(Event.kind == "reopening.acknowledged")
    given = select(Event.subject, func.count().label("n")).where(Event.kind == "reopening.noticed")
    ids = [row.entry.item_id for row in rows]
    counts = [
        {
            row.subject: row.n
            for row in db.session.execute(one.where(Event.subject.in_(ids)).group_by(Event.subject))
        }
        for one in (given, seen)
    ]
    return [
        Public(
            row.entry, row.opened, counts[0].get(row.entry.item_id, 0), counts[1].get(row.entry.item_id, 0)
        )
        for row in rows
    ]


@dataclass(frozen=True)
class SoFar:
    """An item with what it was closed with: the body last determined, since when, how long in all, and its cap."""

    entry: Entry
    body: dict[str, Any]
    first_on: date | None
    ends_on: date | None
    years: int | None
    latest: date | None
    too_long: str


@query("reopening.read")
def closed_so_far(entries: Sequence[Entry]) -> list[SoFar]:
    """Return the reasoning each item was closed with and how long it has been closed, over every determination of it.

    Source: PP 61/2010 Ps 5(1).
    """
    chosen = (
        select(DeterminationItem, Determination.dated_on)
        .join(
            Determination,
            and_(
                Determination.tenant_id == DeterminationItem.tenant_id,
                Determination.id == DeterminationItem.determination_id,
            ),
        )
        .where(among(DeterminationItem.item_id, [entry.item_id for entry in entries]))
        .where(Determination.kind != OPENING)
        .order_by(Determination.dated_on, Determination.id)
    )
    made: dict[UUID, list[tuple[DeterminationItem, date]]] = {}
    for row in db.session.execute(chosen):
        made.setdefault(row[0].item_id, []).append((row[0], row[1]))
    too_long = past_cap(entries, clock.today(actor().zone))
    return [_so_far(entry, made.get(entry.item_id, []), too_long.get(entry.item_id, "")) for entry in entries]


def _so_far(entry: Entry, made: Sequence[tuple[DeterminationItem, date]], too_long: str) -> SoFar:
    if not made:
        return SoFar(entry, entry.body, None, entry.ends_on, None, None, too_long)
    first_on, last = made[0][1], made[-1][0]
    years = closed_years(first_on, last.ends_on) if last.ends_on else None
    latest = latest_end(first_on, ground_codes(last.body.get("grounds") or ()))
    return SoFar(entry, last.body, first_on, last.ends_on, years, latest, too_long)


@query("reopening.read")
def noted(item_id: UUID) -> ReopeningNote | None:
    """Return what was noted of an item."""
    return db.session.get(ReopeningNote, (context.tenant_id(), item_id), populate_existing=True)


@query("reopening.read")
def duties_of(item_id: UUID) -> Sequence[Obligation]:
    """Return what is and was owed of an item in the order of its days, without what was replaced."""
    chosen = select(Obligation).where(Obligation.subject == item_id, Obligation.kind.in_(rules.KINDS))
    kept = chosen.where(Obligation.state != REPLACED).order_by(Obligation.due_at, Obligation.id)
    return db.session.execute(kept).scalars().all()


@dataclass(frozen=True)
class Waiting:
    """What the first page says of reopening: how many must be determined, until when the first, how many lack their public row."""

    late: int = 0
    soon: int = 0
    first: date | None = None
    undescribed: int = 0


@query("reopening.read")
def waiting(calendar: Calendar, today: date) -> Waiting:
    """Count what waits for a decision, and what opened and still lacks its row of the public list; one statement."""
    undescribed = (
        select(func.count())
        .select_from(Opened)
        .where(
            Opened.tenant_id == context.tenant_id(), Opened.applied_at.is_not(None), Opened.how == "by_law"
        )
        .where(Opened.dip == {})
        .scalar_subquery()
    )
    decided = select(Opened.item_id).where(Opened.item_id == Obligation.subject).exists()
    until = add_working_days(calendar, today, HORIZON)
    owed = (
        select(Obligation.due_on, func.count().label("n"))
        .where(Obligation.kind == rules.END, Obligation.settled_at.is_(None))
        .where(Obligation.due_on.between(today, until), ~decided)
        .group_by(Obligation.due_on)
        .subquery()
    )
    chosen = select(undescribed, owed.c.due_on, owed.c.n).select_from(owed)
    bare = select(undescribed, null(), null())
    rows = db.session.execute(union_all(chosen, bare)).all()
    days = sorted((rules.decide_by(calendar, row[1]), row[2]) for row in rows if row[1])
    limit = add_working_days(calendar, today, rules.AHEAD_DAYS)
    ahead = [(day, n) for day, n in days if day <= limit]
    late = sum(n for day, n in ahead if day < today)
    return Waiting(late, sum(n for _, n in ahead) - late, ahead[0][0] if ahead else None, rows[0][0])
