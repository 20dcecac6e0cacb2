"""A file that comes by a plain form: what it must be before a byte is stored, and whether its content is here already.

Small files only; nothing of it is kept here. Large ones come piece by piece on the files surface.
"""

import hashlib
import io
from dataclasses import dataclass
from typing import BinaryIO, cast
from uuid import UUID

from werkzeug.datastructures import FileStorage

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.documents import filing_queries, service
from ppid_saas.documents.filing_queries import Same
from ppid_saas.documents.rules import ATTACHMENT

MOST_BYTES = 10 * 1024 * 1024
CHUNK = 1024 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
# What a file of this ending is, and what it begins with.
TYPES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "docx": (f"{_OFFICE}wordprocessingml.document", (_ZIP,)),
    "xlsx": (f"{_OFFICE}spreadsheetml.sheet", (_ZIP,)),
    "pptx": (f"{_OFFICE}presentationml.presentation", (_ZIP,)),
    "odt": (f"{_OPEN}text", (_ZIP,)),
    "ods": (f"{_OPEN}spreadsheet", (_ZIP,)),
    "odp": (f"{_OPEN}presentation", (_ZIP,)),
    "doc": ("application/msword", (_OLE,)),
    "xls": ("application/vnd.ms-excel", (_OLE,)),
    "ppt": ("application/vnd.ms-powerpoint", (_OLE,)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "tif": ("image/tiff", (b"II*\x00", b"MM\x00*")),
    "tiff": ("image/tiff", (b"II*\x00", b"MM\x00*")),
}
ACCEPT = ",".join(f".{ending}" for ending in TYPES)
NO_FILE = say("Pilih berkasnya dulu.")
WRONG_TYPE = say(
    "Jenis berkas ini tidak diterima. Kirim PDF, Word, Excel, PowerPoint, ODF, JPG, PNG, atau TIF."
)
NOT_WHAT_IT_SAYS = say(
    "Isi berkas ini tidak sesuai dengan akhiran namanya. Simpan ulang sebagai PDF, lalu coba lagi."
)
TOO_LARGE = say("Berkas ini lebih besar dari 10 MB. Kecilkan pindaiannya, lalu coba lagi.")
NO_PLAIN_VERSION = say("Versi baru salinan untuk publik dibuat dari halaman salinannya.")
EMPTY = say("Berkas ini kosong.")


@dataclass(frozen=True)
class Incoming:
    """A file that may be stored, and the SHA-256 of its content."""

    name: str
    media_type: str
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
    media_type, beginnings = TYPES.get(sent.filename.rpartition(".")[2].lower(), ("", ()))
    if not media_type:
        raise refused(WRONG_TYPE)
    stream = cast("BinaryIO", sent.stream)
    _refuse_size(stream.seek(0, io.SEEK_END))
    stream.seek(0)
    if not stream.read(max(map(len, beginnings))).startswith(beginnings):
        raise refused(NOT_WHAT_IT_SAYS)
    return Incoming(sent.filename, media_type, stream, _sha(stream))


def refused(message: str) -> InvalidError:
    """Return a refusal that stands at the form's file."""
    return InvalidError(message, {"file": [message]})


def _refuse_size(size: int) -> None:
    if not size:
        raise refused(EMPTY)
    if size > MOST_BYTES:
        raise refused(TOO_LARGE)


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
    with service.staging(ATTACHMENT, coming.name, coming.stream, coming.media_type) as staged:
        return Taken(service.keep(staged))


def take_version(document_id: UUID, sent: FileStorage | None) -> Taken:
    """Keep a file as the next version of a document, unless one of its versions says the same."""
    kind = filing_queries.changeable(document_id)
    if kind != ATTACHMENT:
        raise ConflictError(NO_PLAIN_VERSION)
    coming = received(sent)
    if same := filing_queries.same_content(coming.sha, document_id):
        return Taken(document_id, same)
    with service.staging(
        kind, coming.name, coming.stream, coming.media_type, document_id=document_id
    ) as staged:
        return Taken(service.keep(staged))
