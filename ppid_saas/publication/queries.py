"""Read what is public: lists, editions, the change feed and its fold. The portal and the office ask here alike.

Every query names its central, and only columns granted to the public are read. What is public needs no permission.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import query
from ppid_saas.publication.models import (
    Change,
    Code,
    Edition,
    EditionFile,
    EditionItem,
    LiveItem,
    OpenedItem,
    PublishedList,
    PublishedUnit,
)
from tenants import context
from tenants.db import db

PAGE_LIMIT = 500
WITHHELD = "Isi butir ini sudah ditarik; perubahan berikutnya menyatakan alasannya."
_LIST = (
    PublishedList.central_id, PublishedList.slug, PublishedList.host, PublishedList.name, PublishedList.region_name,
    PublishedList.zone, PublishedList.edition_in_force, PublishedList.next_seq - 1,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A published list; `seq` is its last change."""

    central_id: UUID
    slug: str
    host: str | None
    name: str
    region_name: str
    zone: str
    edition_in_force: int | None
    seq: int


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one item, without its body."""

    seq: int
    op: str
    edition: int | None
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the feed: changes in `seq` order, the cursor to go on from, whether more is there already."""

    changes: tuple[dict[str, Any], ...]
    cursor: int
    more: bool


@dataclass(frozen=True, slots=True)
class Counters:
    """Where a list stands: the next edition and code numbers, and the codes items already have."""

    slug: str
    zone: str
    next_edition: int
    next_code: int
    codes: Mapping[UUID, str]


