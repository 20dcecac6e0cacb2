"""Plane work: a unit's items. `body` is the whole item in the words of `law.check_item`; other columns serve lists."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Computed, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned, id_column

SCHEMA = {"schema": "work"}
CITED = "jsonb_path_query_array(body, '$.grounds[*].code ? (@ != null)'::jsonpath)"


class Item(TenantOwned, Model):
    """One piece of exempted information, as its unit has it now."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("tenant_id", "ref"),
        Index("item_by_end", "tenant_id", "sort_on", "ref", postgresql_where=text("deleted_at is null")),
        SCHEMA,
    )

    id: Mapped[UUID] = id_column()
    ref: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="draft")
    title: Mapped[str]
    body: Mapped[dict[str, Any]]
    ends_on: Mapped[date | None]
    review_on: Mapped[date | None]
    sort_on: Mapped[date]
    done_fields: Mapped[int] = mapped_column(default=0)
    missing: Mapped[list[str]] = mapped_column(server_default=text("'{}'"), default=list)
    batch_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    codes: Mapped[list[Any]] = mapped_column(Computed(CITED, persisted=True))


class ItemVersion(TenantOwned, Model):
    """Every body an item ever had, with the SHA-256 of its canonical form."""

    __tablename__ = "item_version"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "item_id"], ["work.item.tenant_id", "work.item.id"]),
        SCHEMA,
    )

    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[dict[str, Any]]
    hash: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[UUID | None]


class ItemDraft(TenantOwned, Model):
    """What one person has typed and not saved, of the item `ref` as it was at `version`; `ref` 0 is a new item."""

    __tablename__ = "item_draft"
    __table_args__ = SCHEMA

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    fields: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class ItemDocument(TenantOwned, Model):
    """A document that holds an item's information; `exempt_part` says in words which part of it is closed.

    A link taken away keeps its row, so that it can come back and so that whoever decides on the document sees it.
    """

    __tablename__ = "item_document"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "item_id"], ["work.item.tenant_id", "work.item.id"]),
        ForeignKeyConstraint(["tenant_id", "document_id"], ["work.document.tenant_id", "work.document.id"]),
        Index("item_document_document", "tenant_id", "document_id"),
        SCHEMA,
    )

    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    exempt_part: Mapped[str]
    linked_at: Mapped[datetime]
    linked_by: Mapped[str]
    removed_at: Mapped[datetime | None]


class Counter(TenantOwned, Model):
    """A tenant's own running numbers (`item` for refs, `submission` for numbers)."""

    __tablename__ = "counter"
    __table_args__ = SCHEMA

    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
