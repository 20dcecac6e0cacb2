"""The rows of an import that have something wrong in them, as a workbook with a column that says what.

Its headings are those the import knows; what it brings back is read like any other file.
"""

import io
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter

from ppid_saas.intake.models import ImportRow
from ppid_saas.intake.rules.bodies import EDITED, NOTED, WORDS
from ppid_saas.register.cells import CELL_LIMIT, neutral
from ppid_saas.register.exports import HEADINGS

PROBLEM = "Masalah"
FIELDS = ("code", *EDITED, *NOTED)
WIDTH = 32


def problem_workbook(rows: Sequence[ImportRow]) -> bytes:
    """One sheet: the cells as they are now, and each row's problems in words; nothing in it runs as a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "in_memory": True})
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001  # a file has no zone
    sheet = book.add_worksheet("Perlu perbaikan")
    text = book.add_format({"text_wrap": True, "valign": "top"})
    wrong = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#B42318"})
    head = book.add_format({"text_wrap": True, "valign": "top", "bold": True, "bottom": 1})
    fields = [
        name for name in FIELDS if any(row.cells.get(name) for row in rows) or name in ("title", "ground")
    ]
    sheet.set_column(0, len(fields), WIDTH)
    headings = [HEADINGS[name][0] if name in HEADINGS else str(WORDS[name]) for name in fields]
    for column, heading in enumerate([*headings, PROBLEM]):
        sheet.write_string(0, column, heading, head)
    for at, row in enumerate(rows, start=1):
        for column, name in enumerate(fields):
            sheet.write_string(at, column, neutral(row.cells.get(name, ""))[:CELL_LIMIT], text)
        said = "\n".join(dict.fromkeys(found["message"] for found in row.problems))
        sheet.write_string(at, len(fields), neutral(said)[:CELL_LIMIT], wrong)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
