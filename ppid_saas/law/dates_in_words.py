"""Dates and lengths of time inside Indonesian text: "s.d. 31 Desember 2027", "1/3/2026", "5 (lima) tahun".

Day comes before month. It finds; what a found date means for a period is wording's affair.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from ppid_saas.law.periods import Unit

_MONTHS = (
    "jan(?:uari)?", "[fp]eb(?:r?uari)?", "mar(?:et)?|mrt", "apr(?:il)?", "mei", "jun[i]?", "jul[i]?",
    "agu(?:stus)?|agt|ags|aug(?:ustus)?", "sep(?:t(?:ember)?)?", "o[kc]t(?:ober)?", "no[pv](?:ember)?", "de[sc](?:ember)?",
)  # fmt: skip
_MONTH = "|".join(f"(?P<m{n}>{pattern})" for n, pattern in enumerate(_MONTHS, start=1))
_ISO = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)")
_NUMERIC = re.compile(
    r"(?<![\d/.-])(?P<d>\d{1,2})(?P<sep>[/.-])(?P<m>\d{1,2})(?P=sep)(?P<y>(?:19|20)?\d\d)(?![\d/])"
)
_NAMED = re.compile(
    rf"(?:(?<!\d)(?P<d>\d{{1,2}})[\s.-]*(?:\([^)]*\)\s*)?)?(?<![a-z])(?:{_MONTH})(?![a-z])[\s.,-]*(?P<y>(?:19|20)\d\d)(?!\d)"
)
_YEAR_ONLY = re.compile(
    r"(?:\b(?:sampai|hingga|s\s*[./]\s*d)\b\.?\s*(?:dengan\s+)?(?:akhir\s+)?(?:tahun\s+)?(?:anggaran\s+)?"
    r"|\bakhir\s+tahun\s+(?:anggaran\s+)?)(?P<y>20\d\d)\W*$"
)
_YEAR_RANGE = re.compile(
    r"^(?:tahun\s+)?(?P<a>20\d\d)\s*(?:-|–|s\s*[./]\s*d\.?|sampai(?:\s+dengan)?|hingga)\s*(?:tahun\s+)?(?P<b>20\d\d)$"
)
_UNITS: dict[str, tuple[int, Unit]] = {
    "tahun": (1, "year"), "thn": (1, "year"), "th": (1, "year"), "semester": (6, "month"), "triwulan": (3, "month"),
    "bulan": (1, "month"), "bln": (1, "month"), "minggu": (7, "day"), "hari": (1, "day"),
}  # fmt: skip
_ONES = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_WORDS = {word: n for n, word in enumerate(_ONES)} | {"sepuluh": 10, "sebelas": 11, "se": 1}
_WORD = "|".join((*_ONES[1:], "sepuluh", "sebelas"))
_AMOUNT = rf"\d{{1,3}}(?:[.,]5)?|(?:(?:{_WORD})\s+puluh(?:\s+(?:{_WORD}))?|(?:{_WORD})\s+belas|{_WORD})(?:\s+setengah)?|se(?=tahun|bulan|minggu|hari)|setengah"
_SPAN = re.compile(
    rf"(?<![\w/.,-])(?P<low>\d{{1,2}}\s*(?:-|–|s\s*[./]\s*d\.?|sampai(?:\s+dengan)?|hingga|atau)\s*)?(?P<amount>{_AMOUNT})\s*(?:\([^)]*\)\s*)?"
    rf"(?P<unit>{'|'.join(_UNITS)})\b\.?(?P<working>\s+kerja)?(?!\s*(?:19|20)\d\d)"
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """`day` when it starts something, `last` when it ends something: they differ for a bare month or year."""

    day: date
    last: date
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """`uncertain` when it is a range, or working days, which no calendar here can count."""

    value: int
    unit: Unit
    uncertain: bool
    start: int
    end: int


def find_dates(plain: str) -> list[FoundDate]:
    """Every real calendar date in lower-case text, in order."""
    span = _YEAR_RANGE.match(plain)
    if span:
        first, last = int(span["a"]), int(span["b"])
        return [_year(first, *span.span("a")), _year(last, *span.span("b"))] if first <= last else []
    found = [_numeric(m) for pattern in (_ISO, _NUMERIC) for m in pattern.finditer(plain)]
    found += [_named(m) for m in _NAMED.finditer(plain)]
    if not found:
        found = [_year(int(m["y"]), *m.span()) for m in _YEAR_ONLY.finditer(plain)]
    return sorted((f for f in found if f), key=lambda f: f.start)


def find_spans(plain: str) -> list[FoundSpan]:
    """Every length of time in lower-case text, in order; zero is none."""
    found = (_span(m) for m in _SPAN.finditer(plain))
    return [span for span in found if span.value > 0]


def _span(m: re.Match[str]) -> FoundSpan:
    times, unit = _UNITS[m["unit"]]
    halves = _halves(m["amount"])
    if halves % 2 and unit == "year":
        times, unit = 12, "month"
    value, rest = divmod(halves * times, 2)
    return FoundSpan(value, unit, bool(rest or m["low"] or m["working"]), *m.span())


def _halves(amount: str) -> int:
    """The number in halves, so that "1,5" and "satu setengah" stay whole."""
    digits = re.fullmatch(r"(\d+)([.,]5)?", amount)
    if digits:
        return int(digits[1]) * 2 + bool(digits[2])
    words = amount.split()
    half = words[-1] == "setengah"
    return 2 * _words(words[:-1] if half else words) + half


def _words(words: list[str]) -> int:
    """So "dua puluh lima" -> 25, "lima belas" -> 15."""
    total = 0
    for word in words:
        if word == "puluh":
            total *= 10
        elif word == "belas":
            total += 10
        else:
            total += _WORDS[word]
    return total


def _numeric(m: re.Match[str]) -> FoundDate | None:
    year = int(m["y"]) + (2000 if len(m["y"]) == 2 else 0)
    return _day(year, int(m["m"]), int(m["d"]), m.span())


def _named(m: re.Match[str]) -> FoundDate | None:
    month = next(n for n in range(1, 13) if m[f"m{n}"])
    year = int(m["y"])
    if m["d"]:
        return _day(year, month, int(m["d"]), m.span())
    return FoundDate(date(year, month, 1), date(year, month, monthrange(year, month)[1]), *m.span())


def _day(year: int, month: int, day: int, where: tuple[int, int]) -> FoundDate | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return FoundDate(found, found, *where)


def _year(year: int, start: int, end: int) -> FoundDate:
    return FoundDate(date(year, 1, 1), date(year, 12, 31), start, end)
