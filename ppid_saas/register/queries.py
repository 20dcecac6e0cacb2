"""Read a unit's register: pages of it, one item, its history, and the whole for a submission. Never writes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Text, UnaryExpression, any_, bindparam, cast, func, or_, select, text

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, query
from ppid_saas.events.models import Event
from ppid_saas.register.exports import Exported
from ppid_saas.register.models import Item, ItemDraft, ItemVersion
from ppid_saas.register.rules import LETTER_LENGTH, Body, Known
from tenants import context
from tenants.db import db, ready, rows

PER_PAGE = 25
SHOWN_VERSIONS = 30
MOST_WORDS = 8
MOST_WORDS_SHOWN = 40
EXPORT_CHUNK = 500
SORTS: dict[str, tuple[Any, ...]] = {
    "habis": (Item.sort_on, Item.ref),
    "judul": (func.lower(Item.title), Item.ref),
    "ref": (Item.ref,),
    "diubah": (Item.updated_at, Item.ref),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show of the register; a sort with a minus runs backwards. Unknown values show everything."""

    q: str = ""
    status: str = ""
    ground: str = ""
    missing: str = ""
    sort: str = "habis"
    complete: str = ""
    ends: str = ""
    holder: str = ""
    security_class: str = ""
    today: date = date.min


class Line(NamedTuple):
    """One item in a list; its period is read for people only."""

    codes: Sequence[str]
    id: UUID
    ref: int
    title: str
    state: str
    version: int
    ends_on: date | None
    review_on: date | None
    done_fields: int
    updated_at: datetime
    period: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Past:
    """One version of an item, with the name of whoever saved it where an event tells it."""

    version: int
    at: datetime
    body: Body
    hash: str
    who: str


def cites(codes: Any, ground: str) -> ColumnElement[bool]:
    """Say of a column of what a body cites that a letter of Ps 17, or a number below it, is among it."""
    path = text("'$[*] ? (@ == $ground || @ starts with $below)'::jsonpath")
    names = func.jsonb_build_object("ground", ground, "below", f"{ground}.")
    return func.jsonb_path_exists(codes, path, names)


def _live() -> ColumnElement[bool]:
    return Item.deleted_at.is_(None)


def _conditions(chosen: Filter) -> list[ColumnElement[bool]]:
    found = [_live()]
    if chosen.status:
        found.append(Item.state == chosen.status)
    if chosen.ground:
        found.append(cites(Item.codes, chosen.ground))
    if chosen.missing:
        found.append(any_(Item.missing) == chosen.missing)
    if chosen.complete:
        whole = func.cardinality(Item.missing) == 0
        found.append(whole if chosen.complete == "yes" else ~whole)
    if chosen.holder:
        found.append(Item.body["holder"].astext == chosen.holder)
    if chosen.security_class:
        found.append(Item.body["security_class"].astext == chosen.security_class)
    if chosen.ends:
        found.append(_ends(chosen.ends, chosen.today))
    return found + [_says(word) for word in chosen.q.replace("\x00", "").split()[:MOST_WORDS]]


def _ends(when: str, today: date) -> ColumnElement[bool]:
    """Items that end in a year, that ended already, or of which no end is known."""
    if when.isdecimal():
        return Item.ends_on.between(date(int(when), 1, 1), date(int(when), 12, 31))
    return Item.ends_on < today if when == "past" else Item.ends_on.is_(None)


def _says(word: str) -> ColumnElement[bool]:
    document = Item.body["document"].astext
    return or_(Item.title.icontains(word, autoescape=True), document.icontains(word, autoescape=True))


def _order(sort: str) -> Sequence[UnaryExpression[Any]]:
    columns = SORTS.get(sort.removeprefix("-"), SORTS["habis"])
    return [column.desc() if sort.startswith("-") else column.asc() for column in columns]


# Built once, because every list begins with them: the columns of a line in the order of its fields.
_LINES = select(
    Item.codes,
    Item.id,
    Item.ref,
    Item.title,
    Item.state,
    Item.version,
    Item.ends_on,
    Item.review_on,
    Item.done_fields,
    Item.updated_at,
)
_WALK = ready(
    _LINES.where(Item.deleted_at.is_(None), Item.ref > bindparam("cursor"))
    .order_by(Item.ref)
    .limit(bindparam("limit"))
)
_LINES_WITH_PERIOD = _LINES.add_columns(Item.body["period"])


