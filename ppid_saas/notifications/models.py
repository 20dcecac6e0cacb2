"""Short links, what was told to whom, how she wants to be told, and what became of each mail.

A link is a pointer to a page of one tenant, never a key to it. A notice holds the name of what happened, numbers and
days; its sentence is made when it is read, so that no text of anybody's list can be in it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned, id_column

WORK = {"schema": "work"}


class Link(TenantOwned, Model):
    """A short code for a page inside the tenant's space; `path` is what follows the space's own address."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("tenant_id", "path"), {"schema": "ops"})

    code: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str]
    made_at: Mapped[datetime]


class Notice(TenantOwned, Model):
    """One thing told to one person. `key` names the fact, so that it is told once; `mailing_id` the mail it went in."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("tenant_id", "person_id", "key"),
        Index("notice_of_person", "tenant_id", "person_id", "id"),
        Index("notice_unread", "tenant_id", "person_id", postgresql_where=text("read_at is null")),
        Index("notice_waiting", "tenant_id", postgresql_where=text("waits")),
        WORK,
    )

    id: Mapped[UUID] = id_column()
    person_id: Mapped[UUID]
    key: Mapped[str]
    kind: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    page: Mapped[str]
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    waits: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    mailing_id: Mapped[UUID | None]


class NoticeChoice(TenantOwned, Model):
    """How a person wants to be mailed about one group of notices here; without a row as the group itself says."""

    __tablename__ = "notice_choice"
    __table_args__ = WORK

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    mail: Mapped[str]


class Mailing(TenantOwned, Model):
    """One mail to one person: `waiting` until the server took it (`sent`), refused it (`bounced`) or never answered (`failed`)."""

    __tablename__ = "mailing"
    __table_args__ = (
        UniqueConstraint("tenant_id", "event_id", "person_id"),
        Index("mailing_state", "tenant_id", "state", "id"),
        WORK,
    )

    id: Mapped[UUID] = id_column()
    event_id: Mapped[UUID]
    person_id: Mapped[UUID]
    is_digest: Mapped[bool]
    state: Mapped[str]
    tries: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    code: Mapped[int | None]
    made_at: Mapped[datetime]
    again_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
