"""What a determination needs to be recorded, pure: the six contents the law asks for, and dates that hold together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

STATES = {"determined": "Berlaku", "revoked": "Dicabut"}
KIND = "exemption"
_ASKED = {
    "number": "Isi nomor penetapan.",
    "title": "Isi judul penetapan.",
    "signatory": "Isi nama penanda tangan.",
    "signatory_position": "Isi jabatan penanda tangan.",
    "place": "Isi tempat penetapan.",
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
        found["dated_on"] = ["Tanggal penetapan belum tiba."]
    return found
