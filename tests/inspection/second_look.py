"""A second, slow reader of every format, written apart from the first: what it finds broken must never have been accepted.

It holds the whole file, knows nothing of limits, and says why not, or nothing when the file is sound.
"""

import io
import re
import struct
import zlib
from collections.abc import Callable
from xml.etree import ElementTree as ET

from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

FORBIDDEN = {
    "/JS",
    "/JavaScript",
    "/Launch",
    "/EmbeddedFiles",
    "/EF",
    "/XFA",
    "/RichMediaContent",
    "/SubmitForm",
    "/ImportData",
}


def against(ending: str, data: bytes) -> str:
    """Return what is wrong with a file of this type; empty when nothing is."""
    try:
        return LOOKS[ending](data)
    except (PyPdfError, OSError, ValueError, KeyError, IndexError, struct.error, zlib.error, ET.ParseError, SyntaxError,
            TypeError, AttributeError, RecursionError, AssertionError) as error:  # fmt: skip
        return f"{type(error).__name__}: {error}"


def pdf(data: bytes) -> str:
    if not data.startswith(b"%PDF-") or not re.search(rb"%%EOF[\s\0]*\Z", data):
        return "no beginning or end"
    reader = PdfReader(io.BytesIO(without_nulls(data)), strict=False)
    if reader.is_encrypted or not reader.pages:
        return "encrypted or empty"
    for numbers in reader.xref.values():
        for number in numbers:
            if number and (found := forbidden(reader.get_object(number))):
                return found
    return ""


def without_nulls(data: bytes) -> bytes:
    """The same file with blanks for the NULs outside of streams, which are blanks too, though pypdf does not know."""
    parts = re.split(rb"(\bstream\r?\n.*?endstream)", data, flags=re.DOTALL)
    return b"".join(part if n % 2 else part.replace(b"\0", b" ") for n, part in enumerate(parts))


def forbidden(value: object, depth: int = 0) -> str:
    if isinstance(value, IndirectObject) or depth > 50:
        return ""
    if isinstance(value, DictionaryObject):
        action = value.raw_get("/S") if "/S" in value else None
        if (bad := FORBIDDEN & set(value)) or (
            isinstance(action, NameObject) and (bad := FORBIDDEN & {action})
        ):
            return f"has {bad}"
        return next(filter(None, (forbidden(value.raw_get(key), depth + 1) for key in value)), "")
    if isinstance(value, ArrayObject):
        return next(filter(None, (forbidden(each, depth + 1) for each in value)), "")
    return ""


def package(data: bytes) -> str:
    """Walk the members' own headers from the front; the directory must name the same ones."""
    at, names = 0, []
    while data[at : at + 4] == b"PK\x03\x04":
        flags, method, check, _, size, name_length, extra = struct.unpack("<6xHH4xLLLHH", data[at : at + 30])
        name = data[at + 30 : at + 30 + name_length]
        start = at + 30 + name_length + extra
        inflater = zlib.decompressobj(-15)
        if method == 8:
            body = inflater.decompress(data[start:])
            at = len(data) - len(inflater.unused_data)
        else:
            body, at = data[start : start + size], start + size
        if flags & 8:
            mark = 4 * (data[at : at + 4] == b"PK\x07\x08")
            check, _, size = struct.unpack("<3L", data[at + mark : at + mark + 12])
            at += mark + 12
        if flags & 1 or zlib.crc32(body) != check or len(body) != size:
            return f"{name!r} is not what it says"
        if b"<!DOCTYPE" in body[:4096] or b"vbaProject" in name:
            return "a document type or macros"
        if name.endswith((b".xml", b".rels")) and body:
            ET.fromstring(body)  # noqa: S314  # changed files of our own
        names.append(name)
    listed = []
    while data[at : at + 4] == b"PK\x01\x02":
        name_length, extra, comment = struct.unpack("<3H", data[at + 28 : at + 34])
        listed.append(data[at + 46 : at + 46 + name_length])
        at += 46 + name_length + extra + comment
    whole = (
        data[at : at + 4] == b"PK\x05\x06"
        and len(data) == at + 22
        and names
        and sorted(names) == sorted(listed)
    )
    return "" if whole else "members and directory differ"


def compound(data: bytes) -> str:
    """Follow each stream through the table of sectors."""
    if data[:8] != b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" or struct.unpack("<H", data[28:30])[0] != 0xFFFE:
        return "no compound file"
    tables, folder = struct.unpack("<LL", data[44:52])
    places = struct.unpack("<109L", data[76:512])[:tables]
    table = [
        each
        for place in places
        for each in struct.unpack("<128L", data[512 * (place + 1) : 512 * (place + 2)])
    ]

    def follow(at: int) -> bytes:
        parts = []
        while at != 0xFFFFFFFE:
            assert len(parts) <= len(table), "a loop"
            parts.append(data[512 * (at + 1) : 512 * (at + 2)])
            at = table[at]
        return b"".join(parts)

    entries = follow(folder)
    names = set()
    for n in range(0, len(entries), 128):
        entry = entries[n : n + 128]
        if entry[66] == 2:
            start, size = struct.unpack("<LQ", entry[116:128])
            assert len(follow(start)) >= size & 0xFFFFFFFF or size < 4096, "a short stream"
            names.add(entry[: struct.unpack("<H", entry[64:66])[0] - 2].decode("utf-16-le").lower())
    return "" if names & {"worddocument", "workbook", "book", "powerpoint document"} else f"only {names}"


