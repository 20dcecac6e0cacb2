"""Plane work: documents of a tenant and their versions, each one sealed object in the vault."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned, id_column

SCHEMA = {"schema": "work"}


class Document(TenantOwned, Model):
    """A document by its name; `kind` says what it serves (import, letter, attachment).

    How long it is kept counts from `kept_from`: the years in use, the years out of use, and then its `fate`. Whatever
    of it was destroyed keeps its rows, without the keys.
    """

    __tablename__ = "document"
    __table_args__ = SCHEMA

    id: Mapped[UUID] = id_column()
    kind: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    security_class: Mapped[str] = mapped_column(server_default=text("''"), default="")
    kept_from: Mapped[date | None]
    active_years: Mapped[int | None]
    inactive_years: Mapped[int | None]
    fate: Mapped[str] = mapped_column(server_default=text("''"), default="")
    destroyed_at: Mapped[datetime | None]


class DocumentVersion(TenantOwned, Model):
    """One stored version: where its object lies, what it measures, and the data key wrapped for this tenant."""

    __tablename__ = "document_version"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "document_id"], ["work.document.tenant_id", "work.document.id"]),
        Index("document_version_content", "tenant_id", "sha_plain"),
        SCHEMA,
    )

    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    object_id: Mapped[UUID]
    bucket: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger())
    stored_size: Mapped[int] = mapped_column(BigInteger())
    sha_plain: Mapped[str]
    sha_cipher: Mapped[str]
    key: Mapped[bytes]
    key_n: Mapped[int]
    created_at: Mapped[datetime]


class DocumentHold(TenantOwned, Model):
    """A dispute about what a document holds: while it is open nothing of the document is destroyed."""

    __tablename__ = "document_hold"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "document_id"], ["work.document.tenant_id", "work.document.id"]),
        SCHEMA,
    )

    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str]
    forum: Mapped[str]
    noted_at: Mapped[datetime]
    noted_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(server_default=text("''"), default="")


class Disposal(TenantOwned, Model):
    """Somebody asks that a document be destroyed, somebody else decides. `versions` says what it was: sizes and hashes."""

    __tablename__ = "disposal"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "document_id"], ["work.document.tenant_id", "work.document.id"]),
        Index("disposal_document", "tenant_id", "document_id"),
        SCHEMA,
    )

    id: Mapped[UUID] = id_column()
    document_id: Mapped[UUID]
    name: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
    asked_by_name: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str] = mapped_column(server_default=text("''"), default="")
    minutes: Mapped[str] = mapped_column(server_default=text("''"), default="")
    note: Mapped[str] = mapped_column(server_default=text("''"), default="")
    versions: Mapped[list[Any]]


class Redaction(TenantOwned, Model):
    """A copy for the public with the closed parts blacked out: a document of its own, made from one version of another.

    `n` is the version that was approved; it has neither links nor keys of its original.
    """

    __tablename__ = "redaction"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "document_id"], ["work.document.tenant_id", "work.document.id"]),
        ForeignKeyConstraint(
            ["tenant_id", "original_id", "original_n"],
            [
                "work.document_version.tenant_id",
                "work.document_version.document_id",
                "work.document_version.n",
            ],
        ),
        Index("redaction_original", "tenant_id", "original_id"),
        SCHEMA,
    )

    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    original_id: Mapped[UUID]
    original_n: Mapped[int]
    state: Mapped[str]
    n: Mapped[int | None]
    made_by: Mapped[UUID | None]
    made_by_name: Mapped[str]
    made_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str] = mapped_column(server_default=text("''"), default="")
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(server_default=text("''"), default="")


class ReceivedKey(TenantOwned, Model):
    """The data key of a received file, sealed anew to a later key of its reader; what was handed over stays as it is."""

    __tablename__ = "received_key"
    __table_args__ = SCHEMA

    writer_id: Mapped[UUID] = mapped_column(primary_key=True)
    object_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[bytes]
    key_n: Mapped[int]
