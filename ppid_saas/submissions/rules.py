"""What a submission is made of and how its progress is called on screen, pure: numbers, hashes, states, whose turn.

What blocks an item is asked of `law`; who may send, of `access`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ppid_saas.law.checks import check_item
from ppid_saas.law.findings import Finding
from ppid_saas.proofs import digest

VERDICTS = {"accepted": "Diterima", "returned": "Dikembalikan"}
TURNS = {
    "unit": "Unit",
    "central": "PPID Utama",
    "board": "Tim Pertimbangan",
    "superior": "Atasan PPID",
    "kpu_ri": "KPU RI",
    "none": "",
}
# state of an entry at the central -> word and tone for people, and what it means at the central
SHOWN: dict[str, tuple[str, str, str]] = {
    "received": ("Terkirim", "info", "diajukan"),
    "in_review": ("Terkirim", "info", "diperiksa"),
    "returned": ("Perlu perbaikan", "perhatian", "dikembalikan"),
    "accepted": ("Dipertimbangkan", "info", "diterima"),
    "in_test": ("Dipertimbangkan", "info", "diuji"),
    "at_board": ("Dipertimbangkan", "info", "di Tim Pertimbangan"),
    "awaiting_superior": ("Dipertimbangkan", "info", "menunggu Atasan"),
    "awaiting_kpu_ri": ("Dipertimbangkan", "info", "menunggu KPU RI"),
    "deferred": ("Dipertimbangkan", "info", "ditunda"),
    "not_exempt": ("Dibuka", "aman", "terbuka (hasil uji)"),
    "partly_exempt": ("Dipertimbangkan", "info", "dikecualikan sebagian"),
    "determined": ("Ditetapkan", "aman", "ditetapkan"),
    "published": ("Ditetapkan", "aman", "terbit"),
    "reopening": ("Ditetapkan", "aman", "menjelang habis"),
    "opened": ("Dibuka", "aman", "dibuka (ditetapkan)"),
    "opened_by_law": ("Dibuka", "aman", "terbuka demi hukum"),
    "opened_by_decision": ("Dibuka", "aman", "dibuka (putusan/persetujuan)"),
    "revoked": ("Dibuka", "aman", "dicabut"),
}
# where a unit stands in a collection -> word, tone, whose turn
STANDINGS: dict[str, tuple[str, str, str]] = {
    "missing": ("Belum mengirim", "netral", "unit"),
    "late": ("Terlambat", "lewat", "unit"),
    "sent": ("Terkirim", "info", "central"),
    "in_repair": ("Perlu perbaikan", "perhatian", "unit"),
    "done": ("Selesai diperiksa", "aman", "none"),
}
REPAIR_DAYS = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about one item, in words, for a list with links."""

    ref: int
    title: str
    field: str
    message: str


def number_of(year: int, earlier: int) -> str:
    """Return the number of a submission after `earlier` ones of the same unit."""
    return f"PJ-{year}-{earlier + 1:03d}"


def submission_hash(item_hashes: Sequence[str]) -> str:
    """Return the hash of a submission: over its items' hashes, in order."""
    return digest(list(item_hashes))


def findings_in_words(ref: int, body: Mapping[str, Any], today: date) -> tuple[list[Problem], list[Problem]]:
    """Return what blocks sending and what only warns.

    Source: UU 14/2008 Ps 17, 19, 20.
    """
    title = str(body.get("title") or "")
    found: dict[str, list[Problem]] = {"block": [], "warn": []}
    for finding in check_item(body, today):
        found[finding.severity].append(Problem(ref, title, finding.field, say(finding)))
    return found["block"], found["warn"]


def say(finding: Finding) -> str:
    """Return the sentence of a finding with its places filled."""
    return finding.message_id % finding.params


def standing(*, rounds: int, finished: bool, returned: int, overdue: bool) -> str:
    """Return where a unit stands, from its latest round."""
    if not rounds:
        return "late" if overdue else "missing"
    if not finished:
        return "sent"
    return "in_repair" if returned else "done"
