"""What may be said about a document without asking anything: its kinds, the reasons for fetching it, its name."""

import unicodedata
from datetime import date
from pathlib import PurePosixPath
from uuid import UUID

from ppid_saas.access.sayings import say
from ppid_saas.law.periods import add

KINDS = {
    "import": say("Berkas impor"),
    "letter": say("Surat"),
    "attachment": say("Dokumen"),
    "enclosure": say("Berkas pengajuan"),
    "redacted": say("Salinan untuk publik"),
}
# What a person puts into the closed store by itself. The others came with an import, a letter or a list that was handed
# in, and stay as they were then; a copy for the public belongs to its original.
ATTACHMENT, REDACTED = "attachment", "redacted"
OWN_KINDS = (ATTACHMENT, REDACTED)
# Fetching a closed file is recorded with one of these; never with free words, which might quote the file.
REASONS = {
    "review": say("Memeriksa atau melengkapi daftar"),
    "test": say("Uji konsekuensi"),
    "request": say("Permohonan informasi atau keberatan"),
    "dispute": say("Sengketa informasi"),
    "archive": say("Penyimpanan atau pemindahan arsip"),
}
# Who may know of an archive. A class is no exemption, nor the other way round. Source: UU 43/2009 Ps 40 ayat (4).
CLASSES = {
    "top_secret": say("Sangat Rahasia"),
    "secret": say("Rahasia"),
    "limited": say("Terbatas"),
    "ordinary": say("Biasa/Terbuka"),
}
# What becomes of it when its years are over, as a records schedule (JRA) says it. Source: UU 43/2009 Ps 40 ayat (4).
FATES = {"destroy": say("Musnah"), "permanent": say("Permanen"), "review": say("Dinilai kembali")}
FORUMS = {"ki": say("Komisi Informasi"), "court": say("Pengadilan")}
DESTROYED = say("Berkas ini sudah dimusnahkan. Yang tersisa hanya catatannya.")
LONGEST_YEARS = 100
NAME_LIMIT = 200
LARGEST_FILE = 1024**3
# What becomes of a file that comes in pieces.
RECEIVING, CHECKING, KEPT, REFUSED = "receiving", "checking", "kept", "refused"


def purpose_of(document_id: UUID, n: int) -> str:
    """Return what binds an object to one version of one document."""
    return f"document/{document_id}/{n}"


def kept_until(kept_from: date | None, active: int | None, inactive: int | None) -> date | None:
    """Return the last day of a document's retention; None while nobody wrote it down."""
    if kept_from is None or active is None or inactive is None:
        return None
    return add(kept_from, active + inactive, "year")


def tidy_name(name: str) -> str:
    """Return a file's name without folders and without characters that do not show; never empty."""
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    stem, dot, ending = shown.strip(" .").rpartition(".")
    if not dot or len(ending) > NAME_LIMIT // 10:
        return shown.strip(" .")[:NAME_LIMIT] or "berkas"
    return f"{stem[: NAME_LIMIT - len(ending) - 1]}.{ending}"