def _lines(found: Sequence[Any]) -> list[Line]:
    return [Line(*row) for row in found]


@query("item.read")
def count(chosen: Filter | None = None) -> int:
    """Return how many live items the filter leaves."""
    counted = select(func.count(Item.id)).where(*_conditions(chosen or Filter()))
    return db.session.execute(counted).scalar_one()


@query("item.read")
def page(chosen: Filter, number: int, per_page: int = PER_PAGE) -> list[Line]:
    """Return one page of the register, counted from 1."""
    sorted_ = _LINES_WITH_PERIOD.where(*_conditions(chosen)).order_by(*_order(chosen.sort))
    return _lines(db.session.execute(sorted_.limit(per_page).offset((number - 1) * per_page)).all())


@query("item.read")
def after(cursor: int, limit: int, chosen: Filter | None = None) -> list[Line]:
    """Return items in the order of their refs behind `cursor`: a walk that new items never disturb."""
    walk = _WALK.where(*_conditions(chosen)) if chosen and chosen != Filter(sort=chosen.sort) else _WALK
    return _lines(rows(walk, {"cursor": cursor, "limit": limit}))


@query("item.read")
def state_counts() -> dict[str, int]:
    """Return how many live items are in each state."""
    counted = select(Item.state, func.count(Item.id)).where(_live()).group_by(Item.state)
    return {row[0]: row[1] for row in db.session.execute(counted)}


@query("item.read")
def end_counts(today: date) -> dict[str, int]:
    """Return how many live items ended already, how many end in each year, and of how many no end is known."""
    year = func.coalesce(cast(func.extract("year", Item.ends_on), Text), "none").label("year")
    counted = select(year, func.count(Item.id)).where(_live()).group_by(year).order_by(year)
    past = select(func.count(Item.id)).where(_live(), Item.ends_on < today)
    n = db.session.execute(past).scalar_one()
    return ({"past": n} if n else {}) | {row[0]: row[1] for row in db.session.execute(counted)}


@query("item.read")
def word_counts(name: str) -> dict[str, int]:
    """Return how many live items say the same in one field, the most frequent first."""
    said = Item.body[name].astext.label("said")
    counted = select(said, func.count(Item.id)).where(_live(), said != "").group_by(said)
    frequent = counted.order_by(func.count(Item.id).desc(), said).limit(MOST_WORDS_SHOWN)
    return {row[0]: row[1] for row in db.session.execute(frequent)}


@query("item.read")
def ground_counts() -> dict[str, int]:
    """Return how many live items cite each letter."""
    code = func.jsonb_array_elements_text(Item.codes).column_valued("code", joins_implicitly=True)
    letter = func.left(code, LETTER_LENGTH).label("letter")
    counted = select(letter, func.count(func.distinct(Item.id))).where(_live()).group_by(letter)
    return {row[0]: row[1] for row in db.session.execute(counted.order_by(letter))}


_ITEM = ready(select(Item).where(Item.ref == bindparam("ref")).execution_options(populate_existing=True))
_SAVED_BY = (
    select(Event.actor_name)
    .where(
        Event.tenant_id == ItemVersion.tenant_id,
        Event.subject == ItemVersion.item_id,
        Event.kind == "item.saved",
        Event.data["version"].astext == cast(ItemVersion.version, Text),
    )
    .limit(1)
    .scalar_subquery()
)
_HISTORY = ready(
    select(
        ItemVersion.version,
        ItemVersion.at,
        ItemVersion.body,
        ItemVersion.hash,
        func.coalesce(_SAVED_BY, ""),
    )
    .where(ItemVersion.item_id == bindparam("item_id"))
    .order_by(ItemVersion.version.desc())
    .limit(bindparam("limit"))
)


@query("item.read")
def item(ref: int, *, deleted: bool = False) -> Item:
    """Return one item by its number at the unit, deleted ones only when asked for."""
    found: Item | None = db.session.execute(_ITEM, {"ref": ref}).scalar_one_or_none()
    if found is None or (found.deleted_at is not None) != deleted:
        raise NotFoundError
    return found


@query("item.read")
def draft(ref: int) -> ItemDraft | None:
    """Return what the acting person typed of an item and never saved; `ref` 0 is a new item."""
    mine = (ItemDraft.person_id == actor().person_id) & (ItemDraft.ref == ref)
    return db.session.execute(select(ItemDraft).where(mine)).scalar_one_or_none()


