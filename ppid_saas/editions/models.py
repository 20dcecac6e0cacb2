"""Plane work, at a central only: an edition while it is prepared. What is published lives in `publication`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned, id_column

SCHEMA = {"schema": "work"}


class EditionDraft(TenantOwned, Model):
    """Prepared by one person, to be published by another. `items` are the public bodies, `sha256` binds them.

    States: rendering, ready, published. `files` describes what lies in the editions bucket once the draft is ready.
    """

    __tablename__ = "edition_draft"
    __table_args__ = SCHEMA

    id: Mapped[UUID] = id_column()
    n: Mapped[int | None]
    state: Mapped[str]
    determination_id: Mapped[UUID]
    keep_others: Mapped[bool]
    items: Mapped[list[Any]]
    sha256: Mapped[str]
    files: Mapped[list[Any]] = mapped_column(default=list)
    job_id: Mapped[UUID | None]
    prepared_by: Mapped[UUID | None]
    prepared_by_name: Mapped[str]
    prepared_at: Mapped[datetime]
    published_by: Mapped[UUID | None]
    published_by_name: Mapped[str | None]
