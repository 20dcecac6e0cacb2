"""Places without asking anybody: which lies in which, their codes, what a scanner reads, what an inventory found. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

from ppid_saas.access.sayings import say

KINDS = {
    "building": say("Gedung"),
    "room": say("Ruang"),
    "cabinet": say("Lemari"),
    "shelf": say("Rak"),
    "box": say("Boks"),
    "folder": say("Map"),
}
# What a place may lie in; None is nowhere, the top.
WITHIN: dict[str, tuple[str | None, ...]] = {
    "building": (None,),
    "room": (None, "building"),
    "cabinet": (None, "room"),
    "shelf": (None, "room", "cabinet"),
    "box": ("room", "cabinet", "shelf"),
    "folder": ("cabinet", "shelf", "box"),
}
STATUSES = {"lent": say("Sedang dipinjam"), "late": say("Terlambat dikembalikan")}
LONGEST_CODE = 24
CODE = re.compile(r"[A-Z0-9]+(?:[-.][A-Z0-9]+)*")
SCANNED = re.compile(r"(?:.*/t/)?([2-9a-z]{8})/?", re.IGNORECASE)
NUMBERED = re.compile(r"(.*?)([0-9]+)", re.DOTALL)
P = TypeVar("P", bound="Placed")


class Placed(Protocol):
    """What a tree of places is made of."""

    id: UUID
    parent_id: UUID | None
    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an inventory found, by paper; a pair names the paper and where it was seen."""

    found: tuple[UUID, ...] = ()
    missing: tuple[UUID, ...] = ()
    astray: tuple[tuple[UUID, UUID], ...] = ()
    lent: tuple[UUID, ...] = ()
    lent_but_seen: tuple[tuple[UUID, UUID], ...] = ()


def may_hold(kind: str) -> bool:
    """Say whether papers lie there; in a building they lie in one of its rooms."""
    return kind != "building"


def tidy_code(written: str) -> str:
    """Return a code as it is kept: capitals without blanks."""
    return re.sub(r"\s+", "", written.replace("\x00", "")).upper()


def codes_from(first: str, count: int) -> list[str]:
    """Return so many codes, counting on from the first: `A-09`, `A-10`; a code without a number gets one."""
    if count == 1:
        return [first]
    stem, digits = _split(first) or (f"{first}-", "01")
    return [f"{stem}{int(digits) + step:0{len(digits)}d}" for step in range(count)]


def _split(code: str) -> tuple[str, str] | None:
    found = NUMBERED.fullmatch(code)
    return (found[1], found[2]) if found else None


def next_code(parent: str, taken: Collection[str]) -> str:
    """Propose a code under a parent's: the first two-digit number that is free."""
    lead = f"{parent}-" if parent else ""
    return next(code for n in range(1, len(taken) + 2) if (code := f"{lead}{n:02d}") not in taken)


def scanned_label(read: str) -> str | None:
    """Return the label a scanner read or a person typed, be it the whole address or its last word."""
    found = SCANNED.fullmatch(read.strip())
    return found[1].lower() if found else None


def line_of(places: Mapping[UUID, P], place_id: UUID | None) -> list[P]:
    """Return a place and what it lies in, the outermost first; a place that is gone ends the line."""
    line: list[P] = []
    while place_id is not None and place_id in places and len(line) <= len(WITHIN):
        line.insert(0, places[place_id])
        place_id = places[place_id].parent_id
    return line


def inside(places: Mapping[UUID, Placed], root: UUID) -> set[UUID]:
    """Return a place and everything that lies in it."""
    return {place_id for place_id in places if any(above.id == root for above in line_of(places, place_id))}


def in_order(places: Mapping[UUID, P]) -> list[P]:
    """Return places as one walks past them: each right behind what it lies in, by code."""
    below: dict[UUID | None, list[P]] = {}
    for place in places.values():
        above = place.parent_id if place.parent_id in places else None
        below.setdefault(above, []).append(place)
    return list(_walk(below, None))


def _walk(below: Mapping[UUID | None, Sequence[P]], above: UUID | None) -> Iterator[P]:
    for place in sorted(below.get(above, ()), key=lambda place: natural(place.code)):
        yield place
        yield from _walk(below, place.id)


def natural(code: str) -> list[tuple[int, str]]:
    """Return what sorts `A-2` before `A-10`."""
    parts = re.findall(r"[0-9]+|[^0-9]+", code)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def outcome(
    places: Mapping[UUID, Placed],
    expected: Mapping[UUID, UUID],
    known: Mapping[UUID, UUID],
    lent: Collection[UUID],
    seen: Mapping[UUID, UUID],
) -> Outcome:
    """Compare what should lie there with what was seen; `known` tells where every paper of the unit belongs.

    A paper seen in a room is found when it belongs into a box of that room: whoever scans only the room says no more.
    """
    here = {holding: place for holding, place in seen.items() if holding in known}
    at_home = {h for h, place in here.items() if place in {p.id for p in line_of(places, known[h])}}
    unseen = [h for h in expected if h not in here]
    return Outcome(
        found=tuple(h for h in here if h in at_home and h not in lent),
        missing=tuple(h for h in unseen if h not in lent),
        astray=tuple((h, place) for h, place in here.items() if h not in at_home and h not in lent),
        lent=tuple(h for h in unseen if h in lent),
        lent_but_seen=tuple((h, place) for h, place in here.items() if h in lent),
    )


def frozen(result: Outcome) -> dict[str, list[object]]:
    """Return an outcome as it is kept."""
    return {
        "found": [str(h) for h in result.found],
        "missing": [str(h) for h in result.missing],
        "astray": [[str(h), str(place)] for h, place in result.astray],
        "lent": [str(h) for h in result.lent],
        "lent_but_seen": [[str(h), str(place)] for h, place in result.lent_but_seen],
    }


def thawed(kept: Mapping[str, Sequence[object]]) -> Outcome:
    """Return an outcome from what was kept."""
    return Outcome(
        found=_ids(kept["found"]),
        missing=_ids(kept["missing"]),
        astray=_pairs(kept["astray"]),
        lent=_ids(kept["lent"]),
        lent_but_seen=_pairs(kept["lent_but_seen"]),
    )


def _ids(kept: Iterable[object]) -> tuple[UUID, ...]:
    return tuple(UUID(str(one)) for one in kept)


def _pairs(kept: Iterable[object]) -> tuple[tuple[UUID, UUID], ...]:
    return tuple((UUID(pair[0]), UUID(pair[1])) for pair in kept if isinstance(pair, list))
