"""Plane work, at a central only: rounds of tested items, their sheets, sittings, and the board's opinions.

A round is the central's walk through the testing SOP: what one submission brought, or items taken up for a cause of
their own. A sheet is an item's body, for the sheet is the item's reasoning; every version stays.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned, id_column

SCHEMA = {"schema": "work"}
_AT_ROUND = (["tenant_id", "round_id"], ["work.test_round.tenant_id", "work.test_round.id"])
_AT_SITTING = (["tenant_id", "sitting_id"], ["work.sitting.tenant_id", "work.sitting.id"])


class Round(TenantOwned, Model):
    """What is tested together: the accepted items of a submission (its id is the round's too), or items taken up alone."""

    __tablename__ = "test_round"
    __table_args__ = (Index("test_round_open", "tenant_id", "advised_at"), SCHEMA)

    id: Mapped[UUID] = id_column()
    title: Mapped[str]
    submission_id: Mapped[UUID | None]
    trigger: Mapped[str]
    trigger_note: Mapped[str]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    quorum: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    members: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    passed_at: Mapped[datetime | None]
    advised_at: Mapped[datetime | None]
    advice_number: Mapped[str] = mapped_column(server_default=text("''"), default="")
    advice_note: Mapped[str] = mapped_column(server_default=text("''"), default="")
    advice_document_id: Mapped[UUID | None]


class Sheet(TenantOwned, Model):
    """One version of an item's test sheet: the body as tested, its outcome and why. Only ever added; the highest counts.

    `hash` is that of the entry when the test began: handed in anew with other contents, the item is untested again.
    """

    __tablename__ = "test"
    __table_args__ = (ForeignKeyConstraint(*_AT_ROUND), Index("test_of_item", "tenant_id", "item_id"), SCHEMA)

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stage: Mapped[str]
    hash: Mapped[str]
    body: Mapped[dict[str, Any]]
    outcome: Mapped[str]
    reason: Mapped[str]
    author: Mapped[str]
    at: Mapped[datetime]


class Opinion(TenantOwned, Model):
    """What one member of the board thinks of one item; without `given_at` it is her draft and nobody else's."""

    __tablename__ = "opinion"
    __table_args__ = (ForeignKeyConstraint(*_AT_ROUND), SCHEMA)

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_name: Mapped[str]
    view: Mapped[str]
    reason: Mapped[str]
    saved_at: Mapped[datetime]
    given_at: Mapped[datetime | None]


class Sitting(TenantOwned, Model):
    """A meeting that tests items: when, where, and the minutes it left."""

    __tablename__ = "sitting"
    __table_args__ = (UniqueConstraint("tenant_id", "n"), SCHEMA)

    id: Mapped[UUID] = id_column()
    n: Mapped[int]
    title: Mapped[str]
    held_on: Mapped[date]
    begins: Mapped[str]
    place: Mapped[str]
    chair: Mapped[str]
    minutes_number: Mapped[str] = mapped_column(server_default=text("''"), default="")
    closed_at: Mapped[datetime | None]
    minutes_id: Mapped[UUID | None]
    created_at: Mapped[datetime]


class SittingItem(TenantOwned, Model):
    """One item on the agenda: why it is there, and what was decided, with dissent. `version` guards two officers at once."""

    __tablename__ = "sitting_item"
    __table_args__ = (ForeignKeyConstraint(*_AT_SITTING), ForeignKeyConstraint(*_AT_ROUND), SCHEMA)

    sitting_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID]
    position: Mapped[int]
    why: Mapped[list[str]] = mapped_column(server_default=text("'{}'"), default=list)
    notes: Mapped[str] = mapped_column(server_default=text("''"), default="")
    outcome: Mapped[str] = mapped_column(server_default=text("''"), default="")
    reason: Mapped[str] = mapped_column(server_default=text("''"), default="")
    dissent: Mapped[str] = mapped_column(server_default=text("''"), default="")
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    decided_by: Mapped[str] = mapped_column(server_default=text("''"), default="")
    decided_at: Mapped[datetime | None]


class SittingPerson(TenantOwned, Model):
    """Someone asked to a sitting: by name and position, or as a member who can sign here."""

    __tablename__ = "sitting_person"
    __table_args__ = (ForeignKeyConstraint(*_AT_SITTING), SCHEMA)

    sitting_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    position: Mapped[str]
    body: Mapped[str]
    person_id: Mapped[UUID | None]
    present: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    signed_at: Mapped[datetime | None]
