"""Read the determinations of the bound central and what each froze. Never writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, query
from ppid_saas.consolidation.models import Entry
from ppid_saas.determinations import papers
from ppid_saas.determinations.models import Determination, DeterminationFile, DeterminationItem
from ppid_saas.determinations.papers import Facts, Row, Style
from ppid_saas.determinations.rules import KIND, KINDS
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
    state: str = ""
    sender_id: UUID | None = None
    before: UUID | None = None
    resting: bool = False


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
    return _rows(determination_id)


def _rows(determination_id: UUID) -> list[Covered]:
    chosen = (
        select(DeterminationItem, Entry)
        .join(
            Entry,
            (Entry.tenant_id == DeterminationItem.tenant_id) & (Entry.item_id == DeterminationItem.item_id),
        )
        .where(DeterminationItem.determination_id == determination_id)
        .order_by(DeterminationItem.ends_on, DeterminationItem.item_id)
    )
    return [_covered(item, entry) for item, entry in db.session.execute(chosen)]


def _covered(item: DeterminationItem, entry: Entry) -> Covered:
    """`before` stands in where a determination did not say which one covered the item: the one the entry still names."""
    before = entry.determination_id if entry.determination_id != item.determination_id else None
    return Covered(
        item,
        entry.sender_slug,
        entry.sender_name,
        item.body["title"],
        entry.state,
        entry.sender_id,
        before,
        before is None,
    )


@query("determination.read")
def number_in_use(number: str) -> bool:
    """Say whether a determination carries this number."""
    found = select(Determination.id).where(func.lower(Determination.number) == number.strip().lower())
    return db.session.execute(found).first() is not None


@query("determination.read")
def contents(made: Determination) -> tuple[Facts, list[Row], Style]:
    """Return what the letter of a determination says, from what was frozen with it."""
    before = _by_id({row.item.earlier_id or row.before for row in _rows(made.id)} - {None, made.id})
    linked = _by_id({UUID(link["id"]) for link in made.links}) or before
    who = actor()
    facts = Facts(
        kind=made.kind if made.kind in KINDS else KIND, title=made.title, body=who.name, region=papers.region_of(who.name),
        signatory=made.signatory, position=made.signatory_position, place=made.place, number=made.number,
        dated_on=made.dated_on, code=made.code, tests=made.tests, reason=made.reason,
        earlier="" if made.kind == KIND else papers.named((one.number, one.dated_on) for one in linked.values()),
    )  # fmt: skip
    rows = [
        Row(row.unit_name, row.item.body, row.item.ends_on, row.item.note, _told(before.get(row.item.earlier_id or row.before)))
        for row in _rows(made.id)
    ]  # fmt: skip
    return facts, rows, Style.from_dict(made.style)


def _told(earlier: Determination | None) -> str:
    return papers.named([(earlier.number, earlier.dated_on)]) if earlier else ""


def _by_id(ids: Iterable[UUID | None]) -> dict[UUID | None, Determination]:
    wanted = [one for one in ids if one]
    if not wanted:
        return {}
    chosen = select(Determination).where(Determination.id.in_(wanted)).order_by(Determination.dated_on)
    return {one.id: one for one in db.session.execute(chosen).scalars()}


@query("determination.read")
def files(determination_id: UUID) -> Sequence[DeterminationFile]:
    """Return the papers of a determination: the volumes we made, then the signed copies that came back."""
    chosen = select(DeterminationFile).where(DeterminationFile.determination_id == determination_id)
    return db.session.execute(chosen.order_by(DeterminationFile.n)).scalars().all()


@query("determination.read")
def related(made: Determination) -> list[tuple[str, Determination]]:
    """Return the determinations this one is tied to: what it amends or revokes, and what amended or revoked it."""
    hows = {UUID(link["id"]): link["how"] for link in made.links}
    back = select(Determination).where(Determination.links.contains([{"id": str(made.id)}]))
    found = [(hows[key], one) for key, one in _by_id(hows).items() if key in hows]
    for one in db.session.execute(back).scalars():
        how = next(link["how"] for link in one.links if link["id"] == str(made.id))
        found.append((f"{how}_by", one))
    return found