@query("edition.read")
def counters() -> Counters:
    """Where the bound central's list stands, for preparing an edition; the public cannot read this."""
    central = context.tenant_id()
    row = db.session.execute(
        select(PublishedList)
        .where(PublishedList.central_id == central)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        raise NotFoundError
    chosen = select(Code.item_id, Code.code).where(Code.central_id == central)
    known = {row[0]: row[1] for row in db.session.execute(chosen)}
    return Counters(row.slug, row.zone, row.next_edition, row.next_code, known)


def lists() -> list[ListFacts]:
    """Every published list, by region name."""
    return [ListFacts(*row) for row in db.session.execute(select(*_LIST).order_by(PublishedList.region_name))]


def find_list(slug: str) -> ListFacts | None:
    """One list by the slug of its region."""
    return _one_list(PublishedList.slug == slug)


def list_of(central_id: UUID) -> ListFacts | None:
    """The list of one central."""
    return _one_list(PublishedList.central_id == central_id)


def _one_list(condition: ColumnElement[bool]) -> ListFacts | None:
    row = db.session.execute(select(*_LIST).where(condition)).one_or_none()
    return ListFacts(*row) if row else None


def editions(central_id: UUID) -> Sequence[Edition]:
    """All editions, newest first, the retracted ones too."""
    chosen = select(Edition).where(Edition.central_id == central_id).order_by(Edition.n.desc())
    return db.session.execute(chosen).scalars().all()


def find_edition(central_id: UUID, n: int) -> Edition | None:
    """One edition by its number."""
    chosen = select(Edition).where(Edition.central_id == central_id, Edition.n == n)
    return db.session.execute(chosen).scalar_one_or_none()


def edition_bodies(central_id: UUID, n: int, first: int = 0, most: int | None = None) -> list[dict[str, Any]]:
    """The public bodies of an edition in their order, or `most` of them after the `first`; none of a retracted edition."""
    edition = find_edition(central_id, n)
    if edition is None or edition.retracted_at:
        return []
    chosen = (
        select(EditionItem.body)
        .where(EditionItem.central_id == central_id, EditionItem.n == n)
        .order_by(EditionItem.position)
        .offset(first)
        .limit(most)
    )
    return list(db.session.execute(chosen).scalars())


def edition_files(central_id: UUID, n: int) -> Sequence[EditionFile]:
    """The files of an edition, by format."""
    chosen = select(EditionFile).where(EditionFile.central_id == central_id, EditionFile.n == n)
    return db.session.execute(chosen.order_by(EditionFile.format)).scalars().all()


def live_bodies(central_id: UUID) -> list[dict[str, Any]]:
    """The public bodies in force, by code."""
    chosen = select(LiveItem.body).where(LiveItem.central_id == central_id).order_by(_code_order())
    return list(db.session.execute(chosen).scalars())


def find_live(central_id: UUID, code: str) -> LiveItem | None:
    """One item in force."""
    chosen = select(LiveItem).where(LiveItem.central_id == central_id, LiveItem.code == code)
    return db.session.execute(chosen).scalar_one_or_none()


def history(central_id: UUID, code: str) -> list[Step]:
    """The steps of one item, oldest first."""
    chosen = (
        select(Change.seq, Change.op, Change.edition_n, Change.reason, Change.at)
        .where(Change.central_id == central_id, Change.code == code)
        .order_by(Change.seq)
    )
    return [Step(*row) for row in db.session.execute(chosen)]


def opened_items(central_id: UUID, first: int = 0, most: int | None = None) -> Sequence[OpenedItem]:
    """What became public, newest first.

    Source: PP 61/2010 Ps 10, Ps 11.
    """
    chosen = select(OpenedItem).where(OpenedItem.central_id == central_id)
    ordered = chosen.order_by(OpenedItem.opens_on.desc(), OpenedItem.code).offset(first).limit(most)
    return db.session.execute(ordered).scalars().all()


def count_opened(central_id: UUID) -> int:
    """How many items became public."""
    counted = select(func.count()).select_from(OpenedItem).where(OpenedItem.central_id == central_id)
    return db.session.execute(counted).scalar_one()


def find_opened(central_id: UUID, code: str) -> OpenedItem | None:
    """One item that became public."""
    chosen = select(OpenedItem).where(OpenedItem.central_id == central_id, OpenedItem.code == code)
    return db.session.execute(chosen).scalar_one_or_none()


def units(central_id: UUID) -> Sequence[PublishedUnit]:
    """The units the public knows, by name."""
    chosen = select(PublishedUnit).where(PublishedUnit.central_id == central_id).order_by(PublishedUnit.name)
    return db.session.execute(chosen).scalars().all()


def changes(central_id: UUID, cursor: int, limit: int) -> Page:
    """The changes after `cursor`. Commit order is `seq` order, so nothing can appear behind a cursor later."""
    chosen = (
        select(Change)
        .where(Change.central_id == central_id, Change.seq > cursor)
        .order_by(Change.seq)
        .limit(min(limit, PAGE_LIMIT) + 1)
    )
    rows = db.session.execute(chosen).scalars().all()
    kept = rows[: min(limit, PAGE_LIMIT)]
    return Page(tuple(_told(row) for row in kept), kept[-1].seq if kept else cursor, len(rows) > len(kept))


def _told(row: Change) -> dict[str, Any]:
    """A change as the feed tells it. A body that was recalled since is told as gone, never as it was."""
    gone = row.body is None
    return {
        "seq": row.seq,
        "op": "tombstone" if gone else "upsert",
        "code": row.code,
        "edition": row.edition_n,
        "at": row.at.isoformat(timespec="seconds"),
        "reason": (row.reason or WITHHELD) if gone else None,
        "digest": row.digest,
        "item": row.body,
    }


def snapshot(central_id: UUID) -> tuple[int, list[dict[str, Any]]]:
    """The last `seq` and the fold as of exactly that change, in one statement and so of one moment."""
    bodies = (
        select(func.coalesce(func.jsonb_agg(LiveItem.body), func.jsonb_build_array()))
        .where(LiveItem.central_id == central_id)
        .scalar_subquery()
    )
    chosen = select(PublishedList.next_seq - 1, bodies).where(PublishedList.central_id == central_id)
    seq, found = db.session.execute(chosen).one()
    return seq, sorted(found, key=lambda body: str(body["code"]))


def _code_order() -> ColumnElement[str]:
    return func.convert_to(LiveItem.code, "UTF8")
