"""Read a tenant's documents: one version, a page of the list, who fetched what last, and the room that is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import query
from ppid_saas.documents.models import Document, DocumentVersion
from ppid_saas.events.models import Event
from tenants import quota
from tenants.db import db

DOWNLOADED = "document.downloaded"
PER_PAGE = 50
MOST_WORDS = 8


@dataclass(frozen=True)
class Version:
    """One stored version of a document with all that opens it."""

    document_id: UUID
    n: int
    kind: str
    name: str
    object_id: UUID
    bucket: str
    media_type: str
    size: int
    sha_plain: str
    sha_cipher: str
    key: bytes
    key_n: int
    created_at: datetime


@dataclass(frozen=True)
class Fetched:
    """Who fetched a document last, and when."""

    name: str
    at: datetime


COLUMNS: tuple[Any, ...] = (
    DocumentVersion.document_id, DocumentVersion.n, Document.kind, DocumentVersion.name, DocumentVersion.object_id,
    DocumentVersion.bucket, DocumentVersion.media_type, DocumentVersion.size, DocumentVersion.sha_plain,
    DocumentVersion.sha_cipher, DocumentVersion.key, DocumentVersion.key_n, DocumentVersion.created_at,
)  # fmt: skip


def _is_latest() -> ColumnElement[bool]:
    later = aliased(DocumentVersion)
    return ~(
        select(later.n)
        .where(later.tenant_id == DocumentVersion.tenant_id, later.document_id == DocumentVersion.document_id)
        .where(later.n > DocumentVersion.n)
        .exists()
    )


@query("document.read")
def version(document_id: UUID, n: int | None = None) -> Version:
    """Return one version of a document, the latest unless `n` names another."""
    row = (
        db.session.execute(
            select(*COLUMNS)
            .join(Document, Document.id == DocumentVersion.document_id)
            .where(Document.id == document_id, _is_latest() if n is None else DocumentVersion.n == n)
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NotFoundError
    return Version(**row)


def _kept(q: str) -> list[ColumnElement[bool]]:
    """Say that a document is still there, and that its name has these words."""
    words = q.replace("\x00", "").split()[:MOST_WORDS]
    return [Document.destroyed_at.is_(None)] + [
        Document.name.icontains(word, autoescape=True) for word in words
    ]


@query("document.read")
def documents(page: int = 1, per_page: int = PER_PAGE, q: str = "") -> list[Version]:
    """Return one page of the tenant's documents, newest first, each by its latest version."""
    rows = db.session.execute(
        select(*COLUMNS)
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(_is_latest(), *_kept(q))
        .order_by(Document.id.desc())
        .limit(per_page)
        .offset((max(page, 1) - 1) * per_page)
    ).mappings()
    return [Version(**row) for row in rows]


@query("document.read")
def count(q: str = "") -> int:
    """Return how many documents the tenant keeps, or how many of them have these words in their names."""
    return db.session.execute(select(func.count()).select_from(Document).where(*_kept(q))).scalar_one()


@query("document.read")
def last_fetched(document_ids: Iterable[UUID]) -> dict[UUID, Fetched]:
    """Return the last recorded download of each of these documents."""
    rows = db.session.execute(
        select(Event.subject, Event.actor_name, Event.at)
        .where(Event.subject.in_(list(document_ids)), Event.kind == DOWNLOADED)
        .ext(distinct_on(Event.subject))
        .order_by(Event.subject, Event.id.desc())
    )
    return {row.subject: Fetched(row.actor_name, row.at) for row in rows if row.subject}


@query("document.read")
def usage() -> quota.Usage:
    """Return how much room the tenant has and uses."""
    return quota.usage()
