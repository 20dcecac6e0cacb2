"""Whether two items are the same information, how they contradict each other, and why, in words.

Pure. Two titles are the same when each word that tells them apart is found at the other, in its title or in what the
body says; where each side names something the other nowhere mentions, they are not. Nothing here decides: a person does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from rapidfuzz import fuzz

from ppid_saas.access.sayings import say
from ppid_saas.consolidation.matching_stems import is_word, stem
from ppid_saas.consolidation.matching_words import (
    Words,
    is_initials,
    prose_words,
    shortened,
    title_words,
    unsaid,
)
from ppid_saas.consolidation.rules import OPENED
from ppid_saas.law.acts import is_act, repeal_of
from ppid_saas.law.periods import Period
from ppid_saas.register.rules import LETTER_LENGTH

KINDS: dict[str, tuple[str, str]] = {
    "same": (say("Sama"), "info"),
    "reworded": (say("Sama dengan kata lain"), "info"),
    "ground": (say("Dasar berbeda"), "perhatian"),
    "period": (say("Jangka waktu berbeda"), "perhatian"),
    "state": (say("Terbuka di tempat lain"), "perhatian"),
    "part": (say("Bagian berbeda"), "perhatian"),
    "fault": (say("Kutipan keliru yang sama"), "perhatian"),
}
CONTRADICTING = ("ground", "period", "state", "part")
VERDICTS = {
    "same": say("Sama"),
    "different": say("Berbeda"),
    "aligned": say("Samakan"),
}
THRESHOLD = 60
_KERNEL, _UNSAID = 2, 95  # words in common under which one may stay unsaid, and how sure that is
_JOINED = 8
_TYPO = 87
_TYPO_LENGTH, _TYPO_LETTERS = 5, 3
_EXPLAINED = 0.7  # of a word that the other title lacks and the other body has
_LONE_WORD = 4  # how many words must agree before one more on one side is let pass
_COPIED = 0.9
_CLOSE = 0.5  # how far bodies must agree before a lone word is let pass
_TITLE_WEIGHT = 0.75
_DAYS = {"year": 365.25, "month": 30.44, "day": 1.0}
_MONTH = 31


@dataclass(frozen=True, slots=True)
class Read:
    """An item as it is compared: what its title says, what its body says, and on what it rests."""

    words: Words
    prose: frozenset[str]
    letters: frozenset[str]
    faults: frozenset[str]
    period: Period
    part: str | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason as data: its code, what is on the first side, what is on the second."""

    code: str
    here: str = ""
    there: str = ""

    def as_data(self) -> list[str]:
        return [self.code, self.here, self.there]


@dataclass(frozen=True, slots=True)
class Likeness:
    """That two items are the same information: how surely, in which ways they differ, and why."""

    score: int
    kinds: tuple[str, ...]
    reasons: tuple[Reason, ...]

    @property
    def contradicts(self) -> bool:
        return any(kind in CONTRADICTING for kind in self.kinds)


def read(body: Mapping[str, Any], today: date, state: str = "", names: Iterable[str] = ()) -> Read:
    """Read an item for comparing; `names` are those of the office that holds it."""
    codes = [row["code"] for row in body.get("grounds") or () if row.get("code")]
    return Read(
        title_words(str(body.get("title") or ""), names=names), prose_words(body),
        frozenset(code[LETTER_LENGTH - 1] for code in codes), _faults(body, today),
        Period.from_dict(body.get("period")), body.get("part"), state in OPENED,
    )  # fmt: skip


def _faults(body: Mapping[str, Any], today: date) -> frozenset[str]:
    """Return what is cited and does not bear: Ps 17 without its letter, a regulation repealed or no act.

    Source: UU 14/2008 Ps 17.
    """
    rows = body.get("grounds") or ()
    laws = {row.get("law") for row in rows if row.get("law")}
    bare = {row["article"] for row in rows if not row.get("code") and str(row.get("article")).endswith(" 17")}
    return frozenset({law for law in laws if repeal_of(law, today) or not is_act(law)} | bare)


