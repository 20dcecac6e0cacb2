"""What a document's own page shows beside its latest version, and what it says to what was just done."""

from typing import Any
from uuid import UUID

from flask import request

from ppid_saas.access.sayings import say
from ppid_saas.documents import disposal_queries, filing_queries, redaction_queries
from ppid_saas.documents.rules import REDACTED
from ppid_saas.web.addresses import number_asked

COPY_STATES = {
    "draft": (say("Draf"), "netral"),
    "approved": (say("Disetujui"), "aman"),
    "withdrawn": (say("Ditarik"), "perhatian"),
}
DONE = {
    "tersimpan": say("Berkas disimpan tertutup."),
    "versi": say("Versi baru disimpan. Versi sebelumnya tetap ada."),
    "simpan": say("Masa simpan dicatat."),
    "usul": say("Usul pemusnahan dicatat. Orang lain yang memutuskan; sampai itu berkasnya tetap ada."),
    "batal": say("Usul pemusnahan dibatalkan."),
    "tolak": say("Usul pemusnahan ditolak. Berkasnya tetap ada."),
    "musnah": say("Berkas dimusnahkan. Catatannya tetap tersimpan."),
    "salinan": say("Salinan disimpan sebagai draf. Orang lain memeriksa dan menyetujuinya."),
    "setuju": say("Salinan disetujui."),
    "tarik": say("Salinan ditarik."),
}
SAME = say("Isinya sama dengan versi %(n)s, jadi tidak disimpan lagi.")


def around(document_id: UUID) -> dict[str, Any]:
    """Return the values of the page besides the version and its download."""
    kept = filing_queries.kept(document_id)
    return {
        "kept": kept, "versions": filing_queries.versions(document_id), "holds": filing_queries.holds(document_id),
        "disposals": disposal_queries.of_document(document_id), "copy_states": COPY_STATES, "notice": _notice(),
        "copy": redaction_queries.copy(document_id) if kept.kind == REDACTED else None,
        "copies": redaction_queries.copies(document_id),
    }  # fmt: skip


def _notice() -> dict[str, Any] | None:
    done = request.args.get("hasil", "")
    if done == "sama":
        return {"tone": "info", "text": say(SAME, n=number_asked("versi"))}
    return {"tone": "aman", "text": DONE[done]} if done in DONE else None
