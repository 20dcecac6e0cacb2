"""WebP: a RIFF file as long as it says, of the chunks this format has and no others."""

import struct
from typing import Final

from ppid_saas.inspection.allowed import FileType
from ppid_saas.inspection.formats.pixels import check_pixels
from ppid_saas.inspection.formats.stream import Reader, Stream, Waits
from ppid_saas.inspection.refusals import refuse

PICTURES: Final = frozenset({b"VP8 ", b"VP8L", b"ANMF"})
AROUND: Final = frozenset({b"ALPH", b"ANIM", b"ICCP", b"EXIF", b"XMP "})
LEAST: Final = {b"VP8 ": 10, b"VP8L": 5, b"VP8X": 10, b"ANMF": 24}


def read(_: FileType, size: int) -> Reader:
    """Walk the chunks; the first tells which kind of WebP it is."""
    stream = Stream()
    mark, length, form = struct.unpack("<4sL4s", (yield from stream.take(12)))
    if mark != b"RIFF" or form != b"WEBP":
        refuse("not_its_type")
    if length + 8 != size:
        refuse("hidden" if length + 8 < size else "damaged")
    seen: list[bytes] = []
    while not (yield from stream.is_over()):
        seen.append((yield from chunk(stream, first=not seen)))
    extended = seen[0] == b"VP8X"
    if not PICTURES & set(seen) or (not extended and len(seen) > 1):
        refuse("damaged")


def chunk(stream: Stream, *, first: bool) -> Waits:
    kind, length = struct.unpack("<4sL", (yield from stream.take(8)))
    allowed = {b"VP8 ", b"VP8L", b"VP8X"} if first else PICTURES | AROUND
    if kind not in allowed or length < LEAST.get(kind, 0):
        refuse("damaged")
    head = yield from stream.take(LEAST.get(kind, 0))
    check_head(kind, head)
    yield from stream.pour(length - len(head))
    if length % 2 and (yield from stream.take(1)) != b"\x00":
        refuse("damaged")
    return kind


def check_head(kind: bytes, head: bytes) -> None:
    """Check the mark and measures of a picture."""
    if (kind == b"VP8 " and head[3:6] != b"\x9d\x01\x2a") or (kind == b"VP8L" and head[0] != 0x2F):
        refuse("damaged")
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", head[6:10])
        check_pixels(width & 0x3FFF, height & 0x3FFF)
    if kind == b"VP8X":
        check_pixels(int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1)
