"""What a title and a body say beneath their wording: the words that tell one piece of information from another.

Pure. Words lose affixes, doubling and typing habits; abbreviations of offices are written out; what offices call by
several names has one. Whether two items are the same is the business of `matching_rules`.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files
from itertools import combinations
from typing import Any, NamedTuple

MOST_WORDS = 7  # of a title, for its keys: pairs of words left out grow with the square
_SHORTEST = 3  # what taking affixes off must leave
_TOKEN = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_REGION = re.compile(r"\b(?:kabupaten|kab\.?|kota)\s+[\w-]+")
_SUFFIXES = ("kannya", "annya", "inya", "nya", "lah", "kah", "kan", "an", "i")
# a prefix, and what stands for the letter that it swallows before a vowel
_PREFIXES = (
    ("memper", ""), ("menge", ""), ("penge", ""), ("meny", "s"), ("peny", "s"), ("meng", ""), ("peng", ""),
    ("mem", "p"), ("pem", "p"), ("men", "t"), ("pen", "t"), ("ber", ""), ("ter", ""), ("per", ""), ("me", ""),
    ("pe", ""), ("di", ""), ("ke", ""), ("se", ""),
)  # fmt: skip
_PROSE = ("document", "open_part", "harm", "benefit", "interest", "loss", "summary")


class Lexicon(NamedTuple):
    """The words of offices: what to skip, what weighs little, what is written out, what is called alike."""

    stop: frozenset[str]
    generic: frozenset[str]
    written_out: Mapping[str, str]
    alike: Mapping[str, str]


class Words(NamedTuple):
    """A title beneath its wording. `own` tell it from others, `light` would fit any title."""

    own: frozenset[str]
    light: frozenset[str]
    years: frozenset[str]
    written: Mapping[str, str]  # each of the `own` as it stands in the title


class Key(NamedTuple):
    """What two items that may be the same have in common; `whole` when nothing of the title was left out."""

    value: int
    whole: bool


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the words, read once."""
    data = tomllib.loads(files(__package__).joinpath("matching_words.toml").read_text(encoding="utf-8"))
    return Lexicon(
        frozenset(data["stop"].split()), frozenset(data["generic"].split()), data["abbreviations"],
        _alike(data["alike"]),
    )  # fmt: skip


def _alike(groups: Mapping[str, str]) -> dict[str, str]:
    """Map each name to the first of its group."""
    return {name: first for first, names in groups.items() for name in (first, *names.split())}


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Take off what Indonesian hangs on a word; alike for all forms of one word rather than true to a dictionary."""
    if word[0].isdigit():
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST:
            word = word[: -len(suffix)]
            break
    return _without_prefix(_without_prefix(word))


def _without_prefix(word: str) -> str:
    for prefix, swallowed in _PREFIXES:
        rest = word[len(prefix) :]
        if word.startswith(prefix) and len(rest) >= _SHORTEST:
            return swallowed + rest if rest[0] in "aiueo" else rest
    return word


@lru_cache(maxsize=200_000)
def plain(word: str) -> tuple[str, str]:
    """Return what sort of word it is (`own`, `light`, `year`, or nothing) and its plain form."""
    known = lexicon()
    first, _, second = word.partition("-")
    word = first if second and (second == first or stem(second) == stem(first)) else word.replace("-", "")
    if word in known.stop or not word:
        return "", ""
    if _YEAR.fullmatch(word):
        return "year", word
    if word in known.generic:
        return "light", stem(word)
    form = stem(word)
    return "own", known.alike.get(word) or known.alike.get(form) or form


def _spelled(text: str) -> Iterable[str]:
    written_out = lexicon().written_out
    for token in _TOKEN.findall(text.replace("(", " ").replace(")", " ")):
        yield from written_out[token].split() if token in written_out else (token,)


def title_words(title: str, *, names: Iterable[str] = ()) -> Words:
    """Read a title; the office's own name in it says who holds the information, not what it is."""
    text = title.casefold()
    for name in names:
        text = text.replace(name.casefold(), " ")
    kinds: dict[str, dict[str, str]] = {"own": {}, "light": {}, "year": {}, "": {}}
    for token in _spelled(_REGION.sub(" ", text)):
        kind, form = plain(token)
        kinds[kind].setdefault(form, token)
    own = kinds["own"] or kinds["light"]
    return Words(frozenset(own), frozenset(kinds["light"].keys() - own.keys()), frozenset(kinds["year"]), own)


def prose_words(body: Mapping[str, Any]) -> frozenset[str]:
    """Return the words of everything a body says besides its title."""
    text = " ".join(str(body.get(name) or "") for name in _PROSE).casefold()
    return frozenset(form for kind, form in map(plain, _spelled(text)) if kind == "own")


def hashed(words: Iterable[str]) -> int:
    """Return a number for words in whatever order, as a signed bigint."""
    joined = "|".join(sorted(words)).encode()
    return int.from_bytes(blake2b(joined, digest_size=8).digest(), "big", signed=True)


def keys(words: Words) -> list[Key]:
    """Return the keys under which a title is looked up: all its words, and those with one or two left out.

    Two titles of four words or more that differ in two of them still meet; of what is longer only the longest words count.
    """
    own = sorted(sorted(words.own), key=len, reverse=True)[:MOST_WORDS]
    found = [Key(hashed(own), whole=True)] if own else []
    for left_out in (1, 2):
        size = len(own) - left_out
        if size >= 2:
            found += [Key(hashed(some), whole=False) for some in combinations(own, size)]
    return found
