"""Has a foreign file opened by a child process and takes what it tells; a child that dies has judged the file."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from ppid_saas.intake.workbooks.formats import Format
from ppid_saas.intake.workbooks.refusals import refuse

Reader = subprocess.Popen[bytes]

CHILD = "ppid_saas.intake.workbooks.child"
ROOT = Path(__file__).parents[3]
SECONDS = 30
KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")


@contextmanager
def waiting_reader() -> Iterator[Reader]:
    """Start a child before there is anything for it to read: its start then costs nobody a moment. Ends with the block.

    No secret of this process is in its environment.
    """
    environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {
        "PYTHONIOENCODING": "utf-8"
    }
    with subprocess.Popen(
        [sys.executable, "-B", "-m", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=environment,
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def read_apart(kind: Format, data: bytes, reader: Reader | None = None) -> list[dict[str, Any]]:
    """The tables of a workbook, read by the child that waits or by one of its own."""
    with nullcontext(reader) if reader else waiting_reader() as child:
        try:
            said, _ = child.communicate(kind.encode() + b"\n" + data, SECONDS)
        except subprocess.TimeoutExpired:
            refuse("bomb")
        return told(child.returncode, said)


def told(code: int, said: bytes) -> list[dict[str, Any]]:
    """A child killed for its memory or time met a bomb; one that merely failed met a damaged file."""
    if code < 0:
        refuse("bomb")
    if code:
        refuse("damaged")
    lines = io.BytesIO(said)
    answer: dict[str, Any] = json.loads(lines.readline())
    if "refused" in answer:
        refuse(answer["refused"])
    return [table | {"rows": rows_of(lines, table["pieces"])} for table in answer["sheets"]]


def rows_of(lines: io.BytesIO, pieces: int) -> list[list[str]]:
    return [row for _ in range(pieces) for row in json.loads(lines.readline())]
