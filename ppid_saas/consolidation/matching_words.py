"""What a title and a body say beneath their wording: the words that tell one piece of information from another.

Pure. Words lose affixes, doubling and typing habits; abbreviations of offices are written out; what offices call by
several names has one. Whether two items are the same is the business of `matching_rules`.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files
from itertools import combinations
from typing import Any, NamedTuple

from rapidfuzz import fuzz, process

from ppid_saas.consolidation.matching_stems import is_word, stem

MOST_WORDS = 7  # of a title, for its keys: pairs of words left out grow with the square
MOST_NAMES = 2  # of a title, for its keys
_HALF = 3  # letters of a name
_PART = 2  # letters of a word put together with another
_BOUND = frozenset(
    ["non", "anti", "antar", "pra", "pasca", "multi", "sub", "semi", "swa", "tuna"]
)  # no words alone
_INITIALS = (3, 4, 5)  # words that an abbreviation nobody listed may stand for
_LINKS = frozenset(
    ("dan", "di", "ke", "dari", "yang", "untuk", "atas", "dengan", "pada", "bagi", "dalam", "oleh")
)
_BEFORE, _AFTER = ("be", "ber", "se"), ("nya", "lah", "pun", "kah")  # what particles hang on particles
_TYPO_LENGTH, _TYPO = 6, 87
_TOKEN = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_REGION = re.compile(r"\b(?:kabupaten|kab\.?|kota)\s+[\w-]+")
_PROSE = ("document", "open_part", "harm", "benefit", "interest", "loss", "summary")


class Lexicon(NamedTuple):
    """The words of offices: what to skip, what weighs little, what may stay unsaid, what is written out, what is called alike."""

    stop: frozenset[str]
    generic: frozenset[str]
    unsaid: frozenset[str]
    written_out: Mapping[str, str]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]
    alike: Mapping[str, str]


class Words(NamedTuple):
    """A title beneath its wording. `own` tell it from others, `light` would fit any title, `tokens` are all as they stand."""

    own: frozenset[str]
    light: frozenset[str]
    years: frozenset[str]
    written: Mapping[str, str]  # each of the `own` as it stands in the title
    tokens: tuple[str, ...]
    named: tuple[str, ...]  # those of the tokens that tell it from others


class Key(NamedTuple):
    """What two items that may be the same have in common; `whole` when nothing of the title was left out."""

    value: int
    whole: bool


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the words, read once."""
    data = tomllib.loads(files(__package__).joinpath("matching_words.toml").read_text(encoding="utf-8"))
    return Lexicon(
        frozenset(data["stop"].split()), frozenset(data["generic"].split()), frozenset(data["unsaid"].split()),
        data["abbreviations"], _phrases(data["phrases"]), _alike(data["alike"]),
    )  # fmt: skip


def _phrases(said: Mapping[str, str]) -> dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]:
    """Return, by its first word, each phrase and what stands for it, longest first."""
    by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for phrase in sorted(said, key=len, reverse=True):
        words = tuple(phrase.split())
        by_first.setdefault(words[0], []).append((words, tuple(said[phrase].split())))
    return {first: tuple(found) for first, found in by_first.items()}


def _alike(groups: Mapping[str, str]) -> dict[str, str]:
    """Map each name to the first of its group."""
    return {name: first for first, names in groups.items() for name in (first, *names.split())}


@lru_cache(maxsize=1)
def unsaid() -> frozenset[str]:
    """Return the plain forms of what a title may leave unsaid."""
    return frozenset(plain(word)[1] for word in lexicon().unsaid)


@lru_cache(maxsize=200_000)
def plain(word: str) -> tuple[str, str]:
    """Return what sort of word it is (`own`, `light`, `year`, or nothing) and its plain form."""
    known = lexicon()
    first, _, second = word.partition("-")
    word = first if second and stem(second) == stem(first) else word.replace("-", "")
    if word in known.stop or not word:
        return "", ""
    if _YEAR.fullmatch(word):
        return "year", word
    if word in known.generic or _is_mistyped(word):
        return "light", stem(word)
    form = stem(word)
    if form in known.stop and _is_particle(word, form):
        return "", ""
    if word not in known.alike and form in known.generic:
        return "light", form
    return "own", known.alike.get(word) or known.alike.get(form) or form


def _is_particle(word: str, form: str) -> bool:
    """Say whether a word is a particle shortened ("yg") or lengthened by another ("beserta"), not a word made of one.

    "Perolehan" is made of "oleh", "pendapat" of "dapat", and both tell what a title is about.
    """
    return len(word) < len(form) or word in {f"{before}{form}" for before in _BEFORE} | {
        f"{form}{after}" for after in _AFTER
    }


def _is_mistyped(word: str) -> bool:
    """Say whether a word that no dictionary has is one of those that tell nothing, mistyped."""
    if len(word) < _TYPO_LENGTH or not _is_name(word):
        return False
    light = lexicon().generic | lexicon().stop
    return process.extractOne(word, light, scorer=fuzz.ratio, score_cutoff=_TYPO) is not None


def tokens(text: str) -> list[str]:
    """Return the words of a text as they stand; of words put together by a hyphen each, unless they are one."""
    return [word for token in _TOKEN.findall(text) for word in _parts(token)]


