"""Read a unit's places, papers, loans and inventories. Never writes."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import query
from ppid_saas.events.models import Event
from ppid_saas.places import rules
from ppid_saas.places.models import Holding, Inventory, Loan, Place, Placing, Sighting
from ppid_saas.register.models import Item
from tenants import context
from tenants.db import db

PER_PAGE = 50
SHOWN_PAST = 50
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Filter:
    """Which papers to show; unknown values show all. `within` is a place with all that lies in it."""

    q: str = ""
    status: str = ""
    within: frozenset[UUID] | None = None
    today: date = date.min


CODE = re.compile(r"K-?([1-9]\d{0,8})", re.IGNORECASE)  # as the label of a paper has it


class Paper(NamedTuple):
    """A paper with the item it belongs to and, while it is lent, who has it until when."""

    id: UUID
    n: int
    title: str
    sheets: int | None
    label: str
    place_id: UUID
    item_title: str
    ref: int
    loan_id: UUID | None
    borrower: str | None
    due_on: date | None

    @property
    def name(self) -> str:
        """Return what it is called: its own title, else its item's."""
        return self.title or self.item_title


class Step(NamedTuple):
    """One thing that happened to a paper: put into a place, lent to somebody, or given back."""

    kind: str
    at: datetime
    by: str
    place_id: UUID | None = None
    borrower: str = ""
    due_on: date | None = None


@query("place.read")
def places() -> dict[UUID, Place]:
    """Return every place that is in use."""
    found = db.session.execute(select(Place).where(Place.removed_at.is_(None))).scalars()
    return {place.id: place for place in found}


@query("place.read")
def place(place_id: UUID, *, removed: bool = False) -> Place:
    """Return one place, a removed one only when asked for."""
    found = db.session.execute(select(Place).where(Place.id == place_id)).scalar_one_or_none()
    if found is None or (found.removed_at is not None) != removed:
        raise NotFoundError
    return found


@query("place.read")
def place_named(written: str) -> Place | None:
    """Return the place whose label was scanned or whose code was typed."""
    label, code = rules.scanned_label(written), rules.tidy_code(written)
    live = select(Place).where(Place.removed_at.is_(None))
    by_code = db.session.execute(live.where(Place.code == code)).scalar_one_or_none()
    if by_code is not None or label is None:
        return by_code
    return db.session.execute(live.where(Place.label == label)).scalar_one_or_none()


@query("place.read")
def counts() -> dict[UUID, int]:
    """Return how many papers belong directly into each place."""
    counted = select(Holding.place_id, func.count()).where(Holding.removed_at.is_(None))
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(Holding.place_id))}


_OPEN_LOAN = and_(
    Loan.tenant_id == Holding.tenant_id, Loan.holding_id == Holding.id, Loan.returned_at.is_(None)
)
_PAPERS = (
    select(
        Holding.id, Holding.n, Holding.title, Holding.sheets, Holding.label, Holding.place_id, Item.title, Item.ref,
        Loan.id, Loan.borrower, Loan.due_on,
    )
    .join(Item, and_(Item.tenant_id == Holding.tenant_id, Item.id == Holding.item_id))
    .outerjoin(Loan, _OPEN_LOAN)
)  # fmt: skip


def _papers(*conditions: ColumnElement[bool]) -> list[Paper]:
    found = db.session.execute(_PAPERS.where(Holding.removed_at.is_(None), *conditions).order_by(Holding.n))
    return [Paper(*row) for row in found]


def _conditions(chosen: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Holding.removed_at.is_(None)]
    if chosen.status == "lent":
        found.append(Loan.id.is_not(None))
    if chosen.status == "late":
        found.append(Loan.due_on < chosen.today)
    if chosen.within is not None:
        found.append(Holding.place_id.in_(chosen.within))
    return found + [_says(word) for word in chosen.q.replace("\x00", "").split()[:MOST_WORDS]]


def _says(word: str) -> ColumnElement[bool]:
    """Say that a paper is called so, belongs to such an item, is lent to such a one, or bears the label with this code."""
    if code := CODE.fullmatch(word):
        return Holding.n == int(code[1])
    title, item = (column.icontains(word, autoescape=True) for column in (Holding.title, Item.title))
    return or_(title, item, Loan.borrower.icontains(word, autoescape=True))


@query("place.read")
def count(chosen: Filter) -> int:
    """Return how many papers the filter leaves."""
    counted = (
        select(func.count())
        .select_from(Holding)
        .join(Item, and_(Item.tenant_id == Holding.tenant_id, Item.id == Holding.item_id))
        .outerjoin(Loan, _OPEN_LOAN)
    )
    return db.session.execute(counted.where(*_conditions(chosen))).scalar_one()


@query("place.read")
def page(chosen: Filter, number: int) -> list[Paper]:
    """Return one page of papers, counted from 1; what is lent comes in the order of its due days."""
    sorted_ = _PAPERS.where(*_conditions(chosen)).order_by(Loan.due_on.nulls_last(), Holding.n)
    found = db.session.execute(sorted_.limit(PER_PAGE).offset((number - 1) * PER_PAGE))
    return [Paper(*row) for row in found]


@query("place.read")
def papers_in(place_ids: Collection[UUID]) -> list[Paper]:
    """Return the papers that belong directly into these places."""
    return _papers(Holding.place_id.in_(place_ids))


