"""Keeps one limited process warm that lends an examiner for each file. It hands over a socket and never reads a file.

The process is `child`; it is started once, may be shared by processes forked from this one, ends when none of them is left,
and is replaced when it has died.
"""

import atexit
import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from ppid_saas.inspection.refusals import RefusedFileError

CHILD: Final = "ppid_saas.inspection.child"
ROOT: Final = Path(__file__).resolve().parents[2]
KEPT: Final = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
MOST_AT_ONCE: Final = 4
PATIENCE: Final = 60.0


class Warm(NamedTuple):
    """The process that forks examiners, and our end of its line."""

    process: "subprocess.Popen[bytes]"
    line: socket.socket


_lock = threading.Lock()
_places = threading.BoundedSemaphore(MOST_AT_ONCE)
_warm: list[Warm] = []


@contextlib.contextmanager
def borrowed() -> Iterator[socket.socket]:
    """Lend the line to an examiner of one file; closing it ends the examiner."""
    if not _places.acquire(timeout=PATIENCE):
        raise RefusedFileError("busy")
    try:
        with _line() as line:
            yield line
    finally:
        _places.release()


def warm_up() -> None:
    """Start the process if none runs; a worker calls it before it forks."""
    _running()


def stop() -> None:
    """Let the process end; the next file starts another."""
    with _lock:
        while _warm:
            _end(_warm.pop())


atexit.register(stop)


def _line() -> socket.socket:
    """Return the line to an examiner that runs; without one nothing is known of a file, good or bad."""
    for _ in range(2):
        found = _running()
        line = _asked(found)
        if line:
            return line
        _replace(found)
    raise RefusedFileError("busy")


def _running() -> Warm:
    with _lock:
        if not _warm:
            _warm.append(_started())
        return _warm[0]


def _asked(warm: Warm) -> socket.socket | None:
    ours, theirs = socket.socketpair()
    ours.settimeout(PATIENCE)
    try:
        with theirs:
            socket.send_fds(warm.line, [b"\n"], [theirs.fileno()])
        if ours.recv(1):
            return ours
    except (OSError, ValueError):  # it has died, or another thread found that and closed its line
        pass
    ours.close()
    return None


def _replace(warm: Warm) -> None:
    """Forget one that died, unless another thread has done so."""
    with _lock:
        if warm in _warm:
            _warm.remove(warm)
            _end(warm)


def _started() -> Warm:
    ours, theirs = socket.socketpair()
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-B", "-m", CHILD],
            stdin=theirs.fileno(), stdout=subprocess.DEVNULL, cwd=ROOT, env=environment,
        )  # fmt: skip
    return Warm(process, ours)


def _end(warm: Warm) -> None:
    warm.line.close()
    try:
        warm.process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        warm.process.kill()
        warm.process.wait()
