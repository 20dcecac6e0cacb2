"""Plane ops: events, their effects (the outbox), and the jobs people watch."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned, id_column

SCHEMA = {"schema": "ops"}


class Event(TenantOwned, Model):
    """A fact. Inserted in the business transaction, never changed: timeline, audit and source of effects."""

    __tablename__ = "event"
    __table_args__ = (
        Index("event_subject", "tenant_id", "subject", "id"),
        Index("event_reader", "reader_id", "tenant_id", "id", postgresql_where=text("reader_id is not null")),
        SCHEMA,
    )

    id: Mapped[UUID] = id_column()
    reader_id: Mapped[UUID | None]
    kind: Mapped[str]
    subject: Mapped[UUID | None]
    actor: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(server_default=text("''"), default="")
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Effect(TenantOwned, Model):
    """What must follow from an event, once, as `tenant_id`. `source_id` is the tenant whose event it is."""

    __tablename__ = "effect"
    __table_args__ = (
        Index("effect_open", "created_at", postgresql_where=text("done_at is null")),
        Index("effect_due", "lease_until", postgresql_where=text("done_at is null and parked_at is null")),
        SCHEMA,
    )

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    handler: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    lease_until: Mapped[datetime] = mapped_column(server_default=func.now())
    claimed_until: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    done_at: Mapped[datetime | None]
    parked_at: Mapped[datetime | None]
    error: Mapped[str | None]


class Seal(TenantOwned, Model):
    """One link of a tenant's audit chain: hash over the link before and the event's canonical form."""

    __tablename__ = "seal"
    __table_args__ = (Index("seal_event", "tenant_id", "event_id", unique=True), SCHEMA)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[UUID]
    hash: Mapped[str]


class Job(TenantOwned, Model):
    """Work someone waits for, with steps and progress."""

    __tablename__ = "job"
    __table_args__ = (Index("job_created", "created_at"), SCHEMA)

    id: Mapped[UUID] = id_column()
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'queued'"), default="queued")
    step: Mapped[str] = mapped_column(server_default=text("''"), default="")
    done: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    total: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    cancel: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    subject: Mapped[UUID | None]
    next_path: Mapped[str] = mapped_column(server_default=text("''"), default="")
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Idempotency(TenantOwned, Model):
    """The answer already given to a keyed request, so that a repeat has one effect."""

    __tablename__ = "idempotency"
    __table_args__ = SCHEMA

    key: Mapped[str] = mapped_column(primary_key=True)
    body_hash: Mapped[str]
    status: Mapped[int]
    answer: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
