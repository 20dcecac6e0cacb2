"""A sample of the proof: of 20,000 items, the pairs two offices hold alike are found, in memory and by the database alike."""

from itertools import combinations
from typing import Any

import pytest

from ppid_saas.consolidation.queries import matches
from tests.consolidation.test_matching import hand_in
from tests.fixtures import walk
from tests.fixtures.world import World
from tests.prove import doubles

SIZE, PLANTED = 20_000, 1_000


def test_doubles_are_found_and_near_misses_are_not() -> None:
    made = doubles.make(SIZE, 3, PLANTED)
    found = doubles.judged(made, doubles.look(made))
    assert found["recall"] >= 0.95, found["missed"]
    assert found["recall_by_kind"]["same"] == found["recall_by_kind"]["contradicting"] == 1.0
    assert found["near_misses_taken"] <= 0.02 * PLANTED
    assert found["others_taken"] <= 0.005 * SIZE


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, slug in fresh_world.tenants if slug == "pusat")


def test_the_database_finds_what_memory_finds(fresh_world: World, region: str) -> None:
    made = doubles.make(400, 5, 40)
    rows = [pair for pair in made.doubles if pair.kind != "hand"][:12]
    for unit, side in (("dinkes", 0), ("disdik", 1)):
        hand_in(fresh_world, region, unit, [sendable(made, pair[side]) for pair in rows])
    titles = [made.item(n)["title"] for pair in rows for n in pair[:2]]
    expected = {
        frozenset(two)
        for two in combinations(titles, 2)
        if doubles.compare(*(doubles.read(sendable(made, _n(made, rows, t)), doubles.TODAY) for t in two))
    }
    with fresh_world.acting(f"pusat@{region}"):
        pages = [matches.queue(number=n) for n in range(1, 4)]
    found = {frozenset((pair.first.title, pair.second.title)) for page in pages for pair in page}
    assert found == expected
    assert len(found) >= len(rows) - 1


def sendable(made: doubles.Made, n: int) -> dict[str, Any]:
    """Return an item with the one ground and period of the walk: not every one that was made up may be handed in."""
    item = made.item(n)
    return walk.body(**{name: item[name] for name in ("title", "document", "harm", "benefit", "interest")})


def _n(made: doubles.Made, rows: list[doubles.Planted], title: str) -> int:
    return next(n for pair in rows for n in pair[:2] if made.item(n)["title"] == title)
