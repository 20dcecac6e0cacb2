"""How long an item may stay closed in all, counted over every determination of it. Pure; says nothing of one period alone.

The law gives no procedure for a longer period: it is a new test and a new determination. So that the cap cannot be
escaped by beginning anew, the time runs from the first determination of the item.
"""

from collections.abc import Collection, Iterable
from datetime import date

from ppid_saas.law.grounds import find
from ppid_saas.law.periods import add


def latest_end(first_determined_on: date, codes: Collection[str]) -> date | None:
    """Return the last day such an item may be closed; None where one of its grounds knows no number of years.

    Source: PP 61/2010 Ps 5(1) (17 huruf a: at most 30 years).
    """
    known = [ground for code in codes if (ground := find(code))]
    caps = [ground.cap_years for ground in known if ground.cap_years]
    if not known or len(caps) < len(known):
        return None
    return add(first_determined_on, max(caps), "year")


def closed_years(first_determined_on: date, ends_on: date) -> int:
    """Return the full years an item will have been closed when the period is over."""
    years = ends_on.year - first_determined_on.year
    return years - ((ends_on.month, ends_on.day) < (first_determined_on.month, first_determined_on.day))


def ground_codes(grounds: Iterable[dict[str, object]]) -> list[str]:
    """Return the codes among the grounds of an item's body."""
    return [str(row["code"]) for row in grounds if row.get("code")]
