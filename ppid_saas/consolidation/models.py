"""Plane work, at a central only: accepted items of all units, each with the snapshot it came from."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Computed, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ppid_saas.register.models import CITED
from tenants.db import Model, TenantOwned

SCHEMA = {"schema": "work"}


class Entry(TenantOwned, Model):
    """One item of one unit at the central, in the version last handed in."""

    __tablename__ = "entry"
    __table_args__ = (
        Index(
            "entry_by_end",
            "tenant_id",
            "sort_on",
            "item_id",
            postgresql_include=["ends_on", "sender_slug", "state", "period_kind", "codes"],
        ),
        Index("entry_state", "tenant_id", "state"),
        Index("entry_submission", "tenant_id", "submission_id"),
        SCHEMA,
    )

    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    sender_id: Mapped[UUID]
    sender_slug: Mapped[str]
    sender_name: Mapped[str]
    submission_id: Mapped[UUID]
    position: Mapped[int]
    version: Mapped[int]
    hash: Mapped[str]
    title: Mapped[str]
    body: Mapped[dict[str, Any]]
    state: Mapped[str]
    ends_on: Mapped[date | None]
    review_on: Mapped[date | None]
    sort_on: Mapped[date]
    determination_id: Mapped[UUID | None]
    code: Mapped[str | None]
    internal_note: Mapped[str] = mapped_column(server_default=text("''"), default="")
    updated_at: Mapped[datetime]
    # what lists are filtered by: counted from the index alone, however long the bodies are
    period_kind: Mapped[str | None] = mapped_column(Computed("body -> 'period' ->> 'kind'", persisted=True))
    codes: Mapped[list[Any]] = mapped_column(Computed(CITED, persisted=True))
    before: Mapped[dict[str, Any] | None]  # what it was before this submission, in case it is withdrawn


class ReviewLine(TenantOwned, Model):
    """One item of a submission on the reviewer's desk: what it is compared with, and the answer while it can be undone.

    `gone` lines are items the unit handed in before and left out now; they ask for a look, not for an answer.
    `was` is the state the entry had when this submission came in.
    """

    __tablename__ = "review_line"
    __table_args__ = (Index("review_line_order", "tenant_id", "submission_id", "position"), SCHEMA)

    submission_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]
    kind: Mapped[str]
    hash: Mapped[str]
    base_id: Mapped[UUID | None]
    base_on: Mapped[date | None]
    base_accepted: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    was: Mapped[str | None]
    attention: Mapped[bool]
    verdict: Mapped[str | None]
    note: Mapped[str] = mapped_column(server_default=text("''"), default="")
    field: Mapped[str] = mapped_column(server_default=text("''"), default="")
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    action_id: Mapped[UUID | None]


class ReviewTurn(TenantOwned, Model):
    """Who reviews a submission: appended, the highest `n` counts; whoever takes over says why."""

    __tablename__ = "review_turn"
    __table_args__ = SCHEMA

    submission_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[UUID]
    person_name: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


class ReviewMark(TenantOwned, Model):
    """That a reviewer has looked at an item as it then was: with another hash the mark no longer counts."""

    __tablename__ = "review_mark"
    __table_args__ = SCHEMA

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str]
    at: Mapped[datetime]


class ReviewReason(TenantOwned, Model):
    """A reason this central often gives: the word on the chip and the sentence it writes."""

    __tablename__ = "review_reason"
    __table_args__ = SCHEMA

    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    label: Mapped[str]
    sentence: Mapped[str]


class MatchItem(TenantOwned, Model):
    """Under which keys an entry is looked up, made from the content whose hash stands here."""

    __tablename__ = "match_item"
    __table_args__ = SCHEMA

    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str]
    keys: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))


class MatchKey(TenantOwned, Model):
    """One key of one entry: items that may say the same share one.

    Similarity operators are not leakproof, so row security keeps them from any index; equal numbers are.
    """

    __tablename__ = "match_key"
    __table_args__ = SCHEMA

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)


class Match(TenantOwned, Model):
    """Two entries that say the same, why, and what a person decided; the lower id comes first.

    A decision counts while both contents are those it was made for. One that was overtaken stays in `earlier`.
    """

    __tablename__ = "match"
    __table_args__ = (Index("match_other", "tenant_id", "item_b"), SCHEMA)

    item_a: Mapped[UUID] = mapped_column(primary_key=True)
    item_b: Mapped[UUID] = mapped_column(primary_key=True)
    hash_a: Mapped[str]
    hash_b: Mapped[str]
    score: Mapped[int]
    kinds: Mapped[list[str]]
    reasons: Mapped[list[Any]]
    found_at: Mapped[datetime]
    verdict: Mapped[str | None]
    model_id: Mapped[UUID | None]  # the item that the other is to be aligned to
    sent_back: Mapped[UUID | None]  # the submission in which the other was sent back for it
    note: Mapped[str] = mapped_column(server_default=text("''"), default="")
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    earlier: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"), default=list)
