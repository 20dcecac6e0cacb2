"""A sample of the proof: of 20,000 items, the pairs two offices hold alike are found, in memory and by the database alike.

The pairs by hand here are those the matcher was changed with; what they tell of other pairs only the proof's blind list can.
"""

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from ppid_saas.consolidation.queries import matches
from tests.consolidation.test_matching import hand_in
from tests.fixtures import walk
from tests.fixtures.world import World
from tests.prove import doubles

SIZE, PLANTED = 20_000, 1_000
SEEN = doubles.by_hand(Path(__file__).parent, "seen")


def test_doubles_are_found_and_near_misses_are_not() -> None:
    made = doubles.make(SIZE, 3, PLANTED, SEEN)
    found = doubles.judged(made, doubles.look(made))
    assert found["recall"] >= 0.95, found["missed"]
    assert found["recall_by_kind"]["same"] == found["recall_by_kind"]["contradicting"] == 1.0
    assert found["near_misses_taken"] <= 0.02 * PLANTED
    assert found["others_taken"] <= 0.005 * SIZE


def test_pairs_of_a_blind_list_are_counted_and_never_told() -> None:
    """Who reads the figures may change the matcher."""
    made = doubles.make(4_000, 7, 200, SEEN._replace(kind=doubles.BLIND))
    found = doubles.judged(made, doubles.look(made))
    blind = {n for one in (*made.doubles, *made.misses) if one.kind == doubles.BLIND for n in one[:2]}
    told = {
        title for line in found["missed"] + found["samples"] for title in line.split(" :: ")[0].split(" | ")
    }
    assert 0 < found["recall_by_kind"][doubles.BLIND] < 1
    assert told.isdisjoint(made.item(n)["title"] for n in blind)


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, slug in fresh_world.tenants if slug == "pusat")


def test_the_database_finds_what_memory_finds(fresh_world: World, region: str) -> None:
    made = doubles.make(400, 5, 40, SEEN)
    rows = [pair for pair in made.doubles if pair.kind != SEEN.kind][:12]
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
