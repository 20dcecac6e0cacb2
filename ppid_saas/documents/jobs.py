"""What follows from documents: which objects their versions claim, and that what was destroyed leaves the store."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from ppid_saas.accounts.letters import write_to
from ppid_saas.documents.models import Document, DocumentVersion
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.storage.stocktaking import holds
from tenants import vault
from tenants.db import db

DECIDERS = frozenset({"unit_head", "central_head"})


@holds
def objects() -> Iterable[tuple[UUID, int]]:
    """Return object and stored size of every version that was not destroyed."""
    rows = db.session.execute(
        select(DocumentVersion.object_id, DocumentVersion.stored_size)
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(Document.destroyed_at.is_(None))
    )
    return [(row.object_id, row.stored_size) for row in rows]


@handles("document.destroyed", "documents.remove_objects", transactional=False)
def remove_objects(event: Event) -> None:
    """Delete the objects of a destroyed document and free their room; a store that is away is left to the sweep."""
    for hold in event.data["holds"]:
        vault.abandon(UUID(hold))


@handles("document.disposal_asked", "documents.disposal_mail", transactional=False)
def mail_disposal(event: Event) -> None:
    """Tell those who decide; which file it is they read behind the sign-in."""
    line = f"{event.actor_name} mengusulkan pemusnahan sebuah berkas dan menunggu keputusan Anda."
    write_to(DECIDERS, event, "Usul pemusnahan berkas", [line], "berkas/musnah")


@handles("document.copy_made", "documents.copy_mail", transactional=False)
def mail_copy(event: Event) -> None:
    """Tell those who approve that a copy for the public is to be read."""
    line = f"{event.actor_name} membuat salinan berkas untuk publik dan menunggu Anda membaca serta menyetujuinya."
    write_to(DECIDERS, event, "Salinan untuk publik menunggu persetujuan", [line], "berkas")
