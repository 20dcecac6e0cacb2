"""Indonesian words without what hangs on them. Pure; the dictionary and its rules are simplemma's."""

import re
from collections.abc import Iterator
from functools import lru_cache

import simplemma

LANGUAGE = "id"
_SHORTEST = 3  # what taking affixes off must leave
_SUFFIXES = ("kannya", "annya", "inya", "nya", "lah", "kah", "kan", "an", "i")
_ENDINGS = ("kannya", "annya", "nya", "kan")  # no name or loan word ends so
# forms of a word unknown: the letter after a nasal agrees with it; what begins with "pe" ends with "an"
_MADE = re.compile(
    r"me(?:m(?=[bfv])|n(?=[cdjtz])|ng(?=[aiueoghk]))(\w{4,})|pe(?:m(?=[bfv])|n(?=[cdjtz])|ng(?=[aiueoghk]))(\w{4,})an"
    r"|di(?=[iueo]|[^aiueoskn][aiueo])(\w{4,})|(?:ter|ber)(?=u|[bcdgk][aiueo])(\w{5,})"
)
# a prefix, and what stands for the letter that it swallows before a vowel
_PREFIXES = (
    ("memper", ""), ("menge", ""), ("penge", ""), ("meny", "s"), ("peny", "s"), ("meng", ""), ("peng", ""),
    ("mem", "p"), ("pem", "p"), ("men", "t"), ("pen", "t"), ("ber", ""), ("ter", ""), ("per", ""), ("me", ""),
    ("pe", ""), ("di", ""), ("ke", ""), ("se", ""),
)  # fmt: skip


@lru_cache(maxsize=200_000)
def is_word(word: str) -> bool:
    """Say whether a dictionary has the word: what it has is no slip of the pen."""
    return simplemma.is_known(word, lang=LANGUAGE)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the plain form: the dictionary's, else what remains without affixes, alike for all forms of one word."""
    if word[0].isdigit():
        return word
    return simplemma.lemmatize(word, lang=LANGUAGE) if is_word(word) else _stripped(word)


def _stripped(word: str) -> str:
    """Take affixes off where a word of the dictionary remains, or where the form is one that only affixes make.

    A name or a loan word that merely begins like a prefix stays whole: "security" is no "se" of anything.
    """
    forms = [word, *(word[: -len(end)] for end in _SUFFIXES if word.endswith(end))]
    for form in forms:
        for root in _roots(form):
            if len(root) > _SHORTEST and is_word(root):
                return simplemma.lemmatize(root, lang=LANGUAGE)
    return _ruled(word)


def _roots(form: str) -> Iterator[str]:
    """Return what may remain of a form: itself, and what is left without one prefix or two."""
    yield form
    for rest in _without_prefix(form):
        yield rest
        yield from _without_prefix(rest)


def _without_prefix(word: str) -> Iterator[str]:
    for prefix, swallowed in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) > _SHORTEST - 1:
            rest = word[len(prefix) :]
            yield rest
            if swallowed and rest[0] in "aiueo":
                yield swallowed + rest


def _ruled(word: str) -> str:
    """Take off the affixes of a word that no dictionary has, as the language would put them on."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > _SHORTEST:
            word = word[: -len(ending)]
            break
    found = _MADE.fullmatch(word)
    return next(root for root in found.groups() if root) if found else word
