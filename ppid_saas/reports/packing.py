"""A year's evidence as one ZIP: a contents page, tables, letters, minutes and SOPs, each with its hash. Decides nothing.

What the Komisi Informasi's questionnaire asks for, in the order in which it asks.
"""

from collections.abc import Callable
from html import escape
from typing import Any
from uuid import UUID

from flask import current_app

from ppid_saas.access import policy
from ppid_saas.access.verbs import actor, command
from ppid_saas.cases import choosing, sheets
from ppid_saas.documents import service as documents
from ppid_saas.editions import queries as editions
from ppid_saas.events.service import record
from ppid_saas.letters import as_pdf
from ppid_saas.letters.paper import Column, Frame, Group, Paper, Table, Text, Title
from ppid_saas.reports import elsewhere, monitoring, rules
from ppid_saas.sop.drawing import lanes, shape_of
from tenants import clock

ACCESSIBLE = """Catatan aksesibilitas

Portal daftar dapat dipakai tanpa JavaScript, dengan papan ketik saja, dan pada lebar 320 piksel.
Setiap halaman diperiksa terhadap WCAG 2.2 tingkat AA dengan axe pada saat pengembangan.
Berkas PDF bertanda (PDF/UA-1) dan diarsipkan sebagai PDF/A-2a; daftar juga tersedia sebagai XLSX, CSV, dan JSON.
Keadaan tidak pernah hanya ditandai dengan warna.
"""


def pack(year: int) -> bytes:
    """Return the evidence of a year; that it was taken is recorded."""
    parts: dict[str, bytes] = {}
    rows: list[tuple[str, str, str]] = []
    for what, build in _SECTIONS:
        made = build(year)
        parts |= made
        rows += [(what, path, "") for path in made] or [(what, "–", "Tidak ada pada tahun ini")]
    rows += [("Edisi yang terbit", "", link) for link in _links()]
    parts |= _contents(year, rows)
    whole = rules.archive(parts, {"year": year, "of": actor().name, "made_at": clock.now().isoformat()})
    _note_taken(year, len(whole))
    return whole


@command("report.read")
def _note_taken(year: int, size: int) -> None:
    record("report.taken", None, {"year": year, "size": size})


def _links() -> list[str]:
    origin = current_app.extensions["ppid"]["settings"].origins["portal"]
    slug = editions.facts().slug
    return [f"{origin}/{slug}/edisi/{one.n}" for one in reversed(editions.editions())]


def _contents(year: int, rows: list[tuple[str, str, str]]) -> dict[str, bytes]:
    title = f"Paket bukti e-Monev {year}"
    cells = "".join(
        f"<tr><td>{escape(what)}</td><td>{_linked(path)}</td><td>{_linked(link)}</td></tr>"
        for what, path, link in rows
    )
    page = (
        f'<!doctype html><html lang="id"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
        f"<p>{escape(actor().name)}</p><table><thead><tr><th>Bukti</th><th>Berkas</th><th>Tautan</th></tr></thead>"
        f"<tbody>{cells}</tbody></table></html>"
    )
    columns = [Column("Bukti", 2), Column("Berkas", 3), Column("Tautan", 3)]
    paper = Paper(
        Frame(title, actor().name, title, dated=clock.today(actor().zone).isoformat()),
        [Title([title.upper()]), Text(actor().name), Table(columns, [Group("", rows)])],
    )
    return {
        "isi.html": page.encode(), "isi.csv": rules.as_csv(["Bukti", "Berkas", "Tautan"], rows), "isi.pdf": as_pdf(paper),
    }  # fmt: skip


def _linked(target: str) -> str:
    words = escape(target)
    return f'<a href="{words}">{words}</a>' if target and target != "–" else words


def _letters(year: int) -> dict[str, bytes]:
    found = monitoring.letters(year)
    seen = {made.id: made for made, _ in found}
    table = [
        (made.number, made.dated_on, made.kind, made.title, made.signatory_position) for made in seen.values()
    ]
    parts = {"sk/daftar.csv": rules.as_csv(["Nomor", "Tanggal", "Jenis", "Judul", "Penanda tangan"], table)}
    for made, paper in found:
        if paper is not None:
            parts |= _document(
                f"sk/{rules.inside(made.number)}-{paper.n}-{rules.inside(paper.name)}", paper.document_id
            )
        elif made.document_id is not None:
            parts |= _document(f"sk/{rules.inside(made.number)}.pdf", made.document_id)
    return parts if seen else {}


