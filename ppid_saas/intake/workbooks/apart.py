"""Has a foreign file opened by a child process and takes what it tells; a child that dies has judged the file."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from ppid_saas.intake.workbooks.formats import Format
from ppid_saas.intake.workbooks.refusals import refuse

CHILD = "ppid_saas.intake.workbooks.child"
ROOT = Path(__file__).parents[3]
SECONDS = 30
KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")


def read_apart(kind: Format, data: bytes) -> list[dict[str, Any]]:
    """The tables of a workbook; no secret of this process is in the child's environment."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {
        "PYTHONIOENCODING": "utf-8"
    }
    try:
        done = subprocess.run(
            [sys.executable, "-B", "-m", CHILD, kind],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
            cwd=ROOT,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        refuse("bomb")
    return told(done)


def told(done: "subprocess.CompletedProcess[bytes]") -> list[dict[str, Any]]:
    """A child killed for its memory or time met a bomb; one that merely failed met a damaged file."""
    if done.returncode < 0:
        refuse("bomb")
    if done.returncode:
        refuse("damaged")
    lines = io.BytesIO(done.stdout)
    answer: dict[str, Any] = json.loads(lines.readline())
    if "refused" in answer:
        refuse(answer["refused"])
    return [table | {"rows": rows_of(lines, table["pieces"])} for table in answer["sheets"]]


def rows_of(lines: io.BytesIO, pieces: int) -> list[list[str]]:
    return [row for _ in range(pieces) for row in json.loads(lines.readline())]
