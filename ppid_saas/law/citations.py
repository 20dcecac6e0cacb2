"""Legal bases as officers write them, taken apart: which letter of Ps 17, which other act, which article.

It reads wording and keeps it. Whether the citation suffices is for checks; unknown wording is returned, never dropped.
"""

import re
from dataclasses import dataclass

from ppid_saas.law import acts, grounds

_HOME = "UU 14/2008"
_ARTICLE = re.compile(
    r"\b(?:pasal|psl|ps)\b\.?\s*(?P<n>\d{1,3})(?!\d)"
    r"|(?<![\w/.])(?P<bare>17)(?=\s*(?:huruf\b|hrf\b|\([a-j]\)|[a-j]\.[1-9]\b|[a-j]\b(?!\.)))"
    r"|\b(?:huruf|hrf|butir)\b\.?\s*[(\"“']?(?P<letter>[a-j])\b",
    re.IGNORECASE,
)
_LETTER = re.compile(
    r"[\s,]*(?:(?:ayat|huruf|hrf|butir)\b\.?\s*)?(?:\(\s*1\s*\)\s*(?:huruf\s*)?)?[(\"“']?\s*(?P<x>[a-j])\s*[)\"”']?(?!\w)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\s*,?\s*(?:(?:angka|butir|poin|point)\s*\(?|\.(?=\d\b)|\((?=\d\)))(?P<n>[1-9])(?!\d)\)?", re.IGNORECASE
)
_MORE_NUMBERS = re.compile(
    r"\s*(?:,\s*dan\b|,\s*serta\b|,|\bdan\b|\bserta\b|&|/)[^\S\n]*(?:angka\s*)?\(?(?P<n>[1-9])(?![\d.])\)?"
    r"(?!\s*(?:tahun|ayat|huruf))",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:,?\s*\b(?:dan/atau|dan|atau|serta|jo)\b\.?|[,&/])[^\S\n]*", re.IGNORECASE)
