"""Read a tenant's ledger: what took how much, with the names its own people know. Never writes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, func, select

from ppid_saas.access.verbs import query
from ppid_saas.documents.models import Document, DocumentVersion
from tenants.db import db
from tenants.models import Ledger

PER_PAGE = 50
LARGEST = 5


@query("document.read")
def count() -> int:
    """Return how many lines the ledger has."""
    return db.session.execute(select(func.count()).select_from(Ledger)).scalar_one()


@query("document.read")
def ledger(page: int) -> Sequence[Row[datetime, int, str, str, str, UUID]]:
    """Return one page of the ledger, newest first: when, how much, and for which document."""
    lines = (
        select(Ledger.at, Ledger.delta, Ledger.cause, Document.kind, Document.name, Document.id.label("document_id"))
        .outerjoin(DocumentVersion, DocumentVersion.object_id == Ledger.object_id)
        .outerjoin(Document, Document.id == DocumentVersion.document_id)
        .order_by(Ledger.at.desc(), Ledger.id.desc())
    )  # fmt: skip
    return db.session.execute(lines.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()


@query("document.read")
def sums() -> Sequence[Row[str, int, int]]:
    """Return what each kind takes in all, the most first, without what came back; what is no document goes by its cause."""
    kind = func.coalesce(Document.kind, Ledger.cause).label("kind")
    taken, n = func.sum(Ledger.delta).label("bytes"), func.sum(func.sign(Ledger.delta)).label("n")
    found = (
        select(kind, taken, n)
        .select_from(Ledger)
        .outerjoin(DocumentVersion, DocumentVersion.object_id == Ledger.object_id)
        .outerjoin(Document, Document.id == DocumentVersion.document_id)
        .group_by(kind)
        .having(taken > 0)
        .order_by(taken.desc())
    )
    return db.session.execute(found).all()


@query("document.read")
def largest() -> Sequence[Row[UUID, str, int, int]]:
    """Return the versions that take the most."""
    found = (
        select(
            Document.id.label("document_id"), Document.name, DocumentVersion.n, DocumentVersion.stored_size
        )
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(Document.destroyed_at.is_(None))
        .order_by(DocumentVersion.stored_size.desc())
        .limit(LARGEST)
    )
    return db.session.execute(found).all()
