"""Proof: working-day arithmetic equals an implementation that shares nothing with it but the table of closed days.

The oracle knows weekdays by a formula of its own, walks one day at a time with plain integers, and turns days into instants
by fixed offsets. Each case has a zone, a week, a tenant's own days and a decree that was changed in the middle of its year.
"""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ppid_saas.cases.recounting import due_by
from ppid_saas.cases.service import end_of
from ppid_saas.workdays.calendar import Calendar, ClosedDay, DayKind, Override, tailored
from ppid_saas.workdays.counting import add_working_days, explain, subtract_working_days, working_days_between
from ppid_saas.workdays.national import national_calendar

CASES = 10_000
FIRST, LAST = date(2023, 1, 1), date(2027, 12, 31)
OFFSETS = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
# domain: E minus 30 working days on weekends alone, with public holidays, with joint leave
VECTORS = (
    ("2025-04-30", "2025-03-19", "2025-03-14", "2025-03-07"),
    ("2026-04-30", "2026-03-19", "2026-03-17", "2026-03-11"),
    ("2026-12-31", "2026-11-19", "2026-11-18", "2026-11-17"),
    ("2027-03-31", "2027-02-17", "2027-02-11", "2027-02-04"),
)


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Compare all cases; time is no matter."""
    return compare(CASES, seed)


def compare(cases: int, seed: int) -> dict[str, Any]:
    """Return how many cases were compared and what differed."""
    chance = random.Random(seed)
    national = national_calendar(range(2022, 2030))
    differing = [found for n in range(cases) if (found := _case(n, chance, national))]
    differing += vectors(national)
    return {
        "cases": cases, "zones": len(OFFSETS), "years": LAST.year - FIRST.year + 1, "vectors": len(VECTORS) * 3 + 1,
        "differing": len(differing), "first": differing[:3],
    }  # fmt: skip


def vectors(national: Calendar) -> list[str]:
    """Return which of the vectors of law and practice do not hold."""
    calendars = (
        Calendar("weekends", {}, frozenset()), tailored(national, "public", joint_leave_closed=False), national,
    )  # fmt: skip
    wrong = [
        f"{end}: {found}"
        for end, *expected in VECTORS
        for calendar, day in zip(calendars, expected, strict=True)
        if (found := subtract_working_days(calendar, date.fromisoformat(end), 30).isoformat()) != day
    ]
    whole = add_working_days(national, date(2026, 1, 5), 70)
    return wrong if whole == date(2026, 4, 24) else [*wrong, f"70 days: {whole}"]


def _case(n: int, chance: random.Random, national: Calendar) -> str:
    """Compare one case, before and after a decree changes the table under it; returns what differed."""
    start = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))
    days, zone = chance.choice((0, 1, 3, 5, 7, 10, 20, 30, 40, 60, 100)), chance.choice(list(OFFSETS))
    week, leave = chance.choice((5, 5, 6)), chance.random() < 0.8
    own = _own_days(chance, start)
    for table in (national, _changed(national, chance, start)):
        calendar = tailored(table, "case", own, week=week, joint_leave_closed=leave)
        closed = _closed_ordinals(table, own, leave=leave)
        oracle = _Oracle(closed, {o.day.toordinal() for o in own if o.working}, week)
        due = add_working_days(calendar, start, days)
        told = {
            "due": due == date.fromordinal(oracle.step(start.toordinal(), days, 1)),
            "recounted": due_by(calendar, "forward", start, None, days) == due,
            "back": subtract_working_days(calendar, start, days)
            == date.fromordinal(oracle.step(start.toordinal(), days, -1)),
            "between": working_days_between(calendar, start, due)
            == oracle.count(start.toordinal(), due.toordinal()),
            "explained": _explained(calendar, start, days, due),
            "instant": end_of(due, zone) == _instant(due, OFFSETS[zone]),
        }
        wrong = [name for name, right in told.items() if not right]
        if wrong:
            return f"case {n}: {start} + {days} in {zone}: {', '.join(wrong)}"
    return ""


def _own_days(chance: random.Random, start: date) -> list[Override]:
    near = {start + timedelta(days=chance.randrange(-120, 160)) for _ in range(chance.randrange(5))}
    return [Override(day, chance.random() < 0.3, "uji") for day in sorted(near)]


def _changed(national: Calendar, chance: random.Random, start: date) -> Calendar:
    """Return the table as a decree of that year changes it: joint leave moves, a holiday is added."""
    closed = dict(national.closed)
    leave = [day for day, one in closed.items() if day.year == start.year and one.kind is DayKind.JOINT_LEAVE]
    for day in leave[: chance.randrange(4)]:
        del closed[day]
        closed[day + timedelta(days=chance.choice((-3, -2, 2, 3)))] = ClosedDay(
            DayKind.JOINT_LEAVE, "dipindah"
        )
    closed[start + timedelta(days=chance.randrange(1, 30))] = ClosedDay(DayKind.PUBLIC_HOLIDAY, "ditambah")
    return Calendar("changed", closed, national.decreed_years)


def _closed_ordinals(table: Calendar, own: list[Override], *, leave: bool) -> set[int]:
    """Return the closed days as plain numbers; a day of the tenant's own beats the table whichever kind it has there."""
    mine = {o.day: o for o in own}
    found = set()
    for day, one in table.closed.items():
        if day not in mine and (leave or one.kind is not DayKind.JOINT_LEAVE):
            found.add(day.toordinal())
    return found | {day.toordinal() for day, o in mine.items() if not o.working}


class _Oracle:
    """Plain numbers, one day at a time. Day 1 of the calendar of ordinals was a Monday."""

    def __init__(self, closed: set[int], opened: set[int], week: int) -> None:
        self.closed, self.opened, self.week = closed, opened, week

    def works(self, day: int) -> bool:
        return day in self.opened or ((day - 1) % 7 < self.week and day not in self.closed)

    def step(self, day: int, n: int, towards: int) -> int:
        while n:
            day += towards
            n -= self.works(day)
        return day

    def count(self, first: int, last: int) -> int:
        return len([day for day in range(first + 1, last + 1) if self.works(day)])


def _explained(calendar: Calendar, start: date, n: int, due: date) -> bool:
    rows = explain(calendar, start, n)
    numbers = [row.number for row in rows if row.number]
    return numbers == list(range(1, n + 1)) and (not rows or rows[-1].day == due)


def _instant(day: date, offset: int) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    return midnight - timedelta(hours=offset)
