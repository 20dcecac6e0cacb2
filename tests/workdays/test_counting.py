"""Counting against the vectors of law and practice, and against an oracle that counts differently."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppid_saas.workdays.calendar import (
    Calendar,
    ClosedDay,
    DayKind,
    Override,
    is_estimate,
    is_working_day,
    tailored,
)
from ppid_saas.workdays.counting import (
    add_working_days,
    band,
    explain,
    subtract_working_days,
    working_days_between,
)
from ppid_saas.workdays.national import national_calendar

NATIONAL = national_calendar(range(2024, 2030))
WEEKENDS = Calendar("weekends", {}, frozenset(range(2024, 2030)))
HOLIDAYS = tailored(NATIONAL, "libur nasional", joint_leave_closed=False)


@pytest.mark.parametrize(
    ("end", "weekends", "holidays", "joint_leave"),
    [
        ("2025-04-30", "2025-03-19", "2025-03-14", "2025-03-07"),
        ("2026-04-30", "2026-03-19", "2026-03-17", "2026-03-11"),
        ("2026-12-31", "2026-11-19", "2026-11-18", "2026-11-17"),
        ("2027-03-31", "2027-02-17", "2027-02-11", "2027-02-04"),
    ],
)
def test_thirty_days_before_the_end_on_three_calendars(
    end: str, weekends: str, holidays: str, joint_leave: str
):
    found = [
        subtract_working_days(c, date.fromisoformat(end), 30).isoformat()
        for c in (WEEKENDS, HOLIDAYS, NATIONAL)
    ]
    assert found == [weekends, holidays, joint_leave]


def test_the_whole_chain_of_seventy_days():
    assert add_working_days(NATIONAL, date(2026, 1, 5), 70) == date(2026, 4, 24)


def test_a_retest_starts_a_hundred_days_before_the_end():
    assert subtract_working_days(NATIONAL, date(2026, 12, 31), 100) == date(2026, 8, 7)


def test_what_the_screen_shows_for_an_item_ending_with_the_year():
    due = subtract_working_days(NATIONAL, date(2026, 12, 31), 30)
    assert due == date(2026, 11, 17)
    assert due.isoweekday() == 2
    assert working_days_between(NATIONAL, date(2026, 11, 20), due) == -3
    assert subtract_working_days(NATIONAL, date(2027, 1, 14), 30) == date(2026, 11, 27)


def test_day_one_is_the_next_working_day():
    friday = date(2026, 1, 9)
    assert add_working_days(NATIONAL, friday, 0) == friday
    assert add_working_days(NATIONAL, friday, 1) == date(2026, 1, 12)
    with pytest.raises(ValueError, match="-1"):
        add_working_days(NATIONAL, friday, -1)


def test_a_six_day_week_works_on_saturday():
    six = tailored(NATIONAL, "six", week=6)
    assert add_working_days(six, date(2026, 1, 9), 1) == date(2026, 1, 10)
    assert add_working_days(six, date(2026, 1, 9), 2) == date(2026, 1, 12)
    assert not is_working_day(six, date(2026, 3, 21))


def test_a_tenant_closes_and_opens_days_of_its_own():
    own = tailored(
        NATIONAL,
        "own",
        [
            Override(date(2026, 1, 12), working=False, reason="Hari jadi"),
            Override(date(2026, 1, 10), working=True, reason="Pengganti"),
        ],
    )
    rows = explain(own, date(2026, 1, 9), 2)
    assert [(r.day.day, r.number, r.kind, r.name) for r in rows] == [
        (10, 1, DayKind.WORKING, "Hari kerja"),
        (11, None, DayKind.WEEKEND, "Akhir pekan"),
        (12, None, DayKind.LOCAL, "Hari jadi"),
        (13, 2, DayKind.WORKING, "Hari kerja"),
    ]
    assert is_working_day(NATIONAL, date(2026, 1, 12))


def test_an_explanation_names_each_closed_day():
    names = {r.day: (r.kind, r.name) for r in explain(NATIONAL, date(2026, 3, 17), 2)}
    assert names[date(2026, 3, 18)] == (DayKind.JOINT_LEAVE, "Cuti Bersama Hari Suci Nyepi")
    assert names[date(2026, 3, 19)] == (DayKind.PUBLIC_HOLIDAY, "Hari Suci Nyepi")
    assert max(names) == date(2026, 3, 26)
    assert explain(NATIONAL, date(2026, 3, 17), 0) == []


def test_years_without_a_decree_and_feasts_not_yet_sighted_are_estimates():
    assert NATIONAL.decreed_years == {2024, 2025, 2026, 2027}
    assert not is_estimate(NATIONAL, date(2026, 11, 17), date(2026, 12, 31))
    assert is_estimate(NATIONAL, date(2027, 12, 1), date(2028, 1, 3))
    assert is_estimate(NATIONAL, date(2023, 12, 30), date(2024, 1, 3))
    assert is_estimate(NATIONAL, date(2027, 3, 31), date(2027, 2, 4))
    assert not is_estimate(NATIONAL, date(2027, 1, 4), date(2027, 3, 9))


@pytest.mark.parametrize(
    ("n", "attention", "soon"), [(10, 5, 3), (7, 4, 2), (3, 2, 1), (30, 15, 8), (1, None, 1), (100, 50, 25)]
)
def test_bands(n: int, attention: int | None, soon: int):
    if attention:
        assert (band(attention + 1, n), band(attention, n)) == ("aman", "perhatian")
        assert band(soon + 1, n) == "perhatian"
    assert (band(soon, n), band(0, n), band(-1, n)) == ("segera", "segera", "lewat")


def test_a_step_of_no_days_is_near_on_its_last():
    assert (band(1, 0), band(2, 0)) == ("segera", "aman")


DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    closed = draw(
        st.dictionaries(DAYS, st.sampled_from([DayKind.PUBLIC_HOLIDAY, DayKind.JOINT_LEAVE]), max_size=40)
    )
    worked = draw(st.lists(DAYS, max_size=10))
    return tailored(
        Calendar("drawn", {d: ClosedDay(k, "x") for d, k in closed.items()}, frozenset()),
        "own",
        [Override(d, working=True, reason="x") for d in worked],
        week=draw(st.sampled_from([5, 6])),
        joint_leave_closed=draw(st.booleans()),
    )


def worked_days(calendar: Calendar) -> list[date]:
    """The oracle: every worked day of a decade as a list, from sets, without the code under test."""
    every = {date(2020, 1, 1) + timedelta(days=n) for n in range(5000)}
    off = {d for d in every if d.weekday() >= calendar.week}
    kinds = {DayKind.PUBLIC_HOLIDAY} | ({DayKind.JOINT_LEAVE} if calendar.joint_leave_closed else set())
    off |= {d for d, row in calendar.closed.items() if row.kind in kinds}
    return sorted(every - (off - calendar.opened))


@given(calendars(), DAYS, st.integers(1, 60))
def test_agrees_with_a_list_of_worked_days(calendar: Calendar, start: date, n: int):
    worked = worked_days(calendar)
    after = [d for d in worked if d > start]
    before = [d for d in worked if d < start]
    due = add_working_days(calendar, start, n)
    assert due == after[n - 1]
    assert subtract_working_days(calendar, start, n) == before[-n]
    assert working_days_between(calendar, start, due) == n == -working_days_between(calendar, due, start)
    rows = explain(calendar, start, n)
    assert [r.day for r in rows if r.number] == after[:n]
    assert [r.day for r in rows] == [start + timedelta(days=i) for i in range(1, (due - start).days + 1)]


@given(calendars(), DAYS, DAYS)
def test_between_counts_the_worked_days(calendar: Calendar, start: date, end: date):
    low, high = min(start, end), max(start, end)
    count = sum(low < d <= high for d in worked_days(calendar))
    assert working_days_between(calendar, start, end) == (count if start <= end else -count)
