"""Indonesian words without what hangs on them. Pure; the dictionary and its rules are simplemma's."""

from functools import lru_cache

import simplemma

LANGUAGE = "id"
_SHORTEST = 3  # what taking affixes off must leave
_SUFFIXES = ("kannya", "annya", "inya", "nya", "lah", "kah", "kan", "an", "i")
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
