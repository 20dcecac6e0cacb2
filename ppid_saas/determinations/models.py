"""Plane work, at a central only: determinations and the items each covers, frozen when determined."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned, id_column

SCHEMA = {"schema": "work"}


class Determination(TenantOwned, Model):
    """A signed decision. States: determined, dicabut (`revoked`)."""

    __tablename__ = "determination"
    __table_args__ = (UniqueConstraint("tenant_id", "number"), SCHEMA)

    id: Mapped[UUID] = id_column()
    number: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    signatory: Mapped[str]
    signatory_position: Mapped[str]
    place: Mapped[str]
    dated_on: Mapped[date]
    document_id: Mapped[UUID | None]
    state: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]


class DeterminationItem(TenantOwned, Model):
    """An item as the determination froze it, with its last closed day counted from the determination."""

    __tablename__ = "determination_item"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "determination_id"], ["work.determination.tenant_id", "work.determination.id"]
        ),
        SCHEMA,
    )

    determination_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]
    hash: Mapped[str]
    ends_on: Mapped[date | None]