def text(data: bytes) -> str:
    wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for code in ("utf-16",) if wide else ("utf-8", "cp1252"):
        try:
            found = data.decode(code)
        except UnicodeDecodeError:
            continue
        return "controls" if any((ord(c) < 32 and c not in "\t\n\r\f") or c == "\x7f" for c in found) else ""
    return "no encoding"


def png(data: bytes) -> str:
    with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
        picture.load()
    at = 8
    while data[at + 4 : at + 8] != b"IEND":
        length = struct.unpack(">L", data[at : at + 4])[0]
        if (
            zlib.crc32(data[at + 4 : at + 8 + length])
            != struct.unpack(">L", data[at + 8 + length : at + 12 + length])[0]
        ):
            return "a checksum"
        at += 12 + length
    return "" if data[at:] == b"\0\0\0\0IEND\xaeB`\x82" else "no end, or more behind it"


def jpeg(data: bytes) -> str:
    """Every segment to the end of every picture, with regular expressions over the whole file."""
    segment = rb"\xff+(?:[\xc0-\xcf\xdb\xdd\xe0-\xef\xfe])"
    scan = rb"\xff+\xda"
    at, pictures = 0, 0
    while at < len(data):
        assert data[at : at + 2] == b"\xff\xd8", "no start"
        at, scans = at + 2, 0
        while not (end := re.compile(rb"\xff+\xd9").match(data, at)):
            found = re.compile(segment).match(data, at) or re.compile(scan).match(data, at)
            assert found, "no mark"
            at = found.end() + struct.unpack(">H", data[found.end() : found.end() + 2])[0]
            if found[0][-1] == 0xDA:
                scans += 1
                at = re.compile(rb"(?:[^\xff]|\xff+[\x00\xd0-\xd7])*", re.DOTALL).match(data, at).end()  # type: ignore[union-attr]
        assert scans, "no scan"
        at, pictures = re.compile(rb"\0*").match(data, end.end()).end(), pictures + 1  # type: ignore[union-attr]
    return "" if pictures else "no picture"


def tiff(data: bytes) -> str:
    """Every directory of the whole file, each page's strips or tiles within it."""
    order = {b"II*\0": "<", b"MM\0*": ">"}[data[:4]]
    at, seen = struct.unpack(f"{order}L", data[4:8])[0], set()
    while at:
        assert at not in seen, "a loop"
        seen.add(at)
        count = struct.unpack(f"{order}H", data[at : at + 2])[0]
        fields = {}
        for n in range(count):
            tag, kind, many = struct.unpack(f"{order}HHL", data[at + 2 + 12 * n : at + 10 + 12 * n])
            size = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}[
                kind
            ] * many
            where = (
                at + 10 + 12 * n
                if size <= 4
                else struct.unpack(f"{order}L", data[at + 10 + 12 * n : at + 14 + 12 * n])[0]
            )
            assert where + size <= len(data), "a field outside"
            if kind in {3, 4}:
                fields[tag] = struct.unpack(
                    f"{order}{many}{'H' if kind == 3 else 'L'}", data[where : where + size]
                )
        starts = fields.get(273, ()) + fields.get(324, ())
        sizes = fields.get(279, ()) + fields.get(325, ())
        assert starts, "no pixels"
        assert len(starts) == len(sizes), "strips without sizes"
        assert all(start + size <= len(data) for start, size in zip(starts, sizes, strict=True)), (
            "a strip outside"
        )
        assert fields[256][0] * fields[257][0], "no size"
        at = struct.unpack(f"{order}L", data[at + 2 + 12 * count : at + 6 + 12 * count])[0]
    return "" if seen else "no page"


def webp(data: bytes) -> str:
    assert data[:4] + data[8:12] == b"RIFFWEBP", "no mark"
    assert struct.unpack("<L", data[4:8])[0] == len(data) - 8, "another length"
    at = 12
    while at < len(data):
        length = struct.unpack("<L", data[at + 4 : at + 8])[0]
        at += 8 + length + length % 2
    return "" if at == len(data) else "cut"


LOOKS: dict[str, Callable[[bytes], str]] = {
    "pdf": pdf, "docx": package, "xlsx": package, "pptx": package, "odt": package, "ods": package, "odp": package,
    "doc": compound, "xls": compound, "ppt": compound, "txt": text, "csv": text, "jpg": jpeg, "jpeg": jpeg, "png": png,
    "tif": tiff, "tiff": tiff, "webp": webp,
}  # fmt: skip
