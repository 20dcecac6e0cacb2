"""Two hundred files nobody should have to read, made by script: each with its name and what may be said of it."""

import io
import random
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator
from itertools import count, islice
from typing import NamedTuple

import xlsxwriter
from foreign_files import Rows, docx, ods, packed, repacked, word_row, xls

from ppid_saas.intake.workbooks.refusals import MAX_ROWS

MIB = 1024 * 1024
READ = "read"
ROWS: Rows = (
    ("No", "Informasi", "Dasar Hukum", "Jangka Waktu"),
    *[
        (float(n), f"Berkas perkara nomor {n}", "Pasal 17 huruf a UU 14/2008", "2 tahun")
        for n in range(1, 30)
    ],
)
SHEET = "xl/worksheets/sheet1.xml"
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 20}'>" for a, b in zip("abcdefg", "bcdefgh", strict=True)
) + "]>"  # fmt: skip
OUTSIDE = "<!DOCTYPE x [<!ENTITY i SYSTEM 'file:///etc/hostname'>]>"
FOREIGN: dict[str, bytes] = {
    "surat.pdf": b"%PDF-1.7\n", "gambar.png": b"\x89PNG\r\n\x1a\n", "foto.jpg": b"\xff\xd8\xff\xe0", "surat.rtf": b"{\\rtf1 x}",
    "laman.html": b"<!DOCTYPE html><table><tr><td>1</td></tr></table>", "laman2.xls": b"<html><body><table></table>",
    "data.xml": b"<?xml version='1.0'?><a/>", "gambar.gif": b"GIF89a" + bytes(range(32)), "lagu.mp3": b"ID3" + bytes(range(32)),
    "arsip.gz": b"\x1f\x8b\x08" + bytes(range(32)), "arsip.7z": b"7z\xbc\xaf\x27\x1c" + bytes(range(32)),
    "arsip.rar": b"Rar!\x1a\x07\x00" + bytes(range(32)), "program.exe": b"MZ" + bytes(range(32)), "program": b"\x7fELF" + bytes(range(32)),
    "basis.db": b"SQLite format 3\x00" + bytes(range(32)), "arsip.zip": packed({"a.txt": "x"}), "buku.epub": packed({"mimetype": "application/epub+zip"}),
}  # fmt: skip


class Bad(NamedTuple):
    """One file; `allowed` are the refusals, or `read`, that are right for it; none means that any of them is."""

    name: str
    data: bytes
    allowed: frozenset[str]


def bad_files(seed: int = 1, most: int | None = None) -> Iterator[Bad]:
    """Every file, family after family, or the first few of each."""
    for family in FAMILIES:
        numbers = count(1)
        for data, allowed in islice(family(random.Random(seed)), most):
            yield Bad(f"{family.__name__}-{next(numbers)}", data, frozenset(allowed))


Made = Iterator[tuple[bytes, tuple[str, ...]]]


def book(write: Callable[[xlsxwriter.Workbook], object]) -> bytes:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    write(made)
    made.close()
    return out.getvalue()


def xlsx(rows: Rows = ROWS) -> bytes:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("DIK")
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)

    return book(fill)


def with_sheet(rows: str, before: str = "", dimension: str = "A1:C3") -> bytes:
    xml = f'<?xml version="1.0"?>{before}<worksheet xmlns="{SPACE}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    return repacked(xlsx(), {SHEET: xml.encode()})


def sound() -> dict[str, bytes]:
    word = "".join(word_row(*(str(cell) for cell in row)) for row in ROWS)
    return {"xlsx": xlsx(), "xls": xls(ROWS), "ods": ods(ROWS), "docx": docx(word)}


def empty(_: random.Random) -> Made:
    blank = (
        b"",
        b" \r\n" * 50,
        bytes(4000),
        b";;;;\r\n" * 40,
        b",,,\n" * 9,
        b"\xef\xbb\xbf",
        xlsx(()),
        ods(()),
        docx(),
    )
    for data in (*blank, xlsx([["", " "]] * 20), docx(word_row("a", "b"))):
        yield data, ("empty",)