@query("item.read")
def history(of: Item, limit: int = SHOWN_VERSIONS) -> list[Past]:
    """Return the item's versions, newest first."""
    return [Past(*row) for row in rows(_HISTORY, {"item_id": of.id, "limit": limit})]


@query("item.read")
def items_for_submission(*, for_update: bool = False) -> Sequence[Item]:
    """Return every live item in the order of the list; `for_update` keeps them as they are until the command ends."""
    chosen = select(Item).where(_live()).order_by(Item.sort_on, Item.ref)
    chosen = chosen.with_for_update() if for_update else chosen
    return db.session.execute(chosen.execution_options(populate_existing=True)).scalars().all()


@query("item.read")
def known() -> list[Known]:
    """Return what every live item is recognised by, in the order of their refs."""
    chosen = (
        select(
            Item.id,
            Item.ref,
            Item.title,
            Item.state,
            Item.version,
            ItemVersion.hash,
            Item.codes,
        )
        .join(
            ItemVersion,
            (ItemVersion.tenant_id == Item.tenant_id)
            & (ItemVersion.item_id == Item.id)
            & (ItemVersion.version == Item.version),
        )
        .where(_live())
        .order_by(Item.ref)
    )
    return [Known._make((*row[:-1], tuple(row[-1]))) for row in db.session.execute(chosen)]


@query("item.read")
def by_ids(item_ids: Collection[UUID], *, for_update: bool = False) -> dict[UUID, Item]:
    """Return items by their ids, deleted ones too; `for_update` keeps them as they are until the command ends."""
    chosen = select(Item).where(Item.id.in_(item_ids)).order_by(Item.id)
    chosen = chosen.with_for_update() if for_update else chosen
    found = db.session.execute(chosen.execution_options(populate_existing=True)).scalars()
    return {item.id: item for item in found}


@query("item.read")
def refs(chosen: Filter) -> list[int]:
    """Return the numbers of every item the filter leaves."""
    return list(db.session.execute(select(Item.ref).where(*_conditions(chosen)).order_by(Item.ref)).scalars())


@query("item.read")
def to_change(refs: Collection[int], *, for_update: bool = False) -> Sequence[Item]:
    """Return those of the items that may be changed now; `for_update` keeps them as they are until the command ends."""
    chosen = select(Item).where(_live(), Item.ref.in_(refs), Item.state != "submitted").order_by(Item.ref)
    chosen = chosen.with_for_update() if for_update else chosen
    return db.session.execute(chosen.execution_options(populate_existing=True)).scalars().all()


@query("item.read")
def changed_together(made: UUID) -> dict[UUID, int] | None:
    """Return the items one change wrote into, with the version it made of each; None when there was no such change."""
    told = select(Event.data).where(
        Event.tenant_id == context.tenant_id(), Event.subject == made, Event.kind == "items.changed"
    )
    data = db.session.execute(told).scalar_one_or_none()
    return None if data is None else {UUID(item_id): version for item_id, version in data["items"].items()}


@query("item.read")
def bodies_at(versions: Mapping[UUID, int]) -> dict[UUID, Body]:
    """Return the bodies items had at a version each."""
    past = select(ItemVersion.item_id, ItemVersion.version, ItemVersion.body).where(
        ItemVersion.item_id.in_(versions), ItemVersion.version.in_(set(versions.values()))
    )
    found = db.session.execute(past)
    return {item_id: body for item_id, version, body in found if versions[item_id] == version}


@query("item.read")
def exported(chosen: Filter) -> Iterator[Exported]:
    """Return every item the filter leaves, in the filter's order, to be written into a file."""
    listed = select(Item.ref, Item.id, Item.body).where(*_conditions(chosen)).order_by(*_order(chosen.sort))
    return (Exported(*row) for row in db.session.execute(listed).yield_per(EXPORT_CHUNK))


@query("item.read")
def of_batch(batch_id: UUID) -> tuple[int, int]:
    """Return how many items an import made, and how many of them are still in the register."""
    counted = select(func.count(), func.count().filter(_live())).select_from(Item)
    made, live = db.session.execute(counted.where(Item.batch_id == batch_id)).one()
    return made, live


@query("item.read")
def left_of_batch(batch_id: UUID) -> Sequence[Item]:
    """Return what an import made and is still in the register; of an undone one that is what stayed."""
    chosen = select(Item).where(Item.batch_id == batch_id, _live())
    return db.session.execute(chosen.order_by(Item.ref)).scalars().all()
