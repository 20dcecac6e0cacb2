"""A copy of this process that goes on with other work of our own, spoken to like a `subprocess.Popen`.

The code that all processes run is read once, by the one that copies itself: they start at once and share its pages.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

from ppid_saas.embedded.lifeline import LIBC, die_with
from ppid_saas.embedded.signals import STOP

Work = Callable[[], None]
FIRST_OF_OURS: Final = 3  # behind input, output and errors
PR_SET_NAME: Final = 15


def can_fork() -> bool:
    """Tell whether a copy is safe here: elsewhere the system's own libraries forbid it."""
    return sys.platform == "linux"


class Forked:
    """The copy, as its parent sees it; it leads a group of its own and dies with its parent."""

    def __init__(
        self, name: str, work: Work, output: int, environ: Mapping[str, str], orphan: signal.Signals
    ) -> None:
        self.name = name
        self.returncode: int | None = None
        parent = os.getpid()
        _flush()
        kept = signal.pthread_sigmask(
            signal.SIG_BLOCK, STOP
        )  # a stop meant for the copy waits until it listens
        self.pid = os.fork()
        if self.pid == 0:
            _live(partial(_leave_the_parent, name, parent, orphan, output, environ), work)
        signal.pthread_sigmask(signal.SIG_SETMASK, kept)
        _lead_a_group(self.pid)

    def poll(self) -> int | None:
        """Return how it ended, a signal as a negative number; None while it runs."""
        if self.returncode is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if ended else None
        return self.returncode

    def wait(self, timeout: float = float("inf")) -> int:
        """Return how it ended. Raises subprocess.TimeoutExpired."""
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(self.name, timeout)
            time.sleep(0.01)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def _live(*steps: Work) -> NoReturn:
    """Do the steps and end as a program would: nothing of what the parent still has to do is done here."""
    code: object = 1
    try:
        for step in steps:
            step()
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:  # noqa: BLE001  # a program's last words, whatever it was
        traceback.print_exc()
    finally:
        _flush()
        os._exit(code if isinstance(code, int) else 1)


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()


def _leave_the_parent(
    name: str, parent: int, orphan: signal.Signals, output: int, environ: Mapping[str, str]
) -> None:
    """Give up what was the parent's: its group, its open files, its signals, its place."""
    _lead_a_group(0)
    die_with(parent, orphan)
    if LIBC is not None:
        LIBC.prctl(PR_SET_NAME, ctypes.c_char_p(f"ppid {name}".encode()[:15]), 0, 0, 0)
    signal.set_wakeup_fd(-1)
    for number in (*STOP, signal.SIGCHLD):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _keep_no_files(output)
    os.chdir("/")
    os.environ.update(environ)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)


def _keep_no_files(output: int) -> None:
    """Read nothing, write to `output`, and close whatever else the parent has open: its lock above all."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, place in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, place)
    for place in [int(each.name) for each in Path("/dev/fd").iterdir()]:
        if place >= FIRST_OF_OURS:
            with contextlib.suppress(OSError):
                os.close(place)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)


def _lead_a_group(pid: int) -> None:
    """Both sides say it, for neither knows who comes first."""
    try:
        os.setpgid(pid, pid)
    except (PermissionError, ProcessLookupError):
        return
