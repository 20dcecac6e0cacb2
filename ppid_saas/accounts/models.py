"""Plane identity: tenants, people, what proves who they are. Written by role app_identity alone.

`Contact` alone is of plane work: what a central itself wrote down about whom to reach in its units.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import IDENTITY_BIND, Model, TenantOwned, new_id

SCHEMA = {"schema": "identity"}


class Tenant(Model):
    """A Badan Publik or its part. A central has slug `pusat`; units stand below it in the same region."""

    __tablename__ = "tenant"
    __bind_key__ = IDENTITY_BIND
    __table_args__ = (UniqueConstraint("region", "slug"), SCHEMA)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region: Mapped[str]
    slug: Mapped[str]
    kind: Mapped[str]
    category: Mapped[str]
    name: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity.tenant.id"), index=True)
    recipient_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity.tenant.id"), index=True)
    portal_host: Mapped[str | None]
    zone: Mapped[str] = mapped_column(server_default=text("'Asia/Jakarta'"))
    sessions_from: Mapped[datetime] = mapped_column(server_default=func.now())
    disabled_at: Mapped[datetime | None]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Person(Model):
    """Someone who signs in. Raising `epoch` ends every session of theirs at the next request."""

    __tablename__ = "person"
    __bind_key__ = IDENTITY_BIND
    __table_args__ = (
        Index("person_email", text("lower(email)"), unique=True),
        Index("person_operator", "disabled_at", postgresql_where=text("is_operator")),
        SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str]
    name: Mapped[str]
    position: Mapped[str] = mapped_column(server_default=text("''"))
    epoch: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    is_operator: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    disabled_at: Mapped[datetime | None]


class Credential(Model):
    """One proof of a person: for now an argon2id password hash."""

    __tablename__ = "credential"
    __bind_key__ = IDENTITY_BIND
    __table_args__ = SCHEMA

    person_id: Mapped[UUID] = mapped_column(ForeignKey("identity.person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    secret: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Membership(Model):
    """A role of a person in a tenant; a person may hold several, in several tenants."""

    __tablename__ = "membership"
    __bind_key__ = IDENTITY_BIND
    __table_args__ = (Index("membership_tenant", "tenant_id"), SCHEMA)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("identity.person.id"), primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("identity.tenant.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class Invitation(Model):
    """A one-time link by which an invited person sets a password. Only its hash is kept."""

    __tablename__ = "invitation"
    __bind_key__ = IDENTITY_BIND
    __table_args__ = SCHEMA

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("identity.person.id"), index=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("identity.tenant.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInSession(Model):
    """A server-side session: the cookie holds a random id, this row its hash."""

    __tablename__ = "session"
    __bind_key__ = IDENTITY_BIND
    __table_args__ = SCHEMA

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity.person.id"), index=True)
    person_epoch: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    fresh_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class FilesPass(Model):
    """What the office gives a page that sends files: on the files surface it stands for the session, and dies with it."""

    __tablename__ = "files_pass"
    __bind_key__ = IDENTITY_BIND
    __table_args__ = SCHEMA

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    session_hash: Mapped[bytes] = mapped_column(
        ForeignKey("identity.session.hash", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ApiKey(Model):
    """A key of a program: acts in one tenant on behalf of one person, with that person's roles there."""

    __tablename__ = "api_key"
    __bind_key__ = IDENTITY_BIND
    __table_args__ = SCHEMA

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("identity.tenant.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("identity.person.id"))
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SignInAttempt(Model):
    """The sign-in counter: failures per account and per address within a window, kept where Valkey cannot lose it."""

    __tablename__ = "sign_in_attempt"
    __bind_key__ = IDENTITY_BIND
    __table_args__ = SCHEMA

    key: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int]
    window_ends_at: Mapped[datetime] = mapped_column(index=True)


class Contact(TenantOwned, Model):
    """Whom a central invited in a unit and how to reach her; `phone` is a number as wa.me wants it, or empty."""

    __tablename__ = "contact"
    __table_args__ = {"schema": "work"}  # noqa: RUF012  # SQLAlchemy's own shape

    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    position: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str]
    invited_at: Mapped[datetime]
