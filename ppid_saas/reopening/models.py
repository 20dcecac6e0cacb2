"""Plane work, at a central only: what became public and why, and what is noted of an item whose period runs out."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned

SCHEMA = {"schema": "work"}


class Opened(TenantOwned, Model):
    """An item that became public, or will on `opens_on`: how, why, and its row of the public list (DIP).

    `decide_by` is the last day on which its opening could be determined in time; `applied_at` says that it took effect.
    """

    __tablename__ = "opened"
    __table_args__ = (Index("opened_by_day", "tenant_id", "opens_on", "item_id"), SCHEMA)

    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    how: Mapped[str]
    opens_on: Mapped[date]
    ended_on: Mapped[date | None]
    decide_by: Mapped[date | None]
    determination_id: Mapped[UUID | None]
    basis: Mapped[str] = mapped_column(server_default=text("''"), default="")
    opinion: Mapped[str] = mapped_column(server_default=text("''"), default="")
    document_id: Mapped[UUID | None]
    opinion_id: Mapped[UUID | None]
    dip: Mapped[dict[str, Any]] = mapped_column(default=dict)
    decided_by: Mapped[str] = mapped_column(server_default=text("''"), default="")
    decided_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]


class ReopeningNote(TenantOwned, Model):
    """What makes an item more urgent than another that ends the same day: who asked for it, how much it matters."""

    __tablename__ = "reopening_note"
    __table_args__ = SCHEMA

    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    requests: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    matters: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    note: Mapped[str] = mapped_column(server_default=text("''"), default="")
