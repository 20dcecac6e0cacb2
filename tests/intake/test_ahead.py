"""One part ahead, no more; in order; and whatever goes wrong beside is told where it is awaited."""

import sys
import threading

import pytest

from ppid_saas.intake.ahead import TURN_SECONDS, one_ahead


def test_the_next_is_made_while_the_last_is_used() -> None:
    made, second = [], threading.Event()

    def make(n: int) -> int:
        made.append(n)
        if n == 1:
            second.set()
        return n * 10

    coming = one_ahead(make, range(5))
    assert next(coming) == 0
    assert second.wait(10)
    assert made == [0, 1]
    assert list(coming) == [10, 20, 30, 40]
    assert list(one_ahead(make, ())) == []


def test_a_failure_beside_ends_the_work() -> None:
    with pytest.raises(ZeroDivisionError):
        list(one_ahead(lambda n: 1 // n, (1, 0, 2)))


def test_turns_are_short_while_it_lasts_and_no_longer() -> None:
    usual = sys.getswitchinterval()
    coming = one_ahead(lambda n: n, range(3))
    next(coming)
    assert sys.getswitchinterval() == pytest.approx(TURN_SECONDS)
    assert list(coming) == [1, 2]
    assert sys.getswitchinterval() == usual
