"""Keeps one limited process warm that lends another for each file. It hands over a socket and never reads a file.

The process is started once, may be shared by processes forked from this one, ends when none of them is left, and is
replaced when it has died.
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

ROOT: Final = Path(__file__).resolve().parents[2]
KEPT: Final = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
MOST_AT_ONCE: Final = 4
PATIENCE: Final = 60.0


class BusyError(Exception):
    """No process could be lent; nothing is known of the file, good or bad."""


class Warm(NamedTuple):
    """The process that forks others, and our end of its line."""

    process: "subprocess.Popen[bytes]"
    line: socket.socket


class Lender:
    """Lends limited processes of one module, which ends by calling `serve`. Raises BusyError when none can be had."""

    def __init__(self, module: str) -> None:
        self.module = module
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._warm: list[Warm] = []
        atexit.register(self.stop)

    @contextlib.contextmanager
    def borrowed(self) -> Iterator[socket.socket]:
        """Lend the line to a process of one file; closing it ends that process."""
        if not self._places.acquire(timeout=PATIENCE):
            raise BusyError
        try:
            with self._line() as line:
                yield line
        finally:
            self._places.release()

    def warm_up(self) -> int:
        """Start the process if none runs; a worker calls it before it forks. Returns its number."""
        return self._running().process.pid

    def stop(self) -> None:
        """Let the process end; the next file starts another."""
        with self._lock:
            while self._warm:
                _end(self._warm.pop())

    def _line(self) -> socket.socket:
        for _ in range(2):
            found = self._running()
            line = _asked(found)
            if line:
                return line
            self._replace(found)
        raise BusyError

    def _running(self) -> Warm:
        with self._lock:
            if not self._warm:
                self._warm.append(_started(self.module))
            return self._warm[0]

    def _replace(self, warm: Warm) -> None:
        """Forget one that died, unless another thread has done so."""
        with self._lock:
            if warm in self._warm:
                self._warm.remove(warm)
                _end(warm)


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


def _started(module: str) -> Warm:
    ours, theirs = socket.socketpair()
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-B", "-m", module],
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
