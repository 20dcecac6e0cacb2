"""A decree on holidays as people write it, read into days: one line a day. Pure; what is already in force is an argument.

    25-12-2027; libur; Hari Raya Natal
    24-12-2027; cuti; Cuti bersama Natal

Source: SKB 3 Menteri (yearly decree on national holidays and cuti bersama).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ppid_saas.workdays.calendar import ClosedDay, DayKind

KINDS = {"libur": DayKind.PUBLIC_HOLIDAY, "cuti": DayKind.JOINT_LEAVE}
_LINE = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\s*;\s*(\w+)\s*;\s*(\S.*?)\s*$")
FEWEST = 8  # no year has fewer national holidays; a decree with fewer was not pasted whole


@dataclass(frozen=True, slots=True)
class Fault:
    """What a decree contradicts or lacks: the line it stands in, and a code that says what."""

    line: int
    what: str
    text: str = ""


def read(written: str, year: int) -> tuple[dict[date, ClosedDay], list[Fault]]:
    """Return the closed days of one year and whatever is wrong with the text."""
    days: dict[date, ClosedDay] = {}
    faults: list[Fault] = []
    for n, line in enumerate(written.splitlines(), start=1):
        if not line.strip():
            continue
        found = _day(line)
        if found is None:
            faults.append(Fault(n, "unreadable", line.strip()[:80]))
        elif found[0].year != year:
            faults.append(Fault(n, "other_year", found[0].isoformat()))
        elif found[0] in days:
            faults.append(Fault(n, "twice", found[0].isoformat()))
        else:
            days[found[0]] = found[1]
    if not faults and len(days) < FEWEST:
        faults.append(Fault(0, "too_few", str(len(days))))
    return dict(sorted(days.items())), faults


def _day(line: str) -> tuple[date, ClosedDay] | None:
    found = _LINE.match(line)
    if found is None or found[4].lower() not in KINDS:
        return None
    try:
        day = date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
    return day, ClosedDay(KINDS[found[4].lower()], found[5][:120])


def changed(
    before: Mapping[date, ClosedDay], after: Mapping[date, ClosedDay], year: int
) -> list[tuple[date, str, str]]:
    """Return each day of a year on which two tables differ, with what it was and what it becomes."""
    days = sorted({day for day in (*before, *after) if day.year == year})
    rows = [
        (day, before[day].name if day in before else "", after[day].name if day in after else "")
        for day in days
    ]
    return [
        row
        for row in rows
        if (row[0] in before) != (row[0] in after) or before[row[0]].kind != after[row[0]].kind
    ]
