"""What follows from documents: what their versions claim, how they open, which keys they hold, and what leaves the store."""

from collections.abc import Iterable, Sequence
from typing import IO
from uuid import UUID

from sqlalchemy import Row, select, update

from ppid_saas.documents.models import Document, DocumentVersion
from ppid_saas.documents.rules import purpose_of
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.storage.fixity import opens
from ppid_saas.storage.stocktaking import holds
from ppid_saas.storage.upkeep import renews
from tenants import context, vault
from tenants.db import db, transaction

AT_ONCE = 200
# What was destroyed keeps its rows without their keys: there is nothing to open and nothing to seal.
_HAS_KEY = DocumentVersion.key != b""


@holds
def objects() -> Iterable[tuple[UUID, int]]:
    """Return object and stored size of every version that was not destroyed."""
    rows = db.session.execute(
        select(DocumentVersion.object_id, DocumentVersion.stored_size)
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(Document.destroyed_at.is_(None))
    )
    return [(row.object_id, row.stored_size) for row in rows]


@opens
def opened(object_id: UUID) -> IO[bytes] | None:
    """Open the version that claims an object."""
    found = db.session.execute(
        select(DocumentVersion).where(DocumentVersion.object_id == object_id, _HAS_KEY)
    ).scalar_one_or_none()
    return vault.open_object(found, purpose=purpose_of(found.document_id, found.n)) if found else None


@renews
def versions_sealed_anew(newest: int) -> bool:
    """Seal the data keys of all versions to the tenant's newest key; one that cannot be opened stays as it is."""
    key = (DocumentVersion.document_id, DocumentVersion.n)
    stale = select(*key, DocumentVersion.object_id, DocumentVersion.key, DocumentVersion.key_n).order_by(*key)
    rows = db.session.execute(stale.where(DocumentVersion.key_n < newest, _HAS_KEY)).all()
    results = [_seal_anew(rows[start : start + AT_ONCE]) for start in range(0, len(rows), AT_ONCE)]
    return all(results)


def _seal_anew(rows: Sequence[Row[UUID, int, UUID, bytes, int]]) -> bool:
    """Seal a batch in one transaction, so that a turn that is killed goes on after the last batch."""
    whole = True
    with transaction() as session:
        for document_id, n, object_id, key, key_n in rows:
            try:
                made, sealed = vault.sealed_anew(
                    context.tenant_id(), object_id, purpose_of(document_id, n), key, key_n
                )
            except vault.UnreadableObjectError:
                whole = False
                continue
            mine = update(DocumentVersion).where(
                DocumentVersion.tenant_id == context.tenant_id(), DocumentVersion.document_id == document_id,
                DocumentVersion.n == n, DocumentVersion.key == key,
            )  # fmt: skip
            session.execute(mine.values(key=sealed, key_n=made).execution_options(synchronize_session=False))
    return whole


@handles("document.destroyed", "documents.remove_objects", transactional=False)
def remove_objects(event: Event) -> None:
    """Delete the objects of a destroyed document and free their room; a store that is away is left to the sweep."""
    for hold in event.data["holds"]:
        vault.abandon(UUID(hold))
