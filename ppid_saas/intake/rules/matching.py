"""Which item of the register a row of a file speaks of: by its code, by the same title and grounds, or perhaps by likeness.

Never by its place in the file. Pure; what the row would change is said by `comparing`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from rapidfuzz import fuzz, process

from ppid_saas.intake.rules.sheets import one_line
from ppid_saas.proofs import digest
from ppid_saas.register.cells import mark_of
from ppid_saas.register.rules import Known, likeness, whole_body

ENOUGH = 90.0
How = Literal["code", "same", "alike"]
Likeness = tuple[str, tuple[str, ...]]


class Asked(NamedTuple):
    """One row of the file."""

    n: int
    code: str
    body: dict[str, Any]

    def likeness(self) -> Likeness:
        return likeness(self.body["title"], [row["code"] for row in self.body["grounds"] if row["code"]])


class Match(NamedTuple):
    """The item found; `alike` is a proposal that a person must confirm."""

    item: Known
    how: How
    score: int = 100


def match_all(rows: Sequence[Asked], known: Sequence[Known]) -> dict[int, Match]:
    """Return the item of each row that has one, each item given once: codes first, then equals, then look-alikes."""
    found = _by_code(rows, known)
    rows, known = _left(rows, known, found)
    found |= _by_likeness(rows, known)
    rows, known = _left(rows, known, found)
    return found | _by_resemblance(rows, known)


def _left(
    rows: Sequence[Asked], known: Sequence[Known], found: dict[int, Match]
) -> tuple[list[Asked], list[Known]]:
    taken = {match.item.id for match in found.values()}
    return [row for row in rows if row.n not in found], [item for item in known if item.id not in taken]


def _by_code(rows: Iterable[Asked], known: Iterable[Known]) -> dict[int, Match]:
    """The first row with a code has it; a second one is a copy."""
    marks = {mark_of(item.ref, item.id): item for item in known}
    found: dict[int, Match] = {}
    for row in rows:
        item = marks.pop(one_line(row.code), None) if row.code else None
        if item:
            found[row.n] = Match(item, "code")
    return found


def _by_likeness(rows: Sequence[Asked], known: Sequence[Known]) -> dict[int, Match]:
    """Same title and grounds; where several rows or items share them, only equal contents decide, the rest is asked."""
    items: defaultdict[Likeness, list[Known]] = defaultdict(list)
    for item in known:
        items[likeness(item.title, item.codes)].append(item)
    asked = [(row, key) for row in rows if (key := row.likeness()) in items]
    times = Counter(key for _, key in asked)
    found: dict[int, Match] = {}
    unsettled = []
    for row, key in asked:
        if times[key] == len(items[key]) == 1:
            found[row.n] = Match(items[key][0], "same")
        elif equal := _equal(row, items[key]):
            found[row.n] = Match(equal, "same")
            items[key].remove(equal)
        else:
            unsettled.append((row, key))
    return found | {row.n: Match(items[key].pop(0), "alike") for row, key in unsettled if items[key]}


def _equal(row: Asked, items: Iterable[Known]) -> Known | None:
    mine = digest(whole_body(row.body))
    return next((item for item in items if item.hash == mine), None)


def _by_resemblance(rows: Sequence[Asked], known: Sequence[Known]) -> dict[int, Match]:
    """Titles alike and the same grounds: a proposal, each item once, the likest first."""
    by_codes: defaultdict[tuple[str, ...], list[tuple[str, Known]]] = defaultdict(list)
    for item in known:
        title, codes = likeness(item.title, item.codes)
        if codes:
            by_codes[codes].append((title, item))
    claims = sorted((claim for row in rows for claim in _claims(row, by_codes)), key=lambda claim: claim[0])
    found: dict[int, Match] = {}
    taken: set[Any] = set()
    for (score, n, _), item in claims:
        if n not in found and item.id not in taken:
            found[n] = Match(item, "alike", -score)
            taken.add(item.id)
    return found


def _claims(
    row: Asked, by_codes: dict[tuple[str, ...], list[tuple[str, Known]]]
) -> list[tuple[tuple[int, int, int], Known]]:
    title, codes = row.likeness()
    items = by_codes.get(codes, [])
    titles = [text for text, _ in items]
    alike = process.extract(title, titles, scorer=fuzz.ratio, score_cutoff=ENOUGH, limit=3)
    return [((-int(score), row.n, items[at][1].ref), items[at][1]) for _, score, at in alike]
