"""Sizes as people write them, and what a comparison of store, ledger and rows finds."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppid_saas.storage.rules import Books, compare, may_remove, parse_size
from tenants.quota import mark_of
from tests.vault.storage import Outside


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("5 GB", 5 * 1024**3), ("5gb", 5 * 1024**3), (" 1,5 GB ", 3 * 1024**3 // 2), ("1.5 GB", 3 * 1024**3 // 2),
        ("500 MB", 500 * 1024**2), ("1 TB", 1024**4), ("5", None), ("", None), ("banyak", None), ("-5 GB", None),
        ("0 GB", None), ("5 GB lagi", None), ("99999999 TB", None), ("1e9 GB", None),
    ],
)  # fmt: skip
def test_a_size_as_people_write_it(written: str, size: int | None) -> None:
    assert parse_size(written) == size


@pytest.mark.parametrize(
    ("used", "cap", "mark"),
    [(79, 100, 0), (80, 100, 80), (94, 100, 80), (95, 100, 95), (99, 100, 95), (100, 100, 100), (0, 0, 100), (7, 9, 0), (8, 9, 80)],
)  # fmt: skip
def test_a_mark_is_passed_to_the_byte_and_the_database_says_the_same(
    store: Outside, used: int, cap: int, mark: int
) -> None:
    assert mark_of(used, cap) == mark
    assert store.sql("select door.mark(%s, %s)", used, cap) == [(mark,)]


ONE, TWO, THREE, FOUR, FIVE = (uuid4() for _ in range(5))


def test_each_kind_of_difference_is_told_apart() -> None:
    books = Books(charged={ONE: 10, TWO: 20, FOUR: 5}, held={THREE: 7}, rows={ONE: 10, TWO: 21, FIVE: 3})
    stray = uuid4()
    found = compare({ONE: 10, TWO: 20, THREE: 7, stray: 1, FOUR: 6}, books)
    assert found.strays == {stray}
    assert found.missing == {FIVE}
    assert found.differing == {TWO, FOUR}
    assert found.uncharged == {FIVE}
    assert found.unheld == {FOUR}


SIZES = st.dictionaries(st.uuids(), st.integers(1, 100), max_size=8)


@given(SIZES, SIZES, SIZES, SIZES)
def test_what_any_book_knows_is_never_a_stray(
    listed: dict[UUID, int], charged: dict[UUID, int], held: dict[UUID, int], rows: dict[UUID, int]
) -> None:
    found = compare({**listed, **charged, **rows}, Books(charged, held, rows))
    assert not found.strays & (charged.keys() | held.keys() | rows.keys())
    assert not found.missing


@pytest.mark.parametrize(
    ("doomed", "objects", "allowed", "may"),
    [(10, 10, 0, True), (11, 200, 0, False), (11, 220, 0, True), (40, 40, 39, False), (40, 40, 40, True)],
)
def test_more_than_a_twentieth_asks(doomed: int, objects: int, allowed: int, *, may: bool) -> None:
    assert may_remove(doomed, objects, allowed) is may
