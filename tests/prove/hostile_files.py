"""Proof: no hostile file is ever taken for a good one, and no good one is refused.

Every file of the corpus and ten thousand random changes of good files go through the examination as the service asks it. What
is accepted must be sound to a second reader that was written apart from the first. Time and memory are those of the
limited process; a file it died of is known by its missing word. The scanner is a real clamd where one is installed.
"""

import logging
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ppid_saas import inspection
from ppid_saas.inspection.refusals import MESSAGES
from tests.inspection import real_clamd
from tests.inspection.examined import Told, examined
from tests.inspection.good_files import good_files
from tests.inspection.hostile_files import Hostile, eicar, hostile_files
from tests.inspection.large_files import large_files
from tests.inspection.mutations import mutations
from tests.inspection.second_look import against

MUTATIONS = 10_000
LEAST_FILES = 400
MOST_KIB = 512 * 1024
MOST_SECONDS = 10.0


class Tally:
    """What was said how often, the dearest file, and whatever should not have been."""

    def __init__(self) -> None:
        self.said: Counter[str] = Counter()
        self.died: list[str] = []
        self.failures: list[dict[str, str]] = []
        self.slowest, self.largest, self.files = ("", 0.0), ("", 0), 0

    def note(self, name: str, told: Told) -> None:
        self.files += 1
        self.said[told.said if told.said in MESSAGES else "accepted"] += 1
        if told.used:
            self.slowest = max(self.slowest, (name, told.used.seconds), key=lambda pair: pair[1])
            self.largest = max(self.largest, (name, told.used.kib), key=lambda pair: pair[1])
            if told.used.kib > MOST_KIB or told.used.seconds > MOST_SECONDS:
                self.fail(name, "too much")
        if told.said in MESSAGES and not told.message.endswith("."):
            self.fail(name, "without words")

    def fail(self, name: str, why: str) -> None:
        self.failures.append({"file": ascii(name), "why": why})

    def figures(self) -> dict[str, Any]:
        return {
            "files": self.files, "said": dict(sorted(self.said.items())), "died_of": self.died, "failures": self.failures,
            "most_seconds": self.slowest, "most_memory_mib": (self.largest[0], self.largest[1] // 1024),
        }  # fmt: skip


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Examine all of it; `seconds` has no meaning here."""
    del seconds
    warnings.simplefilter("ignore")  # the second reader complains of much that it then reads
    logging.disable(logging.CRITICAL)
    hostile, changed, good = Tally(), Tally(), Tally()
    for each in hostile_files():
        if not each.scanner:
            try_hostile(each, hostile, None)
    for name, data in mutations(seed, MUTATIONS):
        try_changed(name, data, changed)
    scanned = with_scanner() if real_clamd.is_installed() else {"tried": "not tried: clamd is not installed"}
    for name, data in good_files().items():
        try_good(name, data, good, None)
    large = Tally()
    for name, size, chunks in large_files():
        try_large(name, size, chunks, large)
    return {
        "hostile": hostile.figures(), "changed_at_random": changed.figures(), "good": good.figures(), "large": large.figures(), "scanner": scanned,
        "bars": {"files": LEAST_FILES, "changed": MUTATIONS, "mib": MOST_KIB // 1024, "seconds": MOST_SECONDS},
    }  # fmt: skip


def try_hostile(each: Hostile, tally: Tally, clamd: Path | None) -> None:
    told = examined(each.name, each.data, size=each.announced, clamd=clamd)
    tally.note(each.name, told)
    if told.said == "bomb" and not told.used:
        tally.died.append(each.name)
    if told.said not in each.allowed:
        tally.fail(each.name, f"{each.family}: {told.said}")


def try_changed(name: str, data: bytes, tally: Tally) -> None:
    ending = name.rpartition(".")[2]
    told = examined(name, data)
    tally.note(name, told)
    if told.said == "bomb" and not told.used:
        tally.died.append(name)
    if told.said == ending and (fault := against(ending, data)):
        tally.fail(name, f"accepted: {fault}")
    if told.said == "busy":
        tally.fail(name, "busy")


def try_good(name: str, data: bytes, tally: Tally, clamd: Path | None) -> None:
    told = examined(name, data, clamd=clamd)
    tally.note(name, told)
    if told.said != name.rpartition(".")[2]:
        tally.fail(name, told.said)


def try_large(name: str, size: int, chunks: Iterator[bytes], tally: Tally) -> None:
    """A good file as large as it may be; its chunks are made while they are read."""
    examination = None
    try:
        with inspection.examining(name, size) as examination:
            for chunk in chunks:
                examination.feed(chunk)
            said = examination.verdict().ending
    except inspection.RefusedFileError as refusal:
        said = refusal.code
    tally.note(name, Told(said, ".", examination.used if examination else None))
    if said != name.rpartition(".")[2]:
        tally.fail(name, said)


def with_scanner() -> dict[str, Any]:
    """The test virus in every wrapping, every good file, and a scanner whose limit is too small for a file."""
    hostile, good, small = Tally(), Tally(), Tally()
    with tempfile.TemporaryDirectory() as folder, real_clamd.running(Path(folder)) as clamd:
        for each in eicar():
            try_hostile(each, hostile, clamd)
        for name, data in good_files().items():
            try_good(name, data, good, clamd)
    limits = "AlertExceedsMax yes\nAlertEncrypted yes\nStreamMaxLength 20K\nMaxFileSize 9K\nMaxScanSize 9K\n"
    with tempfile.TemporaryDirectory() as folder, real_clamd.running(Path(folder), limits) as clamd:
        for name, data in good_files().items():
            if len(data) > 10 * 1024:
                told = examined(name, data, clamd=clamd)
                small.note(name, told)
                if told.said not in {"unscannable", "unscanned"}:
                    small.fail(name, told.said)
    return {"eicar": hostile.figures(), "good": good.figures(), "over_its_limit": small.figures()}
