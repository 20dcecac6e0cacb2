"""One file on its way through: its bytes go to a limited process and, when there is one, to the virus scanner.

Both must find it good. What neither said in time is refused too.
"""

import contextlib
import json
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple

from ppid_saas.inspection.allowed import FileType, type_of
from ppid_saas.inspection.refusals import refuse
from ppid_saas.inspection.scanner import Scan
from ppid_saas.limited import BusyError, Lender

PATIENCE: Final = 60.0
LONGEST_ANSWER: Final = 1000
GOOD: Final = "good"
EXAMINERS: Final = Lender("ppid_saas.inspection.child")


class Used(NamedTuple):
    """What the limited process needed for the file; nothing is known of one that died of it."""

    seconds: float
    kib: int


@contextlib.contextmanager
def examining(name: str, size: int, clamd: Path | None = None) -> Iterator["Examination"]:
    """Examine one file of a known size while its chunks come by; leaving the block early ends everything."""
    file_type = type_of(name, size)
    with contextlib.ExitStack() as open_lines:
        scan = open_lines.enter_context(contextlib.closing(Scan(clamd))) if clamd else None
        try:
            line = open_lines.enter_context(EXAMINERS.borrowed())
        except BusyError:
            refuse("busy")
        line.settimeout(PATIENCE)
        beside = open_lines.enter_context(ThreadPoolExecutor(1, "examine"))
        yield Examination(file_type, size, line, scan, beside)


class Examination:
    """The two lines of one file: a chunk travels on them while the next one is sealed.

    `feed` and `verdict` raise RefusedFileError as soon as anything is known against the file.
    """

    def __init__(
        self,
        file_type: FileType,
        size: int,
        line: socket.socket,
        scan: Scan | None,
        beside: ThreadPoolExecutor,
    ) -> None:
        self._type, self._left, self._line, self._scan, self._beside = file_type, size, line, scan, beside
        self._under_way: Future[None] | None = None
        self.used: Used | None = None
        self._send(json.dumps({"ending": file_type.ending, "size": size}).encode() + b"\n")

    def feed(self, chunk: bytes) -> None:
        """Pass on the next bytes, once those before them have arrived."""
        self._left -= len(chunk)
        if self._left < 0:
            refuse("size")
        self._settle()
        self._under_way = self._beside.submit(self._pass_on, chunk)

    def verdict(self) -> FileType:
        """Return the type of a file that is good."""
        if self._left:
            refuse("size")
        self._settle()
        with contextlib.suppress(OSError):  # it may have ended already, with its answer said
            self._line.shutdown(socket.SHUT_WR)
        self._judge()
        if self._scan:
            self._scan.verdict()
        return self._type

    def _pass_on(self, chunk: bytes) -> None:
        self._send(chunk)
        if self._scan:
            self._scan.feed(chunk)

    def _settle(self) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way:
            under_way.result()

    def _send(self, data: bytes) -> None:
        try:
            self._line.sendall(data)
        except TimeoutError:
            refuse("busy")
        except OSError:
            self._judge()
            refuse("bomb")

    def _judge(self) -> None:
        """Refuse by what the examiner said; one that ended without a word died of the file."""
        told: dict[str, Any] = json.loads(self._answer() or "{}")
        if told:
            self.used = Used(told["seconds"], told["kib"])
        said = told.get("said", "bomb")
        if said != GOOD:
            refuse(said)

    def _answer(self) -> bytes:
        """Return all it said; who refuses early hangs up on what is still on its way."""
        said = b""
        try:
            while more := self._line.recv(LONGEST_ANSWER):
                said += more
        except TimeoutError:
            refuse("busy")
        except ConnectionError:
            pass
        return said
