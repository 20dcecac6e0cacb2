"""Proof: many tenants behind one small pool never see or lose a row, whatever is killed and whoever misbehaves in it.

Several processes work as many tenants by the real doors through PgBouncer in transaction mode, while their database
sessions are killed and other clients of the same pool set session-wide whatever they may. Afterwards every acknowledged
transaction is there once, in its own tenant. A run bounded by its seconds says how far it came.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from ppid_saas.embedded.temporary import prepared_servers
from ppid_saas.settings import Settings
from tests.fixtures.world import UNITS, World, build
from tests.prove._pooled_client import NAME, key_of, member_of
from tests.prove._pooler import free_port, pooler
from tests.tenancy.rows import url

TRANSACTIONS = 200_000
REGIONS = 8
WORKERS = 6
ABUSERS = 2
KILL_EVERY = 100  # transactions
ROOT = Path(__file__).resolve().parents[2]
FOREVER = 24 * 3600.0
STORM = "storm"


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Storm on servers of its own."""
    with tempfile.TemporaryDirectory(prefix="ppid-pooled-") as folder:
        Path(folder).chmod(0o711)
        settings = Settings.from_env({"PPID_DATA_DIR": folder, "PPID_PORT": str(26400 + os.getpid() % 4000)})
        with prepared_servers(settings):
            regions = tuple(f"badai{n}" for n in range(REGIONS))
            world = build(settings, regions, {})
            return storm(world, regions, TRANSACTIONS, seconds or FOREVER, seed)


