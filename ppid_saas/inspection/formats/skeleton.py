"""A PDF without its pictures: everything but the contents of streams is kept at its place.

So a scan of a gigabyte can be read by a library that must jump about in it. What was left out reads as closing brackets:
a reader who needs anything there, within a word, a string or between objects, finds an error, and the file is refused.
Blanks would not do: a file built to deceive could have them skipped, up to a harmless twin of what was left out.
"""

import bisect
import io
import re
from typing import Final

from ppid_saas.inspection.allowed import MIB
from ppid_saas.inspection.refusals import refuse

MOST: Final = 96 * MIB
HEAD: Final = 16 * 1024
CARRY: Final = 16
STREAM: Final = re.compile(rb"(end)?stream(?:\r\n|\n)")
LINE_END: Final = 2  # between the contents and the word that ends them
FILLER: Final = b")"
END: Final = b"endstream"
LENGTH: Final = re.compile(rb"/Length[\s\0]+(\d{1,10})(?![\s\0]*\d)(?![\s\0]+\d+[\s\0]+R)")
# Streams that hold objects or say where they lie are kept whole.
NEEDED: Final = re.compile(rb"/(?:ObjStm|XRef)(?![A-Za-z0-9])")


class Skeleton:
    """The kept pieces, by their place in the file."""

    def __init__(self) -> None:
        self.size = self._kept = 0
        self._starts: list[int] = []
        self._pieces: list[bytearray] = []
        self._waiting = b""
        self._skip = 0
        self._within = False
        self._gap = True

    def add(self, chunk: bytes) -> None:
        """Take the next bytes of the file."""
        waiting, at = self._waiting + chunk, 0
        while len(waiting) - at > CARRY:
            at += self._use(waiting, at)
        self._waiting = waiting[at:]

    def close(self) -> None:
        """Take what still waits; a file that ends within a stream was cut."""
        self._keep(self._waiting)
        self._waiting = b""
        if self._skip or self._within:
            refuse("damaged")

    def text(self) -> list[tuple[int, bytes]]:
        """Return the kept pieces with their places."""
        return [(start, bytes(piece)) for start, piece in zip(self._starts, self._pieces, strict=True)]

    def read(self, at: int, size: int) -> bytes:
        """Return bytes of the file, and brackets where they were left out."""
        size = max(0, min(size, self.size - at))
        found = bytearray(FILLER * size)
        n = max(bisect.bisect_right(self._starts, at) - 1, 0)
        while n < len(self._starts) and self._starts[n] < at + size:
            start, piece = self._starts[n], self._pieces[n]
            low, high = max(at, start), min(at + size, start + len(piece))
            if low < high:
                found[low - at : high - at] = piece[low - start : high - start]
            n += 1
        return bytes(found)

    def _use(self, waiting: bytes, at: int) -> int:
        """Keep or drop a first part of what waits, and return its length."""
        if self._skip:
            return self._drop(min(self._skip, len(waiting) - at), exact=True)
        if self._within:
            return self._drop_to_end(waiting, at)
        found, passed = STREAM.search(waiting, at), at
        while found and found[1]:
            passed = found.end()
            found = STREAM.search(waiting, passed)
        used = found.end() if found else max(passed, len(waiting) - CARRY)
        self._keep(waiting[at:used])
        if found:
            self._begin_stream()
        return used - at

    def _begin_stream(self) -> None:
        """Decide by the dictionary just read whether the contents are needed, and how long they are."""
        head = bytes(self._pieces[-1][-HEAD:])
        head = head[head.rfind(b"obj") + 3 :] if b"obj" in head else head
        if NEEDED.search(head):
            return
        length = LENGTH.search(head)
        self._skip, self._within = (int(length[1]), False) if length else (0, True)

    def _drop_to_end(self, waiting: bytes, at: int) -> int:
        found = waiting.find(END, at)
        if found < 0:
            return self._drop(len(waiting) - at - CARRY)
        self._within = False
        kept = max(at, found - LINE_END)
        self._drop(kept - at)
        return kept - at + self._keep(waiting[kept : found + len(END)])

    def _drop(self, size: int, *, exact: bool = False) -> int:
        self.size += size
        self._skip -= size if exact else 0
        self._gap = self._gap or size > 0
        return size

    def _keep(self, data: bytes) -> int:
        if self._gap and data:
            self._starts.append(self.size)
            self._pieces.append(bytearray())
            self._gap = False
        if data:
            self._pieces[-1] += data
        self._kept += len(data)
        self.size += len(data)
        if self._kept > MOST:
            refuse("bomb")
        return len(data)


class View(io.RawIOBase):
    """A skeleton as a file that ends where one of its revisions does."""

    def __init__(self, skeleton: Skeleton, end: int) -> None:
        self._skeleton, self._end, self._at = skeleton, end, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._end}[whence]
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._skeleton.read(self._at, max(0, min(len(buffer), self._end - self._at)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
