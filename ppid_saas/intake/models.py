"""Plane work: one import and its rows, kept until its undo is past. Plane exchange: what a central says of headings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ppid_saas.intake.rules.bodies import body_of
from tenants.db import Exchanged, Model, TenantOwned, id_column

SCHEMA = {"schema": "work"}
ENDED = ("saved", "undone")


class ImportBatch(TenantOwned, Model):
    """One file brought in: states uploaded, understood, checked, saved, undone, unreadable.

    Rows that the central handed over come without a file: no document, and `preview["source"]` says which they are.
    """

    __tablename__ = "import_batch"
    __table_args__ = SCHEMA

    id: Mapped[UUID] = id_column()
    document_id: Mapped[UUID | None]
    job_id: Mapped[UUID | None]
    filename: Mapped[str]
    state: Mapped[str]
    sheet: Mapped[str] = mapped_column(server_default=text("''"), default="")
    header_top: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    header_depth: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    columns: Mapped[list[Any]] = mapped_column(default=list)
    preview: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problem: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]


class ImportRow(TenantOwned, Model):
    """One row of the file: its cells as read, what is wrong with them, and what became of the row.

    `fate` compares it with the register: new, alike (a person must say), changed, same, locked. `match` says how its item
    was found and in which version, which cells stay as they are, and what the item was before the import changed it.
    A new row is given the id of its item as it is read; whether there is such an item yet, `became` knows.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "batch_id"],
            ["work.import_batch.tenant_id", "work.import_batch.id"],
            ondelete="CASCADE",
        ),
        SCHEMA,
    )

    batch_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    cells: Mapped[dict[str, Any]]
    problems: Mapped[list[Any]] = mapped_column(default=list)
    fate: Mapped[str] = mapped_column(server_default=text("'new'"), default="new")
    match: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"), default=dict)
    take: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    item_id: Mapped[UUID | None]

    def became(self, batch: ImportBatch) -> UUID | None:
        """The item that the row was made into, or that it changed."""
        return self.item_id if self.take and batch.state in ENDED else None

    @property
    def body(self) -> dict[str, Any]:
        """The item that the cells stand for; read from them anew, which is cheaper than keeping it beside them."""
        return body_of(self.cells) if self.kind == "data" else {}


class ColumnOffer(Exchanged, Model):
    """What the headings of a form mean, said by a central to one unit; `columns` are heading and field, in order."""

    __tablename__ = "column_offer"
    __table_args__ = (Index("column_offer_reader", "reader_id", "writer_id", "id"), {"schema": "exchange"})

    id: Mapped[UUID] = id_column()
    filename: Mapped[str]
    columns: Mapped[list[Any]]
    given_by: Mapped[str]
    given_at: Mapped[datetime]
