"""Word, Excel and PowerPoint before 2007: a compound file with the program's own stream, without macros, files or a password."""

import io
import struct
from collections.abc import Iterator
from typing import Final

import olefile

from ppid_saas.inspection.allowed import FileType
from ppid_saas.inspection.formats.packages import gathered
from ppid_saas.inspection.formats.stream import Reader
from ppid_saas.inspection.refusals import refuse

MAIN: Final = {"doc": ("worddocument",), "xls": ("workbook", "book"), "ppt": ("powerpoint document",)}
MACROS: Final = frozenset({"macros", "vba", "_vba_project", "_vba_project_cur"})
CARRIED: Final = frozenset({"\x01ole10native", "package", "\x01ole10itemname"})
LOCKED: Final = frozenset({"encryptedpackage", "encryptioninfo", "encryptedsummary"})
HEADER, FREE = 512, 0xFFFFFFFF
MOST_STREAMS: Final = 10_000


def read(file_type: FileType, size: int) -> Reader:
    """Collect and check."""
    del size
    return gathered(check, file_type)


def check(file_type: FileType, data: io.BytesIO) -> None:
    """Read every stream, then look into the main one."""
    if bytes(data.getbuffer()[:8]) != olefile.MAGIC:
        refuse("not_its_type")
    check_header(bytes(data.getbuffer()[:HEADER]), len(data.getbuffer()))
    try:
        with olefile.OleFileIO(data, raise_defects=olefile.DEFECT_INCORRECT) as file:
            names = file.listdir(streams=True, storages=True)
            check_names([part.lower() for path in names for part in path])
            streams = {path[-1].lower(): path for path in reversed(file.listdir())}
            for path in file.listdir():
                file.openstream(path).read()
            check_chains(file)
            name = next((name for name in MAIN[file_type.ending] if name in streams), "")
            if not name:
                refuse("not_its_type")
            main = file.openstream(streams[name]).read()
            user = file.openstream(streams["current user"]).read() if "current user" in streams else b""
    except (OSError, ValueError, IndexError, struct.error, TypeError, RecursionError):
        refuse("damaged")
    CHECKS[file_type.ending](main, user)


def check_header(header: bytes, size: int) -> None:
    """The table of sectors lies where the header says, in as many sectors as it says."""
    if len(header) < HEADER:
        refuse("damaged")
    order, wide = struct.unpack_from("<HH", header, 28)
    tables = struct.unpack_from("<L", header, 44)[0]
    places = struct.unpack_from("<109L", header, 76)
    listed = places[: min(tables, len(places))]
    if order != 0xFFFE or wide not in {9, 12} or not tables or any(place >= size >> wide for place in listed):
        refuse("damaged")
    if any(place != FREE for place in places[len(listed) :]):
        refuse("damaged")


def check_chains(file: olefile.OleFileIO) -> None:
    """No sector belongs to two streams or twice to one; streams are as long as they say."""
    used: set[int] = set()
    for entry in file.direntries:
        if entry is None or not entry.size or (entry.is_minifat and entry.entry_type == olefile.STGTY_STREAM):
            continue
        at, left = entry.isectStart, -(-entry.size // file.sectorsize)
        while at < len(file.fat) and at not in used:
            used.add(at)
            at, left = file.fat[at], left - 1
        if at != olefile.ENDOFCHAIN or left > 0:
            refuse("damaged")


def check_names(names: list[str]) -> None:
    """Refuse by what the parts are called."""
    found = set(names)
    if len(names) > MOST_STREAMS:
        refuse("bomb")
    if found & LOCKED:
        refuse("encrypted")
    if found & MACROS:
        refuse("macros")
    if found & CARRIED:
        refuse("embedded")


def check_word(main: bytes, _: bytes) -> None:
    """The head of a Word document tells whether it is locked."""
    if len(main) < 32 or main[:2] != b"\xec\xa5":
        refuse("damaged")
    if struct.unpack_from("<H", main, 10)[0] & 0x0100:
        refuse("encrypted")


def check_excel(main: bytes, _: bytes) -> None:
    """The first records of a workbook tell its sheets, and whether it is locked."""
    if main[:2] not in {b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00"}:
        refuse("damaged")
    at = 0
    while at + 4 <= len(main):
        kind, length = struct.unpack_from("<HH", main, at)
        body = main[at + 4 : at + 4 + length]
        if kind == 0x000A:
            return
        if kind == 0x002F:
            refuse("encrypted")
        if kind == 0x0085 and len(body) > 5 and body[5] in {1, 6}:
            refuse("macros")
        at += 4 + length
    refuse("damaged")


def check_powerpoint(main: bytes, user: bytes) -> None:
    """The records of a presentation tell whether it has macros; its user's record whether it is locked."""
    if len(user) >= 16 and struct.unpack_from("<L", user, 12)[0] == 0xF3D1C4DF:
        refuse("encrypted")
    if not any(kind == 0x03E8 for kind, _ in records(main, top=True)):
        refuse("damaged")
    for kind, body in records(main):
        if kind == 0x0400 and len(body) >= 8 and struct.unpack_from("<L", body, 4)[0]:
            refuse("macros")


def records(data: bytes, *, top: bool = False) -> Iterator[tuple[int, bytes]]:
    """Every record, those in containers too; only the document's own containers are entered."""
    waiting = [(0, len(data))]
    while waiting:
        at, end = waiting.pop()
        while at + 8 <= end:
            version, kind, length = struct.unpack_from("<HHL", data, at)
            if at + 8 + length > end:
                refuse("damaged")
            yield kind, data[at + 8 : at + 8 + length] if kind == 0x0400 else b""
            if version & 0xF == 0xF and not top and kind in {0x03E8, 0x07D0, 0x03FF}:
                waiting.append((at + 8, at + 8 + length))
            at += 8 + length


CHECKS: Final = {"doc": check_word, "xls": check_excel, "ppt": check_powerpoint}
