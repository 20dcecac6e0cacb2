"""The web server on a listening socket that outlives its processes, so that neither reload nor restart refuses a request.

SIGHUP: the same process id becomes a fresh program (new code, new libraries) while the processes it forked go on
serving; once new ones are ready the old ones stop accepting, finish, and end. A socket handed in by a service manager
(LISTEN_FDS) waits through a whole restart. What is served is told from outside; nothing here knows a surface.
"""

import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any, Final

from granian import net
from granian.constants import Interfaces
from granian.server import mp

log = logging.getLogger("ppid.server")
# Only half of these is typed.
SERVER: Any = mp.MPServer
HOLDER: Any = net.SocketHolder  # type: ignore[attr-defined]
HANDOVER: Final = "WEB_HANDOVER"  # from one program to the next under the same process id
FIRST_HANDED_IN: Final = 3  # sd_listen_fds(3)
BACKLOG: Final = 1024
SEND_BUFFER: Final = 128 * 1024  # what is on its way to a slow reader cannot be taken back
DRAIN_SECONDS: Final = 0.5  # a connection accepted just before has said by then what it wants

_told_ready: tuple[int, int] = (-1, -1)
_listener: socket.socket | None = None


def tell_ready() -> None:
    """Say from a forked process that its app is made; and let it stop accepting when it is asked to."""
    signal.signal(signal.SIGUSR1, _stop_accepting)
    with contextlib.suppress(BlockingIOError):
        os.write(_told_ready[1], b".")


def _stop_accepting(_number: int, _frame: FrameType | None) -> None:
    """Put a socket nobody knows in the place of the listening one; what was accepted is still answered."""
    if _listener is None:
        return
    shared = os.fstat(_listener.fileno()).st_ino
    deaf = socket.create_server(("127.0.0.1", 0))
    deaf.setblocking(False)
    for number in [int(path.name) for path in Path("/dev/fd").iterdir()]:
        with contextlib.suppress(OSError):
            if number != deaf.fileno() and os.fstat(number).st_ino == shared:
                os.dup2(deaf.fileno(), number)


class WebServer(SERVER):  # type: ignore[misc]
    """Granian with a socket of our own, and a reload that starts the new before it stops the old."""

    def __init__(
        self,
        target: str,
        address: str,
        port: int,
        *,
        threads: int,
        workers: int,
        stop: int,
        journal: dict[str, Any],
    ) -> None:
        super().__init__(
            target,
            factory=True,
            interface=Interfaces.WSGI,
            address=address,
            port=port,
            workers=workers,
            blocking_threads=threads,
            backlog=BACKLOG,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            workers_kill_timeout=stop,
            websockets=False,
            log_dictconfig=journal,
        )
        self._old: list[int] = []
        self._waits = False  # somebody else holds the socket: who comes while we are away waits

    def _init_shared_socket(self) -> None:
        global _listener, _told_ready  # noqa: PLW0603  # forked processes must find them
        _told_ready = os.pipe()
        handed = json.loads(os.environ.pop(HANDOVER, "{}"))
        self._old = handed.get("serving", [])
        number = handed.get("socket") or _handed_in()
        self._waits = _handed_in() is not None
        _listener = socket.socket(fileno=number) if number else _listen(self.bind_addr, self.bind_port)
        _listener.setblocking(False)
        self._sso, self._ssp = _listener, None
        self._sfd = _listener.fileno()
        self._shd = HOLDER(self._sfd, _listener.family == socket.AF_UNIX, BACKLOG)
        os.set_blocking(_told_ready[1], False)

    def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> None:
        super()._spawn_workers(spawn_target, target_loader)
        if self._old:
            threading.Thread(target=self._relieve, args=(self._old,), daemon=True).start()

    def _relieve(self, old: list[int]) -> None:
        """Wait for the new processes, then let the old ones finish and end."""
        told = 0
        while told < self.workers:
            told += len(os.read(_told_ready[0], 64))
        _send(old, signal.SIGUSR1)
        time.sleep(DRAIN_SECONDS)
        _send(old, signal.SIGTERM)
        deadline = time.monotonic() + float(self.workers_kill_timeout or 0)
        while self._old and time.monotonic() < deadline:
            time.sleep(0.05)
            self._old = [pid for pid in self._old if not _ended(pid)]
        _send(self._old, signal.SIGKILL)
        log.info("relieved")

    def _reload(self, *_: Any) -> None:
        """Become a fresh program under the same process id; the forked processes serve on meanwhile."""
        self.reload_signal = False
        self.main_loop_interrupt.clear()
        again = [sys.executable, *sys.orig_argv[1:]]
        if subprocess.run([*again, "--check"], check=False).returncode:
            log.error("the new version does not start; the old one goes on")
            return
        os.set_inheritable(self._sfd, True)
        serving = [*self._old, *(worker.inner.pid for worker in self.wrks)]
        os.environ[HANDOVER] = json.dumps({"socket": self._sfd, "serving": serving})
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a second one must not end what does not listen yet
        os.execv(sys.executable, again)  # noqa: S606  # our own command line

    def _stop_workers(self) -> None:
        if self._waits:
            _send([worker.inner.pid for worker in self.wrks], signal.SIGUSR1)
            time.sleep(DRAIN_SECONDS)
        _send(self._old, signal.SIGTERM)
        super()._stop_workers()


def _handed_in() -> int | None:
    """Return the socket a service manager holds for us."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS", "0") == "0":
        return None
    return FIRST_HANDED_IN


def _listen(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.create_server((address, port), family=family, backlog=BACKLOG)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)  # accepted connections inherit it
    return listener


def _send(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _ended(pid: int) -> bool:
    """Tell whether a process forked by the program before us has ended, and let it go."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return not Path(f"/proc/{pid}").exists()
