"""Read imports: the history, one batch, its rows by what is to be done about them. Never writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Row, Text, and_, cast, func, literal_column, not_, or_, select

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import query
from ppid_saas.intake.models import ENDED, ColumnOffer, ImportBatch, ImportRow
from ppid_saas.register.models import Item
from tenants import context
from tenants.db import db

PER_PAGE = 50
SHOWN_BATCHES = 50
GROUPS = 20

_LEFT_AT = func.coalesce(cast(ImportRow.match["after"].astext, Integer), 1)

_BLOCKED = ImportRow.problems.contains([{"severity": "block"}])
_DOUBLE = ImportRow.problems.contains([{"severity": "double"}])
_ITEM = ImportRow.kind == "data"
_OPEN = ImportRow.fate.in_(("new", "changed"))
TABS: dict[str, ColumnElement[bool]] = {
    "semua": _ITEM,
    "siap": and_(_ITEM, _OPEN, not_(_BLOCKED), not_(_DOUBLE)),
    "perbaiki": and_(_ITEM, _OPEN, _BLOCKED, not_(_DOUBLE)),
    "ganda": and_(_ITEM, _DOUBLE),
    "dilewati": not_(_ITEM),
    "baru": and_(_ITEM, ImportRow.fate == "new"),
    "berubah": and_(_ITEM, ImportRow.fate == "changed"),
    "sama": and_(_ITEM, ImportRow.fate == "same"),
    "terkunci": and_(_ITEM, ImportRow.fate == "locked"),
}


@dataclass(frozen=True, slots=True)
class Past:
    """One line of the history."""

    id: UUID
    filename: str
    state: str
    created_at: datetime
    rows: int
    kept: int


@dataclass(frozen=True, slots=True)
class Group:
    """The same words with the same fault in several rows."""

    field: str
    text: str
    message: str
    rows: int


@query("import.run")
def batch(batch_id: UUID) -> ImportBatch:
    """Return one import of the bound unit, fresh from the database."""
    found = db.session.get(ImportBatch, (context.tenant_id(), batch_id), populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


@query("import.run")
def history() -> list[Past]:
    """Return the last imports, newest first, with how many rows they hold and how many became items."""
    counted = (
        select(
            ImportBatch.id,
            ImportBatch.filename,
            ImportBatch.state,
            ImportBatch.created_at,
            func.count(ImportRow.n).filter(_ITEM).label("rows"),
            func.count(ImportRow.item_id).filter(ImportRow.take, ImportBatch.state.in_(ENDED)).label("kept"),
        )
        .outerjoin(
            ImportRow,
            and_(ImportRow.tenant_id == ImportBatch.tenant_id, ImportRow.batch_id == ImportBatch.id),
        )
        .group_by(ImportBatch.id, ImportBatch.filename, ImportBatch.state, ImportBatch.created_at)
        .order_by(ImportBatch.id.desc())
        .limit(SHOWN_BATCHES)
    )
    return [Past(**row._mapping) for row in db.session.execute(counted)]  # noqa: SLF001  # SQLAlchemy's public name


@query("import.run")
def counts(batch_id: UUID) -> dict[str, int]:
    """Return how many rows each tab holds, and how many rows are taken, in all and of those that lack something."""
    chosen = {name: func.count().filter(condition) for name, condition in TABS.items()}
    chosen["diambil"] = func.count().filter(_ITEM, ImportRow.take)
    chosen["diubah"] = func.count().filter(_ITEM, ImportRow.take, ImportRow.fate == "changed")
    chosen["cocok"] = func.count().filter(_ITEM, ImportRow.match.has_key("item"))
    chosen["diambil_kurang"] = func.count().filter(_ITEM, ImportRow.take, _BLOCKED)
    row = db.session.execute(select(*chosen.values()).where(ImportRow.batch_id == batch_id)).one()
    return dict(zip(chosen, row, strict=True))


@query("import.run")
def rows(batch_id: UUID, tab: str, number: int, per_page: int = PER_PAGE) -> Sequence[ImportRow]:
    """Return one page of a tab, counted from 1, in the order of the file."""
    chosen = select(ImportRow).where(ImportRow.batch_id == batch_id, TABS[tab]).order_by(ImportRow.n)
    return db.session.execute(chosen.limit(per_page).offset((number - 1) * per_page)).scalars().all()


@query("import.run")
def rows_after(batch_id: UUID, cursor: int, limit: int) -> Sequence[ImportRow]:
    """Return item rows behind a row of the file."""
    chosen = select(ImportRow).where(ImportRow.batch_id == batch_id, _ITEM, ImportRow.n > cursor)
    return db.session.execute(chosen.order_by(ImportRow.n).limit(limit)).scalars().all()


@query("import.run")
def groups(batch_id: UUID) -> list[Group]:
    """Return words that stop more than one row with the same fault, the most frequent first."""
    fault = func.jsonb_array_elements(ImportRow.problems).table_valued("value", name="fault")
    field: ColumnElement[str] = literal_column("(fault.value ->> 'field')")
    message: ColumnElement[str] = literal_column("(fault.value ->> 'message')")
    cell = func.coalesce(ImportRow.cells.op("->>")(field), literal_column("''"))
    n = func.count()
    chosen = (
        select(field, cell, message, n)
        .select_from(ImportRow)
        .join(fault, literal_column("(fault.value ->> 'severity')") == "block")
        .where(ImportRow.batch_id == batch_id, _ITEM, ImportRow.take, field != "title")
        .group_by(field, cell, message)
        .having(n > 1)
        .order_by(n.desc(), field, cell)
        .limit(GROUPS)
    )
    return [Group(*row) for row in db.session.execute(chosen)]


@query("import.run")
def remembered(headings: list[str], but: UUID) -> ImportBatch | None:
    """Return the last saved import whose columns bore the same headings."""
    chosen = (
        select(ImportBatch)
        .where(ImportBatch.state == "saved", ImportBatch.id != but)
        .order_by(ImportBatch.id.desc())
        .limit(SHOWN_BATCHES)
    )
    for found in db.session.execute(chosen).scalars():
        if [column["heading"] for column in found.columns] == headings:
            return found
    return None


@query("import.run")
def offered(headings: list[str]) -> ColumnOffer | None:
    """Return what the central said last of the same headings."""
    chosen = select(ColumnOffer).where(ColumnOffer.reader_id == context.tenant_id())
    for found in db.session.execute(chosen.order_by(ColumnOffer.id.desc()).limit(SHOWN_BATCHES)).scalars():
        if [column["heading"] for column in found.columns] == headings:
            return found
    return None


@query("columns.offer")
def offers() -> Sequence[Row[Any]]:
    """Return what the bound central said of headings, newest first, each with the number of `units` that were told."""
    said = (
        ColumnOffer.id,
        ColumnOffer.filename,
        ColumnOffer.columns,
        ColumnOffer.given_by,
        ColumnOffer.given_at,
    )
    chosen = select(*said, func.count().label("units")).where(ColumnOffer.writer_id == context.tenant_id())
    newest = chosen.group_by(*said).order_by(ColumnOffer.id.desc()).limit(SHOWN_BATCHES)
    return db.session.execute(newest).all()


@query("columns.offer")
def told(offer_id: UUID) -> set[UUID]:
    """Return the units that were told."""
    chosen = select(ColumnOffer.reader_id).where(ColumnOffer.id == offer_id)
    return set(db.session.execute(chosen.where(ColumnOffer.writer_id == context.tenant_id())).scalars())


@query("import.run")
def absent(batch_id: UUID, number: int = 1, per_page: int = PER_PAGE) -> tuple[int, Sequence[Item]]:
    """Return how many live items the file does not speak of, and one page of them. They stay as they are."""
    spoken = select(ImportRow.n).where(
        ImportRow.tenant_id == Item.tenant_id,
        ImportRow.batch_id == batch_id,
        ImportRow.match["item"].astext == cast(Item.id, Text),
    )
    chosen = select(Item).where(Item.deleted_at.is_(None), not_(spoken.exists()))
    total = db.session.execute(select(func.count()).select_from(chosen.subquery())).scalar_one()
    page = chosen.order_by(Item.ref).limit(per_page).offset((number - 1) * per_page)
    return total, db.session.execute(page).scalars().all()


@query("import.run")
def touched(batch_id: UUID) -> list[tuple[ImportRow, Item]]:
    """Return what an import made or changed and someone has edited or sent since, in the order of the file."""
    chosen = (
        select(ImportRow, Item)
        .join(Item, (Item.tenant_id == ImportRow.tenant_id) & (Item.id == ImportRow.item_id))
        .where(ImportRow.batch_id == batch_id, Item.deleted_at.is_(None))
        .where(not_(ImportRow.match.has_key("restored")))
        .where(or_(Item.version > _LEFT_AT, Item.state == "submitted"))
        .order_by(ImportRow.n)
    )
    return [(row, item) for row, item in db.session.execute(chosen)]


@query("import.run")
def left_alone(batch_id: UUID) -> Sequence[ImportRow]:
    """Return the rows whose items were changed, sent or deleted by someone between reading and saving."""
    chosen = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.match.has_key("left"))
    return db.session.execute(chosen.order_by(ImportRow.n)).scalars().all()


@query("import.run")
def problem_rows(batch_id: UUID) -> Sequence[ImportRow]:
    """Return every row with something wrong in it, in the order of the file."""
    chosen = select(ImportRow).where(ImportRow.batch_id == batch_id, _ITEM, or_(_BLOCKED, _DOUBLE))
    return db.session.execute(chosen.order_by(ImportRow.n)).scalars().all()


@query("import.run")
def updated_count(batch_id: UUID) -> int:
    """Return how many items the saving of an import changed."""
    return _count(batch_id, "before")


@query("import.run")
def restored_count(batch_id: UUID) -> int:
    """Return how many items got back what they said before."""
    return _count(batch_id, "restored")


def _count(batch_id: UUID, key: str) -> int:
    chosen = select(func.count()).where(ImportRow.batch_id == batch_id, ImportRow.match.has_key(key))
    return db.session.execute(chosen).scalar_one()
