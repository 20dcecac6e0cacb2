"""Reads what the demo is made of: tenants and people from regency.toml, each unit's items from lists/<slug>.toml.

An item is written as officers write it, cell by cell, and understood by the rules of the import. Days are counted from
the day the demo is loaded, so that it never grows old. Pure but for the files beside it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from ppid_saas.intake.rules.bodies import body_of
from ppid_saas.register.rules import Body, day_words

NEEDS_REVIEW = frozenset({"until_event", "until_consent", "unlimited"})
REVIEWED_AFTER = 330
Texts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unit:
    """A tenant of the demo; the central is the first."""

    slug: str
    kind: str
    category: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who signs in: a position, never a name."""

    local: str
    place: str
    position: str
    role: str
    shown: bool

    @property
    def email(self) -> str:
        return f"{self.local}@{regency()['domain']}"


@dataclass(frozen=True, slots=True)
class Written:
    """An item of a list: as it was handed in the first time (None when it is new), and as it is now (None when gone)."""

    before: Texts | None
    now: Texts | None


@cache
def regency() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("regency.toml").read_text(encoding="utf-8"))


@cache
def units() -> tuple[Unit, ...]:
    return tuple(Unit(**row) for row in regency()["tenant"])


@cache
def people() -> tuple[Person, ...]:
    """Everyone who signs in: those named in the file, and an officer and a head in each unit."""
    named = [Person(**{"shown": False, **row}) for row in regency()["person"]]
    shown = set(regency()["shown"])
    for unit in units():
        if unit.kind == "unit":
            for local, position, role in (
                (f"petugas.{unit.slug}", f"Petugas PPID {unit.name}", "unit_officer"),
                (f"kepala.{unit.slug}", f"Pimpinan {unit.name}", "unit_head"),
            ):
                named.append(Person(local, unit.slug, position, role, local in shown))
    return tuple(named)


@cache
def items(slug: str) -> tuple[Written, ...]:
    """Return a unit's items in the order of its list; a unit without a file has none."""
    file = files(__package__).joinpath("lists", f"{slug}.toml")
    if not file.is_file():
        return ()
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(_written(row, data.get("reason", {})) for row in data["item"])


def _written(row: Texts, reasons: Mapping[str, Texts]) -> Written:
    now = {**reasons.get(row.get("reason", ""), {}), **row}
    if row.get("new"):
        return Written(None, now)
    was = row.get("was", {})
    before = {**now, **reasons.get(was.get("reason", ""), {}), **was}
    return Written(before, None if row.get("gone") else now)


def rows(slug: str) -> tuple[Texts, ...]:
    """Return the rows of a list that stays a file: what someone is to import."""
    return tuple(
        tomllib.loads(files(__package__).joinpath("lists", f"{slug}.toml").read_text(encoding="utf-8"))["row"]
    )


def body(texts: Texts, day: date) -> Body:
    """Return the body a text stands for, with its days counted from `day`."""
    cells = {name: text for name, text in texts.items() if isinstance(text, str)}
    if "ends" in texts:
        cells["period"] = f"Sampai {day_words(day + timedelta(days=texts['ends']))}"
    made = body_of(cells)
    review = texts.get("review", REVIEWED_AFTER)
    if made["period"]["kind"] in NEEDS_REVIEW and review:
        made["period"]["review_on"] = (day + timedelta(days=review)).isoformat()
    open_part = texts.get("open", "")
    return made | {"part": "part" if open_part else "whole", "open_part": open_part} | _unsaid(texts)


def _unsaid(texts: Texts) -> Body:
    """An officer in a hurry leaves out which part it is."""
    return {"part": None} if texts.get("unsaid") else {}
