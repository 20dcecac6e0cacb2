"""A consolidated list read at once for whoever splits it: each item row with the unit it stands under. Writes nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.intake.rules import Understanding, best_sheet, mapped_columns, tidy, understand, values_of
from ppid_saas.intake.workbooks.reading import read_pasted, read_workbook
from ppid_saas.intake.workbooks.refusals import UnreadableFile

NO_ROWS = say("Tidak ada baris yang dapat dibaca sebagai daftar. Pastikan ada kolom judul informasi.")
ORDINAL = re.compile(r"^([A-Z]|[IVXL]{1,6}|\d{1,3})\s*[.)]\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One item row: its place in the file, the unit as written, and its cells by field."""

    n: int
    unit: str
    cells: dict[str, str]


def read_list(data: bytes, filename: str) -> list[Line]:
    """Return the item rows of a list of many units; raises InvalidError with the reason when there are none."""
    try:
        workbook = read_workbook(data, filename) if filename else read_pasted(data.decode("utf-8", "replace"))
    except UnreadableFile as refusal:
        raise InvalidError(refusal.message, {"file": [refusal.message]}) from None
    lines = list(_lines(understand(best_sheet(workbook))))
    if not lines or not any(line.cells.get("title") for line in lines):
        raise InvalidError(NO_ROWS, {"file": [NO_ROWS]})
    return lines


def _lines(understood: Understanding) -> Iterator[Line]:
    """A column of units names each row's unit; without one, the section above the row does."""
    has_column = any(column.field == "unit" for column in understood.columns)
    mapped, section = mapped_columns(understood), ""
    for row in understood.rows:
        if row.kind == "section":
            section = ORDINAL.sub("", next((tidy(cell) for cell in row.cells if len(tidy(cell)) > 3), ""))
        elif row.kind == "data":
            cells = values_of(row, mapped)
            cells.pop("number", None)
            unit = cells.pop("unit", "") if has_column else section
            yield Line(row.n, " ".join(unit.split()), cells)
