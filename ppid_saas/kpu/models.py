"""Plane work, at a KPU office only: a round, its list as it was closed, the answers to it. Plane exchange: KPU RI's act, told on."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Exchanged, Model, TenantOwned, id_column

SCHEMA = {"schema": "work"}
EXCHANGE = {"schema": "exchange"}


class KpuRound(TenantOwned, Model):
    """One collection of a KPU office. `sha256` binds the list that was put to the three; `link` is where it was published."""

    __tablename__ = "kpu_round"
    __table_args__ = SCHEMA

    id: Mapped[UUID] = id_column()
    title: Mapped[str]
    opens_on: Mapped[date]
    due_on: Mapped[date]
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(server_default=text("''"), default="")
    link: Mapped[str] = mapped_column(server_default=text("''"), default="")
    published_on: Mapped[date | None]
    published_by: Mapped[str] = mapped_column(server_default=text("''"), default="")


class KpuItem(TenantOwned, Model):
    """One item of a round's list as it was when the collection closed, with the type of document it was put under."""

    __tablename__ = "kpu_item"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "round_id"], ["work.kpu_round.tenant_id", "work.kpu_round.id"]),
        SCHEMA,
    )

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]
    ref: Mapped[int]
    version: Mapped[int]
    hash: Mapped[str]
    title: Mapped[str]
    body: Mapped[dict[str, Any]]
    doc_type: Mapped[str] = mapped_column(server_default=text("''"), default="")


class KpuApproval(TenantOwned, Model):
    """An answer to a round's list as `sha256` binds it: `approved`, `returned`, `taken_back`; KPU RI's with number and day.

    Rows are only added; the newest of an authority about the present list counts.
    """

    __tablename__ = "kpu_approval"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "round_id"], ["work.kpu_round.tenant_id", "work.kpu_round.id"]),
        Index("kpu_approval_round", "tenant_id", "round_id"),
        SCHEMA,
    )

    id: Mapped[UUID] = id_column()
    round_id: Mapped[UUID]
    authority: Mapped[str]
    verdict: Mapped[str]
    sha256: Mapped[str]
    note: Mapped[str] = mapped_column(server_default=text("''"), default="")
    number: Mapped[str] = mapped_column(server_default=text("''"), default="")
    dated_on: Mapped[date | None]
    document_id: Mapped[UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]


class KpuGrant(Exchanged, Model):
    """That KPU RI approved items as `items` names them (id -> hash): told by the office to its central, or by KPU RI to the office."""

    __tablename__ = "kpu_grant"
    __table_args__ = (Index("kpu_grant_reader", "reader_id", "writer_id"), EXCHANGE)

    id: Mapped[UUID] = id_column()
    number: Mapped[str]
    dated_on: Mapped[date]
    title: Mapped[str]
    items: Mapped[dict[str, Any]]
    letter_sha256: Mapped[str] = mapped_column(server_default=text("''"), default="")
    by_name: Mapped[str]
    at: Mapped[datetime]
