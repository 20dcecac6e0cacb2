"""Search the live list of one region: words, unit, article, year of the end and status, each with its counts.

Status is computed from `ends_on` by the statement itself, so a page is right even if nothing ran for a month.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, any_, case, extract, func, or_, select

from ppid_saas.publication.models import LiveItem
from ppid_saas.publication.rules import SOON, Status
from tenants.db import db

PER_PAGE = 20
STATUSES: dict[str, Status] = {"dikecualikan": "exempt", "segera-dibuka": "soon", "dibuka": "opened"}
LETTERS = tuple("abcdefghij")
FILTERS = ("unit", "pasal", "habis", "status")
MAX_QUERY = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visitor asks for; empty means anything."""

    q: str = ""
    unit: str = ""
    pasal: str = ""
    habis: str = ""
    status: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """One page of bodies, how many there are with and without filters, and the counts of every filter value."""

    bodies: list[dict[str, Any]]
    total: int
    unfiltered: int
    facets: Mapping[str, list[tuple[str, int]]]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


def read_wanted(arguments: Mapping[str, str], units: Sequence[str]) -> tuple[Wanted, list[str]]:
    """Take what is understood from an address, and name what is not."""
    given = {name: arguments.get(name, "").strip() for name in ("q", *FILTERS)}
    page = arguments.get("hal", "1")
    known = {
        "unit": given["unit"] in units,
        "pasal": given["pasal"].removeprefix("17") in LETTERS,
        "habis": len(given["habis"]) == 4 and given["habis"].isascii() and given["habis"].isdigit(),
        "status": given["status"] in STATUSES,
    }
    ignored = [name for name in FILTERS if given[name] and not known[name]]
    if not (page.isascii() and page.isdigit() and 0 < int(page[:6]) < 100_000):
        ignored.append("hal")
        page = "1"
    kept = {name: "" if name in ignored else given[name] for name in FILTERS}
    return Wanted(q=given["q"][:MAX_QUERY].replace("\0", ""), page=int(page), **kept), ignored


def search(central_id: UUID, wanted: Wanted, today: date) -> Found:
    """Find items in force; those that end first come first."""
    conditions = _conditions(central_id, wanted, today)
    chosen = (
        select(LiveItem.body)
        .where(*conditions)
        .order_by(LiveItem.ends_on.asc().nulls_last(), LiveItem.code)
        .limit(PER_PAGE)
        .offset((wanted.page - 1) * PER_PAGE)
    )
    bodies = list(db.session.execute(chosen).scalars())
    plain = _conditions(central_id, Wanted(q=wanted.q), today)
    facets = {name: _facet(central_id, wanted, today, name) for name in FILTERS}
    return Found(bodies, _count(conditions), _count(plain), facets)


def totals(central_id: UUID, today: date) -> dict[str, int]:
    """How many items have each status today."""
    return dict.fromkeys(STATUSES, 0) | dict(_facet(central_id, Wanted(), today, "status"))


def ways_in(central_id: UUID, today: date) -> dict[str, list[tuple[str, int]]]:
    """What the list can be read by besides a search: its units and its grounds, with how many items each has."""
    return {name: _facet(central_id, Wanted(), today, name) for name in ("unit", "pasal")}


def ending(central_id: UUID, today: date, *, opened: bool, limit: int = 5) -> list[dict[str, Any]]:
    """Items that open next, or that opened last."""
    by_end = LiveItem.ends_on.desc() if opened else LiveItem.ends_on.asc()
    wanted = "dibuka" if opened else "segera-dibuka"
    chosen = (
        select(LiveItem.body)
        .where(LiveItem.central_id == central_id, _status(today) == wanted)
        .order_by(by_end, LiveItem.code)
        .limit(limit)
    )
    return list(db.session.execute(chosen).scalars())


def _conditions(central_id: UUID, wanted: Wanted, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [LiveItem.central_id == central_id]
    if wanted.q:
        like = f"%{_escaped(wanted.q)}%"
        words = func.websearch_to_tsquery("indonesian", wanted.q)
        found.append(or_(LiveItem.tsv.op("@@")(words), LiveItem.title.ilike(like), LiveItem.code.ilike(like)))
    if wanted.unit:
        found.append(LiveItem.unit == wanted.unit)
    if wanted.pasal:
        found.append(any_(LiveItem.letters) == wanted.pasal.removeprefix("17"))
    if wanted.habis:
        found.append(extract("year", LiveItem.ends_on) == int(wanted.habis))
    if wanted.status:
        found.append(_status(today) == wanted.status)
    return found


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _status(today: date) -> ColumnElement[str]:
    """The status by the clock, in the words of the address.

    Source: PP 61/2010 Ps 10(2).
    """
    return case(
        (LiveItem.ends_on < today, "dibuka"),
        (LiveItem.ends_on <= today + SOON, "segera-dibuka"),
        else_="dikecualikan",
    )


def _facet(central_id: UUID, wanted: Wanted, today: date, name: str) -> list[tuple[str, int]]:
    """Values of one filter with their counts, under all the other filters."""
    value: ColumnElement[Any] = {
        "unit": LiveItem.unit,
        "pasal": func.unnest(LiveItem.letters),
        "habis": extract("year", LiveItem.ends_on),
        "status": _status(today),
    }[name]  # type: ignore[assignment]
    without: dict[str, Any] = {name: ""}
    others = _conditions(central_id, replace(wanted, **without), today)
    inner = select(value.label("value")).where(*others).subquery()
    counted = (
        select(inner.c.value, func.count())
        .where(inner.c.value.is_not(None))
        .group_by(inner.c.value)
        .order_by(inner.c.value)
    )
    return [(str(row[0]), row[1]) for row in db.session.execute(counted)]


def _count(conditions: Sequence[ColumnElement[bool]]) -> int:
    return db.session.execute(select(func.count()).select_from(LiveItem).where(*conditions)).scalar_one()
