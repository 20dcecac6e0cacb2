"""Plane work, at a central only: drafts of decisions, determinations with what each froze, and how letters are written.

What a unit gets of a determination is in `handed_models`.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned, id_column

SCHEMA = {"schema": "work"}


class Determination(TenantOwned, Model):
    """A signed decision. States: determined, dicabut (`revoked`).

    `links` names the determinations it amends or revokes; `style` is how its letter is written, as it was set that day.
    """

    __tablename__ = "determination"
    __table_args__ = (UniqueConstraint("tenant_id", "number"), SCHEMA)

    id: Mapped[UUID] = id_column()
    number: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    signatory: Mapped[str]
    signatory_position: Mapped[str]
    place: Mapped[str]
    dated_on: Mapped[date]
    document_id: Mapped[UUID | None]
    state: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    code: Mapped[str] = mapped_column(server_default=text("''"), default="")
    tests: Mapped[str] = mapped_column(server_default=text("''"), default="")
    reason: Mapped[str] = mapped_column(server_default=text("''"), default="")
    links: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"), default=list)
    style: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"), default=dict)
    draft_id: Mapped[UUID | None]


class DeterminationItem(TenantOwned, Model):
    """An item as the determination froze it, with its last closed day counted from the determination.

    `earlier_id` is the determination that covered it before, `note` why this item opens.
    """

    __tablename__ = "determination_item"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "determination_id"], ["work.determination.tenant_id", "work.determination.id"]
        ),
        SCHEMA,
    )

    determination_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]
    hash: Mapped[str]
    ends_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(server_default=text("''"), default="")
    earlier_id: Mapped[UUID | None]


class DeterminationDraft(TenantOwned, Model):
    """A decision being prepared: draft, awaiting_superior, returned, approved, determined, cancelled.

    `mark` is the hash of what the superior approved; a draft that was changed since has another.
    """

    __tablename__ = "determination_draft"
    __table_args__ = (Index("determination_draft_state", "tenant_id", "state"), SCHEMA)

    id: Mapped[UUID] = id_column()
    kind: Mapped[str]
    state: Mapped[str]
    title: Mapped[str]
    signatory: Mapped[str]
    signatory_position: Mapped[str]
    place: Mapped[str]
    tests: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    created_by_name: Mapped[str]
    sent_at: Mapped[datetime | None]
    sent_by_name: Mapped[str] = mapped_column(server_default=text("''"), default="")
    due_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    answered_by_name: Mapped[str] = mapped_column(server_default=text("''"), default="")
    note: Mapped[str] = mapped_column(server_default=text("''"), default="")
    mark: Mapped[str] = mapped_column(server_default=text("''"), default="")
    determination_id: Mapped[UUID | None]


class DraftItem(TenantOwned, Model):
    """An entry that a draft is about, and the state it goes back to when the draft comes to nothing."""

    __tablename__ = "determination_draft_item"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "draft_id"],
            ["work.determination_draft.tenant_id", "work.determination_draft.id"],
            ondelete="CASCADE",
        ),
        Index("determination_draft_item_entry", "tenant_id", "item_id"),
        SCHEMA,
    )

    draft_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    was: Mapped[str]


class DeterminationFile(TenantOwned, Model):
    """A paper of a determination in the vault: a volume of the `letter` we made, or a `signed` copy that came back.

    `findings` says what was read from a signed copy: signatures, whether it is this letter, what stood in the way.
    """

    __tablename__ = "determination_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "determination_id"], ["work.determination.tenant_id", "work.determination.id"]
        ),
        SCHEMA,
    )

    determination_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    document_id: Mapped[UUID]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger())
    sha256: Mapped[str]
    findings: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"), default=dict)
    added_by_name: Mapped[str]
    added_at: Mapped[datetime]


class LetterStyle(TenantOwned, Model):
    """How a central writes its letters; one row, of the newest setting."""

    __tablename__ = "letter_style"
    __table_args__ = SCHEMA

    said: Mapped[dict[str, Any]]
    set_by: Mapped[str]
    set_at: Mapped[datetime]
