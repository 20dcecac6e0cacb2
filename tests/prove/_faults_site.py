"""An installation to be killed in pieces: durable servers, the process that forks the victims, and what an operator sees.

Knows nothing of imports, submissions and editions.
"""

import json
import logging
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask
from redis import Redis

from ppid_saas import worker
from ppid_saas.embedded.credentials import ensure_secrets
from ppid_saas.embedded.database import prepare_database
from ppid_saas.embedded.folders import prepare_folders
from ppid_saas.embedded.process import Child, ask_to_stop, await_ready, end_group, finish, start
from ppid_saas.embedded.supervisor import server_parts
from ppid_saas.settings import Settings
from ppid_saas.web import assets
from tenants import jobs
from tenants.db import db
from tests.fixtures.world import World, build
from tests.tenancy.rows import url
from tests.vault.storage import Outside

ROOT = Path(__file__).resolve().parents[2]
ANSWER_SECONDS = 120
FALL_SECONDS = 1
UNDONE = "done_at is null and parked_at is null"


@dataclass
class Site:
    """The running parts; `apps` are this process's own, for preparing cases and for looking."""

    settings: Settings
    outside: Outside
    servers: dict[str, Child]
    forker: subprocess.Popen[bytes]
    apps: dict[str, Flask] = field(default_factory=dict)
    restarts: int = 0
    regions: int = 0

    def new_world(self) -> World:
        """Return a regency nobody has touched."""
        self.regions += 1
        return build(self.settings, (f"r{self.regions}",), self.apps)

    def order(self, tasks: list[dict[str, Any]]) -> list[int]:
        """Have tasks done side by side, each in a process of its own; PostgreSQL is started again when one killed it."""
        pid = self.servers["postgres"].process.pid
        line = json.dumps([{"postgres": pid, "barrier": None} | task for task in tasks])
        assert self.forker.stdin
        assert self.forker.stdout
        self.forker.stdin.write(line.encode() + b"\n")
        self.forker.stdin.flush()
        until = time.monotonic() + ANSWER_SECONDS
        while not select.select([self.forker.stdout], [], [], 0.02)[0]:
            self.mend()
            if time.monotonic() > until:
                raise TimeoutError("a victim neither ended nor died")
        codes: list[int] = json.loads(self.forker.stdout.readline())
        self.mend()
        return codes

    def mend(self) -> None:
        """Start PostgreSQL again if it is gone, as the supervisor would."""
        fallen = self.servers["postgres"]
        if fallen.process.poll() is None:
            return
        end_group(fallen)
        self.servers["postgres"] = start(self.settings, fallen.part)
        await_ready(self.settings, self.servers["postgres"], time.sleep)
        self.restarts += 1
        for app in self.apps.values():
            with app.app_context():
                for engine in db.engines.values():
                    engine.dispose()

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
        """Let the leases of the dead run out, as time would."""
        past = "now() - interval '1 second'"
        self.outside.sql(f"update ops.effect set lease_until = {past}, claimed_until = {past} where {UNDONE}")
        self.outside.sql(f"update ops.reservation set expires_at = {past}")

    def lost_uploads(self) -> int:
        [(count,)] = self.outside.sql("select count(*) from ops.reservation where expires_at < now()")
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
            return worker.relay_once(connection)


@contextmanager
def site() -> Iterator[Site]:
    """Run an installation in a folder of its own, as safe as in earnest, and leave nothing of it."""
    assets.build()
    log, bell = logging.getLogger("ppid"), jobs._queue
    level = log.level
    log.setLevel(logging.ERROR)  # that letters are not sent here need not be said each time
    with tempfile.TemporaryDirectory(prefix="ppid-faults-") as folder:
        Path(folder).chmod(0o711)
        settings = Settings.from_env({"PPID_DATA_DIR": folder, "PPID_PORT": str(26400 + os.getpid() % 4000)})
        prepare_folders(settings)
        ensure_secrets(settings)
        servers = {part.name: start(settings, part) for part in server_parts(settings, durable=True)}
        try:
            for child in servers.values():
                await_ready(settings, child, time.sleep)
            prepare_database(settings)
            with _forker(settings) as forker:
                made = Site(settings, Outside(settings), servers, forker)
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
def _forker(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(settings.data_dir)}
    mine = {"PPID_DATA_DIR": str(settings.data_dir), "PPID_PORT": str(settings.port)}
    with (settings.data_dir / "victims.log").open("ab") as log:
        forker = subprocess.Popen(
            [sys.executable, "-m", "tests.prove._victim"],
            cwd=ROOT, env=environ | mine, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
    assert forker.stdin
    assert forker.stdout
    try:
        if forker.stdout.readline() != b"ready\n":
            raise RuntimeError((settings.data_dir / "victims.log").read_text(encoding="utf-8")[-2000:])
        yield forker
    finally:
        forker.stdin.close()
        try:
            forker.wait(10)
        except subprocess.TimeoutExpired:
            forker.kill()
            forker.wait()
        forker.stdout.close()
