"""A zip package as office programs write it, checked before anything is inflated and inflated within its limits.

Its directory and its members' own headers must agree, and every byte of the file must belong to one of them: what one program
sees in it is what every other sees.
"""

import io
import itertools
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Final
from xml.parsers import expat

from ppid_saas.inspection.allowed import MIB, FileType
from ppid_saas.inspection.formats.stream import Reader
from ppid_saas.inspection.refusals import refuse

MOST_MEMBERS: Final = 10_000
MOST_MEMBER: Final = 128 * MIB
MOST_TOTAL: Final = 512 * MIB
MOST_RATIO: Final = 100
SECOND_NAME: Final = 0x7075
HARMLESS: Final = MIB
PIECE: Final = 256 * 1024
END: Final = struct.Struct("<4s4H2LH")
LOCAL: Final = struct.Struct("<4s2H H2H3L2H")
DESCRIPTOR, LOCKED, NAMED = 0x8, 0x1 | 0x40 | 0x2000, 0x800
MARK: Final = b"PK\x07\x08"
ENTRY, ENTRY_SIZE = b"PK\x01\x02", 46
ENDS: Final = b"PK\x05\x06"
FURTHEST: Final = 64 * 1024 + END.size
# Programs and archives, by how they begin; pictures and fonts begin otherwise.
FOREIGN: Final = (
    b"MZ", b"\x7fELF", b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-", b"{\\rtf", b"#!", b"L\x00\x00\x00\x01\x14\x02\x00", b"\xca\xfe\xba\xbe",
)  # fmt: skip
PACKED_PICTURES: Final = (".emz", ".wmz", ".svgz")
PROGRAMS: Final = (
    ".exe", ".dll", ".com", ".scr", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".hta", ".lnk", ".jar", ".msi",
    ".class", ".sh", ".html", ".htm", ".mht", ".swf", ".iso", ".zip", ".rar", ".7z", ".gz", ".xlsm", ".docm", ".pptm", ".xlsb",
)  # fmt: skip

Starts = Callable[[str, dict[str, str]], None]


class Budget:
    """What a package may still unpack to, those within it included."""

    def __init__(self) -> None:
        self.bytes, self.members = MOST_TOTAL, MOST_MEMBERS

    def take(self, members: list[zipfile.ZipInfo]) -> None:
        self.bytes -= sum(member.file_size for member in members)
        self.members -= len(members)
        if self.bytes < 0 or self.members < 0:
            refuse("bomb")


class Package:
    """A package whose directory was found sound; its members are read one by one."""

    def __init__(self, data: io.BytesIO, budget: Budget) -> None:
        self._bytes = data.getbuffer()
        self.budget = budget
        self.members = directory(data, self._bytes)
        budget.take(self.members)
        for member in self.members:
            check_member(member)
        check_names([member.orig_filename for member in self.members])
        self._places = check_places(self._bytes, self.members)
        self.names = {member.filename for member in self.members}

    def pieces(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """Inflate a member, exactly to the size and checksum it announces."""
        start, end = self._places[member.filename]
        data = self._bytes[start:end]
        left, check = member.file_size, 0
        for piece in inflated(data) if member.compress_type else parts(data):
            left -= len(piece)
            if left < 0:
                refuse("damaged")
            check = zlib.crc32(piece, check)
            yield piece
        if left or check != member.CRC:
            refuse("damaged")

    def read(self, name: str, most: int = MIB) -> bytes:
        """Return a small member; empty when there is none."""
        found = next((member for member in self.members if member.filename == name), None)
        if found and found.file_size > most:
            refuse("bomb")
        return b"".join(self.pieces(found)) if found else b""


def gathered(check: Callable[[FileType, io.BytesIO], None], file_type: FileType) -> Reader:
    """Collect a file of bounded size, then check it."""
    data = io.BytesIO()
    while chunk := (yield):
        data.write(chunk)
    check(file_type, data)


def directory(data: io.BytesIO, view: memoryview) -> list[zipfile.ZipInfo]:
    """Return the directory, which must lie right before the end and begin with what the file begins with."""
    if bytes(view[:4]) != b"PK\x03\x04":
        refuse("not_its_type")
    if len(view) < END.size:
        refuse("damaged")
    mark, disk, first, here, count, length, start, comment = END.unpack(view[-END.size :])
    if mark != ENDS or comment:
        refuse("hidden" if ENDS in bytes(view[-FURTHEST:]) else "damaged")
    if disk or first or here != count or start + length + END.size != len(view):
        refuse("damaged")
    if count > MOST_MEMBERS:
        refuse("bomb")
    check_entries(view, start, count)
    try:
        members = zipfile.ZipFile(data).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, struct.error):
        refuse("damaged")
    if len(members) != count or not members:
        refuse("damaged")
    return members


def check_entries(view: memoryview, at: int, count: int) -> None:
    """Each entry of the directory ends where the next begins, and the last where the directory does."""
    for _ in range(count):
        if bytes(view[at : at + 4]) != ENTRY or at + ENTRY_SIZE > len(view):
            refuse("damaged")
        at += ENTRY_SIZE + sum(struct.unpack("<3H", view[at + 28 : at + 34]))
    if at + END.size != len(view):
        refuse("damaged")


def check_member(member: zipfile.ZipInfo) -> None:
    """Refuse what is locked, a link, packed in a strange way, too large or too tight."""
    if member.flag_bits & LOCKED:
        refuse("encrypted")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR} or member.compress_type not in {
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
    }:
        refuse("bomb")
    check_extra(member.extra)
    dense = member.file_size > max(HARMLESS, MOST_RATIO * member.compress_size)
    if dense or member.file_size > MOST_MEMBER:
        refuse("bomb")


