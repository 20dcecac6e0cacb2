"""Plane exchange: what one tenant handed another. Rows are only added; nothing is changed or taken back.

`Collection`, `Decision` and `Status` are written by the central for one unit, the others by the unit for its central.
What a unit prepares before it hands in is in `prepared`.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Exchanged, Model, id_column

SCHEMA = {"schema": "exchange"}
WORK = {"schema": "work"}
PAIR = ("writer_id", "reader_id")


class Collection(Exchanged, Model):
    """The window in which a central receives one unit's register; all rows of one opening share `id`."""

    __tablename__ = "collection"
    __table_args__ = (Index("collection_reader", "reader_id", "writer_id", "id"), SCHEMA)

    id: Mapped[UUID] = id_column()
    title: Mapped[str]
    opens_on: Mapped[date]
    due_on: Mapped[date]
    sop: Mapped[str]
    sop_version: Mapped[int]
    created_at: Mapped[datetime]


class Submission(Exchanged, Model):
    """What was handed in: the whole register, or what came back (`is_whole`). `hash` is over its items in order."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint(*PAIR, "number"),
        UniqueConstraint(*PAIR, "collection_id", "round"),
        Index("submission_reader", "reader_id", "writer_id", "id"),
        SCHEMA,
    )

    id: Mapped[UUID] = id_column()
    number: Mapped[str]
    collection_id: Mapped[UUID]
    round: Mapped[int]
    is_nil: Mapped[bool]
    item_count: Mapped[int]
    hash: Mapped[str]
    sender_name: Mapped[str]
    submitted_by: Mapped[str]
    submitted_at: Mapped[datetime]
    is_whole: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    file_count: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    confirmed_by: Mapped[str] = mapped_column(server_default=text("''"), default="")


class SubmissionItem(Exchanged, Model):
    """One item as it was when handed in."""

    __tablename__ = "submission_item"
    __table_args__ = (
        ForeignKeyConstraint(
            [*PAIR, "submission_id"],
            ["exchange.submission.writer_id", "exchange.submission.reader_id", "exchange.submission.id"],
        ),
        Index("submission_item_reader", "reader_id", "submission_id"),
        SCHEMA,
    )

    submission_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]
    version: Mapped[int]
    body: Mapped[dict[str, Any]]
    hash: Mapped[str]


class SubmissionFile(Exchanged, Model):
    """A file that travels with a submission: the sender's object, its data key wrapped for the reader."""

    __tablename__ = "submission_file"
    __table_args__ = (
        ForeignKeyConstraint(
            [*PAIR, "submission_id"],
            ["exchange.submission.writer_id", "exchange.submission.reader_id", "exchange.submission.id"],
        ),
        Index("submission_file_reader", "reader_id", "submission_id"),
        SCHEMA,
    )

    submission_id: Mapped[UUID] = mapped_column(primary_key=True)
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


class Withdrawal(Exchanged, Model):
    """A submission taken back by its unit before anyone began to review it; the submission itself stays."""

    __tablename__ = "withdrawal"
    __table_args__ = (
        ForeignKeyConstraint(
            [*PAIR, "submission_id"],
            ["exchange.submission.writer_id", "exchange.submission.reader_id", "exchange.submission.id"],
        ),
        Index("withdrawal_reader", "reader_id", "submission_id"),
        SCHEMA,
    )

    submission_id: Mapped[UUID] = mapped_column(primary_key=True)
    reason: Mapped[str]
    withdrawn_by: Mapped[str]
    withdrawn_at: Mapped[datetime]


class Decision(Exchanged, Model):
    """The central's answer to one item of one submission: `accepted`, or `returned` with a note about `field`."""

    __tablename__ = "decision"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reader_id", "writer_id", "submission_id"],
            ["exchange.submission.writer_id", "exchange.submission.reader_id", "exchange.submission.id"],
            name="decision_submission_fkey",
        ),
        UniqueConstraint(*PAIR, "submission_id", "item_id"),
        Index("decision_reader", "reader_id", "submission_id"),
        SCHEMA,
    )

    id: Mapped[UUID] = id_column()
    submission_id: Mapped[UUID]
    item_id: Mapped[UUID]
    verdict: Mapped[str]
    field: Mapped[str] = mapped_column(server_default=text("''"), default="")
    note: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]


class Status(Exchanged, Model):
    """How far the central is with an item: appended, the highest `n` counts."""

    __tablename__ = "status"
    __table_args__ = (Index("status_reader", "reader_id", "item_id", "n"), SCHEMA)

    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str]
    turn: Mapped[str]
    due_on: Mapped[date | None]
    at: Mapped[datetime]
