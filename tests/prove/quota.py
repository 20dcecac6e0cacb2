"""Proof: however many upload at once, and whoever is killed meanwhile, a tenant never holds a byte beyond its limit.

Several processes of many threads upload to one tenant whose limit stays just ahead of what it stores; some are killed
in the middle. Row, ledger, reservations and limit are read all the while. Afterwards dead uploads are swept, the last
byte is filled, and store, ledger and rows are compared. A run bounded by its seconds says how far it came.
"""

import json
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from ppid_saas.documents import service as documents
from ppid_saas.embedded.temporary import prepared_servers
from ppid_saas.settings import Settings
from ppid_saas.storage import provisioning, stocktaking
from tenants import context, vault
from tenants.db import db, open_door
from tests.fixtures.world import World, build, platform
from tests.tenancy.rows import url

UPLOADS = 64_000
PROCESSES, THREADS = 4, 16
# How far the limit is ahead of what is stored: less than the clients want at once.
AHEAD, AHEAD_OF_LARGE = 3_000_000, 150_000_000
IN_PIECES = 0.1
CANCELLED, CANCELLED_OF_MANY = 0.5, 0.97  # the rest is left open, of which an office may have two hundred
ROOT = Path(__file__).resolve().parents[2]
SLUG = "dinkes"
FIGURES = """
    select q.used, q.reserved, q.cap,
        (select coalesce(sum(delta), 0) from ops.ledger l where l.tenant_id = q.tenant_id),
        (select coalesce(sum(bytes), 0) from ops.reservation r where r.tenant_id = q.tenant_id)
    from ops.quota q where q.tenant_id = %s
"""


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Storm on servers of its own."""
    with tempfile.TemporaryDirectory(prefix="ppid-quota-") as folder:
        Path(folder).chmod(0o711)
        settings = Settings.from_env({"PPID_DATA_DIR": folder, "PPID_PORT": str(30400 + os.getpid() % 2000)})
        with prepared_servers(settings):
            world = build(settings, ("penuh",), {})
            return storm(world, "penuh", UPLOADS, seconds or 24 * 3600.0, seed, large=True)


def storm(
    world: World, region: str, count: int, seconds: float, seed: int, *, processes: int = PROCESSES,
    threads: int = THREADS, large: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Let it blow over a world that runs already, and return what was found; those who survive do all `count`."""
    unit, who = world.tenants[region, SLUG], f"petugas.{SLUG}@{region}"
    orders = {
        "token": world.token(who), "region": region, "slug": SLUG, "threads": threads, "kept": 0.4,
        "count": -(-count // (max(processes - 1, 1) * threads)), "until": time.time() + seconds, "large": large, "in_pieces": IN_PIECES,
        "cancelled": CANCELLED_OF_MANY if large else CANCELLED,
    }  # fmt: skip
    with ExitStack() as stack, psycopg.connect(url(world.settings, "postgres"), autocommit=True) as watch:
        ahead = AHEAD_OF_LARGE if large else AHEAD
        watch.execute("update ops.quota set cap = used + reserved + %s where tenant_id = %s", [ahead, unit])
        clients = [
            stack.enter_context(_client(world.settings, orders, f"{seed}-{n}")) for n in range(processes)
        ]
        for client in clients:
            _say(client, "go")
        wrong, looks, killed = _watch(watch, unit, clients, random.Random(seed), ahead)
        told = sum(
            (_hear(client) for client in clients if client.returncode != -signal.SIGKILL), Counter[str]()
        )
        watch.execute(
            "update ops.reservation set expires_at = now() - interval '1 second' where tenant_id = %s", [unit]
        )
        return _settled(world, who, unit, watch) | {
            "uploads_told": dict(sorted(told.items())), "looks": looks, "wrong_at_a_look": wrong,
            "processes_killed": killed, "clients": processes * threads,
            "finished": sum(told.values()) - told["of them large"] >= orders["count"] * threads * (processes - killed),
        }  # fmt: skip


def _watch(
    watch: psycopg.Connection,
    unit: UUID,
    clients: list[subprocess.Popen[bytes]],
    dice: random.Random,
    ahead: int,
) -> tuple[int, int, int]:
    """Read the figures while they work, keep the limit just ahead, and kill one of them in the middle."""
    wrong = looks = killed = 0
    until = time.monotonic() + dice.uniform(0.5, 1.5)
    while any(_busy(client) for client in clients):
        row = watch.execute(FIGURES, [unit]).fetchone()
        assert row
        used, reserved, cap, ledger, held = row
        wrong += used + reserved > cap or (used, reserved) != (ledger, held)
        looks += 1
        if used + ahead / 2 > cap:
            watch.execute("update ops.quota set cap = cap + %s where tenant_id = %s", [ahead // 2, unit])
        if not killed and time.monotonic() > until and len(clients) > 1:
            clients[-1].kill()
            clients[-1].wait()
            killed = 1
    return wrong, looks, killed


def _busy(client: subprocess.Popen[bytes]) -> bool:
    """Say whether it still works: alive, and silent for a moment more."""
    return client.poll() is None and not select.select([client.stdout], [], [], 0.005)[0]


def _settled(world: World, who: str, unit: UUID, watch: psycopg.Connection) -> dict[str, Any]:
    """Sweep, fill to the last byte, compare; return what is left over anywhere."""
    with world.acting(who):
        swept = vault.release_expired()
    used, reserved, cap, ledger, _ = watch.execute(FIGURES, [unit]).fetchone() or (0,) * 5
    left = {"held_after_the_sweep": reserved, "ledger_against_row": int(ledger) - used}
    size = max(cap - used, 1)
    watch.execute(
        "update ops.quota set cap = %s where tenant_id = %s", [used + vault.stored_size(size), unit]
    )
    with world.acting(who), documents.staging("attachment", "a", bytes(size), "text/plain") as last:
        documents.keep(last)
    full = watch.execute("select used = cap from ops.quota where tenant_id = %s", [unit]).fetchone() == (
        True,
    )
    watch.execute("update ops.quota set check_open = true where tenant_id = %s", [unit])
    with world.app().app_context(), context.entering(context.Entry("enter_stocktake", (unit,))):
        open_door()
        stocktaking.take_stock()
        db.session.remove()
    with platform(world.settings) as connection:
        [found] = provisioning.last_checks(connection, unit)
    return left | {
        "swept": swept, "filled_to_the_last_byte": full, "objects": found.objects, "strays": found.strays,
        "missing": found.missing, "differing": found.differing, "books": found.state,
    }  # fmt: skip


@contextmanager
def _client(settings: Settings, orders: dict[str, Any], run: str) -> Iterator[subprocess.Popen[bytes]]:
    environ = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PPID_DATA_DIR": str(settings.data_dir),
        "PPID_PORT": str(settings.port),
        **{name: value for name, value in os.environ.items() if name.startswith("PPID_S3_")},
    }  # fmt: skip
    with (settings.log_dir / f"quota-{run}.log").open("ab") as log:
        client = subprocess.Popen(
            [sys.executable, "-m", "tests.prove._quota_client"],
            cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
    try:
        _say(client, json.dumps(orders | {"run": run}))
        if client.stdout is None or client.stdout.readline() != b"ready\n":
            raise RuntimeError((settings.log_dir / f"quota-{run}.log").read_text()[-2000:])
        yield client
    finally:
        client.kill()
        client.communicate()
        if client.returncode > 0:
            sys.stderr.write((settings.log_dir / f"quota-{run}.log").read_text()[-2000:])


def _say(client: subprocess.Popen[bytes], line: str) -> None:
    assert client.stdin
    client.stdin.write(line.encode() + b"\n")
    client.stdin.flush()


def _hear(client: subprocess.Popen[bytes]) -> Counter[str]:
    """Return what a client did."""
    assert client.stdout
    return Counter(json.loads(client.stdout.readline()))
