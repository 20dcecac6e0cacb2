"""Keep and open documents. Bytes travel outside of commands, rows inside: stage, then keep, or discard.

    with documents.staging("import", name, data, media_type) as staged:
        begin_import(staged)      # a @command that calls documents.keep(staged)

Whatever was not kept when the block ends is taken back. Not a place for what files mean.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError, TooLargeError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command, require
from ppid_saas.documents import queries
from ppid_saas.documents.models import Document, DocumentVersion
from ppid_saas.documents.queries import DOWNLOADED, Version
from ppid_saas.documents.rules import DESTROYED, REASONS, purpose_of, tidy_name
from ppid_saas.events.service import record
from ppid_saas.storage import fixity
from ppid_saas.storage import service as storage
from tenants import clock, quota, vault
from tenants.db import db, new_id

BUCKET = "exempt"
DAMAGED = say(
    "Berkas ini tidak dapat dibuka: isinya tidak cocok lagi dengan catatan. Hubungi pengelola sistem."
)
TOO_SLOW = say("Unggahan ini terlalu lama dan sudah dilepas. Unggah sekali lagi.")
CHANGED = say("Berkas ini baru saja diganti orang lain. Muat ulang, lalu unggah sekali lagi.")


@dataclass(frozen=True)
class Staged:
    """An uploaded version that no row names yet."""

    document_id: UUID
    n: int
    kind: str
    name: str
    stored: vault.Stored
    created_by: UUID | None = None


@dataclass(frozen=True)
class Opened:
    """A version with its plaintext as a stream; whoever asked closes it."""

    version: Version
    stream: BinaryIO


def stage(
    kind: str,
    name: str,
    data: bytes | vault.Source,
    media_type: str,
    *,
    document_id: UUID | None = None,
    recipients: tuple[UUID, ...] = (),
) -> Staged:
    """Seal and upload the first version of a document, or with `document_id` its next one."""
    require("document.write")
    document_id, n = place_of(document_id)
    try:
        stored = vault.put(
            data,
            bucket=BUCKET,
            purpose=purpose_of(document_id, n),
            media_type=media_type,
            recipients=recipients,
        )
    except quota.QuotaExceededError as error:
        raise TooLargeError(error.message) from error
    return Staged(document_id, n, kind, tidy_name(name), stored, actor().person_id)


def place_of(document_id: UUID | None) -> tuple[UUID, int]:
    """Return where the next version goes: after the last one of a document, or first of a new one."""
    if document_id is None:
        return new_id(), 1
    return document_id, queries.version(document_id).n + 1


@contextmanager
def staging(
    kind: str,
    name: str,
    data: bytes | vault.Source,
    media_type: str,
    *,
    document_id: UUID | None = None,
    recipients: tuple[UUID, ...] = (),
) -> Iterator[Staged]:
    """Stage a document, or its next version, for the length of a block; what the block did not keep is discarded."""
    staged = stage(kind, name, data, media_type, document_id=document_id, recipients=recipients)
    try:
        yield staged
    finally:
        discard(staged)


@command("document.write")
def keep(staged: Staged) -> UUID:
    """Write the rows of a staged version and charge its bytes; joins the running command."""
    stored, now = staged.stored, clock.now()
    if staged.n > 1:
        locked(staged.document_id).name = staged.name
    else:
        db.session.add(
            Document(
                id=staged.document_id,
                kind=staged.kind,
                name=staged.name,
                created_at=now,
                created_by=staged.created_by,
            )
        )
        db.session.flush()
    db.session.add(
        DocumentVersion(
            document_id=staged.document_id, n=staged.n, name=staged.name, object_id=stored.object_id, bucket=stored.bucket,
            media_type=stored.media_type, size=stored.size, stored_size=stored.stored_size,
            sha_plain=stored.sha_plain, sha_cipher=stored.sha_cipher, key=stored.key, key_n=stored.key_n, created_at=now,
        )
    )  # fmt: skip
    _charge(stored)
    record("document.stored", staged.document_id, {"n": staged.n, "size": stored.size})
    return staged.document_id


def locked(document_id: UUID) -> Document:
    """Return a document that is still there, as it stays until the running command ends."""
    chosen = select(Document).where(Document.id == document_id).with_for_update()
    found = db.session.execute(chosen.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    if found.destroyed_at is not None:
        raise ConflictError(DESTROYED)
    return found


def _charge(stored: vault.Stored) -> None:
    try:
        db.session.flush()
        storage.charge(stored.reservation, "document", stored.room)
    except IntegrityError as error:
        raise ConflictError(CHANGED) from error
    except quota.ReservationLostError as error:
        raise ConflictError(TOO_SLOW) from error


def discard(staged: Staged) -> None:
    """Take a staged version back; one that was kept stays."""
    vault.abandon(staged.stored.reservation)


def open_document(document_id: UUID, n: int | None = None) -> Opened:
    """Open a version for the work of a program, unrecorded; people fetch by `download`."""
    return _opened(queries.version(document_id, n))


def download(document_id: UUID, reason: str, n: int | None = None) -> Opened:
    """Open a version for a person; that she fetched it, and why, is recorded before the first byte."""
    check_reason(reason)
    return _opened(_record_download(document_id, reason, n))


def check_reason(reason: str) -> None:
    """Raise unless this is a reason a download may be recorded with."""
    if reason not in REASONS:
        message = say("Pilih untuk apa berkas ini diunduh.")
        raise InvalidError(message, {"reason": [message]})


@command("document.read")
def _record_download(document_id: UUID, reason: str, n: int | None) -> Version:
    version = queries.version(document_id, n)
    _refuse_destroyed(version)
    record(DOWNLOADED, document_id, {"n": version.n, "reason": reason})
    return version


def _refuse_destroyed(version: Version) -> None:
    if not version.key:
        raise ConflictError(DESTROYED)


def _opened(version: Version) -> Opened:
    _refuse_destroyed(version)
    try:
        return Opened(version, vault.open_object(version, purpose=purpose_of(version.document_id, version.n)))
    except vault.UnreadableObjectError as error:
        fixity.report(version.object_id, fixity.harm_to(version.object_id))
        raise ConflictError(DAMAGED) from error
