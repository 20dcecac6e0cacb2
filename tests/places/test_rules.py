"""Places without a database: trees, codes, what a scanner reads, what an inventory finds."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from ppid_saas.places import rules


@dataclass(frozen=True)
class Spot:
    id: UUID
    parent_id: UUID | None
    kind: str
    code: str


def tree() -> dict[str, Spot]:
    room = Spot(uuid4(), None, "room", "A")
    shelf = Spot(uuid4(), room.id, "shelf", "A-2")
    far = Spot(uuid4(), room.id, "shelf", "A-10")
    box = Spot(uuid4(), shelf.id, "box", "A-2-1")
    return {spot.code: spot for spot in (far, box, shelf, room)}


def by_id(spots: dict[str, Spot]) -> dict[UUID, Spot]:
    return {spot.id: spot for spot in spots.values()}


def test_every_kind_stands_in_kinds_there_are():
    assert set(rules.WITHIN) == set(rules.KINDS)
    assert {above for within in rules.WITHIN.values() for above in within if above} <= set(rules.KINDS)
    order = list(rules.KINDS)
    for kind, within in rules.WITHIN.items():
        assert all(order.index(above) < order.index(kind) for above in within if above), "no circle of kinds"


@pytest.mark.parametrize(
    ("first", "count", "made"),
    [("A-09", 3, ["A-09", "A-10", "A-11"]), ("A", 2, ["A-01", "A-02"]), ("KAS", 1, ["KAS"]), ("7", 2, ["7", "8"])],
)  # fmt: skip
def test_codes_count_on(first: str, count: int, made: list[str]):
    assert rules.codes_from(first, count) == made


def test_the_next_code_is_the_first_that_is_free():
    assert rules.next_code("A", {"A", "A-01", "A-03"}) == "A-02"
    assert rules.next_code("", set()) == "01"


@pytest.mark.parametrize(
    ("read", "label"),
    [("https://dik.contoh.test/t/abcd2345", "abcd2345"), (" ABCD2345 ", "abcd2345"), ("A-03-12", None), ("", None),
     ("abcd234", None), ("https://dik.contoh.test/x/abcd2345", None)],
)  # fmt: skip
def test_a_scanner_reads_an_address_or_its_last_word(read: str, label: str | None):
    assert rules.scanned_label(read) == label


def test_places_come_as_one_walks_past_them():
    spots = tree()
    assert [spot.code for spot in rules.in_order(by_id(spots))] == ["A", "A-2", "A-2-1", "A-10"]
    assert [spot.code for spot in rules.line_of(by_id(spots), spots["A-2-1"].id)] == ["A", "A-2", "A-2-1"]
    assert rules.inside(by_id(spots), spots["A-2"].id) == {spots["A-2"].id, spots["A-2-1"].id}


def test_a_circle_of_places_ends():
    one, other = uuid4(), uuid4()
    spots = {one: Spot(one, other, "room", "A"), other: Spot(other, one, "room", "B")}
    assert len(rules.line_of(spots, one)) <= len(rules.WITHIN) + 1


def test_an_inventory_tells_five_things_apart():
    spots = tree()
    known = by_id(spots)
    a, b, c, d, e, f = (uuid4() for _ in range(6))
    box, shelf, far, room = (spots[code].id for code in ("A-2-1", "A-2", "A-10", "A"))
    belongs = {a: box, b: box, c: box, d: shelf, e: shelf, f: far}
    expected = {h: place for h, place in belongs.items() if h != f}
    found = rules.outcome(known, expected, belongs, lent={d, e}, seen={a: box, b: far, e: shelf, f: box})
    assert found.found == (a,)
    assert set(found.astray) == {(b, far), (f, box)}
    assert found.missing == (c,)
    assert found.lent == (d,)
    assert found.lent_but_seen == ((e, shelf),)
    assert rules.thawed(rules.frozen(found)) == found
    assert rules.outcome(known, {a: box}, belongs, (), {a: room}).found == (a,), "the room holds the box"
    assert rules.outcome(known, {d: shelf}, belongs, (), {d: box}).astray == ((d, box),)
