"""Last year's list on its way to the units: a central's split of it (plane work), and what each unit is handed (exchange)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from ppid_saas.submissions.models import PAIR, SCHEMA
from tenants.db import Exchanged, Model, TenantOwned, id_column

WORK = {"schema": "work"}


class Split(TenantOwned, Model):
    """A consolidated list brought in to be split. `names` says which unit each name as written means: slug, or "" for none."""

    __tablename__ = "split"
    __table_args__ = WORK

    id: Mapped[UUID] = id_column()
    filename: Mapped[str]
    names: Mapped[dict[str, Any]] = mapped_column(default=dict)
    row_count: Mapped[int]
    created_at: Mapped[datetime]
    given_at: Mapped[datetime | None]


class SplitRow(TenantOwned, Model):
    """One item row of it, with the unit's name and the cells as written."""

    __tablename__ = "split_row"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "split_id"], ["work.split.tenant_id", "work.split.id"], ondelete="CASCADE"
        ),
        WORK,
    )

    split_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit: Mapped[str]
    cells: Mapped[dict[str, Any]]


class Handover(Exchanged, Model):
    """A unit's own rows of last year's list, prepared by its central: nothing of the unit's until it adopts them."""

    __tablename__ = "handover"
    __table_args__ = (Index("handover_reader", "reader_id", "writer_id", "id"), SCHEMA)

    id: Mapped[UUID] = id_column()
    split_id: Mapped[UUID]
    title: Mapped[str]
    item_count: Mapped[int]
    hash: Mapped[str]
    given_by: Mapped[str]
    given_at: Mapped[datetime]


class HandoverRow(Exchanged, Model):
    """One row as the list had it; the unit's own reading of it makes the item."""

    __tablename__ = "handover_row"
    __table_args__ = (
        ForeignKeyConstraint(
            [*PAIR, "handover_id"],
            ["exchange.handover.writer_id", "exchange.handover.reader_id", "exchange.handover.id"],
        ),
        Index("handover_row_reader", "reader_id", "handover_id"),
        SCHEMA,
    )

    handover_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cells: Mapped[dict[str, Any]]
