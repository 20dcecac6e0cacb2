"""Plane exchange: a unit asks its central for more room, the central answers. Sizes and their words, nothing of files."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Exchanged, Model, id_column

SCHEMA = {"schema": "exchange"}


class RoomRequest(Exchanged, Model):
    """How much more a unit wants and why; `cap` and `used` are as they stood when it asked."""

    __tablename__ = "room_request"
    __table_args__ = (Index("room_request_reader", "reader_id", "writer_id", "id"), SCHEMA)

    id: Mapped[UUID] = id_column()
    bytes: Mapped[int] = mapped_column(BigInteger())
    reason: Mapped[str]
    cap: Mapped[int] = mapped_column(BigInteger())
    used: Mapped[int] = mapped_column(BigInteger())
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]


class RoomAnswer(Exchanged, Model):
    """The central's answer to one request: what it granted, nothing when it refused. A request has one answer."""

    __tablename__ = "room_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reader_id", "writer_id", "request_id"],
            [
                "exchange.room_request.writer_id",
                "exchange.room_request.reader_id",
                "exchange.room_request.id",
            ],
        ),
        Index("room_answer_reader", "reader_id", "request_id"),
        SCHEMA,
    )

    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    granted: Mapped[int] = mapped_column(BigInteger())
    note: Mapped[str]
    answered_by: Mapped[str]
    answered_at: Mapped[datetime]
