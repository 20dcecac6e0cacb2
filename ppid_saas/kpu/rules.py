"""Who must approve a KPU list and where a round stands, pure: no SQL, no clock, no words of law that are not named here.

Source: SOP 74/ORT.06/3604/2022; PKPU 22/2023 (KPU RI alone determines exemptions, for every level).
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Protocol, TypeVar

from ppid_saas.access.sayings import say

SUBJECT = "kpu_round"
KPU_RI = "kpu_ri"
# role in the KPU tenant -> the authority it speaks for. Source: SOP 74/ORT.06/3604/2022 baris 2
AUTHORITIES = {
    "pembina": say("Pembina"),
    "board_member": say("Tim Pertimbangan"),
    "superior": say("Atasan PPID"),
}
ALL_AUTHORITIES = AUTHORITIES | {KPU_RI: "KPU RI"}
VERDICTS = {
    "approved": (say("Setuju"), "aman"),
    "returned": (say("Dikembalikan"), "perhatian"),
    "taken_back": (say("Persetujuan ditarik"), "netral"),
}
TURNS = {
    "collecting": say("Desk Pelayanan"),
    "collected": say("PPID"),
    "awaiting_approval": say("Pembina, Tim Pertimbangan, dan Atasan PPID"),
    "approved": say("Desk Pelayanan"),
    "stored": "KPU RI",
    "granted": say("PPID"),
    "published": "",
}
# Types of document a tenant has before it names its own.
DOC_TYPES = tuple(
    tomllib.loads(files(__package__).joinpath("doc_types.toml").read_text(encoding="utf-8"))["types"]
)
NOT_GRANTED = say(
    "Belum dapat diterbitkan: persetujuan KPU RI belum dicatat. Catat nomor, tanggal, dan surat persetujuannya dahulu."
)


class Answer(Protocol):
    @property
    def authority(self) -> str: ...
    @property
    def verdict(self) -> str: ...
    @property
    def sha256(self) -> str: ...


A = TypeVar("A", bound=Answer)


@dataclass(frozen=True, slots=True)
class Grant:
    """The act of KPU RI as its letter says it."""

    number: str
    dated_on: date


def standing(answers: Iterable[A], sha256: str) -> Mapping[str, A]:
    """Return the newest answer of each authority about this very list; answers come oldest first."""
    newest = {one.authority: one for one in answers if one.sha256 == sha256}
    return {name: one for name, one in newest.items() if one.verdict != "taken_back"}


def missing(answers: Mapping[str, Answer]) -> list[str]:
    """Return the authorities that have not approved."""
    return [name for name in AUTHORITIES if name not in answers or answers[name].verdict != "approved"]


def speaks_for(roles: Iterable[str]) -> list[str]:
    """Return the authorities a person may answer for."""
    return [name for name in AUTHORITIES if name in set(roles)]


def grant_problems(grant: Grant, today: date) -> dict[str, list[str]]:
    """Return what KPU RI's letter lacks to be recorded: a number, and a day that has come.

    It may be older than the list: an office often publishes what KPU RI determined for every level before.
    """
    found: dict[str, list[str]] = {}
    if not grant.number.strip():
        found["number"] = [say("Isi nomor persetujuan atau penetapan KPU RI.")]
    if grant.dated_on > today:
        found["dated_on"] = [say("Tanggal persetujuan belum tiba.")]
    return found


def upload_problems(link: str, published_on: date, granted_on: date, today: date) -> dict[str, list[str]]:
    """Return what is wrong with an upload: no address, or a day before KPU RI agreed or still to come."""
    found: dict[str, list[str]] = {}
    if not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", link.strip()):
        found["link"] = [say("Isi alamat lengkap halaman yang memuat daftar, diawali https://.")]
    if published_on > today:
        found["published_on"] = [say("Tanggal pengunggahan belum tiba.")]
    elif published_on < granted_on:
        found["published_on"] = [say("Tanggal pengunggahan mendahului persetujuan KPU RI.")]
    return found
