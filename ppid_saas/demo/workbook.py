"""Writes rows as a workbook such as offices keep: a letterhead, a heading of two merged rows, numbers, a signature."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

import xlsxwriter

from ppid_saas.demo.content import Texts

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SINGLE = ((0, "No"), (1, "Informasi"), (2, "Dasar hukum"), (5, "Jangka waktu"), (6, "Penanggung jawab"))
PAIR = "Konsekuensi bila informasi"
CELLS = ("title", "ground", "harm", "interest", "period", "holder")
WIDTHS = (5, 42, 40, 40, 40, 30, 30)
TOP = 4
MADE = datetime(2026, 1, 5, tzinfo=UTC).replace(tzinfo=None)  # the same rows are the same bytes


def workbook(heading: Sequence[str], rows: Sequence[Texts]) -> bytes:
    """Return the bytes of a workbook with these rows below a letterhead."""
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        book.set_properties({"created": MADE})
        sheet = book.add_worksheet("DIK")
        bold = book.add_format(
            {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1}
        )
        plain = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        for n, line in enumerate(heading):
            sheet.merge_range(
                n, 0, n, len(WIDTHS) - 1, line, book.add_format({"bold": True, "align": "center"})
            )
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
            sheet.write(TOP + 2, column, column + 1, bold)
        for column, words in SINGLE:
            sheet.merge_range(TOP, column, TOP + 1, column, words, bold)
        sheet.merge_range(TOP, 3, TOP, 4, PAIR, bold)
        sheet.write(TOP + 1, 3, "Dibuka", bold)
        sheet.write(TOP + 1, 4, "Ditutup", bold)
        for n, row in enumerate(rows, 1):
            sheet.write_row(TOP + 2 + n, 0, [n, *(row.get(name, "") for name in CELLS)], plain)
    return held.getvalue()
