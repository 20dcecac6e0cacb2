"""Has a foreign file opened by a limited process and takes what it tells; one that dies has judged the file."""

import json
import socket
from io import BufferedIOBase
from typing import Any, Final

from ppid_saas.access.errors import AwayError
from ppid_saas.access.sayings import say
from ppid_saas.intake.workbooks.formats import Format
from ppid_saas.intake.workbooks.refusals import refuse
from ppid_saas.limited import BusyError, Lender

READERS: Final = Lender("ppid_saas.intake.workbooks.child")
SECONDS: Final = 30
BUSY = say("Pembaca berkas sedang penuh. Coba lagi sebentar lagi.")


def read_apart(kind: Format, data: bytes) -> list[dict[str, Any]]:
    """Return the tables of a workbook. Raises UnreadableFile, and AwayError when no process can be had."""
    try:
        with READERS.borrowed() as line:
            return _read(line, kind.encode() + b"\n" + data)
    except BusyError as busy:
        raise AwayError(BUSY) from busy


def _read(line: socket.socket, data: bytes) -> list[dict[str, Any]]:
    line.settimeout(SECONDS)
    try:
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
        with line.makefile("rb") as said:
            return told(said)
    except OSError:  # silent for too long, or gone
        refuse("bomb")


def told(said: BufferedIOBase) -> list[dict[str, Any]]:
    """Return what a reader says. One that ends in the middle was killed for its memory or time: it met a bomb."""
    answer = _line(said)
    if "refused" in answer:
        refuse(answer["refused"])
    return [table | {"rows": _rows(said, table["pieces"])} for table in answer["sheets"]]


def _rows(said: BufferedIOBase, pieces: int) -> list[list[str]]:
    return [row for _ in range(pieces) for row in _line(said)]


def _line(said: BufferedIOBase) -> Any:
    line = said.readline()
    if not line.endswith(b"\n"):
        refuse("bomb")
    return json.loads(line)
