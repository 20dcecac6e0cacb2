"""An installation to be killed in pieces: durable servers, the process that forks the victims, and what an operator sees.

Knows nothing of imports, submissions and editions.
"""

import contextlib
import json
import logging
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask
from redis import Redis

from ppid_saas.embedded.credentials import ensure_secrets
from ppid_saas.embedded.database import prepare_database
from ppid_saas.embedded.folders import prepare_folders
from ppid_saas.embedded.process import Child, ask_to_stop, await_ready, end_group, finish, start
from ppid_saas.embedded.supervisor import server_parts
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.relay import relay_once
from ppid_saas.settings import Settings
from ppid_saas.web import assets
from tenants import jobs
from tenants.db import db
from tests.fixtures.world import World, build
from tests.tenancy.rows import url
from tests.vault.storage import Outside

ROOT = Path(__file__).resolve().parents[2]
ANSWER_SECONDS = 300
FALL_SECONDS = 1
RECOVERY_SECONDS = 20
PAUSES = (0.0, 0.5, 1.0, 2.0)
UNDONE = "done_at is null and parked_at is null"


@dataclass
class Site:
    """The running parts; `apps` are this process's own, for preparing cases and for looking."""

    settings: Settings
    desk: Path  # what is not the installation's: files that people send, and notes about the case
    outside: Outside
    servers: dict[str, Child]
    forker: subprocess.Popen[bytes]
    apps: dict[str, Flask] = field(default_factory=dict)
    restarts: int = 0
    regions: int = 0
    hopeless: bool = False  # there is no use in starting anything again yet

    def new_world(self) -> World:
        """Return a regency nobody has touched."""
        self.regions += 1
        return build(self.settings, (f"r{self.regions}",), self.apps)

    @property
    def fuse(self) -> Path:
        """The file that a victim makes when it has reached its place."""
        return self.desk / "fuse"

    @property
    def begun(self) -> Path:
        """The file by which it learns that what it called for has begun."""
        return self.desk / "fuse.begun"

    def fresh_fuse(self) -> Path:
        for path in (self.fuse, self.begun):
            path.unlink(missing_ok=True)
        return self.fuse

    def order(self, tasks: list[dict[str, Any]], called: Callable[[], None] = lambda: None) -> list[int]:
        """Have tasks done side by side, each in a process of its own; PostgreSQL is started again when one killed it.

        `called` is asked all the while whether a task wants something of the world.
        """
        pid = self.servers["postgres"].process.pid
        line = json.dumps([{"postgres": pid, "barrier": None} | task for task in tasks])
        assert self.forker.stdin
        assert self.forker.stdout
        self.forker.stdin.write(line.encode() + b"\n")
        self.forker.stdin.flush()
        until = time.monotonic() + ANSWER_SECONDS
        while not select.select([self.forker.stdout], [], [], 0.02)[0]:
            called()
            self.mend()
            if time.monotonic() > until:
                raise TimeoutError("a victim neither ended nor died")
        codes: list[int] = json.loads(self.forker.stdout.readline())
        self.mend()
        return codes

    def mend(self) -> None:
        """Start PostgreSQL again if it is gone, as the supervisor would: with longer pauses each time."""
        if self.hopeless or self.servers["postgres"].process.poll() is None:
            return
        # On a busy machine some of what was killed still holds the shared memory for a while.
        for pause in PAUSES[:-1]:
            with contextlib.suppress(Trouble):
                self._start_again(pause)
                break
        else:
            self._start_again(PAUSES[-1])
        self.restarts += 1
        self._forget_connections()

    def _start_again(self, pause: float) -> None:
        fallen = self.servers["postgres"]
        end_group(fallen)
        time.sleep(pause)
        self.servers["postgres"] = start(self.settings, fallen.part)
        await_ready(self.settings, self.servers["postgres"], time.sleep)

    def _forget_connections(self) -> None:
        for app in self.apps.values():
            with app.app_context():
                for engine in db.engines.values():
                    engine.dispose()

    def await_postgres(self) -> bool:
        """Wait until the server answers; one that neither does nor ends is ended, as an operator would, and True returned."""
        patience, until = time.monotonic() + RECOVERY_SECONDS, time.monotonic() + ANSWER_SECONDS
        stuck = False
        while not self.servers["postgres"].part.ready():
            self.mend()
            if not stuck and time.monotonic() > patience:
                stuck = True
                end_group(self.servers["postgres"])
            if time.monotonic() > until:
                raise TimeoutError("PostgreSQL did not recover")
            time.sleep(0.05)
        self._forget_connections()
        return stuck

    def fell(self) -> bool:
        """Say whether PostgreSQL was being killed just now, and start it again if so."""
        before, until = self.restarts, time.monotonic() + FALL_SECONDS
        while self.restarts == before and time.monotonic() < until:
            time.sleep(0.02)
            self.mend()
        return self.restarts > before

    def undone(self, tenants: Sequence[UUID]) -> int:
        [(count,)] = self.outside.sql(
            f"select count(*) from ops.effect where {UNDONE} and tenant_id = any(%s)", list(tenants)
        )
        return int(count)

    def lapse(self) -> None:
        """Let the leases of the dead run out, and mails be tried again, as time would; what somebody goes on with waits."""
        past = "now() - interval '1 second'"
        self.outside.sql(f"update ops.effect set lease_until = {past}, claimed_until = {past} where {UNDONE}")
        self.outside.sql(
            f"update ops.reservation r set expires_at = {past} where not exists"
            " (select from work.upload u where u.room = r.id and u.state in ('receiving', 'checking'))"
        )
        self.outside.sql(f"update work.mailing set again_at = {past} where state = 'waiting'")

    def lost_uploads(self) -> int:
        [(count,)] = self.outside.sql("select count(*) from ops.reservation where expires_at < now()")
        return int(count)

    def due_duties(self) -> int:
        [(count,)] = self.outside.sql(
            "select count(*) from ops.obligation where state = 'open' and due_at <= now()"
        )
        return int(count)

    def empty_valkey(self) -> None:
        with Redis.from_url(self.settings.redis_url) as valkey:
            for key in list(valkey.scan_iter()):
                valkey.delete(key)

    def relay(self, count: int) -> int:
        """Let so many relays look once, at the same time; returns how often they rang together."""
        rung: list[int] = []
        threads = [Thread(target=lambda: rung.append(self._relay())) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(rung) if len(rung) == count else -1

    def _relay(self) -> int:
        with psycopg.connect(url(self.settings, "app_clock"), autocommit=True) as connection:
            return relay_once(connection)


@contextmanager
def site(
    surroundings: Callable[[Path], AbstractContextManager[Mapping[str, str]]] = lambda _: nullcontext({}),
) -> Iterator[Site]:
    """Run an installation in a folder of its own, as safe as in earnest, and leave nothing of it.

    `surroundings` may put something around that folder, and something between the victims and the servers: what it
    gives is added to the victims' environment.
    """
    assets.build()
    log, bell = logging.getLogger("ppid"), jobs._queue
    level = log.level
    log.setLevel(logging.ERROR)  # that letters are not sent here need not be said each time
    with (
        tempfile.TemporaryDirectory(prefix="ppid-desk-") as desk,
        tempfile.TemporaryDirectory(prefix="ppid-faults-") as folder,
        surroundings(Path(folder)) as environ,
    ):
        Path(folder).chmod(0o711)
        settings = Settings.from_env({"PPID_DATA_DIR": folder, "PPID_PORT": str(26400 + os.getpid() % 4000)})
        prepare_folders(settings)
        ensure_secrets(settings)
        servers = {part.name: start(settings, part) for part in server_parts(settings, durable=True)}
        try:
            for child in servers.values():
                await_ready(settings, child, time.sleep)
            prepare_database(settings)
            with _forker(settings, Path(desk) / "victims.log", environ) as forker:
                made = Site(settings, Path(desk), Outside(settings), servers, forker)
                try:
                    yield made
                finally:
                    _close(made)
        finally:
            jobs._queue = bell
            log.setLevel(level)
            for child in reversed(servers.values()):
                ask_to_stop(child)
            for child in reversed(servers.values()):
                finish(settings, child)


def _close(made: Site) -> None:
    made.outside.s3.close()
    for app in made.apps.values():
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


@contextmanager
def _forker(settings: Settings, said: Path, more: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(settings.data_dir)}
    mine = {"PPID_DATA_DIR": str(settings.data_dir), "PPID_PORT": str(settings.port)}
    with said.open("ab") as log:
        forker = subprocess.Popen(
            [sys.executable, "-m", "tests.prove._victim"],
            cwd=ROOT, env={**environ, **mine, **more}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
    assert forker.stdin
    assert forker.stdout
    try:
        if forker.stdout.readline() != b"ready\n":
            raise RuntimeError(said.read_text(encoding="utf-8")[-2000:])
        yield forker
    finally:
        forker.stdin.close()
        try:
            forker.wait(10)
        except subprocess.TimeoutExpired:
            forker.kill()
            forker.wait()
        forker.stdout.close()
