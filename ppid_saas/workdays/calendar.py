"""A calendar of closed days: the national table of a version, made a tenant's own by its overrides.

It says whether a day is worked and why not. Counting stands in counting, the national table in national.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Literal


class DayKind(StrEnum):
    WORKING = "working"
    WEEKEND = "weekend"
    PUBLIC_HOLIDAY = "public"
    JOINT_LEAVE = "government"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """Why a day is closed, by the name of its row."""

    kind: DayKind
    name: str

    @property
    def estimated(self) -> bool:
        """Its date is only expected: the table itself says so in the name."""
        return self.name.endswith("(perkiraan)")


@dataclass(frozen=True, slots=True)
class Override:
    """A tenant's own exception: a local holiday, or a day that is worked after all."""

    day: date
    working: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """`version` names the national table and the overrides on it; every stored deadline keeps it."""

    version: str
    closed: Mapping[date, ClosedDay]
    decreed_years: frozenset[int]
    week: Literal[5, 6] = 5
    joint_leave_closed: bool = True
    opened: frozenset[date] = field(default_factory=frozenset)


def tailored(
    national: Calendar,
    version: str,
    overrides: Iterable[Override] = (),
    *,
    week: Literal[5, 6] = 5,
    joint_leave_closed: bool = True,
) -> Calendar:
    """A tenant's calendar: its own closed days, days it works in spite of the table, its week."""
    own = tuple(overrides)
    local = {o.day: ClosedDay(DayKind.LOCAL, o.reason) for o in own if not o.working}
    return replace(
        national,
        version=version,
        closed=MappingProxyType({**national.closed, **local}),
        opened=frozenset(o.day for o in own if o.working),
        week=week,
        joint_leave_closed=joint_leave_closed,
    )


def reason_closed(calendar: Calendar, day: date) -> ClosedDay | None:
    """Why the day is not worked; None for a working day.

    An opened day beats everything. Joint leave (cuti bersama) closes unless the tenant says otherwise.
    """
    if day in calendar.opened:
        return None
    if day.isoweekday() > calendar.week:
        return ClosedDay(DayKind.WEEKEND, "Akhir pekan")
    closed = calendar.closed.get(day)
    if closed and closed.kind is DayKind.JOINT_LEAVE and not calendar.joint_leave_closed:
        return None
    return closed


def is_working_day(calendar: Calendar, day: date) -> bool:
    return reason_closed(calendar, day) is None


def is_estimate(calendar: Calendar, first: date, last: date) -> bool:
    """Whether counting over these days still rests on a guess ("perkiraan").

    A year without a decree is one, and so is a feast whose date is only expected.
    Source: SKB 3 Menteri (yearly decree on national holidays and cuti bersama).
    """
    first, last = min(first, last), max(first, last)
    if any(year not in calendar.decreed_years for year in range(first.year, last.year + 1)):
        return True
    return any(row.estimated and first <= day <= last for day, row in calendar.closed.items())
