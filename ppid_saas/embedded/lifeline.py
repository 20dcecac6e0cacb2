"""Ties a process to its parent, so that nothing keeps running when the parent is killed without warning.

Linux alone can do this (PR_SET_PDEATHSIG); elsewhere the next start finds and ends what was left behind.
"""

import ctypes
import dataclasses
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

PR_SET_PDEATHSIG: Final = 1
LIBC: Final = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclasses.dataclass(frozen=True)
class Identity:
    """One process, told apart from a later one that got the same number."""

    pid: int
    birth: str


def die_with(parent: int, how: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel to send `how` to this process when its parent ends; end now if it already has."""
    if LIBC is None:
        return
    LIBC.prctl(PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def die_with_parent(how: signal.Signals = signal.SIGKILL) -> None:
    """Tie this process to the one that made it by multiprocessing."""
    maker = multiprocessing.parent_process()
    die_with(maker.pid if maker is not None and maker.pid is not None else os.getppid(), how)


def tie_forks() -> None:
    """Tie to this process all that it forks from now on, and to each of those what it forks in turn."""
    forker = 0

    def note() -> None:
        nonlocal forker
        forker = os.getpid()

    os.register_at_fork(before=note, after_in_child=lambda: die_with(forker))


def tied(how: signal.Signals) -> Callable[[], None]:
    """Return what a new child runs just before it becomes another program."""
    parent = os.getpid()
    return lambda: die_with(parent, how)


def identify(pid: int) -> Identity | None:
    """Return the identity of a living process; None when there is none, or only its exit status is left."""
    state, birth = _observe(pid)
    return None if birth is None or state in {"Z", "X"} else Identity(pid, birth)


def alive(identity: Identity) -> bool:
    """Tell whether this very process still runs."""
    return identify(identity.pid) == identity


def _observe(pid: int) -> tuple[str, str | None]:
    if sys.platform != "linux":
        return _observe_by_ps(pid)
    try:
        # The name in the second field may hold spaces and brackets; state and start time stand after the last one.
        fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return "X", None
    return fields[0], fields[19]


def _observe_by_ps(pid: int) -> tuple[str, str | None]:
    import subprocess

    shown = subprocess.run(
        ["ps", "-o", "state=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return (shown[0], shown[1:].strip()) if shown else ("X", None)
