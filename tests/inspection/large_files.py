"""Good files as large as they may be, made while they are read: scans of a gigabyte, office files of a hundred megabytes."""

import random
import struct
import zlib
from collections.abc import Iterator

from tests.inspection.good_files import good_files
from tests.inspection.packed import office_parts, packed

MIB = 1024 * 1024
SCAN, OFFICE = 1020 * MIB, 98 * MIB
BLOCK = random.Random(1).randbytes(MIB)
Large = tuple[str, int, Iterator[bytes]]


def large_files(scan: int = SCAN, office: int = OFFICE) -> Iterator[Large]:
    """Name, size and chunks of each."""
    yield from (pdf(scan), jpeg(scan), png(scan), tiff(scan))
    for name, data in {"besar.docx": docx(office), "besar.csv": csv(office)}.items():
        yield name, len(data), chunks(data)


def chunks(data: bytes) -> Iterator[bytes]:
    return (data[at : at + MIB] for at in range(0, len(data), MIB))


def repeated(head: bytes, blocks: int, tail: bytes) -> Iterator[bytes]:
    yield head
    for _ in range(blocks):
        yield BLOCK
    yield tail


def pdf(size: int) -> Large:
    """Pages of twenty megabytes, each one picture."""
    pages, parts, places, at = size // (20 * MIB), [], [], 9
    kids = b" ".join(b"%d 0 R" % (3 + 2 * n) for n in range(pages))
    bodies: list[tuple[bytes, int, bytes]] = [
        (b"<</Type/Catalog/Pages 2 0 R>>", 0, b""), (b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids), 0, b"")
    ]  # fmt: skip
    for n in range(pages):
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I %d 0 R>>>>>>" % (
            4 + 2 * n
        )
        picture = b"<</Type/XObject/Subtype/Image/Length %d>>\nstream\n" % (20 * MIB)
        bodies += [(page, 0, b""), (picture, 20, b"\nendstream")]
    for n, (head, blocks, tail) in enumerate(bodies, start=1):
        places.append(at)
        before, behind = b"%d 0 obj\n" % n + head, tail + b"\nendobj\n"
        at += len(before) + blocks * MIB + len(behind)
        parts.append((before, blocks, behind))
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + rows
    end = table + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, at)

    def written() -> Iterator[bytes]:
        yield b"%PDF-1.4\n"
        for before, blocks, behind in parts:
            yield from repeated(before, blocks, behind)
        yield end

    return "besar.pdf", at + len(end), written()


def jpeg(size: int) -> Large:
    """One picture whose scan is as long; what would be a mark in it is stuffed as an encoder does."""
    photo = good_files()["foto.jpg"]
    at = photo.index(b"\xff\xda") + 14
    block = BLOCK.replace(b"\xff", b"\xff\0")[:MIB].rstrip(b"\xff") + b"x"
    count = size // len(block)

    def written() -> Iterator[bytes]:
        yield photo[:at]
        for _ in range(count):
            yield block
        yield photo[at:]

    return "besar.jpg", len(photo) + count * len(block), written()


def png(size: int) -> Large:
    """Pixels that hardly pack, in chunks of a megabyte."""
    rows = size // MIB - 1
    packer, body, total = zlib.compressobj(0), [], 0
    head = (
        part(b"IHDR", struct.pack(">LLBBBBB", MIB - 1, rows, 8, 0, 0, 0, 0))
        if (MIB - 1) * rows <= 600_000_000
        else b""
    )
    if not head:  # in colour, so that the pixels are fewer
        head = part(b"IHDR", struct.pack(">LLBBBBB", (MIB - 1) // 3, rows, 8, 2, 0, 0, 0))
    row = b"\0" + BLOCK[: (MIB - 1) // 3 * 3]

    def written() -> Iterator[bytes]:
        yield b"\x89PNG\r\n\x1a\n" + head
        for _ in range(rows):
            yield part(b"IDAT", packer.compress(row) or b"")
        yield part(b"IDAT", packer.flush()) + part(b"IEND", b"")

    for piece in png_pieces(row, rows):
        total += 12 + piece
        body.append(piece)
    return "besar.png", 8 + len(head) + total + 12, written()


def png_pieces(row: bytes, rows: int) -> Iterator[int]:
    """The sizes that the packer gives; it packs nothing, so they do not depend on the row."""
    packer = zlib.compressobj(0)
    for _ in range(rows):
        yield len(packer.compress(row))
    yield len(packer.flush())


def part(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))


def tiff(size: int) -> Large:
    """Pages of sixteen megabytes, each with its directory behind it."""
    pages, width, rows = size // (17 * MIB), 4096, 4096
    entries = [(256, 4, 1, width), (257, 4, 1, rows), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
    length = 2 + 12 * (len(entries) + 2) + 4

    def directory(n: int) -> bytes:
        start = 8 + n * (16 * MIB + length)
        own = [*entries, (273, 4, 1, start), (279, 4, 1, 16 * MIB)]
        following = start + 16 * MIB + length + 16 * MIB if n + 1 < pages else 0
        return (
            struct.pack("<H", len(own))
            + b"".join(struct.pack("<HHLL", *e) for e in own)
            + struct.pack("<L", following)
        )

    def written() -> Iterator[bytes]:
        yield b"II*\0" + struct.pack("<L", 8 + 16 * MIB)
        for n in range(pages):
            yield from repeated(b"", 16, directory(n))

    return "besar.tif", 8 + pages * (16 * MIB + length), written()


def docx(size: int) -> bytes:
    photos = {f"word/media/image{n}.jpeg": b"\xff\xd8" + BLOCK * 7 for n in range(size // MIB // 7)}
    return packed(office_parts("docx") | photos)


def csv(size: int) -> bytes:
    line = "1234;Berkas perkara – nomor seribu;2 tahun\r\n".encode()
    return line * (size // len(line))