def _document(path: str, document_id: UUID | None) -> dict[str, bytes]:
    """Return a file for whoever may read files."""
    if document_id is None or not policy.may(actor().roles, "document.read"):
        return {}
    with documents.open_document(document_id).stream as stream:
        return {path: stream.read()}


def _tests(year: int) -> dict[str, bytes]:
    written, sat = monitoring.tests(year)
    parts: dict[str, bytes] = {}
    if written:
        lines = [(row.at.date(), row.stage, row.outcome, row.author, row.hash) for row in written]
        parts["uji/lembar-uji.csv"] = rules.as_csv(
            ["Tanggal", "Tahap", "Hasil", "Penulis", "Sidik jari"], lines
        )
    if sat:
        lines = [(row.held_on, row.title, row.place, row.chair, row.minutes_number) for row in sat]
        parts["uji/sidang.csv"] = rules.as_csv(
            ["Tanggal", "Sidang", "Tempat", "Ketua", "Nomor berita acara"], lines
        )
    for row in sat:
        parts |= _document(f"uji/berita-acara-{row.n}.pdf", row.minutes_id)
    return parts


OPENED = [
    "Kode",
    "Judul",
    "Unit",
    "Cara",
    "Terbuka sejak",
    "Masa berakhir",
    "Batas H-30",
    "Diputuskan",
    "Tepat waktu",
]


def _opened(year: int) -> dict[str, bytes]:
    rows = [_opened_row(one) for one in monitoring.opened(year)]
    return {"pembukaan/dibuka.csv": rules.as_csv(OPENED, rows)} if rows else {}


def _opened_row(one: Any) -> tuple[Any, ...]:
    row, entry = one.opened, one.entry
    decided = row.decided_at.date()
    in_time = (
        ""
        if row.decide_by is None
        else ("ya" if decided <= row.decide_by and row.how != "by_law" else "tidak")
    )
    return (
        entry.code or "",
        entry.title,
        entry.sender_name,
        row.how,
        row.opens_on,
        row.ended_on,
        row.decide_by,
        decided,
        in_time,
    )


def _missed(year: int) -> dict[str, bytes]:
    rows = [_opened_row(one) for one in monitoring.opened(year) if one.opened.how == "by_law"]
    return {"pembukaan/habis-tanpa-keputusan.csv": rules.as_csv(OPENED, rows)}


def _sops(_: int) -> dict[str, bytes]:
    found = {}
    for sop in choosing.in_use().values():
        symbols = {step.id: shape_of(sop, step) for step in sop.steps}
        found[f"sop/{rules.inside(sop.key)}.pdf"] = sheets.pdf(sop, lanes(sop), symbols, "a4")
    return found


def _updates(_: int) -> dict[str, bytes]:
    rows = [
        (one.n, one.published_at.isoformat(), one.item_count, one.sha256, one.retracted_at or "")
        for one in editions.editions()
    ]
    return {"pembaruan.csv": rules.as_csv(["Edisi", "Terbit", "Butir", "SHA-256", "Ditarik"], rows)}


def _counts(year: int) -> dict[str, bytes]:
    units = [
        (one.name, one.category, one.sent_on, one.late, one.rounds, one.items)
        for one in monitoring.unit_paces(year)
    ]
    head = ["Unit", "Jenis", "Pertama mengirim", "Terlambat (hari kerja)", "Putaran", "Butir"]
    return {
        "unit/rekap.csv": rules.as_csv(head, units),
        "unit/per-pasal.csv": rules.as_csv(["Unit", "Dasar", "Butir"], monitoring.per_unit()),
    }


def _elsewhere(year: int) -> dict[str, bytes]:
    rows = [
        (one.edition_n, one.medium, one.place, one.published_on, one.published_by, one.url)
        for one in elsewhere.noted()
        if one.published_on.year == year and one.withdrawn_at is None
    ]
    head = ["Edisi", "Sarana", "Tempat", "Tanggal", "Oleh", "Tautan"]
    return {"sarana-lain.csv": rules.as_csv(head, rows)} if rows else {}


def _accessible(_: int) -> dict[str, bytes]:
    return {"aksesibilitas.txt": ACCESSIBLE.encode()}


_SECTIONS: tuple[tuple[str, Callable[[int], dict[str, bytes]]], ...] = (
    ("SK dan lampirannya", _letters),
    ("Lembar uji dan berita acara", _tests),
    ("Butir yang dibuka tahun ini", _opened),
    ("Habis tanpa keputusan", _missed),
    ("SOP yang dipakai", _sops),
    ("Pembaruan daftar", _updates),
    ("Jumlah per unit", _counts),
    ("Diumumkan di sarana lain", _elsewhere),
    ("Aksesibilitas", _accessible),
)
