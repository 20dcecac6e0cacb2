"""Which column of ours a heading means, and how sure we are. It sees headings only, never the rows below.

Whole phrases are compared, never single words: "jangka waktu pengecualian" and "jangka waktu penyimpanan"
share two words of three and mean opposite things. Words that decide (dibuka, ditutup, penyimpanan) rule
look-alikes out before any score counts.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz

from ppid_saas.intake.rules.deciding import (
    CLOSED,
    CONDITION,
    EFFECT,
    EXEMPT,
    FORBIDDEN_WORDS,
    GOOD,
    LEGAL,
    LOSS,
    NAMING,
    OPENED,
    REQUIRED_WORDS,
    TIME,
)
from ppid_saas.intake.rules.sheets import Confidence, Field
from ppid_saas.intake.rules.vocabulary import FOREIGN_PHRASES, PHRASES, WEAK_PHRASES

LONGEST_HEADING = 140
ENOUGH = 72.0
SURE = 88.0
WEAK = 80.0
TIE = 3.0
SECOND_BEST = 10.0
SAID = 92.0
SAME_WORD = 85.0

BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
NOT_WORD = re.compile(r"[\W_]+")
NEGATED = re.compile(r"\b(?:tidak|tdk|tak|belum) (?P<verb>dibuka|terbuka|ditutup|tertutup)\b")
SPELLED = re.compile(r"(\w\s+)+\w\.?")
SPLIT_PREFIX = re.compile(r"\bdi (?=buka|tutup|kecuali|lindungi|simpan|beri)")

KNOWN_WORDS = frozenset(
    word
    for phrases in (*PHRASES.values(), *WEAK_PHRASES.values(), FOREIGN_PHRASES)
    for phrase in phrases
    for word in phrase.split()
) | frozenset().union(*REQUIRED_WORDS.values(), *FORBIDDEN_WORDS.values(), EFFECT, LOSS, CONDITION)


@dataclass(frozen=True, slots=True)
class Proposal:
    field: Field | None
    confidence: Confidence
    score: float = 0.0


NOTHING = Proposal(None, "unknown")


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """Lower case, words only; the prefix in "di buka" joined to its verb, and "tidak dibuka" said as "ditutup"."""
    if SPELLED.fullmatch(text.strip()):
        text = "".join(text.split())
    words = SPLIT_PREFIX.sub("di", NOT_WORD.sub(" ", text.lower()).strip())
    return NEGATED.sub(lambda found: "ditutup" if found["verb"].endswith("buka") else "dibuka", words)


def likeness(text: str, phrase: str) -> float:
    best = max(fuzz.ratio(text, phrase), fuzz.token_sort_ratio(text, phrase))
    if " " in text and " " in phrase:
        best = max(best, 0.9 * fuzz.token_set_ratio(text, phrase))
    return best


@lru_cache(maxsize=4096)
def known_as(word: str, wanted: frozenset[str]) -> bool:
    """Whether a word is among the wanted ones, a slip of the pen allowed in words we do not know."""
    if word in wanted or word in KNOWN_WORDS or len(word) < 4:
        return word in wanted
    return any(fuzz.ratio(word, other) >= SAME_WORD for other in wanted)


def says(text: str, wanted: frozenset[str]) -> bool:
    return any(known_as(word, wanted) for word in text.split())


def allowed(field: Field, text: str) -> bool:
    if says(text, FORBIDDEN_WORDS.get(field, frozenset())):
        return False
    required = REQUIRED_WORDS.get(field)
    return required is None or says(text, required)


def by_side(text: str) -> dict[Field, float]:
    """Harm, benefit, interest or loss: told by which side a consequence is weighed on, and whether it is good or bad."""
    opened, closed = says(text, OPENED), says(text, CLOSED)
    if opened == closed or not says(text, EFFECT) or (opened and says(text, CONDITION)):
        return {}
    good, bad = says(text, GOOD), says(text, LOSS)
    if opened:
        return {"benefit": 96.0} if good and not bad else {"harm": 96.0}
    if bad:
        return {"loss": 75.0, "interest": 75.0} if good else {"loss": 96.0}
    return {"interest": 96.0 if good else 92.0, "loss": 85.0}


def by_words(text: str) -> dict[Field, float]:
    """A ground named by law words, a period by time and secrecy: headings of any wording; figures belong to cells."""
    if any(letter.isdigit() for letter in text):
        return {}
    found: dict[Field, float] = {}
    if allowed("ground", text) and says(text, LEGAL):
        found["ground"] = WEAK
    if allowed("period", text) and says(text, TIME) and says(text, EXEMPT):
        found["period"] = SAID
    return found


def spellings(parts: Sequence[str]) -> Iterator[str]:
    """The ways to read a heading: its lowest part, all its parts, and both without what stands in brackets."""
    for text in dict.fromkeys((parts[-1], " ".join(parts))):
        yield normal(text)
        yield normal(BRACKETED.sub(" ", text))


@lru_cache(maxsize=8192)
def field_scores(parts: tuple[str, ...]) -> tuple[tuple[Field | None, float], ...]:
    """Every field this heading may mean, best first; None stands for a column known to be none of ours."""
    whole, bare = normal(" ".join(parts)), normal(BRACKETED.sub(" ", " ".join(parts)))
    texts = [text for text in dict.fromkeys(spellings(parts)) if text] if parts else []
    if not texts or len(whole) > LONGEST_HEADING:
        return ()
    scores: dict[Field | None, float] = {None: best_likeness(texts, FOREIGN_PHRASES)}
    for field, phrases in PHRASES.items():
        if allowed(field, (bare or whole) if field == "title" else whole):
            weak = min(WEAK, best_likeness(texts, WEAK_PHRASES.get(field, ())))
            scores[field] = max(best_likeness(texts, phrases), weak)
    for side, score in (by_words(bare) | by_side(whole)).items():
        scores[side] = max(score, scores.get(side, 0.0))
    enough = max(ENOUGH, max(scores.values()) - SECOND_BEST)
    return tuple(sorted(((f, s) for f, s in scores.items() if s >= enough), key=lambda pair: -pair[1]))


def best_likeness(texts: Sequence[str], phrases: Sequence[str]) -> float:
    return max((likeness(text, phrase) for text in texts for phrase in phrases), default=0.0)


def confidence_of(score: float, rival: float) -> Confidence:
    return "sure" if score >= SURE and score - rival > TIE else "check"


def propose(headings: Sequence[tuple[str, ...]]) -> list[Proposal]:
    """One proposal per column, each field given once, the best likeness first; ties and weak ones ask to be checked."""
    scores = [field_scores(parts) for parts in headings]
    claims = sorted(
        ((score, -index, field) for index, found in enumerate(scores) for field, score in found),
        key=lambda claim: (claim[0], claim[1]),
        reverse=True,
    )
    proposals = [NOTHING] * len(headings)
    settled: set[int] = set()
    given: set[Field] = set()
    for score, minus_index, field in claims:
        index = -minus_index
        if index in settled or field in given:
            continue
        settled.add(index)
        if field is not None:
            given.add(field)
            proposals[index] = Proposal(field, confidence_of(score, rival_score(scores, index, field)), score)
    left = " ".join(
        normal(" ".join(parts))
        for parts, proposal in zip(headings, proposals, strict=True)
        if not proposal.field
    )
    return stand_ins(proposals, left)


def rival_score(scores: Sequence[Sequence[tuple[Field | None, float]]], index: int, field: Field) -> float:
    """The best other reading of this column, or of this field by another column that has no better one."""
    own = [score for other, score in scores[index] if other != field]
    elsewhere = [
        found[0][1] for i, found in enumerate(scores) if i != index and found and found[0][0] == field
    ]
    return max([*own, *elsewhere], default=0.0)


def stand_ins(proposals: Sequence[Proposal], left: str) -> list[Proposal]:
    """What takes the place of a missing column: the contents that of the title, the storage period that of the period.

    `left` are the words of headings nobody claimed: they may be the missing ones. A list whose only period column is called "Penyimpanan" means the exemption by it, but a person must confirm.
    """
    found = Counter(proposal.field for proposal in proposals)
    swaps: dict[Field, tuple[Field, Confidence]] = {}
    if not found["title"]:
        if found["content"]:
            if not says(left, NAMING):
                swaps["content"] = ("title", "sure")
        elif found["document"]:
            swaps["document"] = ("title", "check")
    if not found["period"] and found["retention"] and not says(left, TIME):
        swaps["retention"] = ("period", "check")
    return [swap(proposal, swaps) for proposal in proposals]


def swap(proposal: Proposal, swaps: dict[Field, tuple[Field, Confidence]]) -> Proposal:
    if proposal.field not in swaps:
        return proposal
    field, confidence = swaps[proposal.field]
    if proposal.confidence == "check":
        confidence = "check"
    return replace(proposal, field=field, confidence=confidence)
