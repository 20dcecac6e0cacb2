"""Proof: of a country's items, those that two offices hold alike are found, and hardly any others.

The matcher's own rules look for keys in common and compare, over the whole set in memory; that the same keys find the same
pairs through the database is shown by the tests. Draw a seed after the matcher's last change: one looked at is spent.
So is a list written by hand once its pairs are read by whoever changes the matcher; those of the blind one are only counted.
"""

from array import array
from collections import Counter
from collections.abc import Container, Iterator
from datetime import date
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from ppid_saas.consolidation.matching_rules import Likeness, compare, read
from ppid_saas.consolidation.matching_wording import reasons_words
from ppid_saas.consolidation.matching_words import keys, title_words
from ppid_saas.consolidation.queries.candidates import CAP
from tests.prove import _doubles_language as language

UNITS, EACH = 28_000, 40
PLANTED = 5_000
PARTS = 64  # of the keys, sorted one after the other: memory stays that of one
TODAY = date(2026, 3, 2)
BARS = {"precision": 0.95, "recall": 0.95}
SHOWN = 50
BLIND = "blind"
MADE = ("same", "reworded", "contradicting")


class Planted(NamedTuple):
    """Two items of the set of which one was made from the other, and how."""

    a: int
    b: int
    kind: str


class ByHand(NamedTuple):
    """Pairs of titles a person wrote: the same information in other words, and what only sounds the same."""

    kind: str
    doubles: list[tuple[str, str]]
    misses: list[tuple[str, str]]


