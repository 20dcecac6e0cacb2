"""Read what was proposed to be destroyed and what was. Never writes."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from ppid_saas.access.verbs import query
from ppid_saas.documents.models import Disposal
from tenants.db import db

PER_PAGE = 50


@query("document.read")
def asked(document_id: UUID) -> Disposal | None:
    """Return the proposal about a document that nobody decided yet."""
    chosen = select(Disposal).where(Disposal.document_id == document_id, Disposal.state == "asked")
    return db.session.execute(chosen.execution_options(populate_existing=True)).scalar_one_or_none()


@query("document.read")
def of_document(document_id: UUID) -> Sequence[Disposal]:
    """Return everything that was proposed about a document, newest first."""
    chosen = select(Disposal).where(Disposal.document_id == document_id)
    return db.session.execute(chosen.order_by(Disposal.id.desc())).scalars().all()


@query("document.read")
def count(state: str) -> int:
    """Return how many proposals are in a state."""
    counted = select(func.count()).select_from(Disposal).where(Disposal.state == state)
    return db.session.execute(counted).scalar_one()


@query("document.read")
def in_state(state: str, page: int = 1) -> Sequence[Disposal]:
    """Return one page of the proposals in a state, newest first."""
    chosen = select(Disposal).where(Disposal.state == state).order_by(Disposal.id.desc())
    return db.session.execute(chosen.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).scalars().all()
