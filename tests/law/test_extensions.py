"""How long an item may stay closed in all: thirty years under letter a, counted from its first determination."""

from datetime import date

import pytest

from ppid_saas.law.extensions import cap_passed
from ppid_saas.law.periods import Period, PeriodKind

FIRST, NOW = date(2000, 2, 29), date(2026, 11, 20)


def years(value: int) -> Period:
    return Period(PeriodKind.FIXED, value, "year")


@pytest.mark.parametrize(
    ("period", "codes", "first_on", "passed"),
    [
        (years(30), ["17a"], None, None),
        (years(31), ["17a.1"], None, date(2056, 11, 20)),
        (years(3), ["17a"], FIRST, None),
        (years(4), ["17a"], FIRST, date(2030, 2, 28)),
        (Period(PeriodKind.UNTIL_DATE, ends_on=date(2030, 2, 28)), ["17a"], FIRST, None),
        (Period(PeriodKind.UNTIL_DATE, ends_on=date(2030, 3, 1)), ["17a"], FIRST, date(2030, 2, 28)),
        (Period(PeriodKind.UNTIL_EVENT, event="Perkara selesai"), ["17a"], None, date(2056, 11, 20)),
        (Period(PeriodKind.UNLIMITED), ["17a"], FIRST, date(2030, 2, 28)),
        (years(99), ["17h"], FIRST, None),
        (years(99), ["17a", "17j"], FIRST, None),  # the other act may name another number
        (Period(PeriodKind.UNLIMITED), ["17g"], FIRST, None),
        (years(99), [], FIRST, None),
    ],
)
def test_the_cap_counts_from_the_first_determination(
    period: Period, codes: list[str], first_on: date | None, passed: date | None
) -> None:
    assert cap_passed(period, codes, first_on, NOW) == passed


def test_a_determination_dated_before_the_first_known_one_begins_the_time() -> None:
    assert cap_passed(years(31), ["17a"], NOW, FIRST) == date(2030, 2, 28)
