"""Disputes: plane work holds the central's record of one, plane exchange tells the units whose items it is about."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Exchanged, Model, TenantOwned, id_column

WORK = {"schema": "work"}


class Dispute(TenantOwned, Model):
    """A case at the Komisi Informasi or a court: open until it has an outcome."""

    __tablename__ = "dispute"
    __table_args__ = (UniqueConstraint("tenant_id", "forum", "number"), WORK)

    id: Mapped[UUID] = id_column()
    number: Mapped[str]
    forum: Mapped[str]
    opened_on: Mapped[date]
    note: Mapped[str] = mapped_column(server_default=text("''"), default="")
    retest_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(server_default=text("''"), default="")
    ruling: Mapped[str] = mapped_column(server_default=text("''"), default="")
    document_id: Mapped[UUID | None]
    noted_by: Mapped[str]
    noted_at: Mapped[datetime]


class DisputeItem(TenantOwned, Model):
    """An item a dispute is about."""

    __tablename__ = "dispute_item"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dispute_id"], ["work.dispute.tenant_id", "work.dispute.id"]),
        Index("dispute_item_item", "tenant_id", "item_id"),
        WORK,
    )

    dispute_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)


class DisputeWord(Exchanged, Model):
    """What a central told a unit about a dispute of one of its items: appended, the highest `n` counts."""

    __tablename__ = "dispute_word"
    __table_args__ = (
        Index("dispute_word_reader", "reader_id", "item_id", "dispute_id", "n"),
        {"schema": "exchange"},
    )

    dispute_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str]
    forum: Mapped[str]
    is_open: Mapped[bool]
    at: Mapped[datetime]
