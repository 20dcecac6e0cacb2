"""Plane work, at a central only: where else an edition was made known. Added and withdrawn, never changed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from tenants.db import Model, TenantOwned, id_column


class Elsewhere(TenantOwned, Model):
    """One further publication of an edition, with a link or a photograph as evidence.

    Source: SOP 03/SOP-PPID baris 5 (sarana informasi lainnya).
    """

    __tablename__ = "elsewhere"
    __table_args__ = (Index("elsewhere_edition", "tenant_id", "edition_n", "id"), {"schema": "work"})

    id: Mapped[UUID] = id_column()
    edition_n: Mapped[int]
    medium: Mapped[str]
    place: Mapped[str]
    published_on: Mapped[date]
    published_by: Mapped[str]
    url: Mapped[str]
    document_id: Mapped[UUID | None]
    noted_by: Mapped[str]
    noted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_why: Mapped[str | None]
