"""The line of one who sends a file: its bytes, until it is cut."""

from pathlib import Path
from typing import Self


class Line:
    """What a web server reads a request's body from: some bytes of a file, none any more once `cut` is there."""

    def __init__(self, path: str, start: int, end: int, cut: Path) -> None:
        self._file = Path(path).open("rb")  # noqa: SIM115  # closed when the request is over
        self._left, self._cut = end - start, cut
        self._file.seek(start)

    def read(self, size: int = -1) -> bytes:
        if self._cut.exists():
            return b""
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
