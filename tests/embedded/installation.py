"""One installation under test: started as a person would, watched from outside, and gone afterwards."""

import contextlib
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from ppid_saas.embedded.lifeline import identify
from ppid_saas.embedded.process import remembered
from ppid_saas.settings import SURFACES, Settings

ENTRY = [sys.executable, str(Path(__file__).with_name("stand_in.py"))]


class Installation:
    """The command line bound to one data folder and one range of ports."""

    def __init__(self, data_dir: Path, port: int | None = None) -> None:
        self.environ = {**os.environ, "PPID_DATA_DIR": str(data_dir), "PPID_PORT": str(port or free_ports())}
        self.settings = Settings.from_env(self.environ)
        self.process: subprocess.Popen[str] | None = None
        self.lines: queue.Queue[str] = queue.Queue()

    def begin(self) -> "subprocess.Popen[str]":
        """Start `up` without waiting for it."""
        self.lines = queue.Queue()
        self.process = subprocess.Popen(
            [*ENTRY, "up"], env=self.environ, text=True, process_group=0,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            preexec_fn=_hear_hangups,  # noqa: PLW1509  # nothing here runs beside it yet
        )  # fmt: skip
        threading.Thread(target=_read, args=(self.process, self.lines), daemon=True).start()
        return self.process

    def start(self) -> str:
        """Start `up` and return what it said until it was ready."""
        self.begin()
        return self.hear("Ctrl-C menghentikan semuanya.")

    def hear(self, words: str, seconds: float = 60) -> str:
        """Return the lines said up to the one that holds the words."""
        heard = []
        while True:
            line = self.lines.get(timeout=seconds)
            heard.append(line)
            if words in line:
                return "".join(heard)
            assert line, f"ended before saying {words!r}:\n{''.join(heard)}"

    def call(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*ENTRY, *arguments], env=self.environ, capture_output=True, text=True, check=False, timeout=90
        )

    def signal(self, number: signal.Signals) -> int:
        """Send a signal to `up` alone and return how it ended."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(120)  # on a busy machine each server may take its whole time to stop

    def pid(self, part: str) -> int:
        return remembered(self.settings)[part].pid

    def fetch(self, surface: str, path: str = "/healthz") -> str:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.settings.surface_port(surface)}{path}", timeout=10
        ) as got:
            return got.read().decode()

    def running(self) -> set[int]:
        """Return every process of this installation, found by its environment or the folder it works in."""
        return {
            pid
            for pid in map(int, filter(str.isdecimal, (entry.name for entry in Path("/proc").iterdir())))
            if self._is_ours(pid)
        }

    def _is_ours(self, pid: int) -> bool:
        folder = self.settings.data_dir
        mark = f"PPID_DATA_DIR={folder}\0".encode()
        try:
            ours = mark in Path(f"/proc/{pid}/environ").read_bytes()
            # Valkey and PostgreSQL write over their environment.
            ours = ours or folder in Path(f"/proc/{pid}/cwd").readlink().parents
        except OSError:
            return False
        return ours and identify(pid) is not None

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        try:
            until(lambda: not self.running())
        finally:
            for pid in self.running():
                os.kill(pid, signal.SIGKILL)


def _hear_hangups() -> None:
    """Forget what a suite under nohup would hand down: `up` leaves a signal alone that was ignored before it."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def _read(process: "subprocess.Popen[str]", lines: queue.Queue[str]) -> None:
    with contextlib.closing(process.stdout) as output:  # type: ignore[type-var]
        for line in output or ():
            lines.put(line)
    lines.put("")


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Return as soon as something holds; fail when it does not come to hold in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "did not come to hold in time"
        time.sleep(0.02)


def free_ports() -> int:
    """Return the first of as many free ports in a row as there are surfaces."""
    for first in range(20000 + os.getpid() * 45 % 8000, 32000, 10):
        with contextlib.ExitStack() as held:
            try:
                for port in range(first, first + len(SURFACES)):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise AssertionError("no free ports")


@contextlib.contextmanager
def installed(data_dir: Path, port: int | None = None) -> Iterator[Installation]:
    installation = Installation(data_dir, port)
    try:
        yield installation
    finally:
        installation.end()
