"""A file that comes by a plain form: what it must be before a byte is stored, and whether its content is here already.

Small files only; nothing of it is kept here. Large ones come piece by piece on the files surface.
"""

import hashlib
import io
from dataclasses import dataclass
from typing import BinaryIO, cast
from uuid import UUID

from werkzeug.datastructures import FileStorage

from ppid_saas import inspection
from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.documents import examining, filing_queries, service
from ppid_saas.documents.filing_queries import Same
from ppid_saas.documents.rules import ATTACHMENT

MOST_BYTES = 10 * 1024 * 1024
CHUNK = 1024 * 1024
ACCEPT = ",".join(f".{ending}" for ending in inspection.TYPES)
NO_FILE = say("Pilih berkasnya dulu.")
TOO_LARGE = say("Berkas ini lebih besar dari 10 MB. Kecilkan pindaiannya, lalu coba lagi.")


@dataclass(frozen=True)
class Incoming:
    """A file that may be stored, and the SHA-256 of its content."""

    name: str
    stream: BinaryIO
    sha: str


@dataclass(frozen=True)
class Taken:
    """Where a file's content is: newly stored, or as version `n` of what was `known` before."""

    document_id: UUID
    known: Same | None = None


def received(sent: FileStorage | None) -> Incoming:
    """Return a file that was sent by a form, or raise with what is wrong with it."""
    if sent is None or not sent.filename:
        raise refused(NO_FILE)
    stream = cast("BinaryIO", sent.stream)
    size = stream.seek(0, io.SEEK_END)
    if size > MOST_BYTES:
        raise refused(TOO_LARGE)
    examining.check_name(sent.filename, size)
    return Incoming(sent.filename, stream, _sha(stream))


def refused(message: str) -> InvalidError:
    """Return a refusal that stands at the form's file."""
    return InvalidError(message, {"file": [message]})


def _sha(stream: BinaryIO) -> str:
    sha = hashlib.sha256()
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        sha.update(chunk)
    stream.seek(0)
    return sha.hexdigest()


def take(sent: FileStorage | None) -> Taken:
    """Keep a file as a closed document of its own; content that is here already is not stored twice."""
    coming = received(sent)
    if same := filing_queries.same_content(coming.sha):
        return Taken(same.document_id, same)
    with examining.receiving(ATTACHMENT, coming.name, coming.stream) as staged:
        return Taken(service.keep(staged))


def take_version(document_id: UUID, sent: FileStorage | None) -> Taken:
    """Keep a file as the next version of a document, unless one of its versions says the same."""
    filing_queries.takes_uploads(document_id)
    coming = received(sent)
    if same := filing_queries.same_content(coming.sha, document_id):
        return Taken(document_id, same)
    with examining.receiving(ATTACHMENT, coming.name, coming.stream, document_id=document_id) as staged:
        return Taken(service.keep(staged))
