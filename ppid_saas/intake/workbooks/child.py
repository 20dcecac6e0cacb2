"""A reader: it is handed one packed or binary workbook, tells what tables are in it and ends.

A foreign file meets a native parser here. What it tells are lines of JSON, first what tables there are, then their rows in pieces;
it knows nothing of what they mean. `apart` borrows it; nothing imports it for its own use.
"""

import io
import json
import socket
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from ppid_saas.intake.workbooks import opendocument, word
from ppid_saas.intake.workbooks.refusals import MAX_ROWS
from ppid_saas.limited import serve

MOST_CELLS = 6_000_000
MOST_SHEETS = 200
MOST_ROWS = 2 * MAX_ROWS
MOST_TEXT = 80_000_000
PIECE = 500

MONTHS = [
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
]  # fmt: skip


class TallError(Exception):
    """A sheet of more rows than anyone keeps by hand."""


def written(value: object) -> str:
    """A cell as an officer would write it: whole numbers without a point, dates in words."""
    if isinstance(value, str):  # as most are
        return value
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() != time():
        return f"{in_words(value)} {value:%H.%M}"
    if isinstance(value, date):
        return in_words(value)
    return f"{value:%H.%M}" if isinstance(value, time) else str(value)


def in_words(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def read_cells(data: bytes, kind: str) -> list[dict[str, Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    merges = opendocument.merges_of(data) if kind == "ods" else {}
    tables, left, text = [], MOST_CELLS, MOST_TEXT
    for meta in book.sheets_metadata[:MOST_SHEETS]:
        sheet = readable(book, meta.name)
        if sheet is None:
            continue
        if sheet.total_height > MOST_ROWS:
            raise TallError
        left -= sheet.total_height * sheet.total_width
        if left < 0:
            raise MemoryError
        rows = [list(map(written, row)) for row in sheet.to_python(skip_empty_area=False)]
        text -= sum(len(cell) for row in rows for cell in row)
        if text < 0:
            raise MemoryError
        tables.append(
            {
                "name": meta.name,
                "hidden": meta.visible != SheetVisibleEnum.Visible,
                "rows": rows,
                "merges": merges.get(meta.name) or flat(sheet),
            }
        )
    return tables


def readable(book: CalamineWorkbook, name: str) -> CalamineSheet | None:
    """Chart and macro sheets have no cells to give."""
    try:
        return book.get_sheet_by_name(name)
    except PasswordError:
        raise
    except CalamineError:
        return None


def flat(sheet: CalamineSheet) -> list[tuple[int, int, int, int]]:
    ranges = sheet.merged_cell_ranges or []
    return [(top, left, bottom, right) for (top, left), (bottom, right) in ranges]


def read_word(data: bytes) -> list[dict[str, Any]]:
    return [
        {"name": f"Tabel {n}", "hidden": False, "rows": table.rows, "merges": table.merges}
        for n, table in enumerate(word.read_tables(data), start=1)
    ]


def answer(kind: str, data: bytes) -> dict[str, Any]:
    """Return the tables, or why there are none."""
    try:
        return {"sheets": read_word(data) if kind == "docx" else read_cells(data, kind)}
    except PasswordError:
        return {"refused": "encrypted"}
    except TallError:
        return {"refused": "too_big"}
    except MemoryError:
        return {"refused": "bomb"}
    except BaseException:  # noqa: BLE001  # what a foreign file brings about is its fault, the panic of a native parser too
        return {"refused": "damaged"}


def lines_of(found: dict[str, Any]) -> Iterator[bytes]:
    """Yield line by line, so that neither side ever holds the whole answer as one text."""
    pieces = [table.pop("rows") for table in found.get("sheets", ())]
    for table, rows in zip(found.get("sheets", ()), pieces, strict=True):
        table["pieces"] = len(range(0, len(rows), PIECE))
    yield as_line(found)
    for rows in pieces:
        for start in range(0, len(rows), PIECE):
            yield as_line(rows[start : start + PIECE])


def as_line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def read(line: socket.socket) -> None:
    """Answer with the tables of the file on the line."""
    with line.makefile("rb") as given:
        kind = given.readline().decode().strip()
        found = answer(kind, given.read())
    for each in lines_of(found):
        line.sendall(each)


if __name__ == "__main__":
    serve(read)
