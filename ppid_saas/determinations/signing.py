"""A letter that was signed elsewhere comes back: examined, read, compared with ours, and kept with what was found.

No passphrase and no key of anyone passes here, and nothing is fetched to check a certificate. What is not this letter is
refused unless the officer says that she looked.
"""

from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import current_app
from werkzeug.datastructures import FileStorage

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import require
from ppid_saas.determinations import filing, queries
from ppid_saas.determinations.models import Determination, DeterminationFile
from ppid_saas.determinations.rules import verdict
from ppid_saas.documents import examining
from ppid_saas.inspection.signed_copy import read_signed
from tenants.db import leave_transaction

MOST_BYTES = 50 * 1024 * 1024
ENDINGS = (".pdf", ".jpg", ".jpeg", ".png")
CERTIFICATES = (".pem", ".crt", ".cer")
NO_FILE = say("Pilih berkasnya dulu.")
TOO_LARGE = say("Berkas ini lebih besar dari 50 MB. Kecilkan pindaiannya, lalu coba lagi.")
NOT_A_LETTER = say("Unggah surat sebagai PDF atau gambar.")
OTHER = say("Bukan dokumen ini: nomor %(number)s tidak ada di halaman-halaman pertamanya. Periksa berkasnya.")


def take_signed(determination_id: UUID, sent: FileStorage | None, *, anyway: bool) -> DeterminationFile:
    """Keep a signed copy of a determination with what was read in it."""
    require("determination.make")
    made = queries.determination(determination_id)
    name, data = _brought(sent)
    with examining.receiving("letter", name, data, field="signed") as staged:
        found = findings(made, data, staged.stored.media_type)
        if found["verdict"] == "other" and not anyway:
            raise _refused(say(OTHER, number=made.number))
        return filing.keep_signed(made.id, staged, found)


def _brought(sent: FileStorage | None) -> tuple[str, bytes]:
    if sent is None or not sent.filename:
        raise _refused(NO_FILE)
    if not sent.filename.lower().endswith(ENDINGS):
        raise _refused(NOT_A_LETTER)
    data = cast("BinaryIO", sent.stream).read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _refused(TOO_LARGE)
    return sent.filename, data


def _refused(message: str) -> InvalidError:
    return InvalidError(message, {"signed": [message]})


def findings(made: Determination, data: bytes, media_type: str) -> dict[str, Any]:
    """Return what a copy says next to the letter; an image has neither text nor signatures."""
    if media_type != "application/pdf":
        return {"verdict": "scan", "pages": 1, "signatures": []}
    leave_transaction()
    read = read_signed(data, _roots())
    kind = "unreadable" if read["unreadable"] else verdict(read["text"], made.number, made.code)
    return {"verdict": kind, "pages": read["pages"], "signatures": read["signatures"]}


def _roots() -> list[bytes]:
    folder = current_app.extensions["ppid"]["settings"].signature_roots
    if folder is None:
        return []
    return [one.read_bytes() for one in sorted(folder.iterdir()) if one.suffix.lower() in CERTIFICATES]
