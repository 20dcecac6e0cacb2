"""What a determination needs to be recorded, pure: the six contents the law asks for, dates that hold together, its code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ppid_saas.access.sayings import say

STATES = {"determined": say("Berlaku"), "revoked": say("Dicabut")}
KIND = "exemption"
KINDS = {
    "exemption": say("Penetapan"),
    "amendment": say("Perubahan"),
    "revocation": say("Pencabutan"),
    "opening": say("Penetapan terbuka"),
    "kpu": say("Persetujuan KPU RI"),
}
# what a draft may become; openings and revocations are recorded at once, of items that are determined already
DRAFTED = ("exemption", "amendment")
OPENS = ("revocation", "opening")
DRAFT_STATES = {
    "draft": (say("Draf"), "netral"),
    "awaiting_superior": (say("menunggu Atasan"), "info"),
    "returned": (say("Dikembalikan Atasan"), "perhatian"),
    "approved": (say("Disetujui Atasan"), "aman"),
    "determined": (say("ditetapkan"), "aman"),
    "cancelled": (say("Dibatalkan"), "netral"),
}
EDITABLE = ("draft", "awaiting_superior", "returned")
REVOCABLE = ("determined", "published", "reopening")
# Source: SOP 01/SOP-PPID baris 4, 5, 6 (30, 3 and 10 working days); a central may set its own.
DUTIES = {
    "determination.draft": (30, "SOP 01/SOP-PPID, baris 4"),
    "determination.approval": (3, "SOP 01/SOP-PPID, baris 5"),
    "determination.handover": (10, "SOP 01/SOP-PPID, baris 6"),
}
# what a copy that came back is, next to the letter we made
VERDICTS = {
    "match": (say("Surat yang sama: nomor dan kode verifikasi cocok"), "aman"),
    "number": (say("Nomor cocok, tetapi kode verifikasi tidak ada: surat dibuat di tempat lain"), "info"),
    "scan": (say("Pindaian tanpa teks: isinya tidak dapat dibandingkan"), "perhatian"),
    "other": (
        say("Nomor penetapan tidak ditemukan di berkas ini; disimpan atas pernyataan petugas"),
        "perhatian",
    ),
    "unreadable": (
        say("Isi berkas tidak dapat dibaca sampai habis; disimpan tanpa dibandingkan"),
        "perhatian",
    ),
}
# what people read aloud without mistaking one sign for another
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH, _CODE_GROUP = 12, 4
ASKED = {
    "number": say("Isi nomor penetapan."),
    "title": say("Isi judul penetapan."),
    "signatory": say("Isi nama penanda tangan."),
    "signatory_position": say("Isi jabatan penanda tangan."),
    "place": say("Isi tempat penetapan."),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """The head of a determination as signed.

    Source: PP 61/2010 Ps 4 (identity of the official, place and date of the determination).
    """

    number: str
    title: str
    signatory: str
    signatory_position: str
    place: str
    dated_on: date


def problems(letter: Letter, today: date) -> Mapping[str, list[str]]:
    """Return what the head lacks, by field; a decision is recorded after it was made, not before."""
    found = {name: [words] for name, words in ASKED.items() if not getattr(letter, name).strip()}
    if letter.dated_on > today:
        found["dated_on"] = [say("Tanggal penetapan belum tiba.")]
    return found


def code_of(digest: str) -> str:
    """Return the verification code of a hash in hex: `7KQ2-9XMD-41TB`."""
    number = int(digest[:16], 16) >> 4
    signs = [_SIGNS[number >> 5 * n & 31] for n in reversed(range(_CODE_LENGTH))]
    return "-".join("".join(signs[at : at + _CODE_GROUP]) for at in range(0, _CODE_LENGTH, _CODE_GROUP))


def verdict(text: str, number: str, code: str) -> str:
    """Return what a text is, next to the letter of this number and code; spaces and case do not count."""
    said = _bare(text)
    if not said:
        return "scan"
    if _bare(number) not in said:
        return "other"
    return "match" if code and _bare(code) in said else "number"


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()


def signed_at(signature: Mapping[str, str]) -> datetime | None:
    """Return the moment a signature says it was made."""
    return datetime.fromisoformat(signature["when"]) if signature["when"] else None


def signature_words(signature: Mapping[str, object]) -> tuple[str, str]:
    """Return in words whether a signature holds, and its tone."""
    if not signature["intact"]:
        return say("Isi berkas berubah setelah ditandatangani. Tanda tangan ini tidak berlaku."), "lewat"
    if signature["extended"]:
        return say("Utuh saat ditandatangani, tetapi ada isi yang ditambahkan sesudahnya."), "perhatian"
    if not signature["known"]:
        return say("Utuh sejak ditandatangani. Penerbit sertifikatnya tidak dikenal di sini."), "info"
    return say("Utuh sejak ditandatangani. Penerbit sertifikatnya dikenal."), "aman"
