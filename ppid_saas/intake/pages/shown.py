"""What the pages of an import show: words for states and rows, a row of the grid, the cells a file would change."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from ppid_saas.access.sayings import say
from ppid_saas.intake.models import ImportBatch, ImportRow
from ppid_saas.intake.rules.bodies import EDITED, SHOWN, WORDS, problem_words
from ppid_saas.intake.rules.comparing import changes_of
from ppid_saas.intake.service import mapped_of
from ppid_saas.register import queries as register
from ppid_saas.register.rules import diff_words

STATES: dict[str, tuple[str, str]] = {
    "uploaded": (say("Sedang dibaca"), "info"),
    "understood": (say("Belum disimpan"), "perhatian"),
    "checked": (say("Belum disimpan"), "perhatian"),
    "saved": (say("Tersimpan"), "aman"),
    "undone": (say("Dibatalkan"), "netral"),
    "unreadable": (say("Tidak terbaca"), "lewat"),
}
CONFIDENCE = {
    "sure": (say("Yakin"), "aman"),
    "check": (say("Periksa"), "perhatian"),
    "unknown": (say("Belum tahu"), "netral"),
}
KINDS = {
    "letterhead": say("di atas judul kolom"),
    "heading": say("judul kolom"),
    "numbering": say("baris nomor kolom"),
    "section": say("judul bagian"),
    "data": say("butir"),
    "continuation": say("lanjutan butir di atasnya"),
    "footnote": say("catatan kaki"),
    "signature": say("tanda tangan"),
    "empty": say("kosong"),
}
TABS = {
    "semua": say("Semua"),
    "siap": say("Siap"),
    "perbaiki": say("Perlu perbaikan"),
    "ganda": say("Kemungkinan ganda"),
    "dilewati": say("Dilewati"),
}
COMPARED = {
    "baru": say("Baru"),
    "berubah": say("Berubah"),
    "sama": say("Sama"),
    "terkunci": say("Terkunci"),
    "tiada": say("Tidak ada di berkas"),
}
ALONE = {
    "deleted": say("Butir ini sudah dihapus dari daftar."),
    "submitted": say(
        "Butir ini sudah terkirim, jadi belum dapat diubah. Tunggu hasil pemeriksaan PPID Utama."
    ),
    "changed": say("Butir ini diubah orang lain sejak berkas dibaca. Impor lagi untuk membandingkannya."),
}


def grid_row(row: ImportRow, editing: bool) -> dict[str, Any]:  # noqa: FBT001  # a view model, called in one place
    """Return a row for the grid: cells to show, and those that become inputs: faulty ones, or all while editing."""
    said: dict[str, list[dict[str, Any]]] = {}
    for found in row.problems:
        said.setdefault(found["field"], []).append(found | {"message": problem_words(found["message"])})
    faulty = {field for field, found in said.items() if any(f["severity"] == "block" for f in found)}
    extra = [name for name in EDITED if name not in SHOWN and (editing or name in said)]
    return {
        "n": row.n, "take": row.take, "kind": row.kind, "cells": row.cells, "said": said, "extra": extra,
        "inputs": set(EDITED) if editing else faulty, "editing": editing, "can_take": bool(row.cells.get("title")) and row.fate in ("new", "changed"),
        "fate": row.fate, "match": row.match,
        "marked": any(f["severity"] == "block" for f in row.problems),
    }  # fmt: skip


def changed_rows(batch: ImportBatch, rows: Sequence[ImportRow]) -> list[dict[str, Any]]:
    """Return rows with their items and what the file would change in them, cell by cell."""
    items = register.by_ids([UUID(row.match["item"]) for row in rows])
    mapped = mapped_of(batch)
    return [
        {
            "n": row.n, "item": items[UUID(row.match["item"])], "take": row.take, "how": row.match["how"],
            "cells": [_changed(change, row.match["keep"])
                      for change in changes_of(items[UUID(row.match["item"])].body, row.cells, mapped)],
        }
        for row in rows
    ]  # fmt: skip


def _changed(change: Any, keep: Sequence[str]) -> dict[str, Any]:
    return {
        "field": change.field, "label": WORDS[change.field], "before": change.before, "after": change.after,
        "parts": diff_words(change.before, change.after), "keep": change.field in keep,
    }  # fmt: skip


def left_rows(rows: Sequence[ImportRow]) -> list[dict[str, Any]]:
    """Return the rows that saving left alone, each with the reason why."""
    items = register.by_ids([UUID(row.match["item"]) for row in rows])
    return [
        {"n": row.n, "item": item, "reason": ALONE[_why(item)]}
        for row in rows
        if (item := items[UUID(row.match["item"])])
    ]


def _why(item: Any) -> str:
    if item.deleted_at is not None:
        return "deleted"
    return "submitted" if item.state == "submitted" else "changed"
