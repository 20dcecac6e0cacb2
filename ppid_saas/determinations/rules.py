"""What a determination needs to be recorded, pure: the six contents the law asks for, and dates that hold together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ppid_saas.access.sayings import say

STATES = {"determined": say("Berlaku"), "revoked": say("Dicabut")}
KIND = "exemption"
_ASKED = {
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
    found = {name: [words] for name, words in _ASKED.items() if not getattr(letter, name).strip()}
    if letter.dated_on > today:
        found["dated_on"] = [say("Tanggal penetapan belum tiba.")]
    return found
