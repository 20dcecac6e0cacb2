"""Files that go along with a submission: attached and detached by the unit, opened by the central, each opening recorded.

Kept by `documents` in the unit's vault and charged to the unit. Never the exempt document itself: only the papers behind a
list have a key for the central, and a file that the unit already keeps closed is refused.
"""

from typing import BinaryIO, cast
from uuid import UUID

from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage

from ppid_saas.access.errors import InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import command, query, require
from ppid_saas.documents import examining, received
from ppid_saas.documents import service as documents
from ppid_saas.documents.models import Document, DocumentVersion
from ppid_saas.documents.service import Opened, Staged
from ppid_saas.events.service import record
from ppid_saas.submissions.models import Submission, SubmissionFile
from ppid_saas.submissions.prepared import Enclosure
from ppid_saas.submissions.queries import central, preparing, unit
from ppid_saas.submissions.rules import ENCLOSED
from tenants import clock
from tenants.db import db

ENCLOSURE = "enclosure"
MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 30
NO_FILE = say("Pilih berkasnya dulu.")
TOO_LARGE = say("Berkas ini lebih besar dari 20 MB. Kecilkan pindaiannya, lalu coba lagi.")
TOO_MANY = say("Sudah ada 30 berkas. Gabungkan sebagian menjadi satu PDF.")


def attach(collection_id: UUID, kind: str, sent: FileStorage | None) -> UUID:
    """Keep a file and let it go along with the next submission of a window."""
    require("document.write")
    if kind not in ENCLOSED:
        message = say("Pilih jenis berkasnya.")
        raise InvalidError(message, {"kind": [message]})
    name, stream = _brought(sent)
    reader = unit.collection(collection_id).writer_id
    with examining.receiving(ENCLOSURE, name, stream, recipients=(reader,)) as staged:
        return _enclose(collection_id, kind, staged, reader)


def _brought(sent: FileStorage | None) -> tuple[str, BinaryIO]:
    """Return name and bytes of a file that is not too large to go along."""
    if sent is None or not sent.filename:
        raise _refused(NO_FILE)
    size = sent.stream.seek(0, 2)
    sent.stream.seek(0)
    if size > MOST_BYTES:
        raise _refused(TOO_LARGE)
    return sent.filename, cast("BinaryIO", sent.stream)


def _refused(message: str) -> InvalidError:
    return InvalidError(message, {"file": [message]})


@command("document.write")
def _enclose(collection_id: UUID, kind: str, staged: Staged, reader: UUID) -> UUID:
    if len(preparing.enclosed(collection_id)) >= MOST_FILES:
        raise _refused(TOO_MANY)
    _refuse_closed(staged)
    document_id = documents.keep(staged)
    n, key = staged.stored.recipient_keys[reader]
    enclosure = Enclosure(
        document_id=document_id, collection_id=collection_id, kind=kind, key_reader=key, key_reader_n=n
    )
    db.session.add(enclosure)
    return document_id


def _refuse_closed(staged: Staged) -> None:
    """Refuse a file whose very bytes the unit keeps as something else: an exempt document never leaves it.

    Source: UU 14/2008 Ps 54.
    """
    same = (
        select(Document.name)
        .join(DocumentVersion, (DocumentVersion.tenant_id == Document.tenant_id) & (DocumentVersion.document_id == Document.id))
        .where(DocumentVersion.sha_plain == staged.stored.sha_plain)
        .where(Document.id.not_in(select(Enclosure.document_id)))
    )  # fmt: skip
    kept = db.session.execute(same.limit(1)).scalar_one_or_none()
    if kept is not None:
        words = say(
            "Berkas ini sudah disimpan unit Anda sebagai berkas tertutup “%(name)s”, jadi tidak ikut dikirim.",
            name=kept,
        )
        raise _refused(words)


@command("document.write")
def detach(document_id: UUID, *, back: bool = False) -> UUID:
    """Let a file stay at home, or with `back` go along after all; returns the window it is for."""
    found = db.session.execute(
        update(Enclosure)
        .where(Enclosure.document_id == document_id, Enclosure.submission_id.is_(None))
        .values(detached_at=None if back else clock.now())
        .returning(Enclosure.collection_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return found


@command("review.read")
def _record_opening(submission_id: UUID, n: int) -> SubmissionFile:
    sent = central.one(submission_id).submission
    found = next((file for file in preparing.received_files(sent) if file.n == n), None)
    if found is None:
        raise NotFoundError
    record(preparing.OPENED, submission_id, {"n": n}, reader=sent.writer_id)
    return found


@query("review.read")
def files_received(submission: Submission) -> list[SubmissionFile]:
    """Return the files that came along with a submission handed in to this central."""
    return list(preparing.received_files(submission)) if submission.file_count else []


def open_received(submission_id: UUID, n: int) -> Opened:
    """Open a file at the central; that someone did, both sides can read before the first byte is sent."""
    return received.open_received(_record_opening(submission_id, n))
