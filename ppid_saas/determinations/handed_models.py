"""Plane exchange: copies of a determination on their way to the units whose items it covers, and the units' receipts."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Exchanged, Model, id_column

SCHEMA = {"schema": "exchange"}
PAIR = ("writer_id", "reader_id")
COPY = [
    "exchange.determination_copy.writer_id",
    "exchange.determination_copy.reader_id",
    "exchange.determination_copy.id",
]


class DeterminationCopy(Exchanged, Model):
    """What a unit is told of a determination: its head as signed, and how many of the unit's own items it covers."""

    __tablename__ = "determination_copy"
    __table_args__ = (Index("determination_copy_reader", "reader_id", "writer_id", "id"), SCHEMA)

    id: Mapped[UUID] = id_column()
    determination_id: Mapped[UUID]
    kind: Mapped[str]
    number: Mapped[str]
    title: Mapped[str]
    signatory: Mapped[str]
    signatory_position: Mapped[str]
    place: Mapped[str]
    dated_on: Mapped[date]
    code: Mapped[str]
    style: Mapped[dict[str, Any]]
    item_count: Mapped[int]
    given_by: Mapped[str]
    given_at: Mapped[datetime]


class CopyItem(Exchanged, Model):
    """One of the unit's own items as determined."""

    __tablename__ = "determination_copy_item"
    __table_args__ = (
        ForeignKeyConstraint([*PAIR, "copy_id"], COPY),
        Index("determination_copy_item_reader", "reader_id", "copy_id"),
        SCHEMA,
    )

    copy_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]
    ends_on: Mapped[date | None]
    note: Mapped[str]


class CopyFile(Exchanged, Model):
    """A paper of the determination: the central's object, its data key wrapped for the unit."""

    __tablename__ = "determination_copy_file"
    __table_args__ = (
        ForeignKeyConstraint([*PAIR, "copy_id"], COPY),
        Index("determination_copy_file_reader", "reader_id", "copy_id"),
        SCHEMA,
    )

    copy_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    object_id: Mapped[UUID]
    purpose: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger())
    sha_plain: Mapped[str]
    sha_cipher: Mapped[str]
    key_reader: Mapped[bytes]
    key_reader_n: Mapped[int]


class DeterminationReceipt(Exchanged, Model):
    """The unit's word that it has a copy; written once, by the unit for its central."""

    __tablename__ = "determination_receipt"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reader_id", "writer_id", "copy_id"], COPY, name="determination_receipt_copy_fkey"
        ),
        Index("determination_receipt_reader", "reader_id", "copy_id"),
        SCHEMA,
    )

    copy_id: Mapped[UUID] = mapped_column(primary_key=True)
    received_by: Mapped[str]
    received_at: Mapped[datetime]
