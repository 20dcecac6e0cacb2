"""Reads the file an officer brings into plain tables, or says in their words why it cannot.

It decides by content, never by name, and understands nothing of what the tables mean: that is `intake.rules`.
"""

from collections.abc import Sequence
from typing import Any

from ppid_saas.intake.rules import Merge, Sheet, Workbook
from ppid_saas.intake.workbooks.apart import read_apart
from ppid_saas.intake.workbooks.delimited import parse, read_text_table
from ppid_saas.intake.workbooks.formats import format_of, has_macros
from ppid_saas.intake.workbooks.refusals import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Refusal, refuse


def read_workbook(data: bytes, filename: str) -> Workbook:
    """The tables of a file. `filename` only names the sheet of a text table. Raises UnreadableFile."""
    if len(data) > MAX_BYTES:
        refuse("too_big")
    if not data.removeprefix(b"\xef\xbb\xbf").strip(b"\x00 \t\r\n;,|"):
        refuse("empty")
    kind = format_of(data)
    if kind == "text":
        return workbook_of([{"name": filename, "rows": read_text_table(data)}])
    return workbook_of(read_apart(kind, data), macros=kind == "xlsx" and has_macros(data))


def read_pasted(text: str) -> Workbook:
    """Cells copied in Excel and pasted into a form: tabs between cells, line breaks inside quotes."""
    if not text.strip():
        refuse("empty")
    return workbook_of([{"name": "Tempelan", "rows": parse(text.replace("\x00", ""))}])


def workbook_of(tables: Sequence[dict[str, Any]], *, macros: bool = False) -> Workbook:
    """The sheets that hold anything; when none of them can be used, the reason of the first."""
    found = [trimmed(table) for table in tables]
    sheets = [sheet for sheet in found if sheet.rows]
    if not sheets:
        refuse("empty")
    usable = tuple(sheet for sheet in sheets if reason_against(sheet) is None)
    if not usable:
        refuse(reason_against(sheets[0]) or "empty")
    return Workbook(usable, macros)


def reason_against(sheet: Sheet) -> Refusal | None:
    if len(sheet.rows) > MAX_ROWS:
        return "too_big"
    return "too_many_columns" if len(sheet.rows[0]) > MAX_COLUMNS else None


def trimmed(table: dict[str, Any]) -> Sheet:
    """A sheet without the blank rows below and the blank columns beside its cells; rows keep their numbers."""
    rows: list[list[str]] = table["rows"]
    widths = [written_width(row) for row in rows]
    height = max((n for n, each in enumerate(widths, start=1) if each), default=0)
    width = max(widths, default=0)
    padded = tuple([(*row[:width], *[""] * (width - len(row))) for row in rows[:height]])
    merges = tuple(
        Merge(*merge) for merge in table.get("merges", ()) if merge[0] < height and merge[1] < width
    )
    return Sheet(table["name"], padded, merges, table.get("hidden", False))


def written_width(row: Sequence[str]) -> int:
    """How many cells there are up to the last with anything in it."""
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return width
