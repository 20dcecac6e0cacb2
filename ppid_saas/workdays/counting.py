"""Counting working days over a calendar: forwards, backwards, between, and day by day with the reasons.

Day 1 is the next working day after the trigger; due is the end of day n. Nothing here knows an SOP.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice
from math import ceil

from ppid_saas.workdays.calendar import Calendar, DayKind, is_working_day, reason_closed

_DAY = timedelta(days=1)


class Band(StrEnum):
    """How near a deadline is; the codes are the words of the screen."""

    SAFE = "aman"
    ATTENTION = "perhatian"
    SOON = "segera"
    LATE = "lewat"


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of an explanation: its number when it counts, else why it does not."""

    day: date
    number: int | None
    kind: DayKind
    name: str


def add_working_days(calendar: Calendar, start: date, n: int) -> date:
    """The day that is n working days after the trigger; with 0 the trigger's own day."""
    return _nth(calendar, start, n, _DAY)


def subtract_working_days(calendar: Calendar, end: date, n: int) -> date:
    """The last day on which n working days still lie ahead of the end.

    Source: PP 61/2010 Ps 10(1) (30 working days before the period ends).
    """
    return _nth(calendar, end, n, -_DAY)


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """Working days after start up to and including end; below zero when end came first."""
    if end < start:
        return -working_days_between(calendar, end, start)
    days = range(start.toordinal() + 1, end.toordinal() + 1)
    return sum(is_working_day(calendar, date.fromordinal(day)) for day in days)


def explain(calendar: Calendar, start: date, n: int) -> list[DayRow]:
    """Every day from the one after the trigger to the due day, counted or with its reason."""
    rows: list[DayRow] = []
    number = 0
    days = _walk(start, _DAY)
    while number < n:
        day = next(days)
        reason = reason_closed(calendar, day)
        number += reason is None
        counted = DayRow(day, number, DayKind.WORKING, "Hari kerja")
        rows.append(DayRow(day, None, reason.kind, reason.name) if reason else counted)
    return rows


def band(days_left: int, n: int) -> Band:
    """The chip's band for a step of n working days."""
    if days_left < 0:
        return Band.LATE
    if days_left <= max(1, ceil(n / 4)):
        return Band.SOON
    return Band.ATTENTION if days_left <= ceil(n / 2) else Band.SAFE


def _nth(calendar: Calendar, start: date, n: int, step: timedelta) -> date:
    if n < 0:
        raise ValueError(f"a number of working days is not negative: {n}")
    working = (day for day in _walk(start, step) if is_working_day(calendar, day))
    return next(islice(working, n - 1, None)) if n else start


def _walk(start: date, step: timedelta) -> Iterator[date]:
    day = start
    while True:
        day += step
        yield day
