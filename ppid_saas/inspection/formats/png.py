"""PNG: its chunks in order with their checksums, its picture inflated to exactly the size it announces, nothing behind it."""

import struct
import zlib
from typing import Final

from ppid_saas.inspection.allowed import FileType
from ppid_saas.inspection.formats.pixels import check_pixels
from ppid_saas.inspection.formats.stream import Reader, Stream, Waits
from ppid_saas.inspection.refusals import refuse

MARK: Final = b"\x89PNG\r\n\x1a\n"
DEPTHS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Of the seven passes of an interlaced picture: first column and row, and the steps.
PASSES: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
MOST_RAW: Final = 1024 * 1024 * 1024
LONGEST: Final = 2**31 - 1
PIECE: Final = 1024 * 1024


def read(_: FileType, size: int) -> Reader:
    """Walk the chunks."""
    stream = Stream()
    if (yield from stream.take(8)) != MARK:
        refuse("not_its_type")
    picture = Picture((yield from header(stream)))
    before = b"IHDR"
    while before != b"IEND":
        length, kind = struct.unpack(">L4s", (yield from stream.take(8)))
        check_order(kind, before, length, seen=picture.begun)
        yield from chunk(stream, kind, length, picture)
        before = kind
    picture.end()
    yield from stream.end()
    del size


def header(stream: Stream) -> Waits:
    """Return how many bytes the picture unpacks to."""
    body = yield from stream.take(25)
    if body[:8] != b"\x00\x00\x00\x0dIHDR" or zlib.crc32(body[4:21]) != int.from_bytes(body[21:], "big"):
        refuse("damaged")
    width, height, depth, colour, packing, filtering, interlace = struct.unpack(">LLBBBBB", body[8:21])
    if depth not in DEPTHS.get(colour, ()) or packing or filtering or interlace > 1:
        refuse("damaged")
    check_pixels(width, height)
    raw = raw_size(width, height, depth * CHANNELS[colour], interlaced=bool(interlace))
    if raw > MOST_RAW:
        refuse("bomb")
    return raw


def raw_size(width: int, height: int, bits: int, *, interlaced: bool) -> int:
    """Each row has one byte before its pixels; an interlaced picture is seven small ones."""
    passes = PASSES if interlaced else ((0, 0, 1, 1),)
    sizes = (
        (-(-(width - x) // dx), -(-(height - y) // dy)) for x, y, dx, dy in passes if x < width and y < height
    )
    return sum(rows * (1 + -(-columns * bits // 8)) for columns, rows in sizes)


def check_order(kind: bytes, before: bytes, length: int, *, seen: bool) -> None:
    """One header, the picture's data in a row, one end."""
    scattered = kind == b"IDAT" and seen and before != b"IDAT"
    if kind == b"IHDR" or scattered or not kind.isalpha() or length > LONGEST:
        refuse("damaged")
    if kind[0:1].isupper() and kind not in {b"PLTE", b"IDAT", b"IEND"}:
        refuse("damaged")


def chunk(stream: Stream, kind: bytes, length: int, picture: "Picture") -> Waits:
    """Read one chunk to its checksum."""
    check = [zlib.crc32(kind)]

    def each(piece: bytes) -> None:
        check[0] = zlib.crc32(piece, check[0])
        if kind == b"IDAT":
            picture.inflate(piece)

    yield from stream.pour(length, each)
    if int.from_bytes((yield from stream.take(4)), "big") != check[0]:
        refuse("damaged")


class Picture:
    """The packed pixels, unpacked piece by piece and let go."""

    def __init__(self, expected: int) -> None:
        self._left, self._inflater, self.begun = expected, zlib.decompressobj(), False

    def inflate(self, piece: bytes) -> None:
        self.begun = True
        try:
            while piece:
                self._left -= len(self._inflater.decompress(piece, PIECE))
                piece = self._inflater.unconsumed_tail
                if self._left < 0 or self._inflater.unused_data:
                    refuse("damaged")
        except zlib.error:
            refuse("damaged")

    def end(self) -> None:
        self._left -= len(self._inflater.flush())
        if self._left or not self._inflater.eof:
            refuse("damaged")