def compare(a: Read, b: Read) -> Likeness | None:
    """Return in which way two items are the same, or None when they are not."""
    found = _titles(a, b)
    if found is None:
        return None
    score, reasons = found
    kind = "same" if reasons[0].code in {"title.same", "title.core"} else "reworded"
    ways = [way for way in (_ground(a, b), _period(a, b), _state(a, b), _part(a, b), _fault(a, b)) if way]
    return Likeness(
        score, (kind, *(way[0] for way in ways)), (*reasons, *(way[1] for way in ways), *_years(a.words, b.words))
    )  # fmt: skip


def _titles(a: Read, b: Read) -> tuple[int, list[Reason]] | None:
    """Return how surely two titles mean the same and why; None when each names something the other does not have."""
    shared, left, right = _aligned(a.words, b.words)
    if shared and not left and not right:
        return 100, [_alike(a.words, b.words)]
    if len(shared) >= _KERNEL and not (left and right) and left | right <= unsaid():
        return _UNSAID, [_except(a.words, b.words, left, right)]
    strange_left, strange_right = left - b.prose, right - a.prose
    if not shared or (strange_left and strange_right) or _is_numbered(left | right):
        return None
    strange, likeness = strange_left | strange_right, _overlap(a.prose, b.prose)
    replaced = left if strange_right else right
    if strange and (
        likeness < _CLOSE
        or (replaced and _is_named(a.words, b.words, strange))
        or not _is_let_pass(len(strange), len(shared), len(replaced))
    ):
        return None
    explained = (len(left) + len(right) - len(strange)) * _EXPLAINED
    title = (2 * len(shared) + explained) / (len(a.words.own) + len(b.words.own))
    score = round(100 * (_TITLE_WEIGHT * title + (1 - _TITLE_WEIGHT) * likeness))
    return (score, [_except(a.words, b.words, left, right)]) if score >= THRESHOLD else None


def _is_let_pass(strange: int, shared: int, replaced: int) -> bool:
    """Let words that one side alone has pass: one or two for each that the other's body explains, or one in a long title."""
    return strange <= min(2 * replaced, shared) or (strange == 1 and shared >= _LONE_WORD)


def _is_named(a: Words, b: Words, strange: frozenset[str]) -> bool:
    """Say whether a proper name, which no dictionary has, tells the two apart."""
    return any(not is_word(a.written.get(word) or b.written[word]) for word in strange)


def _alike(a: Words, b: Words) -> Reason:
    """Return that two titles say the same, and the words in which they differ."""
    here, there = _only(a, b), _only(b, a)
    if here or there:
        return Reason("title.alike", here, there)
    return Reason("title.same" if a.light == b.light else "title.core")


def _only(a: Words, b: Words) -> str:
    """Return the words of a title that tell it apart and do not stand in the other one."""
    return " ".join(word for word in a.named if word not in b.tokens)


def _except(a: Words, b: Words, left: frozenset[str], right: frozenset[str]) -> Reason:
    return Reason("title.except", _named(a, left), _named(b, right))


def _named(words: Words, forms: frozenset[str]) -> str:
    return " ".join(word for form, word in words.written.items() if form in forms)


