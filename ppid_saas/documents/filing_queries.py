"""Read what is kept about a document besides its bytes: versions, retention, disputes, equal content. Never writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Text, cast, func, select

from ppid_saas.access.errors import ConflictError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import query
from ppid_saas.documents.models import Document, DocumentHold, DocumentVersion
from ppid_saas.documents.rules import ATTACHMENT, DESTROYED, OWN_KINDS, kept_until
from ppid_saas.events.models import Event
from tenants.db import db

NO_PLAIN_VERSION = say("Versi baru salinan untuk publik dibuat dari halaman salinannya.")
AS_IT_WAS = say("Berkas ini disimpan seperti ketika dipakai, jadi tidak dapat diganti dengan versi lain.")


@dataclass(frozen=True, slots=True)
class Kept:
    """A document and how long it is kept."""

    document_id: UUID
    kind: str
    name: str
    created_at: datetime
    security_class: str
    kept_from: date | None
    active_years: int | None
    inactive_years: int | None
    fate: str
    destroyed_at: datetime | None

    @property
    def until(self) -> date | None:
        """Return the last day of its retention."""
        return kept_until(self.kept_from, self.active_years, self.inactive_years)

    @property
    def own(self) -> bool:
        """Say whether a person put it here by itself."""
        return self.kind in OWN_KINDS


class Stored(NamedTuple):
    """One version in the list of them, with whoever stored it."""

    n: int
    name: str
    created_at: datetime
    who: str
    size: int
    sha_plain: str


class Same(NamedTuple):
    """A version that has the same content, to the byte."""

    document_id: UUID
    n: int
    name: str


@query("document.read")
def kept(document_id: UUID) -> Kept:
    """Return a document with its retention; destroyed ones too."""
    columns: tuple[Any, ...] = (
        Document.id, Document.kind, Document.name, Document.created_at, Document.security_class, Document.kept_from,
        Document.active_years, Document.inactive_years, Document.fate, Document.destroyed_at,
    )  # fmt: skip
    row = db.session.execute(select(*columns).where(Document.id == document_id)).first()
    if row is None:
        raise NotFoundError
    return Kept(*row)


@query("document.read")
def changeable(document_id: UUID) -> str:
    """Return the kind of a document that may get another version, or raise with why it may not."""
    found = kept(document_id)
    if found.destroyed_at is not None:
        raise ConflictError(DESTROYED)
    if not found.own:
        raise ConflictError(AS_IT_WAS)
    return found.kind


def takes_uploads(document_id: UUID) -> None:
    """Raise unless an uploaded file may become the next version of a document: a copy for the public has a way of its own."""
    if changeable(document_id) != ATTACHMENT:
        raise ConflictError(NO_PLAIN_VERSION)


_STORED_BY = (
    select(Event.actor_name)
    .where(
        Event.tenant_id == DocumentVersion.tenant_id,
        Event.subject == DocumentVersion.document_id,
        Event.kind == "document.stored",
        Event.data["n"].astext == cast(DocumentVersion.n, Text),
    )
    .limit(1)
    .scalar_subquery()
)


@query("document.read")
def versions(document_id: UUID) -> list[Stored]:
    """Return every version of a document, newest first."""
    found = db.session.execute(
        select(
            DocumentVersion.n, DocumentVersion.name, DocumentVersion.created_at, func.coalesce(_STORED_BY, ""),
            DocumentVersion.size, DocumentVersion.sha_plain,
        )
        .where(DocumentVersion.document_id == document_id)
        .order_by(DocumentVersion.n.desc())
    )  # fmt: skip
    return [Stored(*row) for row in found]


@query("document.read")
def same_content(sha: str, document_id: UUID | None = None) -> Same | None:
    """Return a version with this content: of one document, or of any that a person put here."""
    of = (
        (Document.id == document_id,)
        if document_id
        else (Document.kind == ATTACHMENT, Document.destroyed_at.is_(None))
    )
    row = db.session.execute(
        select(DocumentVersion.document_id, DocumentVersion.n, DocumentVersion.name)
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(DocumentVersion.sha_plain == sha, *of)
        .order_by(DocumentVersion.document_id, DocumentVersion.n)
        .limit(1)
    ).first()
    return Same(*row) if row else None


@query("document.read")
def holds(document_id: UUID) -> Sequence[DocumentHold]:
    """Return the disputes noted at a document, newest first."""
    chosen = select(DocumentHold).where(DocumentHold.document_id == document_id)
    return db.session.execute(chosen.order_by(DocumentHold.n.desc())).scalars().all()
