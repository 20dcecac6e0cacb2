"""A sample of the proof of working days: nothing differs from the slow implementation, and a wrong count is noticed."""

import pytest

from tests.prove import workdays


def test_working_days_equal_the_slow_implementation() -> None:
    told = workdays.compare(400, seed=7)
    assert (told["differing"], told["first"]) == (0, [])


def test_a_count_that_is_off_by_one_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = workdays.add_working_days
    monkeypatch.setattr(
        workdays, "add_working_days", lambda calendar, start, n: right(calendar, start, n + (n == 30))
    )
    assert workdays.compare(200, seed=7)["differing"]
