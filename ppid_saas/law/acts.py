"""Names of regulations inside running text, brought to one short form ("UU 27/2022", "Permendagri 3/2017").

It finds names and knows rank and repeal. It does not know what an act says, and no articles (citations).
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

# short form, is it of the rank of an undang-undang, how it is written
_KINDS: tuple[tuple[str, bool, str], ...] = (
    ("Perppu", True, r"per(?:p)?pu|peraturan pemerintah pengganti undang[- ]undang"),
    ("UU", True, r"uu|undang[-\s]*undang"),
    ("PP", False, r"pp|peraturan pemerintah"),
    ("Perpres", False, r"perpres|peraturan presiden"),
    ("Keppres", False, r"keppres|keputusan presiden"),
    ("Inpres", False, r"inpres|instruksi presiden"),
    ("Permendagri", False, r"permendagri|peraturan menteri dalam negeri"),
    ("Permenkes", False, r"permenkes|peraturan menteri kesehatan"),
    ("PMK", False, r"pmk|permenkeu|peraturan menteri keuangan"),
    ("Permen PANRB", False, r"permen\s?pan(?:-?\s?rb)?|peraturan menteri pendayagunaan aparatur negara"),
    ("Permen", False, r"permen\w*|peraturan menteri"),
    ("Kepmen", False, r"kepmen\w*|keputusan menteri"),
    ("Perki", False, r"perki|peraturan komisi informasi"),
    ("PKPU", False, r"pkpu|peraturan kpu|peraturan komisi pemilihan umum"),
    ("Perban", False, r"perban|perka|peraturan (?:badan|kepala)"),
    ("Perda", False, r"perda|peraturan daerah"),
    ("Pergub", False, r"pergub|peraturan gubernur"),
    ("Perbup", False, r"perbup|peraturan bupati"),
    ("Perwal", False, r"perwal(?:i|kot)?|peraturan wali\s?kota"),
    ("SE", False, r"surat edaran|se"),
    ("Keputusan", False, r"surat keputusan|keputusan|kep|sk"),
)
_ANY_KIND = "|".join(pattern for _, _, pattern in _KINDS)
_FILLER = rf"(?:(?!\b(?:{_ANY_KIND}|pasal)\b)[^\d;]){{0,70}}?"
_NUMBER = r"(?:nomor|nomer|no)?\s*[.:]*\s*(?P<number>(?:[a-z]+-[a-z]+\s)?[\w.\-/]{0,40}?\d[\w.\-/]{0,40}?)"
_YEAR = r"\s*(?:/?\s*(?:tahun|thn?)\b\.?\s*|/\s*)(?P<year>(?:19|20)\d\d)(?!\d)"
_NAMED = tuple(
    (short, re.compile(rf"\b(?:{pattern})\b{_FILLER}{_NUMBER}{_YEAR}", re.IGNORECASE))
    for short, _, pattern in _KINDS
)
_CONSTITUTION = re.compile(
    r"\b(?:uud|undang[- ]undang dasar)\b(?:[^\d;\n]{0,60}?\b(?:19\d\d))?", re.IGNORECASE
)
_ACT_KINDS = frozenset(short for short, act, _ in _KINDS if act) | {"UUD"}


@dataclass(frozen=True, slots=True)
class Mention:
    law: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Repeal:
    act: str
    by: str
    since: date | None


def find_laws(text: str) -> list[Mention]:
    """Every regulation named in the text, in order, none inside another."""
    found = [Mention("UUD 1945", m.start(), m.end()) for m in _CONSTITUTION.finditer(text)]
    for short, pattern in _NAMED:
        found += [
            Mention(f"{short} {_tidy(m['number'])}/{m['year']}", m.start(), m.end())
            for m in pattern.finditer(text)
        ]
    for law, pattern in _aliases():
        found += [Mention(law, m.start(), m.end()) for m in pattern.finditer(text)]
    return _without_overlaps(found)


def is_act(law: str | None) -> bool:
    """Of the rank of an undang-undang, so that it can carry letter j.

    Source: UU 14/2008 Ps 17 huruf j.
    """
    return (law or "").split(" ")[0] in _ACT_KINDS


def repeal_of(law: str | None, today: date) -> Repeal | None:
    repeal = _repeals().get(law or "")
    return repeal if repeal and (repeal.since is None or repeal.since <= today) else None


def _tidy(number: str) -> str:
    return re.sub(r"^(?:no(?:mor|mer)?\b[.:]*)?0*(?=\w)", "", number.strip(" ./"), flags=re.IGNORECASE)


def _without_overlaps(found: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda m: (m.start, -m.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("acts.toml").read_text(encoding="utf-8"))


@cache
def _aliases() -> list[tuple[str, re.Pattern[str]]]:
    names = sorted(_data()["alias"].items(), key=lambda pair: -len(pair[0]))
    return [(law, re.compile(_alias_pattern(name), re.IGNORECASE)) for name, law in names]


def _alias_pattern(name: str) -> str:
    _, *words = name.split()
    return r"\b(?:uu|undang[-\s]*undang)\s+(?:tentang\s+)?" + r"\s+".join(map(re.escape, words)) + r"\b"


@cache
def _repeals() -> dict[str, Repeal]:
    return {row["act"]: Repeal(row["act"], row["by"], row.get("since")) for row in _data()["repealed"]}
