"""Plane ops: short links of messages. A link is a pointer to a page of one tenant, never a key to it."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned


class Link(TenantOwned, Model):
    """A short code for a page inside the tenant's space; `path` is what follows the space's own address."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("tenant_id", "path"), {"schema": "ops"})

    code: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str]
    made_at: Mapped[datetime]
