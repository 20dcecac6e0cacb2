"""Opens a packed or binary workbook in a process of its own, which may be killed without harm.

A foreign file meets a native parser here, so memory and time are limited before its first byte is read. It prints
JSON in lines, first what tables there are, then their rows in pieces, and knows nothing of what they mean. `apart` runs it; nothing imports it for its own use.
"""

import io
import json
import resource
import sys
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from ppid_saas.intake.workbooks.refusals import MAX_ROWS

MEMORY = 512 * 1024 * 1024
SECONDS = 10
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


def limit_self() -> None:
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def written(value: object) -> str:
    """A cell as an officer would write it: whole numbers without a point, dates in words."""
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
    merges = opendocument_merges(data) if kind == "ods" else {}
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


def opendocument_merges(data: bytes) -> dict[str, list[tuple[int, int, int, int]]]:
    from ppid_saas.intake.workbooks import (
        opendocument,
    )  # read for these files alone: an officer waits for every start

    return opendocument.merges_of(data)


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
    from ppid_saas.intake.workbooks import word

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
    except Exception:  # noqa: BLE001  # whatever a foreign file brings about, it is the file's fault
        return {"refused": "damaged"}


def tell(found: dict[str, Any]) -> None:
    """Print line by line, so that neither side ever holds the whole answer as one text."""
    pieces = [table.pop("rows") for table in found.get("sheets", ())]
    for table, rows in zip(found.get("sheets", ()), pieces, strict=True):
        table["pieces"] = len(range(0, len(rows), PIECE))
    write(found)
    for rows in pieces:
        for start in range(0, len(rows), PIECE):
            write(rows[start : start + PIECE])


def write(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def main() -> None:
    limit_self()
    kind = sys.stdin.buffer.readline().decode().strip()
    tell(answer(kind, sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
