"""JPEG: its segments from start to end, a frame before the scan, and behind it only further pictures as phones add them."""

import re
from typing import Final

from ppid_saas.inspection.allowed import FileType
from ppid_saas.inspection.formats.pixels import check_pixels
from ppid_saas.inspection.formats.stream import Reader, Stream, Waits
from ppid_saas.inspection.refusals import refuse

START, END, SCAN = 0xD8, 0xD9, 0xDA
FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA, 0xCB})
TABLES: Final = frozenset({0xC4, 0xCC, 0xDB, 0xDD, 0xFE, *range(0xE0, 0xF0)})
# Within a scan, FF is followed by 00, by a restart mark, or by another FF; anything else ends it.
MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
FILLED: Final = re.compile(rb"[^\x00]")


def read(_: FileType, size: int) -> Reader:
    """Read the picture, and those behind it."""
    del size
    stream = Stream()
    if (yield from stream.take(2)) != b"\xff\xd8":
        refuse("not_its_type")
    yield from picture(stream)
    while not (yield from stream.is_over()):
        byte = yield from stream.take(1)
        if byte == b"\x00":
            continue
        if byte != b"\xff" or (yield from stream.take(1)) != b"\xd8":
            refuse("hidden")
        yield from picture(stream)


def picture(stream: Stream) -> Waits:
    """Read from behind the start to the end."""
    framed = scanned = False
    while (kind := (yield from marker(stream))) != END:
        if kind == SCAN:
            if not framed:
                refuse("damaged")
            scanned = True
            yield from segment(stream)
            yield from stream.until(MARKER, 2)
        elif kind in FRAMES and not framed:
            framed = frame((yield from segment(stream)))
        elif kind in TABLES:
            yield from segment(stream)
        else:
            refuse("damaged")
    if not scanned:
        refuse("damaged")


def marker(stream: Stream) -> Waits:
    """Return the next mark; any number of FF may stand before it."""
    if (yield from stream.take(1)) != b"\xff":
        refuse("damaged")
    while (byte := (yield from stream.take(1))[0]) == 0xFF:
        pass
    return byte


def segment(stream: Stream) -> Waits:
    length = int.from_bytes((yield from stream.take(2)), "big")
    if length < 2:
        refuse("damaged")
    return (yield from stream.take(length - 2))


def frame(body: bytes) -> bool:
    """Check the measures of the picture."""
    if len(body) < 6 or len(body) != 6 + 3 * body[5] or not body[5]:
        refuse("damaged")
    check_pixels(int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"))
    return True
