"""A tenant's morning: 07.30 of its next working day, owed like a duty while something waits for it. Sends nothing.

What a duty in time says to whom grows with its delay, each level once: see `notifications.rules`.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert as insert_or_skip

from ppid_saas.access.verbs import actor
from ppid_saas.cases import queries
from ppid_saas.cases.models import MORNING, Obligation, ObligationEffect
from ppid_saas.events.service import record
from ppid_saas.notifications import rules
from ppid_saas.notifications import service as notices
from ppid_saas.workdays.calendar import Calendar, is_working_day
from ppid_saas.workdays.counting import working_days_between
from tenants import clock
from tenants.db import db, new_id

AT: Final = time(7, 30)
SOURCE: Final = "Kabar pagi, 07.30 hari kerja"
# What the central is told of a unit's duty, and the superior of any.
TOLD_UPWARDS: Final = frozenset({"lewat3", "lewat5"})
LATE: Final = frozenset(one for one in rules.LEVELS if one.startswith("lewat"))
LISTED: Final = "lewat5"
FAR: Final = timedelta(days=60)  # half of the longest step is nearer than that
RUNNING: Final = ("open", "lapsed")


def next_morning(calendar: Calendar, now: datetime, zone: str) -> datetime:
    """Return the first 07.30 of a working day that lies ahead."""
    here = now.astimezone(ZoneInfo(zone))
    day = here.date() + timedelta(days=here.time() >= AT)
    while not is_working_day(calendar, day):
        day += timedelta(days=1)
    return datetime.combine(day, AT, ZoneInfo(zone))


def begins_week(calendar: Calendar, day: date) -> bool:
    """Say whether no working day of this week comes before a day."""
    monday = day - timedelta(days=day.weekday())
    before = (monday + timedelta(days=n) for n in range(day.weekday()))
    return not any(is_working_day(calendar, one) for one in before)


@notices.wakes
def arm() -> None:
    """Owe the bound tenant's next morning, unless it is owed already; joins the running command."""
    db.session.flush()
    owed = select(Obligation.id).where(Obligation.kind == MORNING, Obligation.state == "open")
    if db.session.execute(owed.limit(1)).first() is not None:
        return
    at = next_morning(queries.calendar_for_tenant(), clock.now(), actor().zone)
    db.session.add(
        Obligation(
            id=new_id(), kind=MORNING, starts_on=at.date(), n=0, due_on=at.date(), due_at=at, source=SOURCE,
            calendar_version=queries.calendar_for_tenant().version, state="open", counted="fixed",
        )
    )  # fmt: skip


def escalate(event_id: UUID) -> None:
    """Tell of every duty that has become more pressing, to whom its level says; the mails go with an event's effect."""
    calendar, today = queries.calendar_for_tenant(), clock.today(actor().zone)
    for duty in owed(today):
        level = level_of(duty, calendar, today)
        if level and _newly_reached(duty, level):
            _tell(duty, level, event_id)


def _is_owed() -> list[ColumnElement[bool]]:
    """What may become pressing; what is paused does not."""
    return [
        Obligation.settled_at.is_(None), Obligation.state.in_(RUNNING),
        Obligation.kind.not_in((MORNING, *rules.SILENT_DUTIES)),
        ~Obligation.kind.startswith(rules.SILENT_BEGINNING, autoescape=True),
    ]  # fmt: skip


def is_owed() -> bool:
    """Say whether anything is owed that may become pressing, however far off."""
    return db.session.execute(select(Obligation.id).where(*_is_owed()).limit(1)).first() is not None


def owed(today: date) -> Sequence[Obligation]:
    """Return what is owed and may be pressing today."""
    chosen = select(Obligation).where(*_is_owed(), Obligation.due_on <= today + FAR)
    return db.session.execute(chosen.order_by(Obligation.due_on, Obligation.id)).scalars().all()


def _tell(duty: Obligation, level: str, event_id: UUID) -> None:
    """Tell of one duty; several of one kind and day are told as one."""
    data = {"duty": duty.kind, "due_on": duty.due_on.isoformat()}
    fact = f"{duty.kind}.{duty.due_on.isoformat()}"
    page = rules.DUTIES.get(duty.kind, rules.ANY_DUTY)[1]
    notices.post(f"duty.{level}", f"{fact}.{level}", data, event_id, page=page)
    if decider := rules.DECIDERS.get(duty.kind):
        near = "late" if level in LATE else "near"
        notices.post(f"duty.{near}.{decider}", f"{fact}.{level}.{decider}", data, event_id)
    if level == LISTED:
        notices.post("duty.listed", f"{fact}.listed", data, event_id)
    recipient = actor().recipient_id
    if level in TOLD_UPWARDS and recipient is not None:
        record("obligation.escalated", duty.subject, data | {"level": level}, reader=recipient)


def level_of(duty: Obligation, calendar: Calendar, today: date) -> str | None:
    """Return how pressing a duty is today."""
    left = working_days_between(calendar, today, duty.due_on)
    return rules.level(left, duty.n, is_late=today > duty.due_on)


def _newly_reached(duty: Obligation, level: str) -> bool:
    """Write down every level up to this one; returns whether this one is new, so that a late sweep tells the last alone."""
    rows = [
        {"obligation_id": duty.id, "kind": f"level.{one}", "due_on": duty.due_on}
        for one in rules.levels_up_to(level)
    ]
    written = insert_or_skip(ObligationEffect).values(rows).on_conflict_do_nothing()
    found = db.session.execute(written.returning(ObligationEffect.kind)).scalars()
    return f"level.{level}" in set(found)
