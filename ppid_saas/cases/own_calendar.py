"""A tenant's own calendar: local holidays, days worked in spite of the table, its week; and clocks that stand still.

A change that contradicts the calendar is refused with what stands there already. Source: SKB 3 Menteri.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command, query
from ppid_saas.accounts.own_settings import put_setting
from ppid_saas.cases import queries, recounting
from ppid_saas.cases.models import CalendarOverride, Obligation
from ppid_saas.cases.recounting import Moved
from ppid_saas.cases.service import end_of
from ppid_saas.events.models import Job
from ppid_saas.events.service import record, start_job
from ppid_saas.workdays.calendar import Calendar, Override, reason_closed, tailored
from ppid_saas.workdays.counting import DayRow, add_working_days, explain, working_days_between
from tenants import clock, context
from tenants.db import db

LAST_YEAR = 2060
PAUSABLE = ("open",)


def _refuse(calendar: Calendar, wanted: Override) -> None:
    """Raise when a day says nothing new, or contradicts what the tenant itself said."""
    found: dict[str, list[str]] = {}
    if not wanted.reason.strip():
        found["reason"] = [say("Tulis dasarnya, misalnya nomor keputusan.")]
    if not queries.FIRST_YEAR <= wanted.day.year <= LAST_YEAR:
        found["day"] = [
            say("Kalender memuat tahun %(first)s sampai %(last)s.", first=queries.FIRST_YEAR, last=LAST_YEAR)
        ]
    own = db.session.get(CalendarOverride, (context.tenant_id(), wanted.day))
    closed = reason_closed(calendar, wanted.day)
    if own is not None:
        found["day"] = [say("Hari ini sudah ditandai: %(reason)s. Hapus dulu yang lama.", reason=own.reason)]
    elif wanted.working and closed is None:
        found["day"] = [say("Hari itu sudah hari kerja.")]
    elif not wanted.working and closed is not None:
        found["day"] = [say("Hari itu sudah libur: %(name)s.", name=closed.name)]
    if found:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), found)


@query("calendar.set")
def preview(wanted: Override) -> list[Moved]:
    """Return the open deadlines that a new own day would move; nothing is changed."""
    calendar = queries.calendar_for_tenant()
    _refuse(calendar, wanted)
    own = [one for one in queries.local_days(queries.special_days()) if one.day != wanted.day]
    local = tailored(
        calendar,
        "preview",
        [*own, wanted],
        week=calendar.week,
        joint_leave_closed=calendar.joint_leave_closed,
    )
    return list(recounting.moving(local))


@command("calendar.set")
def add_day(wanted: Override) -> Job:
    """Add a local holiday, or a day that is worked after all; open deadlines are counted anew behind it."""
    _refuse(queries.calendar_for_tenant(), wanted)
    db.session.add(CalendarOverride(day=wanted.day, working=wanted.working, reason=wanted.reason.strip()))
    db.session.flush()
    return _changed({"day": wanted.day.isoformat(), "working": wanted.working})


@command("calendar.set")
def remove_day(day: date) -> Job:
    """Take an own day back."""
    gone = db.session.execute(
        delete(CalendarOverride).where(CalendarOverride.day == day).returning(CalendarOverride.day)
    ).first()
    if gone is None:
        raise NotFoundError
    return _changed({"removed": day.isoformat()})


@command("calendar.set")
def set_week(week: int, *, joint_leave_closed: bool) -> Job:
    """Say how many days a week are worked, and whether joint leave closes."""
    if week not in {5, 6}:
        message = say("Pilih lima atau enam hari kerja.")
        raise InvalidError(message, {"week": [message]})
    put_setting("week", week)
    put_setting("joint_leave_closed", joint_leave_closed)
    return _changed({"week": week, "joint_leave_closed": joint_leave_closed})


def _changed(data: dict[str, object]) -> Job:
    who = actor()
    root = f"/{who.region}/pusat" if who.kind == "central" else f"/{who.region}/u/{who.slug}"
    job = start_job("calendar.recount", None, f"{root}/kalender")
    record("calendar.changed", None, data | {"job": str(job.id)})
    return job


@dataclass(frozen=True)
class Explained:
    """A deadline day by day."""

    duty: Obligation
    rows: list[DayRow]
    backward: bool


@query("calendar.read")
def explained(duty_id: UUID) -> Explained:
    """Return why a deadline falls on its day: every day counted, or not counted and why."""
    duty = _duty(duty_id)
    calendar = queries.calendar_for_tenant()
    if duty.counted == "backward" and duty.anchor:
        return Explained(duty, explain(calendar, duty.due_on, duty.n), backward=True)
    if duty.counted == "forward":
        return Explained(duty, explain(calendar, duty.starts_on, duty.n + duty.held), backward=False)
    return Explained(duty, [], backward=False)


def _duty(duty_id: UUID, *, lock: bool = False) -> Obligation:
    found = db.session.get(
        Obligation, (context.tenant_id(), duty_id), populate_existing=True, with_for_update=lock or None
    )
    if found is None:
        raise NotFoundError
    return found


@command("calendar.pause")
def pause(duty_id: UUID, reason: str) -> None:
    """Stop the clock of a deadline that runs, and say why; who and since when stays with it."""
    duty, why = _duty(duty_id, lock=True), reason.strip()
    if not why:
        message = say("Tulis apa yang ditunggu.")
        raise InvalidError(message, {"reason": [message]})
    if duty.state not in PAUSABLE or duty.counted != "forward":
        raise ConflictError(say("Tenggat ini tidak dapat dijeda."))
    duty.state, duty.paused_on = "paused", clock.today(actor().zone)
    duty.paused_by, duty.pause_reason = actor().person_name, why
    record("deadline.paused", duty.subject, {"obligation": str(duty.id), "kind": duty.kind})


@command("calendar.pause")
def resume(duty_id: UUID) -> None:
    """Let the clock go on: the working days for which it stood still are added, and nothing else."""
    duty = _duty(duty_id, lock=True)
    if duty.state != "paused" or duty.paused_on is None:
        raise ConflictError(say("Tenggat ini tidak sedang dijeda."))
    calendar, today = queries.calendar_for_tenant(), clock.today(actor().zone)
    duty.held += working_days_between(calendar, duty.paused_on, today)
    duty.due_on = add_working_days(calendar, duty.starts_on, duty.n + duty.held)
    duty.due_at, duty.calendar_version = end_of(duty.due_on, actor().zone), calendar.version
    duty.state, duty.paused_on, duty.paused_by, duty.pause_reason = "open", None, "", ""
    data = {
        "obligation": str(duty.id),
        "kind": duty.kind,
        "due_on": duty.due_on.isoformat(),
        "held": duty.held,
    }
    record("deadline.resumed", duty.subject, data)
