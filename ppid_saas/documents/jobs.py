"""What documents tell those who compare store and books: which objects their versions claim."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from ppid_saas.documents.models import DocumentVersion
from ppid_saas.storage.stocktaking import holds
from tenants.db import db


@holds
def objects() -> Iterable[tuple[UUID, int]]:
    """Return object and stored size of every version."""
    rows = db.session.execute(select(DocumentVersion.object_id, DocumentVersion.stored_size))
    return [(row.object_id, row.stored_size) for row in rows]