def check_extra(extra: bytes) -> None:
    """Refuse a second name beside the first: some programs take the one, some the other."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == SECOND_NAME:
            refuse("hidden")
        extra = extra[4 + length :]


def check_names(names: list[str]) -> None:
    """Refuse names that lead out of the package or mean two members."""
    for name in names:
        folders = name.split("/")
        if not name or name.startswith("/") or ".." in folders or any(c in "\\:\0" or c < " " for c in name):
            refuse("hidden")
        if name.lower().endswith(PROGRAMS):
            refuse("embedded")
    if len({name.lower() for name in names}) < len(names):
        refuse("hidden")


def check_places(view: memoryview, members: list[zipfile.ZipInfo]) -> dict[str, tuple[int, int]]:
    """Return where each member's bytes lie; header, bytes and what may follow them fill the file without a gap."""
    places: dict[str, tuple[int, int]] = {}
    at = 0
    for member in sorted(members, key=lambda each: each.header_offset):
        if member.header_offset != at:
            refuse("damaged")
        start = at + check_header(view, at, member)
        at = start + member.compress_size
        places[member.filename] = (start, at)
        if member.flag_bits & DESCRIPTOR:
            at += descriptor(view, at, member)
    (start_of_directory,) = struct.unpack("<L", view[-6:-2])
    if at != start_of_directory:
        refuse("damaged")
    return places


def check_header(view: memoryview, at: int, member: zipfile.ZipInfo) -> int:
    """Return the length of a member's own header, which must say what the directory says."""
    if at + LOCAL.size > len(view):
        refuse("damaged")
    mark, _, flags, method, _, _, check, packed, size, name_length, extra = LOCAL.unpack(
        view[at : at + LOCAL.size]
    )
    name = bytes(view[at + LOCAL.size : at + LOCAL.size + name_length])
    own = name.decode("utf-8" if flags & NAMED else "cp437", "replace")
    same = (flags ^ member.flag_bits) & ~0x6 == 0 and method == member.compress_type
    if mark != b"PK\x03\x04" or own != member.orig_filename or not same:
        refuse("damaged")
    later = flags & DESCRIPTOR and not check and (packed, size) in {(0, 0), (0xFFFFFFFF, 0xFFFFFFFF)}
    if not later and (check, packed, size) != (member.CRC, member.compress_size, member.file_size):
        refuse("damaged")
    begin = at + LOCAL.size + name_length
    check_extra(bytes(view[begin : begin + extra]))
    return int(LOCAL.size + name_length + extra)


def descriptor(view: memoryview, at: int, member: zipfile.ZipInfo) -> int:
    """Return the length of what follows a member that was written before its size was known."""
    for mark, form in itertools.product((MARK, b""), ("<3L", "<L2Q")):
        body = mark + struct.pack(form, member.CRC, member.compress_size, member.file_size)
        if bytes(view[at : at + len(body)]) == body:
            return len(body)
    return refuse("damaged")


def parts(data: memoryview) -> Iterator[bytes]:
    return (bytes(data[at : at + PIECE]) for at in range(0, len(data), PIECE))


def inflated(data: memoryview) -> Iterator[bytes]:
    """Unpack in pieces; the packed bytes must end where the member does."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for part in parts(data):
            rest = part
            while rest and not inflater.eof:
                yield inflater.decompress(rest, PIECE)
                rest = inflater.unconsumed_tail
            if inflater.unused_data or (rest and inflater.eof):
                refuse("hidden")
        while piece := inflater.decompress(b"", PIECE):
            yield piece
    except zlib.error:
        refuse("damaged")
    if not inflater.eof:
        refuse("damaged")


def check_content(name: str, pieces: Iterator[bytes], starts: Starts | None = None) -> None:
    """Read a member to its end: XML without a document type, anything else neither program nor archive."""
    parser = new_parser(starts) if name.lower().endswith((".xml", ".rels")) else None
    head = b""
    try:
        for piece in pieces:
            if not head and not parser and piece.startswith(b"<?xml") and not name.lower().endswith(".vml"):
                parser = new_parser(starts)
            head = head or piece
            if parser:
                parser.Parse(piece, False)
        if parser and head:  # old LibreOffice keeps a list of shortcuts that is empty
            parser.Parse(b"", True)
        if (
            not parser
            and head.startswith(FOREIGN)
            and not (head[:2] == b"\x1f\x8b" and name.lower().endswith(PACKED_PICTURES))
        ):
            refuse("embedded")
    except expat.ExpatError:
        refuse("damaged")


def new_parser(starts: Starts | None) -> expat.XMLParserType:
    """A parser that refuses a document type at once: office programs write none, bombs and fetched files need them."""
    parser = expat.ParserCreate(namespace_separator=" " if starts else None)
    parser.StartDoctypeDeclHandler = lambda *_: refuse("bomb")
    if starts:
        parser.StartElementHandler = starts
    return parser
