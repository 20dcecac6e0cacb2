"""The consolidated list as a table to take away, XLSX or CSV, with the filters it was shown with.

Rows in, bytes out; a cell that a spreadsheet would run is written as text.
"""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import xlsxwriter
from sqlalchemy import Row

from ppid_saas.access.sayings import say, told
from ppid_saas.register.cells import CELL_LIMIT, neutral
from ppid_saas.register.rules import field_words
from ppid_saas.submissions.rules import SHOWN

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 20_000
TOO_MANY = say("Daftar ini melebihi 20.000 butir. Saring lebih dahulu, misalnya menurut unit.")
HEADINGS = (
    ("Kode", 14), ("Unit", 28), ("Judul informasi", 44), ("Dasar hukum", 40), ("Bagian yang dikecualikan", 14),
    ("Akibat bila dibuka", 40), ("Manfaat bila dibuka", 40), ("Kepentingan yang dilindungi", 40),
    ("Jangka waktu", 28), ("Masa habis", 14), ("Ditinjau", 14), ("Status", 18), ("Jabatan penguasa", 28),
)  # fmt: skip


def _row(entry: Row[Any]) -> list[str]:
    body = entry.body
    words = [
        told(field_words(body, name)) for name in ("grounds", "part", "harm", "benefit", "interest", "period")
    ]
    cells = [
        entry.code or "", entry.sender_name, entry.title, *words, _day(entry.ends_on), _day(entry.review_on),
        told(SHOWN[entry.state][2]), str(body.get("holder") or ""),
    ]  # fmt: skip
    return [neutral(cell)[:CELL_LIMIT] for cell in cells]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def comma_separated(entries: Iterable[Row[Any]]) -> bytes:
    """Semicolons and a byte order mark, as Excel here opens without asking."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(heading for heading, _ in HEADINGS)
    writer.writerows(map(_row, entries))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def workbook(entries: Iterable[Row[Any]]) -> bytes:
    """One sheet without merged cells."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "in_memory": True})
    book.set_properties({"created": datetime(2000, 1, 1), "title": "Daftar gabungan"})  # noqa: DTZ001  # a file has no zone
    sheet = book.add_worksheet("Daftar gabungan")
    text = book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format(
        {"text_wrap": True, "valign": "top", "bold": True, "bg_color": "#EAF0F8", "bottom": 1}
    )
    for column, (heading, width) in enumerate(HEADINGS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, head)
    for row, entry in enumerate(entries, start=1):
        for column, cell in enumerate(_row(entry)):
            sheet.write_string(row, column, cell, text)
    sheet.freeze_panes(1, 3)
    book.close()
    return out.getvalue()
