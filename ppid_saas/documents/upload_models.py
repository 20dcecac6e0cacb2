"""Plane work: files on their way in, piece by piece. What has arrived whole and sound becomes a document."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned, id_column

SCHEMA = {"schema": "work"}


class Upload(TenantOwned, Model):
    """A file that was announced: how large it will be, how much is here, and what became of it.

    `room` is the reservation that holds its place, `key` the sealed key of its pieces. `document_id` is the document
    it shall be a new version of, and later the one it became.
    """

    __tablename__ = "upload"
    __table_args__ = (Index("upload_state", "tenant_id", "state", "expires_at"), SCHEMA)

    id: Mapped[UUID] = id_column()
    name: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger())
    received: Mapped[int] = mapped_column(BigInteger(), default=0)
    room: Mapped[UUID]
    key: Mapped[bytes]
    key_n: Mapped[int]
    state: Mapped[str]
    refusal: Mapped[str | None]
    document_id: Mapped[UUID | None]
    created_by: Mapped[UUID | None]
    created_by_name: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class UploadPiece(TenantOwned, Model):
    """One piece that is here: where in the file it begins, and the name its object has in quarantine."""

    __tablename__ = "upload_piece"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "upload_id"], ["work.upload.tenant_id", "work.upload.id"], ondelete="CASCADE"
        ),
        SCHEMA,
    )

    upload_id: Mapped[UUID] = mapped_column(primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    size: Mapped[int]
    name: Mapped[UUID]
