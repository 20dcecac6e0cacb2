"""Bytes that come once and in order, for readers written as if they could ask for them.

A reader is a generator: chunks are sent into it, `b""` at the end, and it returns once it has found all in order. It keeps
what it needs and nothing more, so that a file larger than the memory can be read.
"""

import re
from collections.abc import Callable, Generator
from typing import Any

from ppid_saas.inspection.refusals import refuse

Reader = Generator[None, bytes, None]
Waits = Generator[None, bytes, Any]


class Stream:
    """What came and was not taken yet; who takes more than that waits for the next chunk."""

    def __init__(self) -> None:
        self._kept, self._at, self._ended = b"", 0, False

    def take(self, size: int) -> Generator[None, bytes, bytes]:
        """Return exactly so many bytes; a file that ends before is damaged."""
        while len(self._kept) - self._at < size:
            yield from self._more()
        taken = self._kept[self._at : self._at + size]
        self._at += size
        return taken

    def pour(self, size: int, into: Callable[[bytes], object] = len) -> Waits:
        """Pass so many bytes on, in pieces as they come."""
        while size:
            if self._at == len(self._kept):
                yield from self._more()
            piece = self._kept[self._at : self._at + size]
            self._at += len(piece)
            size -= len(piece)
            into(piece)

    def until(self, pattern: re.Pattern[bytes], width: int) -> Waits:
        """Drop everything before the next match; `width` is the longest that a match can be."""
        while not (found := pattern.search(self._kept, self._at)):
            self._at = max(self._at, len(self._kept) - width + 1)
            yield from self._more()
        self._at = found.start()

    def is_over(self) -> Generator[None, bytes, bool]:
        """Tell whether nothing is left."""
        while self._at == len(self._kept) and not self._ended:
            yield from self._wait()
        return self._at == len(self._kept)

    def end(self) -> Waits:
        """Expect nothing more: what follows a complete file is another one riding on it."""
        if not (yield from self.is_over()):
            refuse("hidden")

    def _more(self) -> Waits:
        if self._ended:
            refuse("damaged")
        yield from self._wait()

    def _wait(self) -> Waits:
        chunk = yield
        self._kept, self._at = self._kept[self._at :] + chunk, 0
        self._ended = not chunk
