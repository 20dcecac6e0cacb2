"""Read copies for the public: of which original, in which state, and the one answer to what may be offered. Never writes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, and_, cast, func, select

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, query
from ppid_saas.documents.models import Document, DocumentVersion, Redaction
from ppid_saas.documents.queries import DOWNLOADED
from ppid_saas.events.models import Event
from tenants.db import db

MOST_WAITING = 20


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy for the public and what was decided about it."""

    document_id: UUID
    name: str
    original_id: UUID
    original_n: int
    state: str
    n: int | None
    made_by: UUID | None
    made_by_name: str
    made_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    note: str
    latest: int


_LATEST = (
    select(func.max(DocumentVersion.n))
    .where(
        DocumentVersion.tenant_id == Redaction.tenant_id,
        DocumentVersion.document_id == Redaction.document_id,
    )
    .scalar_subquery()
)


def _copies() -> Select[Any]:
    columns: tuple[Any, ...] = (
        Redaction.document_id, Document.name, Redaction.original_id, Redaction.original_n, Redaction.state, Redaction.n,
        Redaction.made_by, Redaction.made_by_name, Redaction.made_at, Redaction.decided_by_name, Redaction.decided_at,
        Redaction.note, _LATEST,
    )  # fmt: skip
    same = and_(Document.tenant_id == Redaction.tenant_id, Document.id == Redaction.document_id)
    return select(*columns).join(Document, same)


@query("document.read")
def copies(original_id: UUID) -> list[Copy]:
    """Return the copies made from a document, newest first, without those destroyed."""
    chosen = _copies().where(Redaction.original_id == original_id, Document.destroyed_at.is_(None))
    return [Copy(*row) for row in db.session.execute(chosen.order_by(Redaction.document_id.desc()))]


@query("document.read")
def drafts() -> list[Copy]:
    """Return the copies that nobody decided about yet, the oldest first."""
    chosen = _copies().where(Redaction.state == "draft", Document.destroyed_at.is_(None))
    return [Copy(*row) for row in db.session.execute(chosen.order_by(Redaction.made_at).limit(MOST_WAITING))]


@query("document.read")
def copy(document_id: UUID) -> Copy:
    """Return what is known of a document as a copy for the public."""
    row = db.session.execute(_copies().where(Redaction.document_id == document_id)).first()
    if row is None:
        raise NotFoundError
    return Copy(*row)


@query("document.read")
def approved(original_ids: Collection[UUID]) -> list[Copy]:
    """Return the copies of these documents that may be offered to the public: the only place that says so.

    Approved, not withdrawn since, not destroyed, and no later version than the one that was looked at.
    """
    chosen = _copies().where(
        Redaction.original_id.in_(original_ids), Redaction.state == "approved", Redaction.n == _LATEST,
        Document.destroyed_at.is_(None),
    )  # fmt: skip
    return [Copy(*row) for row in db.session.execute(chosen.order_by(Redaction.document_id))]


@query("document.read")
def is_approved(document_id: UUID) -> bool:
    """Say whether a document is a copy that is approved now."""
    chosen = select(Redaction.document_id).where(
        Redaction.document_id == document_id, Redaction.state == "approved"
    )
    return db.session.execute(chosen).first() is not None


@query("document.read")
def was_looked_at(document_id: UUID, n: int) -> bool:
    """Say whether the acting person fetched this very version."""
    chosen = select(Event.id).where(
        Event.subject == document_id, Event.kind == DOWNLOADED, Event.actor == actor().person_id,
        Event.data["n"].astext == cast(n, Text),
    )  # fmt: skip
    return db.session.execute(chosen.limit(1)).first() is not None


@query("document.read")
def closed_with(sha: str) -> str | None:
    """Return the name of a closed document with this content; a copy that hides nothing would have it."""
    row = db.session.execute(
        select(DocumentVersion.name)
        .join(
            Document, and_(Document.tenant_id == DocumentVersion.tenant_id, Document.id == DocumentVersion.document_id)
        )
        .where(DocumentVersion.sha_plain == sha, Document.kind != "redacted")
        .limit(1)
    ).first()  # fmt: skip
    return str(row.name) if row else None
