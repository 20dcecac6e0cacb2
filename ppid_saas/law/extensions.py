"""How long an item may stay closed in all, counted over every determination of it. Pure; says nothing of one period alone.

The law gives no procedure for a longer period: it is a new test and a new determination. So that the cap cannot be
escaped by beginning anew, the time runs from the first determination of the item.
"""

from collections.abc import Collection, Iterable
from datetime import date

from ppid_saas.law.grounds import find
from ppid_saas.law.periods import Period, add, last_closed_day


def latest_end(first_determined_on: date, codes: Collection[str]) -> date | None:
    """Return the last day such an item may be closed; None where one of its grounds knows no number of years.

    Source: PP 61/2010 Ps 5(1) (17 huruf a: at most 30 years).
    """
    known = [ground for code in codes if (ground := find(code))]
    caps = [ground.cap_years for ground in known if ground.cap_years]
    if not known or len(caps) < len(known):
        return None
    return add(first_determined_on, max(caps), "year")


def cap_passed(
    period: Period, codes: Collection[str], first_determined_on: date | None, determined_on: date
) -> date | None:
    """Return the last day the law allows where a determination of this day would close an item longer, or without an end.

    Source: PP 61/2010 Ps 5(1).
    """
    latest = latest_end(min(first_determined_on or determined_on, determined_on), codes)
    ends_on = last_closed_day(period, determined_on)
    return latest if latest is not None and (ends_on is None or ends_on > latest) else None


def closed_years(first_determined_on: date, ends_on: date) -> int:
    """Return the full years an item will have been closed when the period is over."""
    years = ends_on.year - first_determined_on.year
    return years - ((ends_on.month, ends_on.day) < (first_determined_on.month, first_determined_on.day))


def ground_codes(grounds: Iterable[dict[str, object]]) -> list[str]:
    """Return the codes among the grounds of an item's body."""
    return [str(row["code"]) for row in grounds if row.get("code")]