class Made(NamedTuple):
    """The set: any item by its number, and what was put into it on purpose."""

    size: int
    seed: int
    special: dict[int, dict[str, Any]]
    doubles: list[Planted]
    misses: list[Planted]
    hands: ByHand

    def item(self, n: int) -> dict[str, Any]:
        return self.special.get(n) or language.body(*language.base(n), f"{self.seed}-{n}")


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Make the set, look for doubles, and judge what was found against what was planted."""
    size = UNITS * EACH if seconds is None else max(4_000, int(seconds * 2_000))
    made = make(size, seed, min(PLANTED, size // 20), by_hand(Path(__file__).parent, BLIND))
    found = look(made)
    return judged(made, found) | {"items": size, "bars": BARS}


def make(size: int, seed: int, planted: int, hands: ByHand) -> Made:
    """Put doubles and near misses into pairs of places that nothing else uses."""
    rng = Random(seed)
    places = iter(rng.sample(range(size), 4 * planted))
    made = Made(size, seed, {}, [], [], hands)
    for n in range(planted):
        a, b = next(places), next(places)
        kind = hands.kind if n < min(len(hands.doubles), planted // 10) else MADE[n % 3]
        _plant_double(made, rng, Planted(a, b, kind), n)
        made.doubles.append(Planted(a, b, kind))
    for n in range(planted):
        a, b = next(places), next(places)
        kind = hands.kind if n < min(len(hands.misses), planted // 10) else "near"
        _plant_miss(made, rng, Planted(a, b, kind), n)
        made.misses.append(Planted(a, b, kind))
    return made


def by_hand(folder: Path, kind: str) -> ByHand:
    return ByHand(kind, *(_rows(folder / f"{name}_{kind}.tsv") for name in ("doubles", "near_misses")))


def _rows(path: Path) -> list[tuple[str, str]]:
    rows = (row.split("\t") for row in path.read_text(encoding="utf-8").splitlines())
    return [(one, other) for one, other in rows]


def _plant_double(made: Made, rng: Random, pair: Planted, n: int) -> None:
    parts, item = language.base(pair.a), made.item(pair.a)
    if pair.kind == made.hands.kind:
        plant_titles(made, pair, *made.hands.doubles[n])
    elif pair.kind == "reworded":
        made.special[pair.b] = language.reworded(rng, parts, f"{made.seed}-{pair.a}")
    else:
        change = language.same if pair.kind == "same" else language.contradicting
        made.special[pair.b] = change(rng, item)


def plant_titles(made: Made, pair: Planted, one: str, other: str) -> None:
    """Two titles a person wrote, each with what its own office says of it, in its own words."""
    for n, title in ((pair.a, one), (pair.b, other)):
        written = language.body(title.lower(), "orang yang bersangkutan", "umum", f"{made.seed}-{n}", title)
        made.special[n] = written | {"document": f"Berkas {title.lower()}"}


def _plant_miss(made: Made, rng: Random, pair: Planted, n: int) -> None:
    if pair.kind == made.hands.kind:
        plant_titles(made, pair, *made.hands.misses[n])
    else:
        made.special[pair.b] = language.near_miss(rng, pair.a, made.size, f"{made.seed}-{pair.a}")


def look(made: Made) -> dict[tuple[int, int], Likeness]:
    """Return the pairs the matcher finds, key by key."""
    hashes, owners = [array("q") for _ in range(PARTS)], [array("q") for _ in range(PARTS)]
    for n in range(made.size):
        for key in keys(title_words(made.item(n)["title"])):
            part = key.value % PARTS
            hashes[part].append(key.value)
            owners[part].append(n * 2 + key.whole)
    reading = lru_cache(100_000)(lambda n: read(made.item(n), TODAY))
    found: dict[tuple[int, int], Likeness] = {}
    for part in range(PARTS):
        for block in blocks(hashes[part], owners[part]):
            for pair in combinations(block, 2):
                if pair not in found and (likeness := compare(reading(pair[0]), reading(pair[1]))):
                    found[pair] = likeness
        hashes[part], owners[part] = array("q"), array("q")
    return found


def blocks(hashes: "array[int]", owners: "array[int]") -> Iterator[list[int]]:
    """Return the items of each key, as the database would: one that too many share counts only as a whole title's."""
    order = sorted(range(len(hashes)), key=hashes.__getitem__)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and hashes[order[end]] == hashes[order[start]]:
            end += 1
        held = [owners[at] for at in order[start:end]]
        start = end
        if len(held) >= CAP:
            held = [owner for owner in held if owner % 2][:CAP]
        yield sorted({owner // 2 for owner in held})


def judged(made: Made, found: dict[tuple[int, int], Likeness]) -> dict[str, Any]:
    """Count what was found of what was planted, and what else was found."""
    planted, near = _kinds(made.doubles), _kinds(made.misses)
    rows = _rows_by_hand(made)
    found, aside = _without_crossings(rows, found)
    right = [pair for pair in found if pair in planted]
    told = [pair for pair in found if made.hands.kind != BLIND or rows.keys().isdisjoint(pair)]
    missed = [pair for pair, kind in planted.items() if kind != BLIND and pair not in found]
    samples = Random(made.seed).sample(sorted(told), min(SHOWN, len(told)))
    return {
        "planted": len(planted), "near_misses": len(near), "found": len(found), "seed": made.seed,
        "precision": share(len(right), len(found)), "recall": share(len(right), len(planted)),
        "recall_by_kind": _found_by_kind(planted, found),
        "near_misses_taken": sum(pair in near for pair in found),
        "near_misses_taken_by_kind": _found_by_kind(near, found),
        "between_rows_by_hand": aside,
        "others_taken": sum(pair not in near and pair not in planted for pair in found),
        "missed": [said(made, pair) for pair in missed[:SHOWN]],
        "samples": [f"{said(made, pair)} :: {' '.join(words(found[pair]))}" for pair in samples],
    }  # fmt: skip


def _kinds(pairs: list[Planted]) -> dict[tuple[int, int], str]:
    return {(min(pair[:2]), max(pair[:2])): pair.kind for pair in pairs}


def _found_by_kind(
    planted: dict[tuple[int, int], str], found: Container[tuple[int, int]]
) -> dict[str, float]:
    """Return, of each kind, the share of what was planted that was found."""
    all_of = Counter(planted.values())
    found_of = Counter(kind for pair, kind in planted.items() if pair in found)
    return {kind: share(found_of[kind], count) for kind, count in sorted(all_of.items())}


def _rows_by_hand(made: Made) -> dict[int, int]:
    """Return the row of the lists written by hand that each of their items is from."""
    planted = (one for one in (*made.doubles, *made.misses) if one.kind == made.hands.kind)
    return {n: row for row, one in enumerate(planted) for n in one[:2]}


def _without_crossings(
    rows: dict[int, int], found: dict[tuple[int, int], Likeness]
) -> tuple[dict[tuple[int, int], Likeness], int]:
    """Leave out pairs across two rows written by hand, and count them: those repeat each other, and nobody planted it."""
    kept = {
        (a, b): likeness
        for (a, b), likeness in found.items()
        if not (a in rows and b in rows and rows[a] != rows[b])
    }
    return kept, len(found) - len(kept)


def share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0


def said(made: Made, pair: tuple[int, ...]) -> str:
    return " | ".join(made.item(n)["title"] for n in pair)


def words(likeness: Likeness) -> list[str]:
    return reasons_words([reason.as_data() for reason in likeness.reasons])
