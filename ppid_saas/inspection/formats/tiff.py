"""TIFF: its chain of directories, each page's strips within the file. Directories may lie before or behind the pages.

The end of what came is kept, so that a directory may point a little back, as scanning programs write it.
"""

import struct
from collections.abc import Generator
from typing import Final, NamedTuple

from ppid_saas.inspection.allowed import MIB, FileType
from ppid_saas.inspection.formats.pixels import check_pixels
from ppid_saas.inspection.formats.stream import Reader, Waits
from ppid_saas.inspection.refusals import refuse

BEGINS: Final = {b"II*\x00": "<", b"MM\x00*": ">"}
WIDTHS: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
SHORT, LONG = 3, 4
WIDTH, LENGTH = 256, 257
# Where a page's bytes lie and how many they are: in strips or in tiles.
PLACES: Final = ((273, 279), (324, 325))
MOST_PAGES, MOST_ENTRIES, MOST_STRIPS = 10_000, 4_000, 4_000_000
KEPT, SLACK = 32 * MIB, 32 * MIB


class Entry(NamedTuple):
    """One field of a directory: how its values are written, how many there are, and where."""

    kind: int
    many: int
    value: bytes


def read(_: FileType, size: int) -> Reader:
    """Follow the directories from the first, then let the rest pass."""
    window = Window(size)
    order = BEGINS.get((yield from window.at(0, 4)))
    if order is None:
        refuse("not_its_type")
    (where,) = struct.unpack(f"{order}L", (yield from window.at(4, 4)))
    seen: set[int] = set()
    while where:
        if where in seen or len(seen) == MOST_PAGES:
            refuse("damaged")
        seen.add(where)
        where = yield from page(window, order, where)
    if not seen:
        refuse("damaged")
    yield from window.rest()


def page(window: "Window", order: str, where: int) -> Generator[None, bytes, int]:
    """Check one directory and return where the next lies."""
    (count,) = struct.unpack(f"{order}H", (yield from window.at(where, 2)))
    if not 0 < count <= MOST_ENTRIES:
        refuse("damaged")
    body = yield from window.at(where + 2, 12 * count + 4)
    entries: dict[int, Entry] = {}
    for tag, kind, many, value in struct.iter_unpack(f"{order}HHL4s", body[:-4]):
        if kind not in WIDTHS or tag in entries or not many:
            refuse("damaged")
        entries[tag] = Entry(kind, many, value)
        if WIDTHS[kind] * many > 4:
            window.check(struct.unpack(f"{order}L", value)[0], WIDTHS[kind] * many)
    yield from picture(window, order, entries)
    (following,) = struct.unpack(f"{order}L", body[-4:])
    return int(following)


def picture(window: "Window", order: str, entries: dict[int, Entry]) -> Waits:
    """Check the measures of a page and that its strips lie within the file."""
    width = yield from numbers(window, order, entries.get(WIDTH))
    length = yield from numbers(window, order, entries.get(LENGTH))
    if len(width) != 1 or len(length) != 1:
        refuse("damaged")
    check_pixels(width[0], length[0])
    strips = 0
    for starts, sizes in PLACES:
        places = yield from numbers(window, order, entries.get(starts))
        lengths = yield from numbers(window, order, entries.get(sizes))
        if len(places) != len(lengths):
            refuse("damaged")
        strips += len(places)
        for start, size in zip(places, lengths, strict=True):
            window.check(start, size)
    if not strips:
        refuse("damaged")


def numbers(window: "Window", order: str, entry: Entry | None) -> Generator[None, bytes, tuple[int, ...]]:
    """Return the whole numbers of a field; none when it is missing."""
    if entry is None:
        return ()
    if entry.kind not in {SHORT, LONG} or entry.many > MOST_STRIPS:
        refuse("damaged")
    size = WIDTHS[entry.kind] * entry.many
    (where,) = struct.unpack(f"{order}L", entry.value)
    body = entry.value[:size] if size <= 4 else (yield from window.at(where, size))
    return struct.unpack(f"{order}{entry.many}{'H' if entry.kind == SHORT else 'L'}", body)


class Window:
    """The last megabytes of what came, read by their place in the file."""

    def __init__(self, size: int) -> None:
        self._size, self._start, self._kept = size, 0, bytearray()

    def check(self, where: int, size: int) -> None:
        """Refuse what lies outside the file or on its header."""
        if where < 8 or where + size > self._size:
            refuse("damaged")

    def at(self, where: int, size: int) -> Generator[None, bytes, bytes]:
        """Return bytes from a place, waiting for them; what has passed too long ago is not had any more."""
        if where + size > self._size:
            refuse("damaged")
        while self._start + len(self._kept) < where + size:
            yield from self._more()
        if where < self._start:
            refuse("damaged")
        return bytes(self._kept[where - self._start : where - self._start + size])

    def rest(self) -> Waits:
        """Let everything else pass."""
        while self._start + len(self._kept) < self._size:
            yield from self._more()
        if (yield):
            refuse("size")

    def _more(self) -> Waits:
        chunk = yield
        if not chunk:
            refuse("damaged")
        self._kept += chunk
        if len(self._kept) > KEPT + SLACK:
            self._start += len(self._kept) - KEPT
            del self._kept[:-KEPT]
