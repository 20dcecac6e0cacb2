"""When a period ends: same-date rule, leap days, starts, events, and the shape as JSON."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppid_saas.law.periods import Period, PeriodKind, is_open, last_closed_day

DETERMINED = date(2024, 3, 5)


def fixed(value: Any, unit: Any = "year", **rest: Any):
    return Period(PeriodKind.FIXED, value, unit, **rest)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (fixed(5), date(2029, 3, 5)),
        (fixed(18, "month"), date(2025, 9, 5)),
        (fixed(14, "day"), date(2024, 3, 19)),
        (fixed(1, starts_on=date(2024, 2, 29)), date(2025, 2, 28)),
        (fixed(4, starts_on=date(2024, 2, 29)), date(2028, 2, 29)),
        (fixed(1, "month", starts_on=date(2026, 1, 31)), date(2026, 2, 28)),
        (fixed(9999), date.max),
        (Period(PeriodKind.UNTIL_DATE, ends_on=date(2027, 12, 31)), date(2027, 12, 31)),
        (Period(PeriodKind.UNTIL_EVENT, event="Sampai selesai"), None),
        (Period(PeriodKind.UNTIL_EVENT, event="Sampai selesai", ends_on=date(2030, 1, 1)), date(2030, 1, 1)),
        (Period(PeriodKind.UNLIMITED, ends_on=date(2030, 1, 1)), None),
        (Period(), None),
    ],
)
def test_last_closed_day(period: Period, expected: Any):
    assert last_closed_day(period, DETERMINED) == expected


def test_without_a_determination_only_a_given_start_counts():
    assert last_closed_day(fixed(1), None) is None
    assert last_closed_day(fixed(1, starts_on=DETERMINED), None) == date(2025, 3, 5)


def test_open_from_the_day_after_the_last_closed_day():
    ends_on = date(2026, 12, 31)
    assert not is_open(ends_on, ends_on)
    assert is_open(ends_on, date(2027, 1, 1))
    assert not is_open(None, date(2099, 1, 1))


DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@given(DAYS, st.integers(1, 40))
def test_years_end_on_the_same_date(start: date, years: int):
    end = last_closed_day(fixed(years), start)
    assert end is not None
    same = (end.month, end.day) == (start.month, start.day)
    assert end.year == start.year + years
    assert same or ((start.month, start.day) == (2, 29) and (end.month, end.day) == (2, 28))


@given(DAYS, st.integers(1, 500))
def test_months_move_the_month_and_never_overshoot(start: date, months: int):
    end = last_closed_day(fixed(months, "month"), start)
    assert end is not None
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


PERIODS = st.builds(
    Period,
    kind=st.sampled_from(PeriodKind),
    value=st.none() | st.integers(1, 99),
    unit=st.sampled_from([None, "year", "month", "day"]),
    starts_on=st.none() | DAYS,
    ends_on=st.none() | DAYS,
    event=st.none() | st.text(),
    release=st.lists(st.text()).map(tuple),
    review_on=st.none() | DAYS,
    text=st.text(),
)


@given(PERIODS)
def test_survives_json(period: Period):
    assert Period.from_dict(json.loads(json.dumps(period.to_dict()))) == period


def test_nothing_is_unspecified_and_an_unknown_kind_is_refused():
    assert Period.from_dict(None) == Period.from_dict({}) == Period()
    with pytest.raises(ValueError, match="forever"):
        Period.from_dict({"kind": "forever"})
