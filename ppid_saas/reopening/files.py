"""What was opened, and what nobody decided in time, as tables to take away: XLSX, CSV, JSON. Pure: rows in, bytes out."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from ppid_saas.access.sayings import say
from ppid_saas.register.cells import CELL_LIMIT, neutral

WIDTH = 28
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
OPENED = say("Informasi dibuka")
OPENED_HEADINGS = (
    say("Kode"), say("Informasi"), say("Unit"), say("Cara dibuka"), say("Terbuka sejak"), say("Dasar"),
)  # fmt: skip
MISSED = say("Terbuka demi hukum")
MISSED_HEADINGS = (
    say("Kode"), say("Informasi"), say("Unit"), say("Masa habis"), say("Batas penetapan"), say("Terbuka sejak"),
    say("Pemberitahuan"), say("Ditanggapi"),
)  # fmt: skip
Rows = Iterable[Sequence[Any]]


def table(kind: str, title: str, headings: Sequence[str], rows: Rows) -> bytes:
    """Write one table in a kind of file; a cell a program would run is written as text."""
    clean = ([neutral(_plain(cell))[:CELL_LIMIT] for cell in row] for row in rows)
    return _workbook(title, headings, clean) if kind == "xlsx" else _separated(headings, clean)


def _plain(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _separated(headings: Sequence[str], rows: Rows) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(str(heading) for heading in headings)
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _workbook(title: str, headings: Sequence[str], rows: Rows) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "in_memory": True})
    book.set_properties({"created": datetime(2000, 1, 1), "title": title})  # noqa: DTZ001  # a file has no zone
    sheet = book.add_worksheet(title[:31])
    look = {"text_wrap": True, "valign": "top"}
    head, text = book.add_format(look | {"bold": True, "bottom": 1}), book.add_format(look)
    sheet.set_column(0, len(headings), WIDTH)
    for at, row in enumerate([[str(heading) for heading in headings], *rows]):
        for column, cell in enumerate(row):
            sheet.write_string(at, column, cell, text if at else head)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
