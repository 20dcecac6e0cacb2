"""What may be said about a document without asking anything: its kinds, the reasons for fetching it, its name."""

import unicodedata
from pathlib import PurePosixPath
from uuid import UUID

from ppid_saas.access.sayings import say

KINDS = {
    "import": say("Berkas impor"),
    "letter": say("Surat"),
    "attachment": say("Lampiran"),
    "enclosure": say("Berkas pengajuan"),
}
# Fetching a closed file is recorded with one of these; never with free words, which might quote the file.
REASONS = {
    "review": say("Memeriksa atau melengkapi daftar"),
    "test": say("Uji konsekuensi"),
    "request": say("Permohonan informasi atau keberatan"),
    "dispute": say("Sengketa informasi"),
    "archive": say("Penyimpanan atau pemindahan arsip"),
}
NAME_LIMIT = 200
LARGEST_FILE = 1024**3
# What becomes of a file that comes in pieces.
RECEIVING, CHECKING, KEPT, REFUSED = "receiving", "checking", "kept", "refused"


def purpose_of(document_id: UUID, n: int) -> str:
    """Return what binds an object to one version of one document."""
    return f"document/{document_id}/{n}"


def tidy_name(name: str) -> str:
    """Return a file's name without folders and without characters that do not show; never empty."""
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    stem, dot, ending = shown.strip(" .").rpartition(".")
    if not dot or len(ending) > NAME_LIMIT // 10:
        return shown.strip(" .")[:NAME_LIMIT] or "berkas"
    return f"{stem[: NAME_LIMIT - len(ending) - 1]}.{ending}"
