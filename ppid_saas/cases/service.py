"""Open and advance SOP cases, owe and settle duties, and let a due duty take effect exactly once.

All but `settle_due` and `seed_calendar` join a running command of another slice: an SOP step guards itself by its own
roles, a duty follows from the verb that makes it.
"""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or_skip

from ppid_saas.access.errors import ConflictError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, ring_bells
from ppid_saas.cases import mornings, queries
from ppid_saas.cases.models import CalendarDay, CalendarEdition, Case, Obligation, ObligationEffect
from ppid_saas.events.service import record
from ppid_saas.sop.engine import may
from ppid_saas.workdays.counting import add_working_days, working_days_between
from ppid_saas.workdays.national import national_calendar
from tenants import clock, context
from tenants.db import db, new_id, transaction

SEEDED_YEARS = range(queries.FIRST_YEAR, 2061)
DECREE = "SKB 3 Menteri tentang hari libur nasional dan cuti bersama"


def open_case(process: queries.Process, subject_kind: str, subject_id: UUID) -> Case:
    """Begin a walk through the tenant's SOP of this process; the case keeps the version it began with."""
    sop = queries.sop_for_tenant(process)
    case = Case(
        id=new_id(), sop=sop.id, sop_version=sop.version, subject_kind=subject_kind, subject_id=subject_id,
        state=sop.initial, opened_at=clock.now(),
    )  # fmt: skip
    db.session.add(case)
    record("case.opened", subject_id, {"case": str(case.id), "sop": sop.key})
    return case


def advance(case: Case, action: str) -> Case:
    """Take one step, if the SOP lets the actor take it now; the row is locked, so of two clicks one counts."""
    db.session.flush()
    db.session.refresh(case, with_for_update=True)
    sop = queries.sop_of(case)
    if not may(sop, case.state, action, queries.acting_roles()):
        raise ConflictError(
            say(
                "Langkah ini tidak dapat diambil sekarang: perkara berada pada keadaan “%(state)s”.",
                state=say(sop.states[case.state]),
            )
        )
    before, case.state = case.state, sop.step(action).to_state
    if not queries.case_turn(case):
        case.closed_at = clock.now()
    data = {"case": str(case.id), "step": action, "from": before, "to": case.state}
    record("case.advanced", case.subject_id, data)
    return case


def owe(
    kind: str, subject: UUID, n: int, source: str, starts_on: date, case_id: UUID | None = None
) -> Obligation:
    """Owe a duty for n working days from the trigger. Owed twice, it is still one duty."""
    due_on = add_working_days(queries.calendar_for_tenant(), starts_on, n)
    return _owe(kind, subject, n, due_on, source, starts_on, case_id, "forward")


def owe_until(
    kind: str, subject: UUID, due_on: date, source: str, starts_on: date, case_id: UUID | None = None
) -> Obligation:
    """Owe a duty until a given day, as of a window."""
    n = working_days_between(queries.calendar_for_tenant(), starts_on, due_on)
    return _owe(kind, subject, max(n, 0), due_on, source, starts_on, case_id, "fixed")


def _owe(  # noqa: PLR0913, PLR0917  # a duty is that many facts
    kind: str,
    subject: UUID,
    n: int,
    due_on: date,
    source: str,
    starts_on: date,
    case_id: UUID | None,
    counted: str,
) -> Obligation:
    owed = _owed(kind, subject)
    if owed is not None:
        return owed
    duty = Obligation(
        id=new_id(), kind=kind, subject=subject, case_id=case_id, starts_on=starts_on, n=n, due_on=due_on,
        due_at=end_of(due_on, actor().zone), calendar_version=queries.calendar_for_tenant().version, source=source,
        state="open", counted=counted,
    )  # fmt: skip
    db.session.add(duty)
    mornings.arm()
    return duty


def _owed(kind: str, subject: UUID) -> Obligation | None:
    db.session.flush()
    chosen = select(Obligation).where(
        Obligation.kind == kind, Obligation.subject == subject, Obligation.settled_at.is_(None)
    )
    return db.session.execute(chosen).scalars().first()


def end_of(day: date, zone: str) -> datetime:
    """Return the instant a day is over on the wall of the tenant: 00:00 of the next."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))


def settle(duty: Obligation) -> None:
    """Mark one duty as done; one that lapsed before stays lapsed, and is done late."""
    duty.settled_at = clock.now()
    if duty.state in {"open", "paused"}:
        duty.state, duty.paused_on = "settled", None


def settle_all(kind: str, subject: UUID) -> None:
    """Mark whatever is owed of this kind about this subject as done."""
    owed = _owed(kind, subject)
    if owed is not None:
        settle(owed)


def settle_due(tenant_id: UUID, obligation_id: UUID) -> bool:
    """Let a due duty lapse and say so, exactly once, dated on its day. Returns whether this call did it."""
    entry = context.Entry("enter_obligation", (tenant_id, obligation_id, clock.now()))
    with context.entering(entry):
        try:
            with transaction():
                done = _lapse(obligation_id)
            ring_bells()
        finally:
            db.session.remove()
    return done


def _lapse(obligation_id: UUID) -> bool:
    """A second sweeper waits for the row and then finds it lapsed, or was refused at the door."""
    if actor().tenant_id is None:
        return False
    duty = db.session.execute(
        select(Obligation)
        .where(Obligation.id == obligation_id, Obligation.state == "open", Obligation.due_at <= clock.now())
        .with_for_update()
    ).scalar_one_or_none()
    if duty is None:
        return False
    effect = insert_or_skip(ObligationEffect).values(
        obligation_id=duty.id, kind=duty.kind, due_on=duty.due_on
    )
    first = db.session.execute(effect.on_conflict_do_nothing().returning(ObligationEffect.due_on)).first()
    duty.state = "lapsed"
    if first is None:
        return False
    data = {"obligation": str(duty.id), "kind": duty.kind, "due_on": duty.due_on.isoformat()}
    record("obligation.due", duty.subject, data).at = duty.due_at - timedelta(microseconds=1)
    return True


def seed_calendar(connection: Connection) -> bool:
    """Write the national table as a calendar version, as role platform, once. Returns whether it was new.

    Source: SKB 3 Menteri (yearly decree on national holidays and cuti bersama).
    """
    national = national_calendar(SEEDED_YEARS)
    edition = insert_or_skip(CalendarEdition).values(
        version=national.version, decree=DECREE, decreed_through=max(national.decreed_years)
    )
    if (
        connection.execute(edition.on_conflict_do_nothing().returning(CalendarEdition.version)).first()
        is None
    ):
        return False
    days = [
        {"version": national.version, "day": day, "category": closed.kind.value, "name": closed.name}
        for day, closed in national.closed.items()
    ]
    connection.execute(insert(CalendarDay), days)
    return True
