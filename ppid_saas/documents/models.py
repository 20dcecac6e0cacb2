"""Plane work: documents of a tenant and their versions, each one sealed object in the vault."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned, id_column

SCHEMA = {"schema": "work"}


class Document(TenantOwned, Model):
    """A document by its name; `kind` says what it serves (import, letter, attachment)."""

    __tablename__ = "document"
    __table_args__ = SCHEMA

    id: Mapped[UUID] = id_column()
    kind: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]


class DocumentVersion(TenantOwned, Model):
    """One stored version: where its object lies, what it measures, and the data key wrapped for this tenant."""

    __tablename__ = "document_version"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "document_id"], ["work.document.tenant_id", "work.document.id"]),
        SCHEMA,
    )

    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
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
