"""Plane work, at a central only: accepted items of all units, each with the snapshot it came from."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned

SCHEMA = {"schema": "work"}


class Entry(TenantOwned, Model):
    """One item of one unit at the central, in the version last handed in."""

    __tablename__ = "entry"
    __table_args__ = (
        Index("entry_by_end", "tenant_id", "sort_on", "item_id"),
        Index("entry_state", "tenant_id", "state"),
        Index("entry_submission", "tenant_id", "submission_id"),
        SCHEMA,
    )

    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    sender_id: Mapped[UUID]
    sender_slug: Mapped[str]
    sender_name: Mapped[str]
    submission_id: Mapped[UUID]
    position: Mapped[int]
    version: Mapped[int]
    hash: Mapped[str]
    title: Mapped[str]
    body: Mapped[dict[str, Any]]
    state: Mapped[str]
    ends_on: Mapped[date | None]
    review_on: Mapped[date | None]
    sort_on: Mapped[date]
    determination_id: Mapped[UUID | None]
    code: Mapped[str | None]
    internal_note: Mapped[str] = mapped_column(server_default=text("''"), default="")
    updated_at: Mapped[datetime]
    before: Mapped[dict[str, Any] | None]  # what it was before this submission, in case it is withdrawn