@query("place.read")
def papers_of(ref: int) -> list[Paper]:
    """Return the papers of an item."""
    return _papers(Item.ref == ref)


@query("place.read")
def papers_by_id(holding_ids: Collection[UUID]) -> dict[UUID, Paper]:
    """Return papers by their ids, removed ones left out."""
    return {paper.id: paper for paper in _papers(Holding.id.in_(holding_ids))}


@query("place.read")
def all_papers() -> list[Paper]:
    """Return every paper of the unit."""
    return _papers()


@query("place.read")
def paper(holding_id: UUID) -> Paper:
    """Return one paper."""
    found = papers_by_id([holding_id]).get(holding_id)
    if found is None:
        raise NotFoundError
    return found


@query("place.read")
def paper_named(written: str) -> Holding | None:
    """Return the paper whose label was scanned, or whose number was typed as `K17` or `k-17`."""
    label, code = rules.scanned_label(written), rules.tidy_code(written)
    live = select(Holding).where(Holding.removed_at.is_(None))
    digits = code.removeprefix("K").removeprefix("-")
    if code.startswith("K") and digits.isascii() and digits.isdecimal() and len(digits) < len("1000000000"):
        return db.session.execute(live.where(Holding.n == int(digits))).scalar_one_or_none()
    if label is None:
        return None
    return db.session.execute(live.where(Holding.label == label)).scalar_one_or_none()


@query("place.read")
def item_of(ref: int) -> Row[UUID, int, str]:
    """Return id, number and title of an item that is in the register."""
    chosen = select(Item.id, Item.ref, Item.title).where(Item.ref == ref, Item.deleted_at.is_(None))
    found = db.session.execute(chosen).one_or_none()
    if found is None:
        raise NotFoundError
    return found


@query("place.read")
def past_of_paper(holding_id: UUID) -> list[Step]:
    """Return what happened to a paper, newest first."""
    put = (
        select(Placing).where(Placing.holding_id == holding_id).order_by(Placing.id.desc()).limit(SHOWN_PAST)
    )
    lent = select(Loan).where(Loan.holding_id == holding_id).order_by(Loan.id.desc()).limit(SHOWN_PAST)
    steps = [Step("put", row.at, row.by, row.place_id) for row in db.session.execute(put).scalars()]
    for loan in db.session.execute(lent).scalars():
        steps.append(Step("lent", loan.lent_at, loan.lent_by, None, loan.borrower, loan.due_on))
        if loan.returned_at:
            steps.append(Step("back", loan.returned_at, loan.returned_by or "", None, loan.borrower))
    return sorted(steps, key=lambda step: step.at, reverse=True)[:SHOWN_PAST]


@query("place.read")
def past_of_place(place_id: UUID) -> Sequence[Event]:
    """Return what happened to a place itself, newest first."""
    told = select(Event).where(
        Event.tenant_id == context.tenant_id(), Event.subject == place_id, Event.kind.startswith("place.")
    )
    return db.session.execute(told.order_by(Event.id.desc()).limit(SHOWN_PAST)).scalars().all()


@query("place.read")
def names_of_places(place_ids: Collection[UUID]) -> dict[UUID, Place]:
    """Return places by their ids, removed ones too, for what is told of the past."""
    found = db.session.execute(select(Place).where(Place.id.in_(place_ids))).scalars()
    return {place.id: place for place in found}


@query("place.read")
def moved_together(made: UUID) -> Mapping[str, list[str]] | None:
    """Return where each paper of one move came from and went: ids by paper; None when there was no such move."""
    told = select(Event.data).where(
        Event.tenant_id == context.tenant_id(), Event.subject == made, Event.kind == "papers.moved"
    )
    data = db.session.execute(told).scalar_one_or_none()
    return None if data is None else data["papers"]


@query("place.read")
def inventories() -> Sequence[Inventory]:
    """Return the newest inventories."""
    newest = select(Inventory).order_by(Inventory.id.desc()).limit(SHOWN_PAST)
    return db.session.execute(newest).scalars().all()


@query("place.read")
def inventory(inventory_id: UUID) -> Inventory:
    """Return one inventory."""
    found = db.session.execute(select(Inventory).where(Inventory.id == inventory_id)).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return found


@query("place.read")
def seen_in(inventory_id: UUID) -> dict[UUID, UUID]:
    """Return where each paper was seen, the latest first."""
    seen = select(Sighting.holding_id, Sighting.place_id).where(Sighting.inventory_id == inventory_id)
    return {row[0]: row[1] for row in db.session.execute(seen.order_by(Sighting.at.desc()))}


@query("place.read")
def found_by(inventory_id: UUID) -> rules.Outcome:
    """Return what an inventory found: as frozen when it ended, else as it stands now."""
    held = inventory(inventory_id)
    if held.result is not None:
        return rules.thawed(held.result)
    known, papers = places(), all_papers()
    scope = set(known) if held.place_id is None else rules.inside(known, held.place_id)
    belongs = {paper.id: paper.place_id for paper in papers}
    return rules.outcome(
        places=known,
        expected={holding: place for holding, place in belongs.items() if place in scope},
        known=belongs,
        lent={paper.id for paper in papers if paper.loan_id},
        seen=seen_in(inventory_id),
    )