def _aligned(a: Words, b: Words) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return what two titles share, typing slips and words written apart included, and what each has alone."""
    shared, left, right = set(a.own & b.own), set(a.own - b.own), set(b.own - a.own)
    for word in sorted(left):
        twin = next((one for one in sorted(right) if _is_slip(a.written[word], b.written[one])), None)
        if twin:
            shared.add(word)
            left.discard(word)
            right.discard(twin)
    for one, alone, other, others in ((a, left, b, right), (b, right, a, left)):
        for word, forms in _written_out(one, alone, other):
            alone.discard(word)
            others.difference_update(forms)
            shared.add(word)
        for word in sorted(alone):
            pieces = _pieces(one.written[word], other)
            if pieces or any(_is_slip(one.written[word], token) for token in other.tokens):
                alone.discard(word)
                others.difference_update(pieces)
                shared.update({word} if pieces else ())
    return frozenset(shared), frozenset(left), frozenset(right)


def _written_out(one: Words, alone: set[str], other: Words) -> list[tuple[str, frozenset[str]]]:
    """Return the abbreviations of a title whose words stand one after another in the other title, and those words."""
    short = {word for word in alone if is_initials(one.written[word])}
    return [run for run in shortened(other) if run[0] in short] if short else []


def _pieces(word: str, other: Words) -> frozenset[str]:
    """Return the two words of a title that stand together as one in the other: "antar instansi" is "antarinstansi"."""
    if len(word) < _JOINED:
        return frozenset()
    for pair in pairwise(other.tokens):
        if pair[0] in word and stem("".join(pair)) == stem(word):
            return frozenset(form for form, written in other.written.items() if written in pair) | {""}
    return frozenset()


def _is_slip(word: str, other: str) -> bool:
    """Say whether one word is the other mistyped; two that a dictionary has are two words."""
    if abs(len(word) - len(other)) > _TYPO_LETTERS or min(len(word), len(other)) < _TYPO_LENGTH:
        return False
    if not fuzz.ratio(word, other, score_cutoff=_TYPO) or not (word + other).isalpha():
        return False
    return not (is_word(word) and is_word(other))


def _is_numbered(words: frozenset[str]) -> bool:
    """Say whether a number tells the two apart: package 3 is not package 4."""
    return any(word[0].isdigit() for word in words)


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _years(a: Words, b: Words) -> tuple[Reason, ...]:
    if a.years == b.years:
        return ()
    return (Reason("years", ", ".join(sorted(a.years)), ", ".join(sorted(b.years))),)


def _ground(a: Read, b: Read) -> tuple[str, Reason] | None:
    """Return that the same information rests on other letters.

    Source: UU 14/2008 Ps 17.
    """
    if a.letters == b.letters or not a.letters or not b.letters:
        return None
    return "ground", Reason("ground", ", ".join(sorted(a.letters)), ", ".join(sorted(b.letters)))


def _period(a: Read, b: Read) -> tuple[str, Reason] | None:
    """Return that one stays closed longer, or ends in another way, than the other.

    Source: UU 14/2008 Ps 20; PP 61/2010 Ps 4 huruf d.
    """
    here, there = a.period, b.period
    if here.kind != there.kind:
        return "period", Reason("period.kind", here.kind.value, there.kind.value)
    if here.ends_on and there.ends_on and abs((here.ends_on - there.ends_on).days) > _MONTH:
        return "period", Reason("period.end", here.ends_on.isoformat(), there.ends_on.isoformat())
    if here.value and there.value and abs(_days(here) - _days(there)) > _MONTH:
        return "period", Reason("period.span", _span(here), _span(there))
    return None


def _days(period: Period) -> float:
    return (period.value or 0) * _DAYS.get(period.unit or "", 0.0)


def _span(period: Period) -> str:
    return f"{period.value} {period.unit}"


def _state(a: Read, b: Read) -> tuple[str, Reason] | None:
    """Return that what is closed here was opened there.

    Source: UU 14/2008 Ps 2(1); PP 61/2010 Ps 10.
    """
    if a.is_open == b.is_open:
        return None
    return "state", Reason("state", *("open" if side.is_open else "closed" for side in (a, b)))


def _part(a: Read, b: Read) -> tuple[str, Reason] | None:
    if not a.part or not b.part or a.part == b.part:
        return None
    return "part", Reason("part", a.part, b.part)


def _fault(a: Read, b: Read) -> tuple[str, Reason] | None:
    """Return that one seems copied from the other, wrong citation and all."""
    common = a.faults & b.faults
    if not common or _overlap(a.prose, b.prose) < _COPIED:
        return None
    return "fault", Reason("fault", ", ".join(sorted(common)))
