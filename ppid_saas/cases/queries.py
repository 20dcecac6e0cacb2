"""Read calendars, SOPs, cases and duties of the bound tenant. Nothing here writes or counts working days itself."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, func, select, true

from ppid_saas.access.verbs import actor, query
from ppid_saas.cases.models import MORNING, CalendarDay, CalendarEdition, Case, Obligation
from ppid_saas.cases.rules import NO_LIMIT, Chip, chip, day_of, paused_chip, settled_chip
from ppid_saas.proofs import digest
from ppid_saas.sop.catalogue import load_catalogue
from ppid_saas.sop.engine import Action, actions, steps_from, with_limits
from ppid_saas.sop.model import Sop, Step
from ppid_saas.sop.roles import ROLES
from ppid_saas.workdays.calendar import Calendar, ClosedDay, DayKind, Override, tailored
from ppid_saas.workdays.counting import Band, working_days_between
from tenants import clock
from tenants.db import db, ready, rows

Process = Literal["documenting", "testing"]
PROCESSES: tuple[Process, ...] = ("documenting", "testing")
DOCUMENTING = {"KPU": "74-ort-06-3604-2022"}
DEFAULT_DOCUMENTING, DEFAULT_TESTING = "03-sop-ppid", "01-sop-ppid"
FIRST_YEAR = 2015
SPECIAL = func.door.days().table_valued("day", "working", "reason", "own").alias("special")


@query("space.see")
def calendar_for_tenant() -> Calendar:
    """Return the newest national calendar with its central's and its own days, and the tenant's week and joint leave.

    Source: SKB 3 Menteri; a region's own decrees count for every office in it, and each may differ.
    """
    settings = actor().settings
    week: Literal[5, 6] = 6 if settings.get("week") == 6 else 5
    leave_closed = bool(settings.get("joint_leave_closed", True))
    version, special = _newest_version_and_special_days()
    national, own = _national(version), local_days(special)
    if not own and week == 5 and leave_closed:
        return national
    mark = digest([week, leave_closed, *([o.day.isoformat(), o.working] for o in own)])[:8]
    return tailored(national, f"{national.version}+{mark}", own, week=week, joint_leave_closed=leave_closed)


@query("space.see")
def special_days() -> Sequence[Row[Any]]:
    """Return the days that differ here from the national table: the central's, then the tenant's `own`, each in order."""
    return db.session.execute(select(SPECIAL)).all()


def local_days(special: Iterable[Row[Any]]) -> list[Override]:
    """Return one exception a day, in order: what the tenant itself says of a day counts before what its central says."""
    by_day = {row.day: Override(row.day, row.working, row.reason) for row in special}
    return [by_day[day] for day in sorted(by_day)]


_NEWEST = (
    select(CalendarEdition.version)
    .order_by(
        CalendarEdition.decreed_through.desc(),
        CalendarEdition.issued_at.desc(),
        CalendarEdition.version.desc(),
    )
    .limit(1)
    .subquery("newest")
)
_NEWEST_AND_SPECIAL = ready(
    select(_NEWEST.c.version, SPECIAL)
    .select_from(_NEWEST.outerjoin(SPECIAL, true()))
    .order_by(SPECIAL.c.own, SPECIAL.c.day)
)


def _newest_version_and_special_days() -> tuple[str, list[Row[Any]]]:
    """Read both in one statement: every page with a deadline asks for them."""
    found = rows(_NEWEST_AND_SPECIAL, {})
    if not found:
        raise LookupError("no calendar was seeded; see cases.service.seed_calendar")
    return found[0].version, [row for row in found if row.day]


@cache
def _national(version: str) -> Calendar:
    """Read one version, which never changes once written."""
    through = db.session.execute(
        select(CalendarEdition.decreed_through).where(CalendarEdition.version == version)
    ).scalar_one()
    days = db.session.execute(select(CalendarDay).where(CalendarDay.version == version)).scalars()
    closed = {day.day: ClosedDay(DayKind(day.category), day.name) for day in days}
    return Calendar(version, closed, frozenset(range(FIRST_YEAR, through + 1)))


@query("space.see")
def sop_for_tenant(process: Process) -> Sop:
    """Return the tenant's SOP of a process in its newest version, with the tenant's own limits."""
    who = actor()
    sop = chosen_sop(process, who.settings, who.category) or newest_of(DEFAULT_TESTING)
    return with_limits(sop, who.settings.get("limits", {}))


def chosen_sop(process: Process, settings: Mapping[str, Any], category: str) -> Sop | None:
    """Return what a tenant chose, as a version or as an id whose newest counts; testing is by none unless chosen."""
    chosen = settings.get("sop", {}).get(process)
    if chosen in load_catalogue():
        return load_catalogue()[chosen]
    if process == "documenting":
        return newest_of(chosen or DOCUMENTING.get(category, DEFAULT_DOCUMENTING))
    return newest_of(chosen) if chosen else None


def newest_of(sop_id: str) -> Sop:
    """Return the newest version of an SOP."""
    versions = [sop for sop in load_catalogue().values() if sop.id == sop_id]
    return max(versions, key=lambda sop: sop.version)


def sop_of(case: Case) -> Sop:
    """Return the SOP version a case began with."""
    return load_catalogue()[f"{case.sop}.v{case.sop_version}"]


@query("space.see")
def case_of(subject_kind: str, subject_id: UUID) -> Case | None:
    """Return the case about one subject."""
    chosen = select(Case).where(Case.subject_kind == subject_kind, Case.subject_id == subject_id)
    return db.session.execute(chosen).scalar_one_or_none()


def acting_roles() -> Collection[str]:
    """Return the roles an SOP looks at; a worker's system does the step it was given for whoever may take it."""
    held = actor().roles
    return ROLES.keys() if "system" in held else held