def columns_of_nothing(_: random.Random) -> Made:
    for wide in (50, 51, 300, 16_000):
        yield xlsx([[" "] * wide] * 5), ("empty",)
        yield b";".join([b""] * wide) + b"\n", ("empty",)


def locked(draw: random.Random) -> Made:
    for size in (600, 4_000, 90_000, 2 * MIB):
        yield xls(ROWS) + "EncryptedPackage".encode("utf-16-le") + draw.randbytes(size), ("encrypted",)
    for kind in ("xlsx", "ods", "docx"):
        data = bytearray(sound()[kind])
        data[data.find(b"PK\x01\x02") + 8] |= 1
        yield bytes(data), ("encrypted",)
    manifest = b"<manifest:encryption-data manifest:checksum='x'/>"
    yield repacked(ods(ROWS), {"META-INF/manifest.xml": manifest}), ("encrypted",)


def foreign(draw: random.Random) -> Made:
    for mark in FOREIGN.values():
        yield mark, ("not_a_workbook", "damaged")
        yield mark + draw.randbytes(20_000), ("not_a_workbook", "damaged")
    yield xls(ROWS) + "WordDocument".encode("utf-16-le"), ("not_a_workbook",)
    for size in (64, 5_000, 200_000):
        yield b"\x01\x02" + draw.randbytes(size), ("not_a_workbook",)


def cut_short(_: random.Random) -> Made:
    for kind, data in sound().items():
        for tenths in range(1, 10):
            allowed = ("damaged", READ, "empty") if kind == "xls" else ("damaged",)
            yield data[: len(data) * tenths // 10], allowed


def inflated(_: random.Random) -> Made:
    for size in (60, 100, 127, 300, 600):
        yield with_sheet(" " * (size * MIB)), ("bomb",)
    yield packed({"xl/workbook.xml": "<x/>", **{f"m{n}": b"" for n in range(10_001)}}), ("bomb",)
    yield packed({"word/document.xml": b" " * 200 * MIB}), ("bomb",)
    yield (
        packed(
            {"content.xml": b" " * 200 * MIB, "mimetype": "application/vnd.oasis.opendocument.spreadsheet"}
        ),
        ("bomb",),
    )
    for declared in (2**31 - 1, 2**32 - 2, 700 * MIB):
        yield declaring(xlsx(), declared), ("bomb",)
    for cells in (2_000_000, 8_000_000):
        yield declaring(with_sheet("<row/>" * cells), 2_000), ("bomb", "damaged", "empty")


def declaring(data: bytes, size: int) -> bytes:
    """The same package, each of its members saying that it unpacks to `size` bytes."""
    changed = bytearray(data)
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = changed.find(mark)
        while at >= 0:
            struct.pack_into("<I", changed, at + offset, size)
            at = changed.find(mark, at + 4)
    return bytes(changed)


def document_types(_: random.Random) -> Made:
    for before in (LAUGHS, OUTSIDE, LAUGHS.replace("'", '"')):
        yield with_sheet("", before), ("bomb",)
        yield docx(word_row("a", "b", "&h;"), before=before), ("bomb",)
        for part in ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"):
            yield repacked(xlsx(), {part: f"<?xml version='1.0'?>{before}<x/>".encode()}), ("bomb",)
        wide = f'<?xml version="1.0" encoding="UTF-16"?>{before}<x/>'.encode("utf-16")
        yield packed({"word/document.xml": wide}), ("bomb",)


def too_large(draw: random.Random) -> Made:
    yield b"a;b;c\n" * (2 * MIB), ("too_big",)
    yield xlsx() + draw.randbytes(11 * MIB), ("too_big",)
    yield repacked(xlsx(), {"media/x.bin": draw.randbytes(11 * MIB)}), ("too_big",)
    yield bytes(11 * MIB), ("too_big",)
    yield b"a;b\n" * (MAX_ROWS + 1), ("too_big",)


def too_wide(_: random.Random) -> Made:
    for wide in (51, 80, 300, 2_000):
        cells = [f"k{n}" for n in range(wide)]
        yield xlsx([cells] * 3), ("too_many_columns",)
        yield (";".join(cells) + "\n").encode() * 3, ("too_many_columns",)
        yield ods([cells] * 3), ("too_many_columns",)


def merged(_: random.Random) -> Made:
    for step in (2, 3):
        cells = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 100))
        areas = "".join(f'<mergeCell ref="A{n}:C{n + step - 1}"/>' for n in range(1, 60_000 * step, step))
        xml = f'<worksheet xmlns="{SPACE}"><sheetData>{cells}</sheetData><mergeCells count="60000">{areas}</mergeCells></worksheet>'
        yield repacked(xlsx(), {SHEET: xml.encode()}), (READ, "bomb")
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>Informasi {n}</t></is></c></row>'
        for n in range(1, 20_001)
    )
    areas = "".join(f'<mergeCell ref="A{n}:C{n}"/>' for n in range(1, 60_001))
    xml = f'<worksheet xmlns="{SPACE}"><sheetData>{rows}</sheetData><mergeCells>{areas}</mergeCells></worksheet>'
    yield repacked(xlsx(), {SHEET: xml.encode()}), (READ, "bomb")


