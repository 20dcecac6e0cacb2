"""The national table the first calendar version is filled from: public holidays and cuti bersama.

It only seeds. A later decree is a new version in the database, not a change here.
"""

from datetime import date
from importlib.metadata import version
from types import MappingProxyType

import holidays

from ppid_saas.workdays.calendar import Calendar, ClosedDay, DayKind

_KINDS = {"government": DayKind.JOINT_LEAVE, "public": DayKind.PUBLIC_HOLIDAY}


def national_calendar(years: range) -> Calendar:
    """Holidays and cuti bersama of these years; a year counts as decreed once it has cuti bersama.

    Source: SKB 3 Menteri; Keppres 8/2024.
    """
    closed: dict[date, ClosedDay] = {}
    decreed: set[int] = set()
    for category, kind in _KINDS.items():  # a public holiday wins over cuti bersama on the same day
        table = holidays.country_holidays("ID", years=years, categories=(category,), language="id")
        closed |= {day: ClosedDay(kind, name) for day, name in table.items()}
        decreed |= {day.year for day in table if kind is DayKind.JOINT_LEAVE}
    days = dict(sorted(closed.items()))
    return Calendar(f"holidays-{version('holidays')}", MappingProxyType(days), frozenset(decreed))
