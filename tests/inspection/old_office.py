"""Compound files put together byte by byte: Word, Excel and PowerPoint before 2007, as small as they can be."""

import struct
from collections.abc import Mapping

SECTOR = 512
LEAST = 4096  # shorter streams would lie in the small table, which these files do without
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
STREAM, STORAGE, ROOT = 2, 1, 5

Tree = Mapping[str, "bytes | Tree"]


def compound(tree: Tree) -> bytes:
    """A compound file of these streams, and storages of more."""
    entries: list[list[object]] = [["Root Entry", ROOT, FREE, FREE, END, 0]]
    bodies: list[bytes] = []
    entries[0][3] = plant(tree, entries, bodies)
    table: list[int] = []
    folder = b"".join(entry(*each) for each in entries).ljust(SECTOR, b"\0")  # type: ignore[arg-type]
    folder = folder.ljust(-(-len(folder) // SECTOR) * SECTOR, b"\0")
    sectors = sum(len(body) for body in bodies) // SECTOR + len(folder) // SECTOR
    tables = next(n for n in range(1, 100) if n * SECTOR // 4 >= sectors + n)
    table = [FAT] * tables + chain(tables, len(folder) // SECTOR)
    at = tables + len(folder) // SECTOR
    for each, body in zip([e for e in entries if e[1] == STREAM], bodies, strict=True):
        each[4] = at
        table += chain(at, len(body) // SECTOR)
        at += len(body) // SECTOR
    folder = b"".join(entry(*each) for each in entries).ljust(len(folder), b"\0")  # type: ignore[arg-type]
    table += [FREE] * (tables * SECTOR // 4 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, tables, tables, 0, LEAST, END, 0, END, 0)
    header += struct.pack("<109I", *range(tables), *[FREE] * (109 - tables))
    return header + struct.pack(f"<{len(table)}I", *table) + folder + b"".join(bodies)


def chain(start: int, length: int) -> list[int]:
    return [*range(start + 1, start + length), END]


def plant(tree: Tree, entries: list[list[object]], bodies: list[bytes]) -> int:
    """Add a storage's entries, each pointing to the next beside it; return the first."""
    first = FREE
    for name, body in reversed(list(tree.items())):
        if isinstance(body, bytes):
            padded = body.ljust(max(LEAST, -(-len(body) // SECTOR) * SECTOR), b"\0")
            entries.append([name, STREAM, first, FREE, 0, len(padded)])
            bodies.append(padded)
            first = len(entries) - 1
        else:
            entries.append([name, STORAGE, first, FREE, 0, 0])
            first = len(entries) - 1
            entries[first][3] = plant(body, entries, bodies)
    return first


def entry(name: str, kind: int, beside: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    links = struct.pack("<HBBIII", len(text), kind, 1, FREE, beside, child)
    return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)


def word(flags: int = 0) -> bytes:
    return struct.pack("<HHHHHH", 0xA5EC, 0x00C1, 0, 0x0421, 0, flags) + bytes(20) + b"Isi surat.\r" * 400


def excel(sheet_kind: int = 0, *, locked: bool = False) -> bytes:
    globals_ = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 1996, 0, 6))
    globals_ += record(0x002F, bytes(54)) if locked else b""
    globals_ += record(0x0085, struct.pack("<IBBBB", 200, 0, sheet_kind, 3, 0) + b"DIK") + record(0x000A, b"")
    return globals_ + record(0x0809, struct.pack("<HHHHII", 0x0600, 16, 0, 1996, 0, 6)) + record(0x000A, b"")


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def powerpoint(*, macros: bool = False) -> bytes:
    basic = slide_record(0x0400, struct.pack("<LLL", 1, int(macros), 2), 2)
    info = slide_record(0x07D0, slide_record(0x03FF, basic, 0xF), 0xF)
    return slide_record(0x03E8, info + slide_record(0x03E9, bytes(40), 1), 0xF) + slide_record(
        0x1772, bytes(24), 0
    )


def slide_record(kind: int, body: bytes, version: int) -> bytes:
    return struct.pack("<HHL", version, kind, len(body)) + body


def user(*, locked: bool = False) -> bytes:
    return struct.pack("<HHLLL", 0, 0x0FF6, 20, 20, 0xF3D1C4DF if locked else 0xE391C05F) + bytes(12)


def doc(more: Tree = {}, flags: int = 0) -> bytes:  # noqa: B006  # never written to
    return compound({"WordDocument": word(flags), "1Table": bytes(64), **more})


def xls(more: Tree = {}, sheet_kind: int = 0, *, locked: bool = False) -> bytes:  # noqa: B006
    return compound({"Workbook": excel(sheet_kind, locked=locked), **more})


def ppt(more: Tree = {}, *, macros: bool = False, locked: bool = False) -> bytes:  # noqa: B006
    main = powerpoint(macros=macros)
    filled = main + slide_record(0x0FF5, bytes(LEAST - len(main) - 8), 0)
    return compound({"PowerPoint Document": filled, "Current User": user(locked=locked), **more})