def formulas(_: random.Random) -> Made:
    for cell in (
        "<c r='A1'><f>1+1</f><v>2</v></c>", "<c r='A1'><f>1+1</f></c>", "<c r='A1' t='e'><v>#REF!</v></c>",
        "<c r='A1' t='str'><f>HYPERLINK(\"http://127.0.0.1\")</f><v>x</v></c>", "<c r='A1'><f>cmd|' /C calc'!A0</f><v>1</v></c>",
    ):  # fmt: skip
        other = "<c r='B1' t='inlineStr'><is><t>Informasi</t></is></c>"
        yield with_sheet(f"<row r='1'>{cell}{other}</row>"), (READ,)


def macros(draw: random.Random) -> Made:
    for size in (10, 5_000, MIB):
        yield repacked(xlsx(), {"xl/vbaProject.bin": draw.randbytes(size)}), (READ,)


def far_away(_: random.Random) -> Made:
    for far in ("XFD1048576", "XFD900000", "ZZ1048576", "A1048576"):
        row = far.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        cells = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{far}"><v>1</v></c></row>'
        yield with_sheet(cells, dimension=f"A1:{far}"), ("bomb", "too_big")
    alone = '<row r="1"><c r="A1" t="inlineStr"><is><t>Judul</t></is></c></row>'
    yield with_sheet(alone, dimension="A1:XFD1048576"), (READ,)


def odd_packages(_: random.Random) -> Made:
    link = zipfile.ZipInfo("xl/link.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    for member in (link, zipfile.ZipInfo("xl/workbook.xml"), zipfile.ZipInfo(SHEET)):
        out = io.BytesIO(xlsx())
        with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as archive:
            warnings.simplefilter("ignore")
            archive.writestr(member, "x")
        yield out.getvalue(), ("bomb",)
    deep = "<w:tbl><w:tr><w:tc>" * 60_000 + "</w:tc></w:tr></w:tbl>" * 60_000
    yield repacked(docx(deep), {"media": random.Random(7).randbytes(200_000)}), ("bomb", "damaged", "empty")


def gnawed(draw: random.Random) -> Made:
    """Sound files with a few bytes changed: refused or read, never anything else."""
    originals = [*sound().values()]
    for n in range(48):
        changed = bytearray(originals[n % len(originals)])
        for _ in range(draw.randint(1, 10)):
            changed[draw.randrange(len(changed))] = draw.randrange(256)
        yield bytes(changed), ()


FAMILIES: tuple[Callable[[random.Random], Made], ...] = (
    empty, columns_of_nothing, locked, foreign, cut_short, inflated, document_types, too_large, too_wide, merged, formulas,
    macros, far_away, odd_packages, gnawed,
)  # fmt: skip
