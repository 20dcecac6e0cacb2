"""Proof: more than two hundred hostile files, each read in a process of its own and refused in words, or read soundly.

Time and memory are those of the process that reads and of the limited child it starts: processor time, so that what
else the machine does is not counted.
"""

import json
import os
import resource
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "intake"))

from bad_files import READ, Bad, bad_files

from ppid_saas.intake.rules import best_sheet, row_values, understand
from ppid_saas.intake.workbooks.apart import READERS
from ppid_saas.intake.workbooks.reading import read_workbook
from ppid_saas.intake.workbooks.refusals import UnreadableFile

MOST_MIB = 512
MOST_SECONDS = 10.0
LEAST_FILES = 200


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Try every file; `seconds` has no meaning here."""
    del seconds
    said: Counter[str] = Counter()
    failures, slowest, largest, files = [], ("", 0.0), ("", 0), 0
    messages = set()
    for bad in bad_files(seed):
        told = apart(bad)
        files += 1
        said[told["code"]] += 1
        messages.add(told["message"])
        slowest = max(slowest, (bad.name, told["seconds"]), key=lambda pair: pair[1])
        largest = max(largest, (bad.name, told["mib"]), key=lambda pair: pair[1])
        if not is_right(bad, told):
            failures.append({"file": bad.name, **told})
    return {
        "files": files,
        "said": dict(sorted(said.items())),
        "different_messages": len(messages - {""}),
        "slowest": slowest,
        "most_memory_mib": largest,
        "bars": {"files": LEAST_FILES, "seconds": MOST_SECONDS, "mib": MOST_MIB},
        "failures": failures,
    }


def is_right(bad: Bad, told: dict[str, Any]) -> bool:
    known = told["code"] in (
        bad.allowed or {READ, "bomb", "damaged", "empty", "encrypted", "not_a_workbook", "too_many_columns"}
    )
    in_words = told["code"] == READ or told["message"].endswith(".")
    return known and in_words and told["seconds"] <= MOST_SECONDS and told["mib"] <= MOST_MIB


def apart(bad: Bad) -> dict[str, Any]:
    """Read one file in a process forked for it, and return what became of it."""
    told, tell = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(told)
        with os.fdopen(tell, "w") as out:
            json.dump(attempt(bad), out)
        os._exit(0)
    os.close(tell)
    with os.fdopen(told) as heard:
        text = heard.read()
    os.waitpid(pid, 0)
    return json.loads(text) if text else {"code": "died", "message": "", "seconds": 0.0, "mib": 0}


def attempt(bad: Bad) -> dict[str, Any]:
    message = ""
    try:
        row_values(understand(best_sheet(read_workbook(bad.data, bad.name))))
        code = READ
    except UnreadableFile as refusal:
        code, message = refusal.code, refusal.message
    except Exception as error:  # noqa: BLE001  # what must not happen is what is looked for
        code, message = f"raised {type(error).__name__}", str(error)
    READERS.stop()  # the system tells what a process used when it has ended
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    spent = sum(one.ru_utime + one.ru_stime for one in used)
    most = max(one.ru_maxrss for one in used) // 1024
    return {"code": str(code), "message": str(message), "seconds": round(spent, 2), "mib": most}
