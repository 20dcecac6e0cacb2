"""The effect that takes a complete upload out of quarantine: read once, examined, sealed anew, kept or refused."""

from uuid import UUID

from ppid_saas.access.errors import ConflictError, InvalidError, TooLargeError
from ppid_saas.access.sayings import say
from ppid_saas.documents import upload_queries, uploads
from ppid_saas.documents.rules import CHECKING
from ppid_saas.documents.upload_models import Upload
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.storage.upkeep import renews
from tenants import vault
from tenants.db import db, transaction

LEASE_SECONDS = 540
DAMAGED = say("Berkas ini rusak di perjalanan. Unggah sekali lagi.")


@handles("upload.received", "documents.examine", transactional=False, seconds=LEASE_SECONDS, watched=True)
def examine(event: Event) -> None:
    """Examine one upload. It may die anywhere and run again: until it is kept, its pieces are all there."""
    with transaction():
        upload = upload_queries.upload(UUID(str(event.subject)))
    if upload.state == CHECKING:
        try:
            _take_in(upload)
        except (ConflictError, InvalidError, TooLargeError) as error:
            uploads.refuse(upload.id, error.message)
        except vault.UnreadableObjectError:
            uploads.refuse(upload.id, DAMAGED)
    vault.clear(upload.id, upload.room)


def _take_in(upload: Upload) -> None:
    staged = uploads.assemble(upload)
    try:
        uploads.keep(upload.id, staged)
    finally:
        vault.abandon(staged.stored.reservation)


@renews
def uploads_have_no_older_key(newest: int) -> bool:
    """Say whether no upload needs an older key. Its own is not sealed anew: an upload is over within days."""
    older = upload_queries.under_way().where(Upload.key_n < newest).limit(1)
    return db.session.execute(older).first() is None
