"""Say which documents hold an item's information, and which part of each is closed."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as upsert
from werkzeug.datastructures import FileStorage

from ppid_saas.access.errors import ConflictError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command, require
from ppid_saas.documents import examining, filing_queries, incoming
from ppid_saas.documents import service as documents
from ppid_saas.documents.incoming import Taken
from ppid_saas.documents.rules import ATTACHMENT
from ppid_saas.documents.service import Staged
from ppid_saas.events.service import record
from ppid_saas.register import queries
from ppid_saas.register.models import ItemDocument
from tenants import clock, context
from tenants.db import db

NOT_ITS_DOCUMENT = say(
    "Yang dapat ditautkan ke butir hanya berkas yang diunggah sendiri, bukan berkas impor, surat, atau salinan."
)


@command("document.link")
def link(ref: int, document_id: UUID, exempt_part: str) -> None:
    """Say that a document holds an item's information; said again, with other words, the words change."""
    item = queries.item(ref)
    if documents.locked(document_id).kind != ATTACHMENT:
        raise ConflictError(NOT_ITS_DOCUMENT)
    said = {"exempt_part": exempt_part.strip(), "linked_at": clock.now(), "linked_by": actor().person_name}
    made = upsert(ItemDocument).values(
        tenant_id=context.tenant_id(), item_id=item.id, document_id=document_id, **said
    )
    again = made.on_conflict_do_update(constraint="item_document_pkey", set_=said | {"removed_at": None})
    db.session.execute(again)
    record("document.linked", document_id, {"item": str(item.id), "ref": ref})


@command("document.link")
def unlink(ref: int, document_id: UUID, *, back: bool = False) -> None:
    """Take a document from an item, or with `back` give it again as it was."""
    item = queries.item(ref)
    documents.locked(document_id)
    found = db.session.execute(
        update(ItemDocument)
        .where(ItemDocument.item_id == item.id, ItemDocument.document_id == document_id)
        .values(removed_at=None if back else clock.now())
        .returning(ItemDocument.item_id)
    ).first()
    if found is None:
        raise NotFoundError
    record(
        "document.linked" if back else "document.unlinked", document_id, {"item": str(item.id), "ref": ref}
    )


def take(ref: int, sent: FileStorage | None, exempt_part: str) -> Taken:
    """Keep a file as a closed document and link it at once; content that is here already is linked, not stored twice."""
    require("document.link")
    queries.item(ref)
    coming = incoming.received(sent)
    if same := filing_queries.same_content(coming.sha):
        link(ref, same.document_id, exempt_part)
        return Taken(same.document_id, same)
    with examining.receiving(ATTACHMENT, coming.name, coming.stream) as staged:
        return Taken(keep_linked(staged, ref, exempt_part))


@command("document.link")
def keep_linked(staged: Staged, ref: int, exempt_part: str) -> UUID:
    """Keep a staged document and link it to an item: both or neither."""
    document_id = documents.keep(staged)
    link(ref, document_id, exempt_part)
    return document_id
