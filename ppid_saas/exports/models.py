"""Plane work: what came along from another installation as it was written there, to be read and never changed."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned

SCHEMA = {"schema": "work"}


class PastRow(TenantOwned, Model):
    """One row of another installation's books, as its export had it: what was handed over, what happened, what was charged.

    `source` is the table it stood in. Nothing here is handed to anyone again.
    """

    __tablename__ = "past_row"
    __table_args__ = SCHEMA

    source: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row: Mapped[dict[str, Any]]
