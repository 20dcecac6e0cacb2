"""Plane work: what a unit prepares before it hands in: files to go along, its head's confirmation, and whether that is asked.

Nothing of it is seen by the central; what goes along is copied into plane exchange when the unit sends.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned, id_column

SCHEMA = {"schema": "work"}


class Enclosure(TenantOwned, Model):
    """A document that goes along with the next submission of a window, its data key wrapped for the central."""

    __tablename__ = "enclosure"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "document_id"], ["work.document.tenant_id", "work.document.id"]),
        Index("enclosure_window", "tenant_id", "collection_id"),
        SCHEMA,
    )

    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    collection_id: Mapped[UUID]
    kind: Mapped[str]
    key_reader: Mapped[bytes]
    key_reader_n: Mapped[int]
    detached_at: Mapped[datetime | None]
    submission_id: Mapped[UUID | None]


class Confirmation(TenantOwned, Model):
    """An officer's request that the head confirm a round, and the answer: `confirmed`, `declined` or `cancelled`."""

    __tablename__ = "confirmation"
    __table_args__ = (Index("confirmation_window", "tenant_id", "collection_id"), SCHEMA)

    id: Mapped[UUID] = id_column()
    collection_id: Mapped[UUID]
    round: Mapped[int]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    note: Mapped[str]
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]


class SendingRule(TenantOwned, Model):
    """Whether this unit hands in only what its head confirmed; without a row it does not."""

    __tablename__ = "sending_rule"
    __table_args__ = SCHEMA

    needs_head: Mapped[bool]
    set_by: Mapped[str]
    set_at: Mapped[datetime]
