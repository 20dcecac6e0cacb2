"""Count open deadlines anew when the calendar changed: which move, moved in batches with a fact each. Closed ones stay.

A deadline given by a window or a period has no count and does not move; one whose clock stands still is counted when it
goes on. Source: SKB 3 Menteri (yearly decree on national holidays and cuti bersama).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, text

from ppid_saas.access.verbs import actor
from ppid_saas.accounts.queries import units
from ppid_saas.cases import queries
from ppid_saas.cases.models import Obligation
from ppid_saas.cases.rules import REMINDS_AT
from ppid_saas.cases.service import end_of
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.events.service import progress, record, record_many
from ppid_saas.workdays.calendar import Calendar
from ppid_saas.workdays.counting import add_working_days, subtract_working_days
from tenants import context
from tenants.db import db, transaction

BATCH = 2000
MOVED = "deadline.moved"
RECOUNTED = "calendar.recounted"  # told to the people whose deadlines moved, however many did


@dataclass(frozen=True, slots=True)
class Moved:
    """An open deadline that another calendar puts on another day."""

    id: UUID
    kind: str
    subject: UUID | None
    source: str
    was: date
    due_on: date
    due_at: datetime


def due_by(calendar: Calendar, counted: str, starts_on: date, anchor: date | None, n: int) -> date | None:
    """Return the day a deadline falls on by a calendar; None where it is not counted."""
    if counted == "forward":
        return add_working_days(calendar, starts_on, n)
    if counted == "backward" and anchor is not None:
        return max(subtract_working_days(calendar, anchor, n), starts_on)
    return None


def moving(calendar: Calendar) -> Iterator[Moved]:
    """Return the open deadlines this calendar moves, in the order of their days."""
    counts: dict[tuple[str, date, date | None, int], date | None] = {}
    for row in _counted():
        key = (row.counted, row.starts_on, row.anchor, row.n + row.held)
        if key not in counts:
            counts[key] = due_by(calendar, *key)
        found = counts[key]
        if found is not None and found != row.due_on:
            yield Moved(row.id, row.kind, row.subject, row.source, row.due_on, found, _moment(row, found))


def _counted() -> Sequence[Any]:
    chosen = (
        select(
            Obligation.id, Obligation.kind, Obligation.subject, Obligation.source, Obligation.due_on, Obligation.due_at,
            Obligation.counted, Obligation.starts_on, Obligation.anchor, Obligation.n, Obligation.held,
        )
        .where(Obligation.state == "open", Obligation.counted != "fixed")
        .order_by(Obligation.due_on, Obligation.id)
    )  # fmt: skip
    return db.session.execute(chosen).all()


def _moment(row: Any, day: date) -> datetime:
    """Return the instant of its new day: a reminder stays one of the morning."""
    zone = actor().zone
    reminds = row.due_at != end_of(row.due_on, zone)
    return datetime.combine(day, REMINDS_AT, ZoneInfo(zone)) if reminds else end_of(day, zone)


def recount(job_id: UUID | None = None) -> int:
    """Put every open deadline of the bound tenant on its day by the calendar of now; returns how many moved.

    Batches commit one by one; done again after a crash it goes on, for what was moved no longer differs.
    """
    with transaction():
        calendar = queries.calendar_for_tenant()
        found = list(moving(calendar))
    done = 0
    for first in range(0, len(found), BATCH):
        with transaction():
            done += _move(found[first : first + BATCH], calendar.version)
        if job_id and not progress(job_id, step="", done=done, total=len(found)):
            break
    with transaction():
        if done:
            record(RECOUNTED, None, {"moved": done, "calendar": calendar.version})
        db.session.execute(
            text(
                "update ops.obligation set calendar_version = :version"
                " where tenant_id = :me and state = 'open' and calendar_version <> :version"
            ),
            {"me": context.tenant_id(), "version": calendar.version},
        )
    if job_id:
        progress(job_id, state="done", step="", done=done, total=len(found))
    return done


def _move(some: Sequence[Moved], version: str) -> int:
    """Move a batch: a deadline that was settled meanwhile stays, and only those that moved are told."""
    moved = set(
        db.session.execute(
            text(
                "update ops.obligation o set due_on = g.due_on, due_at = g.due_at, calendar_version = :version"
                " from unnest(cast(:ids as uuid[]), cast(:days as date[]), cast(:moments as timestamptz[]))"
                " as g (id, due_on, due_at) where o.tenant_id = :me and o.id = g.id and o.state = 'open' returning o.id"
            ),
            {
                "me": context.tenant_id(), "version": version, "ids": [one.id for one in some],
                "days": [one.due_on for one in some], "moments": [one.due_at for one in some],
            },
        ).scalars()
    )  # fmt: skip
    facts = [(one.subject, _told(one, version)) for one in some if one.id in moved]
    record_many(MOVED, facts)
    return len(facts)


def _told(one: Moved, version: str) -> dict[str, Any]:
    return {
        "obligation": str(one.id), "kind": one.kind, "was": one.was.isoformat(), "due_on": one.due_on.isoformat(),
        "calendar": version,
    }  # fmt: skip


def is_behind() -> bool:
    """Say whether a deadline of the bound tenant was counted by another calendar than that of now."""
    version = queries.calendar_for_tenant().version
    behind = select(Obligation.id).where(Obligation.state == "open", Obligation.calendar_version != version)
    return db.session.execute(behind.limit(1)).first() is not None


@handles("calendar.changed", "cases.pass_on")
def pass_on(event: Event) -> None:
    """Have the units of a central count anew too; how many days a week it works is its own business."""
    if "week" not in event.data:
        for unit in units():
            record("calendar.passed_on", None, {}, reader=unit.id)


@handles("calendar.passed_on", "cases.recount_unit", for_reader=True, transactional=False, seconds=600)
def recount_unit(_: Event) -> None:
    """Move what a change of the central's calendar moves at a unit."""
    recount()


@handles("calendar.changed", "cases.recount", transactional=False, seconds=600, watched=True)
def recount_after(event: Event) -> None:
    """Move what a change of the calendar moves, for whoever watches."""
    recount(UUID(event.data["job"]) if "job" in event.data else None)
