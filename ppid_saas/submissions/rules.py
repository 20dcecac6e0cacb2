"""What a submission is made of and how its progress is called on screen, pure: numbers, hashes, states, whose turn.

What blocks an item is asked of `law`; who may send, of `access`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ppid_saas.access.sayings import say, told
from ppid_saas.law.checks import check_item
from ppid_saas.law.findings import Finding
from ppid_saas.proofs import digest
from ppid_saas.register.narrower import beyond
from ppid_saas.register.rules import LABELS, Body, changed_fields, diff_words, field_words

VERDICTS = {"accepted": say("Diterima"), "returned": say("Dikembalikan")}
TURNS = {
    "unit": say("Unit"),
    "central": say("PPID Utama"),
    "board": say("Tim Pertimbangan"),
    "superior": say("Atasan PPID"),
    "kpu_ri": "KPU RI",
    "none": "",
}
# state of an entry at the central -> word and tone for people, and what it means at the central
SHOWN: dict[str, tuple[str, str, str]] = {
    "received": (say("Terkirim"), "info", say("diajukan")),
    "in_review": (say("Terkirim"), "info", say("diperiksa")),
    "returned": (say("Perlu perbaikan"), "perhatian", say("dikembalikan")),
    "accepted": (say("Dipertimbangkan"), "info", say("diterima")),
    "in_test": (say("Dipertimbangkan"), "info", say("diuji")),
    "at_board": (say("Dipertimbangkan"), "info", say("di Tim Pertimbangan")),
    "awaiting_superior": (say("Dipertimbangkan"), "info", say("menunggu Atasan")),
    "awaiting_kpu_ri": (say("Dipertimbangkan"), "info", say("menunggu KPU RI")),
    "deferred": (say("Dipertimbangkan"), "info", say("ditunda")),
    "not_exempt": (say("Dibuka"), "aman", say("terbuka (hasil uji)")),
    "partly_exempt": (say("Dipertimbangkan"), "info", say("dikecualikan sebagian")),
    "determined": (say("Ditetapkan"), "aman", say("ditetapkan")),
    "published": (say("Ditetapkan"), "aman", say("terbit")),
    "reopening": (say("Ditetapkan"), "aman", say("menjelang habis")),
    "opened": (say("Dibuka"), "aman", say("dibuka (ditetapkan)")),
    "opened_by_law": (say("Dibuka"), "aman", say("terbuka demi hukum")),
    "opened_by_decision": (say("Dibuka"), "aman", say("dibuka (putusan/persetujuan)")),
    "revoked": (say("Dibuka"), "aman", say("dicabut")),
    "withdrawn": (say("Ditarik"), "netral", say("ditarik unit")),
}
# where a unit stands in a collection -> word, tone, whose turn
STANDINGS: dict[str, tuple[str, str, str]] = {
    "missing": (say("Belum mengirim"), "netral", "unit"),
    "late": (say("Terlambat"), "lewat", "unit"),
    "sent": (say("Terkirim"), "info", "central"),
    "in_repair": (say("Perlu perbaikan"), "perhatian", "unit"),
    "done": (say("Selesai diperiksa"), "aman", "none"),
    "withdrawn": (say("Ditarik"), "netral", "unit"),
}
# What goes along with a list: the papers behind it, never the exempt document itself. Source: SOP 03/SOP-PPID baris 1.
ENCLOSED = {
    "consideration": say("Lembar pertimbangan"),
    "test_sheet": say("Lembar uji konsekuensi"),
    "minutes": say("Berita acara"),
    "cover_letter": say("Surat pengantar"),
}
# standings of units that still owe something
OWING = frozenset({"missing", "late", "in_repair"})
REPAIR_DAYS = 5
REVIEW_DAYS = 10  # Source: SOP 01/SOP-PPID baris 2; a central may set its own


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


def findings_in_words(
    ref: int, body: Mapping[str, Any], today: date, settings: Mapping[str, Any] | None = None
) -> tuple[list[Problem], list[Problem]]:
    """Return what blocks sending and what only warns; `settings` are those of the unit that sends.

    Source: UU 14/2008 Ps 17, 19, 20.
    """
    title = str(body.get("title") or "")
    found: dict[str, list[Problem]] = {"block": [], "warn": []}
    for finding in check_item(body, today):
        found[finding.severity].append(Problem(ref, title, finding.field, finding_words(finding)))
    if strange := beyond(body, settings or {}):
        found["block"].append(Problem(ref, title, "grounds", strange))
    return found["block"], found["warn"]


def finding_words(finding: Finding) -> str:
    """Return the sentence of a finding with its places filled."""
    return say(finding.message_id, **finding.params)


def word_changes(before: Body, after: Body) -> list[dict[str, Any]]:
    """Return the fields that differ, word by word, as `macros/diff.html` draws them."""
    return [
        {
            "label": LABELS[name],
            "parts": diff_words(told(field_words(before, name)), told(field_words(after, name))),
        }
        for name in changed_fields(before, after)
    ]


def standing(*, rounds: int, finished: bool, returned: int, overdue: bool) -> str:
    """Return where a unit stands, from its latest round."""
    if not rounds:
        return "late" if overdue else "missing"
    if not finished:
        return "sent"
    return "in_repair" if returned else "done"
