"""The register as a table to take away: XLSX and CSV whose headings and codes the import knows again.

Pure: bodies in, bytes out. What a file brings back is compared by `intake`; nothing is read here.
"""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import xlsxwriter

from ppid_saas.register.cells import CELL_LIMIT, cells_of, mark_of, neutral
from ppid_saas.register.rules import Body

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

KEEP_CODES = "Jangan ubah isi kolom ini: dengannya butir dikenali lagi saat berkas ini diimpor."
HEADINGS: dict[str, tuple[str, int]] = {
    "code": ("Kode (jangan diubah)", 14),
    "title": ("Judul informasi", 44),
    "document": ("Dokumen yang memuat", 30),
    "part": ("Bagian yang dikecualikan", 14),
    "open_part": ("Bagian yang tetap terbuka", 30),
    "ground": ("Dasar hukum", 40),
    "harm": ("Akibat bila dibuka", 40),
    "benefit": ("Manfaat bila dibuka", 40),
    "interest": ("Kepentingan yang dilindungi", 40),
    "loss": ("Kerugian publik bila ditutup", 40),
    "period": ("Jangka waktu pengecualian", 28),
    "review": ("Tanggal peninjauan", 18),
    "release": ("Syarat pembukaan lebih awal", 32),
    "holder": ("Jabatan penguasa informasi", 28),
    "note": ("Catatan", 32),
}


class Exported(NamedTuple):
    """One item to write."""

    ref: int
    id: UUID
    body: Body


def comma_separated(items: Iterable[Exported]) -> bytes:
    """Semicolons and a byte order mark, as Excel here opens without asking; a cell it would run is written as text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(heading for heading, _ in HEADINGS.values())
    writer.writerows(map(_row, items))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def workbook(items: Iterable[Exported]) -> bytes:
    """One sheet without merged cells; the codes look locked and say so."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "in_memory": True})
    book.set_properties({"created": datetime(2000, 1, 1), "title": "Daftar unit"})  # noqa: DTZ001  # a file has no zone
    sheet = book.add_worksheet("Daftar")
    look = {"text_wrap": True, "valign": "top"}
    head = book.add_format(look | {"bold": True, "bg_color": "#EAF0F8", "bottom": 1})
    locked = book.add_format(look | {"bg_color": "#E9ECEF", "font_color": "#495057"})
    text = book.add_format(look)
    for column, (heading, width) in enumerate(HEADINGS.values()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, head)
    for row, item in enumerate(items, start=1):
        for column, cell in enumerate(_row(item)):
            sheet.write_string(row, column, cell, text if column else locked)
    sheet.write_comment(0, 0, KEEP_CODES)
    sheet.freeze_panes(1, 2)
    book.close()
    return out.getvalue()


def _row(item: Exported) -> list[str]:
    cells = cells_of(item.body) | {"code": mark_of(item.ref, item.id)}
    return [neutral(cells[name])[:CELL_LIMIT] for name in HEADINGS]
