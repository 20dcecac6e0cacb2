"""Plane publication: what is public. Written by its central, read by everyone through granted columns."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Computed, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, Published

SCHEMA = {"schema": "publication"}


class PublishedList(Published, Model):
    """A central's list for the public; the row whose lock orders every change of it."""

    __tablename__ = "list"
    __table_args__ = (UniqueConstraint("slug"), SCHEMA)

    slug: Mapped[str]
    host: Mapped[str | None]
    name: Mapped[str]
    region_name: Mapped[str]
    zone: Mapped[str]
    next_seq: Mapped[int] = mapped_column(BigInteger(), server_default=text("1"), default=1)
    next_code: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    next_edition: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    edition_in_force: Mapped[int | None]


class PublishedUnit(Published, Model):
    """A unit as the public knows it."""

    __tablename__ = "unit"
    __table_args__ = SCHEMA

    slug: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    is_nil: Mapped[bool] = mapped_column(server_default=text("false"), default=False)


class Code(Published, Model):
    """The public code of an item, minted at first publication. `item_id` is never granted to the public role."""

    __tablename__ = "code"
    __table_args__ = (UniqueConstraint("central_id", "item_id"), SCHEMA)

    code: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[UUID]


class Edition(Published, Model):
    """A frozen list: number, hash over its canonical JSON, hash of the edition before, determination."""

    __tablename__ = "edition"
    __table_args__ = SCHEMA

    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str]
    previous_sha256: Mapped[str | None]
    determination: Mapped[dict[str, Any]]
    item_count: Mapped[int]
    published_on: Mapped[date]
    published_at: Mapped[datetime]
    retracted_at: Mapped[datetime | None]
    retraction_reason: Mapped[str | None]


class EditionItem(Published, Model):
    """One public body in one edition."""

    __tablename__ = "edition_item"
    __table_args__ = (
        ForeignKeyConstraint(
            ["central_id", "n"], ["publication.edition.central_id", "publication.edition.n"]
        ),
        UniqueConstraint("central_id", "n", "position"),
        SCHEMA,
    )

    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    unit: Mapped[str]
    body: Mapped[dict[str, Any]]
    hash: Mapped[str]


class EditionFile(Published, Model):
    """A file of an edition, made once, kept in the editions bucket."""

    __tablename__ = "file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["central_id", "n"], ["publication.edition.central_id", "publication.edition.n"]
        ),
        SCHEMA,
    )

    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    format: Mapped[str] = mapped_column(primary_key=True)
    object_id: Mapped[UUID]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger())
    sha256: Mapped[str]


class Change(Published, Model):
    """One step of the list: `upsert` with a body, or `tombstone` with reason and date and no title."""

    __tablename__ = "change"
    __table_args__ = SCHEMA

    seq: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    op: Mapped[str]
    code: Mapped[str]
    edition_n: Mapped[int | None]
    digest: Mapped[str | None]
    body: Mapped[dict[str, Any] | None]
    reason: Mapped[str | None]
    at: Mapped[datetime]


class LiveItem(Published, Model):
    """The fold of `change`, kept by the same transaction so that the public can search it by index."""

    __tablename__ = "live_item"
    __table_args__ = (
        Index("live_item_tsv", "tsv", postgresql_using="gin"),
        Index("live_item_by_end", "central_id", "ends_on", "code"),
        SCHEMA,
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger())
    unit: Mapped[str]
    title: Mapped[str]
    letters: Mapped[list[str]]
    ends_on: Mapped[date | None]
    edition_n: Mapped[int]
    digest: Mapped[str]
    body: Mapped[dict[str, Any]]
    tsv: Mapped[str] = mapped_column(
        TSVECTOR(),
        Computed(
            "to_tsvector('indonesian'::regconfig, coalesce(title, '') || ' ' || coalesce(code, '') || ' '"
            " || coalesce(body ->> 'unit_name', ''))",
            persisted=True,
        ),
    )


class OpenedItem(Published, Model):
    """An item that left the list because it became public: its last public body, how it opened, its row of the DIP.

    Source: PP 61/2010 Ps 10, Ps 11; Perki 1/2021 (columns of the daftar informasi publik).
    """

    __tablename__ = "opened"
    __table_args__ = (Index("opened_by_day", "central_id", "opens_on", "code"), SCHEMA)

    code: Mapped[str] = mapped_column(primary_key=True)
    how: Mapped[str]
    opens_on: Mapped[date]
    basis: Mapped[str]
    body: Mapped[dict[str, Any]]
    dip: Mapped[dict[str, Any]]
