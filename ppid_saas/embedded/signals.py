"""Turns signals into something one loop can wait for: a request to stop, or the end of a child.

Waiting ends at once when either comes, so nothing here polls faster than it must.
"""

import os
import select
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

STOP: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):  # like KeyboardInterrupt: not an error
    """Raised by a wait when somebody asked us to stop."""


class Signals:
    """The signals of this process while `listening` is entered."""

    def __init__(self) -> None:
        self.requests = 0
        self._read, self._write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC) if hasattr(os, "pipe2") else _pipe()

    def wait(self, seconds: float | None) -> None:
        """Wait until a signal or so many seconds; raise Stopped if a stop was asked for, now or before."""
        self._refuse_if_stopped()
        readable, _, _ = select.select([self._read], [], [], seconds)
        if readable:
            os.read(self._read, 4096)
        self._refuse_if_stopped()

    def sleep(self, seconds: float) -> None:
        """Wait the whole time, whatever children do; raise Stopped when asked to stop."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.wait(left)

    def _refuse_if_stopped(self) -> None:
        if self.requests:
            raise Stopped

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.requests += 1


@contextmanager
def listening() -> Iterator[Signals]:
    """Take over the signals, and give them back afterwards."""
    signals = Signals()
    taken = [
        number for number in STOP if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN
    ]  # nohup
    kept = {number: signal.signal(number, signals._ask) for number in taken}  # noqa: SLF001  # its own factory
    kept[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    wakeup = signal.set_wakeup_fd(signals._write, warn_on_full_buffer=False)  # noqa: SLF001
    try:
        yield signals
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in kept.items():
            signal.signal(number, handler)
        os.close(signals._read)  # noqa: SLF001
        os.close(signals._write)  # noqa: SLF001


def _pipe() -> tuple[int, int]:
    ends = os.pipe()
    for end in ends:
        os.set_blocking(end, False)
    return ends
