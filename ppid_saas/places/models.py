"""Plane work: places of a unit, the papers that lie there, and rows that are only ever added about where and with whom."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned, id_column

SCHEMA = {"schema": "work"}


class Place(TenantOwned, Model):
    """A building, a room, or something in it. `label` is what its QR holds: a word that means nothing elsewhere."""

    __tablename__ = "place"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "parent_id"], ["work.place.tenant_id", "work.place.id"]),
        UniqueConstraint("tenant_id", "label"),
        Index("place_code", "tenant_id", "code", unique=True, postgresql_where=text("removed_at is null")),
        SCHEMA,
    )

    id: Mapped[UUID] = id_column()
    parent_id: Mapped[UUID | None]
    kind: Mapped[str]
    name: Mapped[str]
    code: Mapped[str]
    label: Mapped[str]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Holding(TenantOwned, Model):
    """A paper of an item, numbered by the unit, and where it belongs now."""

    __tablename__ = "holding"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "item_id"], ["work.item.tenant_id", "work.item.id"]),
        ForeignKeyConstraint(["tenant_id", "place_id"], ["work.place.tenant_id", "work.place.id"]),
        UniqueConstraint("tenant_id", "n"),
        UniqueConstraint("tenant_id", "label"),
        Index("holding_item", "tenant_id", "item_id"),
        Index("holding_place", "tenant_id", "place_id"),
        SCHEMA,
    )

    id: Mapped[UUID] = id_column()
    n: Mapped[int]
    item_id: Mapped[UUID]
    title: Mapped[str]
    sheets: Mapped[int | None]
    label: Mapped[str]
    place_id: Mapped[UUID]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Placing(TenantOwned, Model):
    """A paper was put somewhere, when and by whom; rows are only added."""

    __tablename__ = "placing"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "holding_id"], ["work.holding.tenant_id", "work.holding.id"]),
        ForeignKeyConstraint(["tenant_id", "place_id"], ["work.place.tenant_id", "work.place.id"]),
        Index("placing_holding", "tenant_id", "holding_id"),
        SCHEMA,
    )

    id: Mapped[UUID] = id_column()
    holding_id: Mapped[UUID]
    place_id: Mapped[UUID]
    at: Mapped[datetime]
    by: Mapped[str]


class Loan(TenantOwned, Model):
    """A paper in somebody's hands until a day; it is closed once, never deleted, and a paper is lent to one at a time."""

    __tablename__ = "loan"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "holding_id"], ["work.holding.tenant_id", "work.holding.id"]),
        Index("loan_open", "tenant_id", "holding_id", unique=True, postgresql_where=text("returned_at is null")),
        Index("loan_holding", "tenant_id", "holding_id"),
        SCHEMA,
    )  # fmt: skip

    id: Mapped[UUID] = id_column()
    holding_id: Mapped[UUID]
    borrower: Mapped[str]
    due_on: Mapped[date]
    lent_at: Mapped[datetime]
    lent_by: Mapped[str]
    returned_at: Mapped[datetime | None]
    returned_by: Mapped[str | None]


class Inventory(TenantOwned, Model):
    """One walk past the shelves, of one place or of all; `result` is what it found, frozen when it ended."""

    __tablename__ = "inventory"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "place_id"], ["work.place.tenant_id", "work.place.id"]),
        SCHEMA,
    )

    id: Mapped[UUID] = id_column()
    place_id: Mapped[UUID | None]
    begun_at: Mapped[datetime]
    begun_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]


class Sighting(TenantOwned, Model):
    """A paper was seen during an inventory, and where; seen again elsewhere, the later counts."""

    __tablename__ = "sighting"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "inventory_id"], ["work.inventory.tenant_id", "work.inventory.id"]),
        ForeignKeyConstraint(["tenant_id", "holding_id"], ["work.holding.tenant_id", "work.holding.id"]),
        ForeignKeyConstraint(["tenant_id", "place_id"], ["work.place.tenant_id", "work.place.id"]),
        SCHEMA,
    )  # fmt: skip

    inventory_id: Mapped[UUID] = mapped_column(primary_key=True)
    holding_id: Mapped[UUID] = mapped_column(primary_key=True)
    place_id: Mapped[UUID]
    at: Mapped[datetime]
