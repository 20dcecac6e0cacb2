"""One child process: started in a group of its own, tied to us, logged to a file, remembered, and ended for certain.

Knows nothing of what the child does; the parts' modules say that.
"""

import contextlib
import dataclasses
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from ppid_saas.embedded.forked import Forked, Work, can_fork
from ppid_saas.embedded.lifeline import Identity, alive, identify, tied
from ppid_saas.embedded.lines import last_said
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import Settings

LOG_TURNS_AT: Final = 10 * 1024 * 1024
Wait = Callable[[float], None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    """What to run, and how it is asked to stop; `work` is our own code, and runs in a copy of us where that is safe."""

    name: str
    title: str
    argv: Sequence[str]
    work: Work | None = None
    environ: Mapping[str, str] = dataclasses.field(default_factory=dict)
    stdin: str = ""
    user: pwd.struct_passwd | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    stop_seconds: float = 10
    ready_seconds: float = 60
    ready: Callable[[], bool] = lambda: True


@dataclasses.dataclass
class Child:
    """A part that was started."""

    part: Part
    process: subprocess.Popen[bytes] | Forked

    def exit_reason(self) -> str | None:
        """Return in words how the child ended, or None while it runs."""
        code = self.process.poll()
        if code is None:
            return None
        return f"sinyal {-code}" if code < 0 else f"kode {code}"


def start(settings: Settings, part: Part) -> Child:
    """Start a part and write down its identity."""
    log = log_file(settings, part.name)
    _turn(log)
    with log.open("ab") as output:
        process: subprocess.Popen[bytes] | Forked
        if part.work and can_fork():
            process = Forked(part.name, part.work, output.fileno(), part.environ, part.orphan_signal)
        else:
            process = _started(part, output)
    _remember(settings, part.name, process.pid)
    return Child(part, process)


def _started(part: Part, output: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a part as a program."""
    process = subprocess.Popen(
        part.argv,
        stdin=subprocess.PIPE if part.stdin else subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env={**os.environ, **part.environ},
        cwd="/",
        process_group=0,
        preexec_fn=tied(part.orphan_signal),  # noqa: PLW1509  # we have no threads
        user=part.user.pw_uid if part.user else None,
        group=part.user.pw_gid if part.user else None,
        extra_groups=[] if part.user else None,
    )
    if process.stdin is not None:
        with process.stdin as pipe, contextlib.suppress(BrokenPipeError):
            pipe.write(part.stdin.encode())
    return process


def await_ready(settings: Settings, child: Child, wait: Wait) -> None:
    """Return once the part answers; raise Trouble with its last words when it ends or takes too long."""
    part = child.part
    deadline = time.monotonic() + part.ready_seconds
    while True:
        reason = child.exit_reason()  # asked first: what ends between the two questions may have ended well
        if part.ready():
            return
        if reason is None and time.monotonic() > deadline:
            reason = f"belum siap setelah {part.ready_seconds:.0f} detik"
        if reason is not None:
            raise Trouble(f"{part.title} gagal ({reason}): {last_words(settings, part.name)}")
        wait(0.05)


def ask_to_stop(child: Child) -> None:
    if child.process.poll() is None:
        child.process.send_signal(child.part.stop_signal)


def finish(settings: Settings, child: Child) -> None:
    """Wait until the child has stopped, ending it the hard way when it takes too long."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.process.wait(child.part.stop_seconds)
    end_group(child)
    child.process.wait()
    forget(settings, child.part.name)


def end_group(child: Child) -> None:
    """End what is left of the child's group: its own children, if it died before them."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, child.part.orphan_signal)


def log_file(settings: Settings, name: str) -> Path:
    return settings.log_dir / f"{name}.log"


def last_words(settings: Settings, name: str) -> str:
    """Return the last line a part logged, and where to read the rest."""
    path = log_file(settings, name)
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n") if path.exists() else []
    return f"{last_said(lines)} (selengkapnya di {path})"


def remembered(settings: Settings) -> dict[str, Identity]:
    """Return the parts that were started here and not seen to end, by name."""
    found = {}
    for path in sorted(settings.run_dir.glob("*.pid")):
        pid, _, birth = path.read_text(encoding="ascii").strip().partition(" ")
        if pid.isdecimal():
            found[path.stem] = Identity(int(pid), birth)
    return found


def end_leftovers(settings: Settings, wait: Wait, seconds: float = 10) -> None:
    """Wait for what an `up` that was killed left behind, then end it; the caller holds the lock."""
    left = remembered(settings)
    deadline = time.monotonic() + seconds
    while any(alive(identity) for identity in left.values()) and time.monotonic() < deadline:
        wait(0.05)
    for name, identity in left.items():
        if alive(identity):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(identity.pid, signal.SIGKILL)
        forget(settings, name)


def forget(settings: Settings, name: str) -> None:
    _pid_file(settings, name).unlink(missing_ok=True)


def _remember(settings: Settings, name: str, pid: int) -> None:
    identity = identify(pid)
    if identity is not None:
        written = _pid_file(settings, name).with_suffix(".new")  # nobody shall read half of it
        written.write_text(f"{pid} {identity.birth}\n", encoding="ascii")
        written.replace(_pid_file(settings, name))


def _pid_file(settings: Settings, name: str) -> Path:
    return settings.run_dir / f"{name}.pid"


def _turn(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_TURNS_AT:
        log.replace(log.with_name(log.name + ".1"))
