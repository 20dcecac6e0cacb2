"""Read which documents an item has and which items a document has. Never writes."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Text, cast, func, or_, select

from ppid_saas.access.verbs import query
from ppid_saas.documents.models import Document
from ppid_saas.documents.queries import MOST_WORDS
from ppid_saas.documents.rules import ATTACHMENT
from ppid_saas.register.models import Item, ItemDocument
from tenants.db import db

MOST_OFFERED = 20


class File(NamedTuple):
    """A document of an item, with the part of it that is closed."""

    document_id: UUID
    name: str
    exempt_part: str
    linked_at: datetime
    linked_by: str
    destroyed_at: datetime | None


class Linked(NamedTuple):
    """An item of a document."""

    item_id: UUID
    ref: int
    title: str
    exempt_part: str
    removed_at: datetime | None


class Offered(NamedTuple):
    """Something that could be linked."""

    id: UUID
    ref: int
    name: str


@query("document.read")
def files(item_id: UUID) -> list[File]:
    """Return the documents of an item, the first linked first."""
    found = db.session.execute(
        select(
            Document.id, Document.name, ItemDocument.exempt_part, ItemDocument.linked_at, ItemDocument.linked_by,
            Document.destroyed_at,
        )
        .join(Document, (Document.tenant_id == ItemDocument.tenant_id) & (Document.id == ItemDocument.document_id))
        .where(ItemDocument.item_id == item_id, ItemDocument.removed_at.is_(None))
        .order_by(ItemDocument.linked_at, Document.id)
    )  # fmt: skip
    return [File(*row) for row in found]


@query("document.read")
def count(item_id: UUID) -> int:
    """Return how many documents an item has."""
    of = (ItemDocument.item_id == item_id, ItemDocument.removed_at.is_(None))
    return db.session.execute(select(func.count()).select_from(ItemDocument).where(*of)).scalar_one()


@query("document.read")
def items(document_id: UUID) -> list[Linked]:
    """Return the items of a document in the order of their numbers, those it was taken from too; deleted ones not."""
    found = db.session.execute(
        select(Item.id, Item.ref, Item.title, ItemDocument.exempt_part, ItemDocument.removed_at)
        .join(Item, (Item.tenant_id == ItemDocument.tenant_id) & (Item.id == ItemDocument.item_id))
        .where(ItemDocument.document_id == document_id, Item.deleted_at.is_(None))
        .order_by(Item.ref)
    )
    return [Linked(*row) for row in found]


@query("document.read")
def items_to_link(document_id: UUID, q: str) -> Sequence[Offered]:
    """Return items with these words in their title, or this number, that do not have the document yet."""
    has = select(ItemDocument.item_id).where(
        ItemDocument.document_id == document_id, ItemDocument.removed_at.is_(None)
    )
    words = q.replace("\x00", "").split()[:MOST_WORDS]
    named = [
        or_(Item.title.icontains(word, autoescape=True), cast(Item.ref, Text) == word.removeprefix("#"))
        for word in words
    ]
    chosen = select(Item.id, Item.ref, Item.title).where(
        Item.deleted_at.is_(None), Item.id.not_in(has), *named
    )
    return [Offered(*row) for row in db.session.execute(chosen.order_by(Item.ref.desc()).limit(MOST_OFFERED))]


@query("document.read")
def documents_to_link(item_id: UUID, q: str) -> Sequence[Offered]:
    """Return documents with these words in their names that the item does not have yet, the newest first."""
    has = select(ItemDocument.document_id).where(
        ItemDocument.item_id == item_id, ItemDocument.removed_at.is_(None)
    )
    words = q.replace("\x00", "").split()[:MOST_WORDS]
    chosen = select(Document.id, Document.name).where(
        Document.kind == ATTACHMENT, Document.destroyed_at.is_(None), Document.id.not_in(has),
        *(Document.name.icontains(word, autoescape=True) for word in words),
    )  # fmt: skip
    found = db.session.execute(chosen.order_by(Document.id.desc()).limit(MOST_OFFERED))
    return [Offered(row.id, 0, row.name) for row in found]
