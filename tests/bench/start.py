"""How long it takes from a clone to the first screen, how long later starts take, and what the idle instance holds.

The clone installs itself from the lock through whatever package cache the machine has; its demo is loaded as for everyone.
"""

import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LATER = 5
SETTLED_SECONDS = 10
LONGEST_SECONDS = 900
PORT = 27400
FIRST_SCREENS = (f"http://localhost:{PORT}/", f"http://localhost:{PORT + 1}/masuk")
READY = "Siap."


def run(seconds: float | None, seed: int) -> dict[str, Any]:  # every figure command is called alike
    """Clone, start, look, stop; then start again a few times."""
    folder = Path(tempfile.mkdtemp(prefix="ppid-start-"))
    folder.chmod(0o711)
    try:
        began = time.monotonic()
        clone = folder / "ppid"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        environ = {**os.environ, "PPID_DATA_DIR": str(folder / "var"), "PPID_PORT": str(PORT)}
        environ.pop("PYTHONPATH", None)
        with started(clone, environ):
            first, idle = time.monotonic() - began, [_idle_megabytes(clone, environ)]
        later = []
        for _ in range(LATER):
            began = time.monotonic()
            with started(clone, environ):
                later.append(time.monotonic() - began)
        with started(clone, environ):
            idle.append(_idle_megabytes(clone, environ))
        return {
            "clone_to_first_screen_seconds": round(first, 1),
            "later_start_seconds": [round(each, 1) for each in later],
            "later_start_median_seconds": round(statistics.median(later), 1),
            "idle_megabytes_after_the_first_start": idle[0],
            "idle_megabytes_after_a_later_start": idle[1],
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started(clone: Path, environ: dict[str, str]) -> Iterator[None]:
    """Run `up` until a browser would have seen the first screens of portal and office."""
    log = clone / "var-up.log"
    with log.open("w") as out:
        up = subprocess.Popen(
            [str(clone / "ppid"), "up"], cwd=clone, env=environ, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        _await_ready(up, log)
        for address in FIRST_SCREENS:
            with urllib.request.urlopen(address, timeout=30) as page:  # noqa: S310  # always loopback
                page.read()
        yield
    finally:
        up.terminate()
        up.wait(60)


def _await_ready(up: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + LONGEST_SECONDS
    while READY not in log.read_text():
        if up.poll() is not None or time.monotonic() > until:
            raise RuntimeError(log.read_text()[-2000:])
        time.sleep(0.02)


def _idle_megabytes(clone: Path, environ: dict[str, str]) -> int:
    time.sleep(SETTLED_SECONDS)
    told = subprocess.run(
        [str(clone / "ppid"), "status"], cwd=clone, env=environ, capture_output=True, text=True, check=True
    )
    [megabytes] = re.findall(r"^jumlah +memori (\d+) MB$", told.stdout, re.MULTILINE)
    return int(megabytes)
