"""The catalogue of grounds on which information may be exempted: UU 14/2008 Ps 17, read from grounds.toml.

It knows what each letter allows. It does not read citations (citations) and judges no item (checks).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

Verdict = Literal["block", "warn", "allow"]


@dataclass(frozen=True, slots=True)
class Ground:
    """One letter of Ps 17, or one number under it; the number inherits what its letter allows."""

    code: str
    letter: str
    number: int | None
    label: str
    name: str
    question: str
    source: str
    needs_other_law: bool
    unlimited: Verdict
    unlimited_needs: Literal["release", "cited_law"] | None
    event_needs: Literal["end_date", "review_date"]
    cap_years: int | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    version: str
    act: str
    grounds: Mapping[str, Ground]


@cache
def catalogue() -> Catalogue:
    data = tomllib.loads(files(__package__).joinpath("grounds.toml").read_text(encoding="utf-8"))
    grounds = {ground.code: ground for row in data["ground"] for ground in _letter(row)}
    return Catalogue(data["version"], data["act"], MappingProxyType(grounds))


def find(code: str | None) -> Ground | None:
    return catalogue().grounds.get(code or "")


def _letter(row: Mapping[str, Any]) -> list[Ground]:
    own = _ground(row, row, None)
    return [own, *(_ground(row, sub, n) for n, sub in enumerate(row.get("numbers", ()), start=1))]


def _ground(letter: Mapping[str, Any], texts: Mapping[str, str], number: int | None) -> Ground:
    code = f"17{letter['letter']}"
    return Ground(
        code=code if number is None else f"{code}.{number}",
        letter=letter["letter"],
        number=number,
        label=texts["label"],
        name=texts["name"],
        question=letter["question"],
        source=letter["source"],
        needs_other_law=letter.get("needs_other_law", False),
        unlimited=letter["unlimited"],
        unlimited_needs=letter.get("unlimited_needs"),
        event_needs=letter["event_needs"],
        cap_years=letter.get("cap_years"),
    )