def case_actions(case: Case) -> list[Action]:
    """Return the steps the actor may take now: the buttons, and the guard of their POST."""
    return actions(sop_of(case), case.state, acting_roles())


def case_turn(case: Case) -> list[Step]:
    """Return the steps open now, whoever takes them."""
    return steps_from(sop_of(case), case.state)


@query("space.see")
def duties(subjects: Collection[UUID], kind: str | None = None) -> dict[UUID, Obligation]:
    """Return the newest duty of each subject."""
    chosen = select(Obligation).where(Obligation.subject.in_(subjects)).order_by(Obligation.id)
    if kind is not None:
        chosen = chosen.where(Obligation.kind == kind)
    found = db.session.execute(chosen).scalars()
    return {row.subject: row for row in found if row.subject is not None}


@query("space.see")
def open_duties(limit: int = 100) -> Sequence[Obligation]:
    """Return what is still owed, most pressing first; what lapsed undone is still owed."""
    owed = select(Obligation).where(Obligation.settled_at.is_(None), Obligation.kind != MORNING)
    return db.session.execute(owed.order_by(Obligation.due_on).limit(limit)).scalars().all()


@query("space.see")
def due_chip(due_on: date | None, n: int | None = None, source: str = "", since: date | None = None) -> Chip:
    """Return the chip of a due day; n working days, or those since a first day."""
    if due_on is None:
        return NO_LIMIT
    calendar, today = calendar_for_tenant(), clock.today(actor().zone)
    if n is None:
        n = working_days_between(calendar, since or today, due_on)
    return chip(calendar, due_on, max(n, 1), today, source)


@query("space.see")
def duty_chip(duty: Obligation | None) -> Chip:
    """Return the chip of a duty, done or not."""
    if duty is None:
        return NO_LIMIT
    if duty.settled_at is not None:
        settled_on = day_of(duty.settled_at, actor().zone)
        return settled_chip(calendar_for_tenant(), duty.due_on, settled_on)
    if duty.paused_on is not None:
        return paused_chip(duty.paused_on)
    return due_chip(duty.due_on, duty.n, duty.source)


def form_warning(case: Case, chip: Chip | None) -> str:
    """Return the warning printed on the form of a case while its step is overdue, else nothing."""
    late = chip is not None and chip.band == Band.LATE.value
    return " ".join(sop_of(case).header["warning"].printed) if late else ""
