"""A zip file rides behind or inside another file when its directory can be found from the end: programs would open it."""

import struct
from typing import Final

from ppid_saas.inspection.refusals import refuse

END: Final = b"PK\x05\x06"
RECORD: Final = struct.Struct("<4s4H2LH")
FURTHEST: Final = RECORD.size + 0xFFFF


class Tail:
    """The end of what came so far, as long as a zip reader would look for its directory."""

    def __init__(self) -> None:
        self._kept = b""

    def add(self, chunk: bytes) -> None:
        self._kept = (self._kept + chunk)[-FURTHEST:] if len(chunk) < FURTHEST else chunk[-FURTHEST:]

    def check(self, size: int) -> None:
        """Refuse when an end record points at a directory that lies within the file."""
        at = self._kept.find(END)
        while at >= 0:
            if len(self._kept) - at >= RECORD.size and self._is_record(at, size):
                refuse("hidden")
            at = self._kept.find(END, at + 1)

    def _is_record(self, at: int, size: int) -> bool:
        """Chance makes such a mark once in a great many scans, hardly ever with a directory that fits."""
        _, disk, first, here, members, length, start, _ = RECORD.unpack_from(self._kept, at)
        before = size - len(self._kept) + at
        fits = start + length <= before and length >= 46 * members
        return bool(disk == first and here == members and fits)
