"""Starts the servers and the processes over them, keeps them running, and ends them all, whatever happens.

One `up` in one data folder. What the processes are is told from outside; nothing here knows a surface.
"""

import dataclasses
import socket
import sys
import time
from collections.abc import Callable, Sequence
from typing import Final

from ppid_saas.embedded import objects, postgres, valkey
from ppid_saas.embedded.credentials import ensure_secrets
from ppid_saas.embedded.folders import Lock, prepare_folders
from ppid_saas.embedded.process import (
    Child,
    Part,
    Wait,
    ask_to_stop,
    await_ready,
    end_group,
    end_leftovers,
    finish,
    start,
)
from ppid_saas.embedded.signals import Signals, Stopped, listening
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import Settings

STEADY: Final = 30.0  # a part that ran this long starts again at once, and its failures are forgotten
LONGEST_PAUSE: Final = 30.0
Say = Callable[[str], None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    """What runs over the servers: steps that end (each before the next), then processes that stay."""

    steps: Sequence[Part]
    processes: Sequence[Part]
    ports: Sequence[int]
    welcome: Callable[[], str]
    room_needed: int
    prepare: Callable[[], None]  # done while the servers come up


@dataclasses.dataclass
class _Kept:
    """A part under care, with how often it fell lately."""

    child: Child
    since: float
    falls: int = 0
    again_at: float | None = None


def server_parts(settings: Settings, *, durable: bool = True) -> list[Part]:
    """Prepare the embedded servers this installation needs; those given by URL are not among them."""
    parts = []
    if settings.embeds_database:
        parts.append(postgres.postgres_part(settings, durable=durable))
    if settings.embeds_redis:
        parts.append(valkey.valkey_part(settings))
    if settings.embeds_s3:
        parts.extend(objects.object_parts(settings))
    return parts


def up(settings: Settings, plan: Plan, say: Say) -> None:
    """Run everything until asked to stop. Raises Trouble when it cannot start."""
    prepare_folders(settings, plan.room_needed)
    lock = Lock(settings)
    if not lock.acquire():
        holder = lock.holder()
        number = f" (pid {holder.pid})" if holder else ""
        raise Trouble(f"Sudah berjalan di {settings.data_dir}{number}; hentikan dulu dengan ./ppid down")
    try:
        with listening() as signals:
            _Supervisor(settings, plan, say, signals).run()
    finally:
        lock.release()


def check_ports(bind: str, ports: Sequence[int]) -> None:
    """Raise Trouble naming the first port that another program holds."""
    for port in ports:
        family = socket.AF_INET6 if ":" in bind else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((bind, port))
            except OSError as error:
                raise Trouble(
                    f"Port {port} di {bind} tidak dapat dipakai ({error.strerror}); "
                    "pilih port lain, misalnya PPID_PORT=8500 ./ppid up"
                ) from error


class _Supervisor:
    def __init__(self, settings: Settings, plan: Plan, say: Say, signals: Signals) -> None:
        self.settings = settings
        self.plan = plan
        self.say = say
        self.signals = signals
        self.kept: list[_Kept] = []

    def run(self) -> None:
        try:
            self._start_all()
            self.say(self.plan.welcome())
            while True:
                self._care()
        except Stopped:
            self.say("Menghentikan semua proses …")
        finally:
            self._stop_all()
        self.say("Semua proses sudah berhenti.")

    def _start_all(self) -> None:
        end_leftovers(self.settings, self.signals.wait)
        check_ports(self.settings.bind, self.plan.ports)
        ensure_secrets(self.settings)
        self.say("Menyiapkan basis data, antrean dan penyimpanan …")
        self._start(server_parts(self.settings), meanwhile=self.plan.prepare)
        for step in self.plan.steps:
            self._perform(step)
        self.say("Menjalankan layanan web dan pekerja …")
        self._start(self.plan.processes)

    def _start(self, parts: Sequence[Part], meanwhile: Callable[[], None] = lambda: None) -> None:
        fresh = []
        for part in parts:
            fresh.append(_Kept(start(self.settings, part), time.monotonic()))
            self.kept.append(fresh[-1])
        meanwhile()
        for kept in fresh:
            await_ready(self.settings, kept.child, progress(kept.child.part.title, self.signals.wait))

    def _perform(self, step: Part) -> None:
        """Run a step to its end; it is among the kept while it runs, so that a stop ends it too."""
        self.say(f"{step.title} …")
        kept = _Kept(start(self.settings, step), time.monotonic())
        self.kept.append(kept)
        done = dataclasses.replace(step, ready=lambda: kept.child.exit_reason() == "kode 0")
        await_ready(self.settings, Child(done, kept.child.process), progress(step.title, self.signals.wait))
        self.kept.remove(kept)
        finish(self.settings, kept.child)

    def _care(self) -> None:
        """Wait for the next event, and start again what fell."""
        due = [kept.again_at for kept in self.kept if kept.again_at is not None]
        self.signals.wait(max(0.0, min(due) - time.monotonic()) if due else None)
        for kept in self.kept:
            if kept.again_at is None:
                self._notice_fall(kept)
            elif kept.again_at <= time.monotonic():
                kept.child, kept.since, kept.again_at = (
                    start(self.settings, kept.child.part),
                    time.monotonic(),
                    None,
                )

    def _notice_fall(self, kept: _Kept) -> None:
        reason = kept.child.exit_reason()
        if reason is None:
            return
        end_group(kept.child)
        now = time.monotonic()
        kept.falls = 0 if now - kept.since > STEADY else kept.falls + 1
        pause = min(LONGEST_PAUSE, 0.25 * 2**kept.falls)
        kept.again_at = now + pause
        self.say(f"{kept.child.part.title} mati ({reason}); dinyalakan lagi.")

    def _stop_all(self) -> None:
        """End the processes first, all at once, then the servers under them, the database last."""
        servers = [kept.child for kept in self.kept if kept.child.part not in self.plan.processes]
        processes = [kept.child for kept in self.kept if kept.child.part in self.plan.processes]
        for group in (processes, *([server] for server in reversed(servers))):
            for child in group:
                ask_to_stop(child)
            for child in group:
                finish(self.settings, child)


def progress(title: str, wait: Wait, every: float = 2.0) -> Wait:
    """Return a wait that tells a person, every so often, that the work goes on."""
    begun = last = time.monotonic()

    def waiting(seconds: float) -> None:
        nonlocal last
        wait(seconds)
        now = time.monotonic()
        if now - last >= every:
            last = now
            sys.stderr.write(f"  {title}: {now - begun:.0f} detik …\n")
            sys.stderr.flush()

    return waiting
