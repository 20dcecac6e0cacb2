"""How a central's work goes, and a year's evidence for whoever evaluates it, read from what the slices before keep.

Source: UU 14/2008 Ps 12 (laporan tahunan); the evidence asked for by the Komisi Informasi's e-Monev.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, query
from ppid_saas.accounts import queries as accounts
from ppid_saas.cases import queries as cases
from ppid_saas.cases.models import MORNING, Obligation
from ppid_saas.cases.rules import day_of
from ppid_saas.consequence_tests.models import Sheet, Sitting
from ppid_saas.consolidation.models import Entry
from ppid_saas.determinations.models import Determination, DeterminationFile
from ppid_saas.events.models import Event
from ppid_saas.notifications.rules import ANY_DUTY, DUTIES, SILENT_BEGINNING, SILENT_DUTIES
from ppid_saas.reopening import queries as reopening
from ppid_saas.reports.rules import Pace, pace
from ppid_saas.submissions.models import Collection, Submission
from ppid_saas.workdays.counting import working_days_between
from tenants import clock, context
from tenants.db import db

MOST = 5000
OTHER_STEPS = say("Langkah lain")


def step_words(kind: str) -> str:
    """Return what a step is called where its pace is told."""
    return DUTIES.get(kind, (OTHER_STEPS, ""))[0]


@query("report.read")
def paces(year: int) -> list[Pace]:
    """Return how each step went that began in a year, slowest first."""
    today, zone, calendar = clock.today(actor().zone), actor().zone, cases.calendar_for_tenant()
    rows = db.session.execute(
        select(Obligation.kind, Obligation.starts_on, Obligation.due_on, Obligation.settled_at).where(
            Obligation.kind.not_in((MORNING, *SILENT_DUTIES)),
            ~Obligation.kind.startswith(SILENT_BEGINNING, autoescape=True),
            Obligation.starts_on.between(date(year, 1, 1), date(year, 12, 31)),
            Obligation.state.in_(("open", "lapsed", "settled")),
        )
    ).all()
    settled: defaultdict[str, list[tuple[int, bool]]] = defaultdict(list)
    running: defaultdict[str, list[bool]] = defaultdict(list)
    for row in rows:
        if row.settled_at is None:
            running[row.kind].append(today > row.due_on)
        else:
            on = day_of(row.settled_at, zone)
            settled[row.kind].append(
                (max(0, working_days_between(calendar, row.starts_on, on)), on > row.due_on)
            )
    found = [pace(kind, settled[kind], running[kind]) for kind in {*settled, *running}]
    return sorted(found, key=lambda one: (-one.overdue, -(one.days or 0), one.kind))


@dataclass(frozen=True, slots=True)
class UnitPace:
    """How a unit and its central went through a year: first sent, how late, rounds, days until answered."""

    name: str
    category: str
    sent_on: date | None
    late: int
    rounds: int
    answered: float | None
    items: int


@query("report.read")
def unit_paces(year: int) -> list[UnitPace]:
    """Return each unit's year, those that sent last or not at all first."""
    by_unit: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in _sent_in(year):
        by_unit[row.writer_id].append(row)
    counts = Counter(db.session.execute(select(Entry.sender_id)).scalars())
    lines = [_unit_pace(unit, by_unit[unit.id], counts[unit.id]) for unit in accounts.units()]
    return sorted(lines, key=lambda one: (one.sent_on is not None, -one.late, one.name))


def _sent_in(year: int) -> Sequence[Any]:
    window = and_(
        Collection.writer_id == Submission.reader_id, Collection.reader_id == Submission.writer_id,
        Collection.id == Submission.collection_id,
    )  # fmt: skip
    finished = and_(
        Event.tenant_id == context.tenant_id(),
        Event.subject == Submission.id,
        Event.kind == "review.finished",
    )
    rows = db.session.execute(
        select(Submission.writer_id, Submission.submitted_at, Submission.round, Collection.due_on, Event.at.label("answered_at"))
        .join(Collection, window)
        .outerjoin(Event, finished)
        .where(Submission.reader_id == context.tenant_id())
        .order_by(Submission.submitted_at)
    ).all()  # fmt: skip
    return [row for row in rows if day_of(row.submitted_at, actor().zone).year == year]


def _unit_pace(unit: Any, rows: Sequence[Any], items: int) -> UnitPace:
    if not rows:
        return UnitPace(unit.name, unit.category, None, 0, 0, None, items)
    zone, calendar = actor().zone, cases.calendar_for_tenant()
    first = day_of(rows[0].submitted_at, zone)
    late = max(0, working_days_between(calendar, rows[0].due_on, first))
    waited = [_days(row.submitted_at, row.answered_at) for row in rows if row.answered_at]
    answered = sum(waited) / len(waited) if waited else None
    return UnitPace(unit.name, unit.category, first, late, len(rows), answered, items)


def _days(since: datetime, until: datetime) -> int:
    zone = actor().zone
    return max(
        0,
        working_days_between(cases.calendar_for_tenant(), day_of(since, zone), day_of(until, zone)),
    )


@query("report.read")
def overdue() -> list[tuple[str, str, int, Any]]:
    """Return what is late now by kind: what it is called, the page where it is done, how many, the chip of the latest."""
    today = clock.today(actor().zone)
    late: defaultdict[str, list[Obligation]] = defaultdict(list)
    for duty in cases.open_duties(MOST):
        if duty.due_on < today and _is_work(duty.kind):
            late[duty.kind].append(duty)
    return [(*DUTIES.get(kind, ANY_DUTY), len(rows), cases.duty_chip(rows[0])) for kind, rows in late.items()]


def _is_work(kind: str) -> bool:
    return kind not in SILENT_DUTIES and not kind.startswith(SILENT_BEGINNING)


@query("report.read")
def letters(year: int) -> list[tuple[Determination, DeterminationFile | None]]:
    """Return the determinations of a year, each with its papers."""
    rows = db.session.execute(
        select(Determination, DeterminationFile)
        .outerjoin(
            DeterminationFile,
            and_(
                DeterminationFile.tenant_id == Determination.tenant_id,
                DeterminationFile.determination_id == Determination.id,
            ),
        )
        .where(Determination.dated_on.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(Determination.dated_on, Determination.id, DeterminationFile.n)
    )
    return [(row[0], row[1]) for row in rows]


@query("report.read")
def tests(year: int) -> tuple[Sequence[Sheet], Sequence[Sitting]]:
    """Return the test sheets and sittings of a year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    sheets = db.session.execute(select(Sheet).order_by(Sheet.at)).scalars().all()
    sat = db.session.execute(
        select(Sitting).where(Sitting.held_on.between(first, last)).order_by(Sitting.held_on)
    )
    zone = actor().zone
    return [sheet for sheet in sheets if day_of(sheet.at, zone).year == year], sat.scalars().all()


@query("report.read")
def opened(year: int) -> list[reopening.Public]:
    """Return what became public in a year."""
    return [row for row in reopening.opened_items() if row.opened.opens_on.year == year]


@query("report.read")
def per_unit() -> list[tuple[str, str, int]]:
    """Return how many entries each unit has by article 17 letter."""
    found: Counter[tuple[str, str]] = Counter()
    for name, body in db.session.execute(select(Entry.sender_name, Entry.body)):
        codes = {str(row.get("code") or "")[:3] for row in body.get("grounds") or ()} - {""}
        found.update((name, code) for code in codes or {"–"})
    return [(name, code, n) for (name, code), n in sorted(found.items())]