def _parts(token: str) -> list[str]:
    """Return what a token is made of: "dpa-skpd" is two, "alun-alun", "e-katalog" and "non-aktif" are one."""
    first, hyphen, rest = token.partition("-")
    known = lexicon()
    if not hyphen or token in known.written_out or first in _BOUND or min(len(first), len(rest)) < _PART:
        return [token]
    if stem(first) == stem(rest) or is_word(token.replace("-", "")):
        return [token]
    return [first, *_parts(rest)]


def _spelled(found: Iterable[str]) -> Iterator[str]:
    """Return words with abbreviations written out and phrases shortened to their kernel."""
    known, at = lexicon(), 0
    full = [word for token in found for word in known.written_out.get(token, token).split()]
    while at < len(full):
        kernel, length = _kernel(full, at, known)
        yield from kernel
        at += length


def _kernel(full: list[str], at: int, known: Lexicon) -> tuple[tuple[str, ...], int]:
    """Return what the words from here on say, and how many of them that takes."""
    for phrase, kernel in known.phrases.get(full[at], ()):
        if tuple(full[at : at + len(phrase)]) == phrase:
            return kernel, len(phrase)
    return (full[at],), 1


def title_words(title: str, *, names: Iterable[str] = ()) -> Words:
    """Read a title; the office's own name in it says who holds the information, not what it is."""
    text = title.casefold()
    for name in names:
        text = text.replace(name.casefold(), " ")
    kinds: dict[str, dict[str, str]] = {"own": {}, "light": {}, "year": {}, "": {}}
    found = tokens(_REGION.sub(" ", text))
    for token in _spelled(found):
        kind, form = plain(token)
        kinds[kind].setdefault(form, token)
    own = _without_own_initials(kinds["own"], found) or kinds["own"] or kinds["light"]
    light = frozenset(kinds["light"].keys() - own.keys())
    named = tuple(dict.fromkeys(token for token in found if plain(token)[0] == "own"))
    return Words(frozenset(own), light, frozenset(kinds["year"]), own, tuple(found), named)


def _without_own_initials(own: Mapping[str, str], found: Sequence[str]) -> dict[str, str]:
    """Leave out an abbreviation that stands beside what it is short for: "Rencana Aksi Daerah (RAD)"."""
    beside = {short for short, _ in _runs(found) if short in found}
    return {form: token for form, token in own.items() if form not in beside}


def _runs(found: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return the initials of each run of words, and the words."""
    weighing = [token for token in found if token not in _LINKS and token[0].isalpha()]
    for size in _INITIALS:
        for at in range(len(weighing) - size + 1):
            run = tuple(weighing[at : at + size])
            yield "".join(word[0] for word in run), run


def shortened(words: Words) -> Iterator[tuple[str, frozenset[str]]]:
    """Return what abbreviations runs of a title's words would have, and what of it each would stand for."""
    for short, run in _runs(words.tokens):
        forms = frozenset(form for form, written in words.written.items() if written in run)
        if len(forms) > 1:
            yield short, forms


def is_initials(word: str) -> bool:
    """Say whether a word may be an abbreviation that nobody listed."""
    return word.isalpha() and len(word) in _INITIALS and not is_word(word)


def prose_words(body: Mapping[str, Any]) -> frozenset[str]:
    """Return the words of everything a body says besides its title."""
    text = " ".join(str(body.get(name) or "") for name in _PROSE).casefold()
    return frozenset(form for kind, form in map(plain, _spelled(tokens(text))) if kind == "own")


def hashed(words: Iterable[str]) -> int:
    """Return a number for words in whatever order, as a signed bigint."""
    joined = "|".join(sorted(words)).encode()
    return int.from_bytes(blake2b(joined, digest_size=8).digest(), "big", signed=True)


def keys(words: Words) -> list[Key]:
    """Return the keys under which a title is looked up: all its words, and those with one or two left out.

    Two titles of four words or more that differ in two of them still meet; of what is longer only the longest words count.
    """
    own = _longest(words.own)
    found = [Key(hashed(own), whole=True)] if own else []
    said = [word for word in own if word not in unsaid()]
    if 2 <= len(said) < len(own):
        found.append(Key(hashed(said), whole=True))
    for left_out in (1, 2):
        size = len(own) - left_out
        if size >= 2:
            found += [Key(hashed(some), whole=False) for some in combinations(own, size)]
    return found + _halves(own, words.written) + _initials(words)


def _initials(words: Words) -> list[Key]:
    """Return keys under which a title whose words another shortens to their initials meets that one."""
    said = {words.own - forms | {short} for short, forms in shortened(words) if forms < words.own}
    return [Key(hashed(_longest(own)), whole=False) for own in said]


def _longest(own: Iterable[str]) -> list[str]:
    return sorted(sorted(own), key=len, reverse=True)[:MOST_WORDS]


def _halves(own: list[str], written: Mapping[str, str]) -> list[Key]:
    """Return keys that a slip of the pen in a name leaves alone: it spares the name's beginning or its end."""
    names = [word for word in own if len(written[word]) > _HALF + 1 and _is_name(written[word])]
    return [
        Key(hashed([half if word == name else word for word in own]), whole=False)
        for name in names[:MOST_NAMES]
        for half in (f"{written[name][:_HALF]}-", f"-{written[name][-_HALF:]}")
    ]


def _is_name(word: str) -> bool:
    """Say whether a word is one that no dictionary has."""
    return word.isalpha() and not is_word(word)
