"""Files of formats we only read, put together byte by byte for the tests: old workbooks, OpenDocument, Word."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

Rows = Sequence[Sequence[str | float]]
Merges = Sequence[tuple[int, int, int, int]]

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def packed(members: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def repacked(data: bytes, change: Mapping[str, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    return packed(members | dict(change))


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def label(row: int, column: int, text: str) -> bytes:
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def cell(row: int, column: int, value: str | float) -> bytes:
    if isinstance(value, str):
        return label(row, column, value) if value else b""
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def xls(rows: Rows, merges: Merges = ()) -> bytes:
    """A BIFF8 workbook of one sheet in a compound file."""
    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1996, 0, 6)
    cells = b"".join(cell(r, c, value) for r, row in enumerate(rows) for c, value in enumerate(row))
    areas = b"".join(struct.pack("<HHHH", top, bottom, left, right) for top, left, bottom, right in merges)
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1996, 0, 6)) + cells
    sheet += record(0x00E5, struct.pack("<H", len(merges)) + areas) + record(0x000A, b"")
    bound = record(0x0085, struct.pack("<IHBB", 0, 0, 3, 0) + b"DIK")
    head = record(0x0809, bof)
    start = len(head) + len(bound) + 4
    bound = record(0x0085, struct.pack("<IHBB", start, 0, 3, 0) + b"DIK")
    return compound("Workbook", head + bound + record(0x000A, b"") + sheet)


def compound(name: str, stream: bytes) -> bytes:
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\x00")
    count = len(stream) // SECTOR
    table = [FAT, END, *range(3, count + 2), END]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
    folder = entry("Root Entry", 5, 1, END, 0) + entry(name, 2, FREE, 2, len(stream)) + bytes(256)
    return (
        header
        + struct.pack(f"<{SECTOR // 4}I", *table, *[FREE] * (SECTOR // 4 - len(table)))
        + folder
        + stream
    )


def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\x00").encode("utf-16-le")
    links = struct.pack("<III", FREE, FREE, child)
    return (
        text.ljust(64, b"\x00")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def ods(rows: Rows, merges: Merges = (), name: str = "DIK") -> bytes:
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in merges}
    lines = "".join(
        f"<table:table-row>{''.join(ods_cell(value, spans.get((r, c))) for c, value in enumerate(row))}</table:table-row>"
        for r, row in enumerate(rows)
    )
    filler = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="{name}">{lines}{filler}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": "<manifest/>"})


def ods_cell(value: str | float, span: tuple[int, int] | None) -> str:
    spanned = (
        f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"' if span else ""
    )
    if isinstance(value, float):
        return f'<table:table-cell{spanned} office:value-type="float" office:value="{value}"/>'
    if not value:
        return f"<table:table-cell{spanned}/>"
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in value.split("\n"))
    return f'<table:table-cell{spanned} office:value-type="string">{paragraphs}</table:table-cell>'


def docx(*tables: str, before: str = "") -> bytes:
    """A document of tables, each given as its rows of markup."""
    body = "".join(f"<w:tbl>{rows}</w:tbl><w:p/>" for rows in tables)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = f'{before}<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": document})


def word_row(*cells: str) -> str:
    """A row; a cell starting with ">" spans two columns, "v" alone goes on from above, "V:" starts such a merge."""
    return f"<w:tr>{''.join(map(word_cell, cells))}</w:tr>"


def word_cell(text: str) -> str:
    properties = ""
    if text.startswith(">"):
        properties, text = '<w:gridSpan w:val="2"/>', text[1:]
    elif text == "v":
        properties, text = "<w:vMerge/>", ""
    elif text.startswith("V:"):
        properties, text = '<w:vMerge w:val="restart"/>', text[2:]
    runs = "<w:br/>".join(f"<w:t>{line}</w:t>" for line in text.split("\n"))
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r>{runs}</w:r></w:p></w:tc>"
