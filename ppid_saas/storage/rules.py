"""What can be said of room without asking anything: a size as people write it, and what a comparison of books finds."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from ppid_saas.access.sayings import say

STEP: Final = 1024
UNITS: Final = {"kb": 1, "mb": 2, "gb": 3, "tb": 4}
MOST: Final = 1024 * STEP**4
WRITTEN: Final = re.compile(r"(\d{1,9}(?:[.,]\d{1,3})?)\s*([kmgt]b)", re.IGNORECASE)
HOW_TO_WRITE: Final = say("Tulis angka dan satuannya, misalnya 5 GB.")
# So many strays, or such a share of all objects, may go without asking.
FEW: Final = 10
SHARE: Final = 20
# A whole object is read again so often, a damaged one so often; and in so many days at the latest all of them once.
LOOK_EVERY: Final = timedelta(days=90)
LOOK_AGAIN: Final = timedelta(days=1)
ROUND_DAYS: Final = 45
LEAST_A_DAY: Final = 256 * STEP**2


def parse_size(written: str) -> int | None:
    """Return the bytes of `1,5 GB`, or None when it says none; counted in steps of 1,024 as screens show them."""
    found = WRITTEN.fullmatch(" ".join(written.split()))
    if found is None:
        return None
    size = int(Decimal(found[1].replace(",", ".")) * STEP ** UNITS[found[2].lower()])
    return size if 0 < size <= MOST else None


@dataclass(frozen=True, slots=True)
class Books:
    """What one moment's books say, by object: charged bytes, held bytes, and what rows of all slices claim."""

    charged: Mapping[UUID, int]
    held: Mapping[UUID, int]
    rows: Mapping[UUID, int]
    drift: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """Where store, ledger and rows differ, by object."""

    strays: frozenset[UUID]
    missing: frozenset[UUID]
    differing: frozenset[UUID]
    uncharged: frozenset[UUID]
    unheld: frozenset[UUID]


def compare(listed: Mapping[UUID, int], books: Books) -> Compared:
    """Compare a listing of the store with books that were read after it: so nothing on its way looks like a stray.

    What was stored after the listing looks as if it were missing; whoever asks must look again for each of those.
    """
    known = books.charged.keys() | books.held.keys() | books.rows.keys()
    kept = books.charged.keys() | books.rows.keys()
    wrong = {one for one in books.charged.keys() & books.rows.keys() if books.charged[one] != books.rows[one]}
    wrong |= {one for one in books.charged.keys() & listed.keys() if books.charged[one] != listed[one]}
    return Compared(
        strays=frozenset(listed.keys() - known),
        missing=frozenset(kept - listed.keys()),
        differing=frozenset(wrong),
        uncharged=frozenset(books.rows.keys() - books.charged.keys()),
        unheld=frozenset(books.charged.keys() - books.rows.keys()),
    )


def may_remove(doomed: int, objects: int, allowed: int) -> bool:
    """Say whether so many strays may go at once; more than a twentieth is a fault of ours until a person says otherwise."""
    return doomed <= max(FEW, objects // SHARE, allowed)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the last look at an object found, and how long ago that was."""

    whole: bool
    age: timedelta


def day_budget(stored: int) -> int:
    """Return how many bytes of a tenant are read again in a day: enough to come round twice in the time they have."""
    return max(LEAST_A_DAY, stored // ROUND_DAYS)


def due(objects: Iterable[UUID], seen: Mapping[UUID, Seen]) -> list[UUID]:
    """Return which objects are to be read again: first what nobody ever looked at, then what waits the longest."""
    never = [one for one in objects if one not in seen]
    waits = [
        one
        for one in objects
        if one in seen and seen[one].age >= (LOOK_EVERY if seen[one].whole else LOOK_AGAIN)
    ]
    return never + sorted(waits, key=lambda one: seen[one].age, reverse=True)


def chosen(objects: Iterable[UUID], sizes: Mapping[UUID, int], room: int) -> Iterator[UUID]:
    """Yield objects until the day's bytes are used up; the last one may be larger than what was left."""
    for one in objects:
        if room <= 0:
            return
        yield one
        room -= sizes[one]