_UP_TO = re.compile(r"\s*(?:s\s*[./]\s*d\.?|\bsampai\s+dengan\b|\bhingga\b|[-–])\s*", re.IGNORECASE)
_TAIL = re.compile(
    r"(?:\s?[A-Z]\b(?!\.))?"
    r"(?:\s*,?\s*(?:ayat\s*\(?\s*\d+\s*\)?|(?:huruf|butir)\s*\(?[a-z]\b\)?|angka\s*\(?\d+\)?))*",
    re.IGNORECASE,
)
_OF = re.compile(r"[^\S\n]*(?:(?:dari|dalam|pada|di)\b)?[^\S\n]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Citation:
    """One legal basis: `code` when it is a ground of Ps 17, else the regulation and its article."""

    code: str | None
    law: str | None
    article: str | None
    text: str

    def as_ground(self) -> dict[str, str | None]:
        return {"code": self.code, "law": self.law, "article": self.article, "text": self.text}


@dataclass(frozen=True, slots=True)
class _Article:
    """An article where it stands, with the letters and numbers that hang on it."""

    number: int
    points: tuple[tuple[str, int | None], ...]
    start: int
    end: int


def parse_citation(text: str) -> list[Citation]:
    """Take one cell apart.

    Source: UU 14/2008 Ps 17.
    """
    laws = acts.find_laws(text)
    articles = [a for a in _articles(text) if not any(m.start <= a.start < m.end for m in laws)]
    owners = {article: _owner(text, article, articles, laws) for article in articles}
    placed: list[tuple[int, Citation]] = []
    for article, owner in owners.items():
        law = owner.law if owner else _HOME if article.number == 17 else None
        placed += [(article.start, c) for c in _citations(text, article, law, owner)]
    placed += [(m.start, Citation(None, m.law, None, text[m.start : m.end])) for m in laws]
    placed.sort(key=lambda pair: pair[0])
    return _once([citation for _, citation in placed]) or _unread(text)


def _unread(text: str) -> list[Citation]:
    return [Citation(None, None, None, text.strip())] if text.strip() else []


def _once(citations: list[Citation]) -> list[Citation]:
    """The same basis named twice in one cell counts once."""
    kept: dict[tuple[str | None, str | None, str | None], Citation] = {}
    for citation in citations:
        kept.setdefault((citation.code, citation.law, citation.article), citation)
    named = {c.law for c in kept.values() if c.code or c.article}
    return [c for c in kept.values() if c.code or c.article or c.law not in named]


def _articles(text: str) -> list[_Article]:
    found: list[_Article] = []
    end = 0
    for m in _ARTICLE.finditer(text):
        if m.start() >= end:
            article = _article(text, m)
            if article.points or m["n"]:
                found.append(article)
                end = article.end
    return found


def _article(text: str, m: re.Match[str]) -> _Article:
    number = int(m["n"] or 17)
    points, end = _points(text, m.start("letter") if m["letter"] else m.end()) if number == 17 else ((), 0)
    return _Article(number, points, m.start(), end if points else _tail(text, m.end()))


def _tail(text: str, at: int) -> int:
    """Where "ayat (3) huruf c" behind an article ends."""
    m = _TAIL.match(text, at)
    return m.end() if m else at


def _points(text: str, at: int) -> tuple[tuple[tuple[str, int | None], ...], int]:
    """Letters and numbers from here on: "(g), (h) angka 3", "huruf a s.d. huruf c"."""
    points: list[tuple[str, int | None]] = []
    m = _LETTER.match(text, at)
    while m:
        letter = m["x"].lower()
        numbers, at = _numbers(text, m.end())
        points += [(letter, n) for n in numbers] or [(letter, None)]
        up_to = _UP_TO.match(text, at)
        last = up_to and _LETTER.match(text, up_to.end())
        if last:
            points += [(chr(c), None) for c in range(ord(letter) + 1, ord(last["x"].lower()) + 1)]
            at = last.end()
        joint = _AND.match(text, at)
        m = _LETTER.match(text, joint.end()) if joint else None
    return tuple(points), at


def _numbers(text: str, at: int) -> tuple[list[int], int]:
    m = _NUMBER.match(text, at)
    numbers: list[int] = []
    while m:
        numbers.append(int(m["n"]))
        at = m.end()
        m = _NUMBER.match(text, at) or _MORE_NUMBERS.match(text, at)
    return numbers, at


def _owner(
    text: str, article: _Article, articles: list[_Article], laws: list[acts.Mention]
) -> acts.Mention | None:
    """Whose article it is: the regulation right behind it, else the last one before it."""
    before = [m for m in laws if m.end <= article.start]
    behind = next((m for m in laws if m.start >= article.end), None)
    if behind and _postfix(text, article, behind, articles, before):
        return behind
    if before and (article.number != 17 or not article.points or _near(text, before[-1], article)):
        return before[-1]
    if article.number == 17 and article.points:
        return next((m for m in before if m.law == _HOME), None)
    return behind if not before and behind and _chained(text, article, behind) else None


def _postfix(
    text: str,
    article: _Article,
    behind: acts.Mention,
    articles: list[_Article],
    before: list[acts.Mention],
) -> bool:
    """The form "Pasal 3 UU 1/2000", and the regulation does not open a citation of its own."""
    gap = text[article.end : behind.start]
    if not _OF.fullmatch(gap):
        return False
    follows = any(
        a.start >= behind.end and _OF.fullmatch(text[behind.end : a.start].strip("(,")) for a in articles
    )
    return not (before and follows)


def _near(text: str, law: acts.Mention, article: _Article) -> bool:
    """On one line, or the home act: elsewhere a letter of Ps 17 speaks of the home act."""
    return law.law == _HOME or "\n" not in text[law.end : article.start]


def _chained(text: str, article: _Article, behind: acts.Mention) -> bool:
    """The form "Pasal 6 dan Pasal 17 huruf h UU 14/2008": one regulation behind several articles."""
    gap = text[article.end : behind.start]
    return len(gap) < 80 and not re.search(r"[;\n]", gap)


def _citations(text: str, article: _Article, law: str | None, owner: acts.Mention | None) -> list[Citation]:
    start = min(article.start, owner.start) if owner and owner.end <= article.start else article.start
    end = max(article.end, owner.end) if owner else article.end
    wording = text[start:end].strip()
    if article.number != 17 or law != _HOME:
        return [Citation(None, law, _tidy(text[article.start : article.end]), wording)]
    if not article.points:
        return [Citation(None, law, "Pasal 17", wording)]
    return [_ground(letter, number, law, wording) for letter, number in article.points]


def _ground(letter: str, number: int | None, law: str, wording: str) -> Citation:
    """A number that the letter does not have falls back to the letter."""
    exact = grounds.find(f"17{letter}.{number}") if number else None
    article = f"Pasal 17 huruf {letter}" + (f" angka {number}" if exact else "")
    return Citation(exact.code if exact else f"17{letter}", law, article, wording)


def _tidy(article: str) -> str:
    """Single spaces, and no bracket that was opened or closed elsewhere in the cell."""
    plain = " ".join(article.split())
    return plain if plain.count("(") == plain.count(")") else plain.replace("(", "").replace(")", "")
