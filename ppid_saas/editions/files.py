"""The files of an edition, made once from its frozen content: canonical JSON, JSON Lines, CSV, XLSX, PDF.

The same edition gives the same data files, byte for byte. Where the bytes go is not decided here.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import xlsxwriter

from ppid_saas import letters
from ppid_saas.proofs import canonical
from ppid_saas.publication.differences import ground_text, readable
from ppid_saas.web.formats import INDONESIAN, long_date

SOURCE = Path(letters.__file__).with_name("edition.typ")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
HEADINGS = (
    "Kode", "Informasi", "Unit", "Bagian yang dikecualikan", "Bagian yang tetap terbuka", "Dasar hukum",
    "Jangka waktu", "Masa pengecualian habis", "Akibat bila dibuka", "Kepentingan yang dilindungi",
    "Penanggung jawab", "Nomor penetapan", "Tanggal penetapan", "Judul penetapan", "Jabatan penanda tangan",
)  # fmt: skip
# What a row of the PDF says at length; all else in it is short.
LONG_FIELDS = ("title", "open_part", "harm", "interest")
WIDTHS = (16, 44, 28, 14, 32, 44, 26, 16, 44, 44, 28, 24, 16, 36, 28)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One file: `format` is its name in addresses (json, jsonl, csv, xlsx, pdf, pdf-2 …)."""

    format: str
    media_type: str
    data: bytes


def document(
    slug: str, n: int, determination: Mapping[str, Any], items: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return what an edition's hash is over, as canonical JSON."""
    return {
        "list": slug,
        "n": n,
        "determination": dict(determination),
        "items": [dict(item) for item in items],
    }


def render(region: str, content: Mapping[str, Any], sha256: str) -> Iterator[Rendered]:
    """Make every file, one after the other; the JSON file's own SHA-256 is the edition's."""
    yield Rendered("json", "application/json", canonical(content))
    for name, media_type, make in _TABLES:
        yield Rendered(name, media_type, make(content["items"]))
    volumes = letters.volumes(content["items"], _length)
    for number, rows in enumerate(volumes, start=1):
        data = _paper(region, content, sha256, rows, (number, len(volumes)))
        name = "pdf" if number == 1 else f"pdf-{number}"
        yield Rendered(name, "application/pdf", letters.typeset(SOURCE, data))


def count(items: Sequence[Mapping[str, Any]]) -> int:
    """How many files an edition of these items has."""
    return 1 + len(_TABLES) + len(letters.volumes(items, _length))


def _length(item: Mapping[str, Any]) -> int:
    return sum(len(item[name] or "") for name in LONG_FIELDS)


def json_lines(items: Sequence[Mapping[str, Any]]) -> bytes:
    """One canonical JSON object a line."""
    return b"".join(canonical(item) + b"\n" for item in items)


def comma_separated(items: Sequence[Mapping[str, Any]]) -> bytes:
    """RFC 4180 with a byte order mark; a cell that a spreadsheet would run is written as text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows([neutral(cell) for cell in cells(item)] for item in items)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def workbook(items: Sequence[Mapping[str, Any]]) -> bytes:
    """One sheet without merged cells, its head frozen, every cell written as text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": False})
    book.set_properties({"created": datetime(2000, 1, 1), "title": "Daftar Informasi yang Dikecualikan"})  # noqa: DTZ001
    sheet = book.add_worksheet("DIK")
    head = book.add_format(
        {"bold": True, "bg_color": "#EAF0F8", "bottom": 1, "text_wrap": True, "valign": "top"}
    )
    text = book.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, HEADINGS[column], head)
    for row, item in enumerate(items, start=1):
        for column, cell in enumerate(cells(item)):
            sheet.write_string(row, column, neutral(cell), text)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(items), 1), len(HEADINGS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    book.close()
    return out.getvalue()


def cells(item: Mapping[str, Any]) -> tuple[str, ...]:
    """One item as a row of the tables, in the order of HEADINGS."""
    made = item["determination"]
    return (
        item["code"], item["title"], item["unit_name"], str(readable("part", item["part"])), item["open_part"],
        str(readable("grounds", item["grounds"])), str(readable("period", item["period"])), item["ends_on"] or "", item["harm"],
        item["interest"], item["holder"], made["number"], made["dated_on"], made["title"], made["signatory_position"],
    )  # fmt: skip


def neutral(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


_TABLES: tuple[tuple[str, str, Callable[[Sequence[Mapping[str, Any]]], bytes]], ...] = (
    ("jsonl", "application/jsonl", json_lines),
    ("csv", "text/csv; charset=utf-8", comma_separated),
    ("xlsx", XLSX, workbook),
)


def _paper(
    region: str,
    content: Mapping[str, Any],
    sha256: str,
    rows: Sequence[Mapping[str, Any]],
    volume: tuple[int, int],
) -> dict[str, Any]:
    return {
        "region": region, "n": content["n"], "volume": volume[0], "volumes": volume[1], "sha256": sha256,
        "determination": {**content["determination"], "dated_on": _day(content["determination"]["dated_on"])},
        "count": len(content["items"]), "items": [_line(row) for row in rows],
    }  # fmt: skip


def _line(item: Mapping[str, Any]) -> dict[str, str]:
    return {
        **{
            name: item[name]
            for name in ("code", "title", "open_part", "unit_name", "holder", "harm", "interest")
        },
        "grounds": "; ".join(ground_text(row) for row in item["grounds"]),
        "period": str(readable("period", item["period"])),
        "ends_on": _day(item["ends_on"]) if item["ends_on"] else "",
    }


def _day(iso: str) -> str:
    return long_date(date.fromisoformat(iso), locale=INDONESIAN)


def manifest(rendered: Rendered, object_id: UUID, sha256: str) -> dict[str, Any]:
    """What a draft remembers of a stored file."""
    return {
        "format": rendered.format,
        "media_type": rendered.media_type,
        "object_id": str(object_id),
        "size": len(rendered.data),
        "sha256": sha256,
    }
