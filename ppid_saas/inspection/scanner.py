"""A client of clamd for one file: INSTREAM over its socket. Anything but a plain OK refuses the file.

clamd must run with `AlertExceedsMax yes` and `AlertEncrypted yes`, else it calls clean what it did not look into.
"""

import contextlib
import socket
import struct
from pathlib import Path
from typing import Final, NoReturn

from ppid_saas.inspection.refusals import refuse

SENDING: Final = 30.0
ANSWERING: Final = 300.0  # its own limit, MaxScanTime, is two minutes
LONGEST_ANSWER: Final = 4096
LIMITS = "Heuristics.Limits.Exceeded"
ENCRYPTED = "Heuristics.Encrypted"


class Scan:
    """One file at the scanner."""

    def __init__(self, path: Path, sending: float = SENDING, answering: float = ANSWERING) -> None:
        self._answering = answering
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._line.settimeout(sending)
        try:
            self._line.connect(str(path))
            self._line.sendall(b"zINSTREAM\x00")
        except OSError:
            self.close()
            refuse("unscanned")

    def feed(self, chunk: bytes) -> None:
        """Send the next bytes; clamd hangs up on what is larger than it takes, having said so."""
        if chunk:
            self._send(struct.pack(">I", len(chunk)) + chunk)

    def verdict(self) -> None:
        """Return when clamd calls the file clean."""
        self._send(struct.pack(">I", 0))
        judge(self._answer())

    def close(self) -> None:
        self._line.close()

    def _send(self, data: bytes) -> None:
        try:
            self._line.sendall(data)
        except OSError:
            self._explain()

    def _explain(self) -> NoReturn:
        answer = self._answer()
        judge("" if answer.endswith(": OK") else answer)
        refuse("unscanned")

    def _answer(self) -> str:
        said = b""
        with contextlib.suppress(OSError):
            self._line.settimeout(self._answering)
            while b"\x00" not in said and len(said) < LONGEST_ANSWER:
                more = self._line.recv(LONGEST_ANSWER)
                if not more:
                    break
                said += more
        return said.partition(b"\x00")[0].decode("utf-8", "replace").strip() if b"\x00" in said else ""


def judge(answer: str) -> None:
    """Refuse by what clamd said; silence and every kind of trouble are never a clean file."""
    if answer == "stream: OK":
        return
    found = answer.removeprefix("stream: ").removesuffix(" FOUND") if answer.endswith(" FOUND") else ""
    if found.startswith(ENCRYPTED):
        refuse("encrypted")
    if found.startswith(LIMITS) or "size limit exceeded" in answer:
        refuse("unscannable")
    refuse("virus" if found else "unscanned")