def storm(
    world: World,
    regions: tuple[str, ...],
    count: int,
    seconds: float,
    seed: int,
    *,
    resets: bool = True,
    processes: int = WORKERS,
) -> dict[str, Any]:
    """Let it blow over a world that runs already, and return what was found.

    Without `resets` what somebody set for her session stays for whoever gets the connection next.
    """
    settings, members = world.settings, list(_members(world, regions))
    strangers = _sessions(settings)
    with ExitStack() as stack:
        address = stack.enter_context(pooler(settings, free_port(21400 + os.getpid() % 2000), resets=resets))
        stop = settings.run_dir / f"storm-{seed}.stop"
        orders = {"seconds": seconds, "count": count // processes, "members": members, "stop": str(stop)}
        workers = [
            stack.enter_context(_client(settings, address, orders | {"role": "work", "run": f"{seed}-{n}"}))
            for n in range(processes)
        ]
        abusers = [
            stack.enter_context(
                _client(
                    settings, address, orders | {"role": "abuse", "run": f"{seed}-bad-{n}", "pause": 0.002}
                )
            )
            for n in range(ABUSERS)
        ]
        for client in (*workers, *abusers):
            _say(client, "go")
        began = time.monotonic()
        kills = _kill_sessions(settings, workers, strangers, random.Random(seed))
        told = [_hear(client) for client in workers]
        took = time.monotonic() - began
        stop.touch()
        abused = [_hear(client) for client in abusers]
    figures = _counted(world, members, [answer["done"] for answer in told], seed)
    seen = sum((Counter(answer["seen"]) for answer in told), Counter[str]())
    return figures | {
        "tenants": len(members),
        "wrong_tenant": sum(seen[name] for name in seen if name.startswith("wrong tenant")),
        "read_without_a_door": sum(answer["seen"].get("read without a door", 0) for answer in abused),
        "sessions_killed": kills,
        "abuses": sum(answer["done"] for answer in abused),
        "abuses_refused": dict(sum((_only(answer, "refused") for answer in abused), Counter[str]())),
        "tried_again": {
            name: n for name, n in sorted(seen.items()) if n and not name.startswith("wrong tenant")
        },
        "transactions_a_second": round(figures["transactions"] / took),
        "finished": figures["transactions"] >= count // processes * processes,
    }


def _only(answer: dict[str, Any], word: str) -> Counter[str]:
    return Counter({name: n for name, n in answer["seen"].items() if name.startswith(word)})


def _members(world: World, regions: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """One officer of each unit, with a key and an effect that stays undone, and a counter of her tenant's."""
    with psycopg.connect(url(world.settings, "postgres"), autocommit=True) as connection:
        for region in regions:
            for slug, _, _ in UNITS:
                who = f"petugas.{slug}@{region}"
                tenant = world.tenant(who)
                connection.execute(
                    "insert into work.counter (tenant_id, name, last) values (%s, %s, 0)", [tenant, NAME]
                )
                event = connection.execute(
                    "insert into ops.effect (tenant_id, event_id, handler, source_id, lease_until)"
                    " values (%s, gen_random_uuid(), %s, %s, now() + interval '1 day') returning event_id",
                    [tenant, STORM, tenant],
                ).fetchone()
                assert event
                yield {
                    "tenant": str(tenant), "region": region, "slug": slug, "token": world.token(who),
                    "key": world.key(who)["Authorization"].removeprefix("Bearer "), "event": str(event[0]),
                    "handler": STORM,
                }  # fmt: skip


@contextmanager
def _client(settings: Settings, address: str, orders: dict[str, Any]) -> Iterator[subprocess.Popen[str]]:
    environ = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PPID_DATABASE_URL": address,
        "PPID_DATA_DIR": str(settings.data_dir), "PPID_PORT": str(settings.port), "PPID_DATABASE_POOLED": "yes",
        "PPID_REDIS_URL": settings.redis_url, "PPID_S3_ENDPOINT_URL": settings.s3.endpoint_url,
    }  # fmt: skip
    with (settings.log_dir / f"storm-{orders['run']}.log").open("ab") as log:
        client = subprocess.Popen(
            [sys.executable, "-m", "tests.prove._pooled_client"],
            cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
    try:
        _say(client, json.dumps(orders))
        if client.stdout is None or client.stdout.readline() != "ready\n":
            raise RuntimeError((settings.log_dir / f"storm-{orders['run']}.log").read_text()[-2000:])
        yield client
    finally:
        client.kill()
        client.communicate()


def _say(client: subprocess.Popen[str], line: str) -> None:
    assert client.stdin
    client.stdin.write(line + "\n")
    client.stdin.flush()


def _hear(client: subprocess.Popen[str]) -> dict[str, Any]:
    assert client.stdout
    line = client.stdout.readline()
    if not line:
        raise RuntimeError("a client of the pool died")
    answer: dict[str, Any] = json.loads(line)
    return answer


KILL = """
    select case when %s then pg_cancel_backend(pid) else pg_terminate_backend(pid) end
    from pg_stat_activity where usename = 'app_tenant' and (state <> 'idle' or %s) and pid <> all(%s)
    order by random() limit 1
"""
SESSIONS = "select pid from pg_stat_activity where usename = 'app_tenant'"
DONE = "select coalesce(sum(last), 0) from work.counter where name = %s"


def _sessions(settings: Settings) -> list[int]:
    """Return the sessions that are not the pool's, to be left alone."""
    with psycopg.connect(url(settings, "postgres")) as connection:
        return [row[0] for row in connection.execute(SESSIONS)]


def _kill_sessions(
    settings: Settings, workers: list[subprocess.Popen[str]], strangers: list[int], chance: random.Random
) -> int:
    """Kill or cancel a session for every so many transactions, most of them amid one, until the work is done."""
    kills = seen = 0
    with psycopg.connect(url(settings, "postgres"), autocommit=True) as connection:
        while any(_still_working(worker) for worker in workers):
            [done] = connection.execute(DONE, [NAME]).fetchone() or (0,)
            for _ in range((int(done) - seen) // KILL_EVERY):
                seen += KILL_EVERY
                how = [chance.random() < 0.25, chance.random() < 0.2, strangers]
                found = connection.execute(KILL, how).fetchone()
                kills += bool(found and found[0])
                time.sleep(chance.uniform(0, 0.004))
            time.sleep(0.01)
    return kills


def _still_working(worker: subprocess.Popen[str]) -> bool:
    """A process that has told its result has something to read and writes no more."""
    import select

    assert worker.stdout
    return worker.poll() is None and not select.select([worker.stdout], [], [], 0)[0]


def _counted(world: World, members: list[dict[str, Any]], done: list[int], seed: int) -> dict[str, Any]:
    """Compare what was acknowledged with what is there, as an operator sees it."""
    tenants = [member["tenant"] for member in members]
    wanted = {
        (tenants[member_of(f"{seed}-{worker}", n, len(members))], key_of(f"{seed}-{worker}", n))
        for worker, count in enumerate(done)
        for n in range(count)
    }
    with psycopg.connect(url(world.settings, "postgres")) as connection:
        rows = connection.execute(
            "select tenant_id::text, key from ops.idempotency where body_hash = any(%s)",
            [[f"{seed}-{worker}" for worker in range(len(done))]],
        ).fetchall()
        counters = connection.execute(
            "select tenant_id::text, last from work.counter where name = %s and tenant_id::text = any(%s)",
            [NAME, tenants],
        ).fetchall()
    found, a_tenant = {(tenant, key) for tenant, key in rows}, Counter(tenant for tenant, _ in rows)
    return {
        "transactions": sum(done),
        "lost": len(wanted - found) + sum(max(0, a_tenant[tenant] - last) for tenant, last in counters),
        "doubled": len(rows) - len(found) + sum(max(0, last - a_tenant[tenant]) for tenant, last in counters),
        "elsewhere": len(found - wanted),
    }
