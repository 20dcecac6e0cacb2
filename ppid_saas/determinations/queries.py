"""Read the determinations of the bound central and what each froze. Never writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import query
from ppid_saas.consolidation.models import Entry
from ppid_saas.determinations.models import Determination, DeterminationItem
from tenants import context
from tenants.db import db


@dataclass(frozen=True)
class Listed:
    """A determination with the number of items it covers."""

    determination: Determination
    items: int


@dataclass(frozen=True)
class Covered:
    """An item as the determination froze it, with the unit it came from."""

    item: DeterminationItem
    unit: str
    unit_name: str
    title: str


@query("determination.read")
def determinations() -> list[Listed]:
    """Return every determination, newest first."""
    counted = (
        select(DeterminationItem.determination_id, func.count().label("n"))
        .group_by(DeterminationItem.determination_id)
        .subquery()
    )
    chosen = (
        select(Determination, func.coalesce(counted.c.n, 0))
        .outerjoin(counted, counted.c.determination_id == Determination.id)
        .order_by(Determination.dated_on.desc(), Determination.id.desc())
    )
    return [Listed(row[0], row[1]) for row in db.session.execute(chosen)]


@query("determination.read")
def determination(determination_id: UUID) -> Determination:
    """Return one determination."""
    found = db.session.get(Determination, (context.tenant_id(), determination_id))
    if found is None:
        raise NotFoundError
    return found


@query("determination.read")
def covered(determination_id: UUID) -> Sequence[Covered]:
    """Return the items of a determination, in the order in which they end."""
    chosen = (
        select(DeterminationItem, Entry.sender_slug, Entry.sender_name)
        .join(
            Entry,
            (Entry.tenant_id == DeterminationItem.tenant_id) & (Entry.item_id == DeterminationItem.item_id),
        )
        .where(DeterminationItem.determination_id == determination_id)
        .order_by(DeterminationItem.ends_on, DeterminationItem.item_id)
    )
    return [Covered(row[0], row[1], row[2], row[0].body["title"]) for row in db.session.execute(chosen)]


@query("determination.read")
def number_in_use(number: str) -> bool:
    """Say whether a determination carries this number."""
    found = select(Determination.id).where(func.lower(Determination.number) == number.strip().lower())
    return db.session.execute(found).first() is not None
