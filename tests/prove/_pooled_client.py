"""One of several processes that work through the pooler: `work` as many tenants by the real doors, `abuse` as nobody.

Reads its orders as one line of JSON, says `ready`, begins at the next line, and says at the end what it saw.
Not a test by itself.
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from ppid_saas import app as composition
from ppid_saas.events.models import Idempotency
from ppid_saas.register.models import Counter as Running
from ppid_saas.settings import Settings
from tenants import context
from tenants.db import db, open_door, transaction
from tenants.http import hash_token

NAME = "storm"
TRIES = 200
# What is read past the ORM, which would add the tenant of its own accord: nothing but the wall decides.
SEEN = text(
    "select (select array_agg(distinct tenant_id) from work.counter) as owners,"
    " (select count(*) from ops.idempotency where key = :foreign) as foreign_rows"
)


@dataclass(frozen=True)
class Member:
    """Somebody at a tenant, with each of the ways in."""

    tenant: UUID
    entries: tuple[context.Entry, ...]

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Member":
        place = (told["region"], told["slug"])
        return cls(
            UUID(told["tenant"]),
            (
                context.Entry("enter", (hash_token(told["token"]), *place)),
                context.Entry("enter_key", (hash_token(told["key"]), *place)),
                context.Entry("enter_job", (UUID(told["tenant"]), UUID(told["event"]), told["handler"])),
            ),
        )


def key_of(run: str, n: int) -> str:
    return f"{run}-{n}"


def member_of(run: str, n: int, members: int) -> int:
    """Say as whom a process does its n-th transaction, so that whoever counts afterwards knows it too."""
    return Random(f"{run} {n}").randrange(members)


def work(app: Flask, orders: dict[str, Any]) -> dict[str, Any]:
    """Do transactions until they are enough or the time is over; each until it is acknowledged."""
    run, members = orders["run"], [Member.of(told) for told in orders["members"]]
    seen, until, n = Counter[str](), time.monotonic() + orders["seconds"], 0
    while n < orders["count"] and time.monotonic() < until:
        _until_done(app, members, run, n, seen)
        n += 1
    return {"done": n, "seen": seen}


def _until_done(app: Flask, members: list[Member], run: str, n: int, seen: Counter[str]) -> None:
    mine = member_of(run, n, len(members))
    foreign = next((m for m in range(n) if member_of(run, m, len(members)) != mine), None)
    for attempt in range(TRIES):
        entry = members[mine].entries[(n + attempt) % 3]
        try:
            with app.app_context(), context.entering(entry):
                try:
                    _transaction(members[mine].tenant, run, n, foreign, seen)
                finally:
                    db.session.remove()
        except DBAPIError as error:
            seen[f"failed {getattr(error.orig, 'sqlstate', None) or type(error.orig).__name__}"] += 1
        else:
            return
    raise TimeoutError(f"{key_of(run, n)} failed {TRIES} times: {dict(seen)}")


def _transaction(tenant: UUID, run: str, n: int, foreign: int | None, seen: Counter[str]) -> None:
    """Look, and write a row and a counter together; whoever does not know whether it did asks the row."""
    seen["wrong tenant bound"] += open_door().tenant_id != tenant
    with transaction() as session:
        found = session.execute(SEEN, {"foreign": "" if foreign is None else key_of(run, foreign)}).one()
        seen["wrong tenant read"] += found.owners != [tenant] or found.foreign_rows != 0
        row = insert(Idempotency).values(key=key_of(run, n), body_hash=run, status=200, answer={})
        new = session.execute(row.on_conflict_do_nothing().returning(Idempotency.key)).first()
        if new is None:
            seen["done before, though not acknowledged"] += 1
        else:
            session.execute(update(Running).where(Running.name == NAME).values(last=Running.last + 1))
    if n % 50 == 0:
        mine = db.session.execute(select(Idempotency.key).where(Idempotency.key == key_of(run, n))).all()
        seen["wrong tenant read"] += len(mine) != 1


# Session-wide statements of a client that shares the pool: by mistake, or because it was taken over.
ABUSES = (
    "set search_path = pg_temp, public", "set row_security = off", "set statement_timeout = 1", "set lock_timeout = 1",
    "set idle_in_transaction_session_timeout = 1", "set transaction_timeout = 1", "set default_transaction_read_only = on",
    "set default_transaction_isolation = serializable", "set default_transaction_deferrable = on",
    "set synchronous_commit = off", "set transform_null_equals = on", "set array_nulls = off", "set timezone = 'Asia/Tokyo'",
    "set datestyle = 'German'", "set intervalstyle = 'iso_8601'", "set bytea_output = 'escape'",
    "set gin_fuzzy_search_limit = 1", "set quote_all_identifiers = on", "set work_mem = '64kB'",
    "set enable_indexscan = off", "set client_encoding = 'LATIN1'", "set standard_conforming_strings = off",
    "select pg_try_advisory_lock(hashtextextended('storm', 7431))", "prepare storm as select 1", "prepare _pg3_0 as select 1",
    "listen storm", "declare storm cursor with hold for select 1", "set role owner", "set session authorization owner",
    "create temp table counter (tenant_id uuid)", "discard plans", "begin", "set ppid.ctx = ''", "set ppid.ctx = '||||'",
)  # fmt: skip
PEEK = "select count(*) from work.counter"


def abuse(_: Flask, orders: dict[str, Any]) -> dict[str, Any]:
    """Say session-wide things, carry bindings off into later transactions, and look for what that opens."""
    chance, seen, stolen = Random(orders["run"]), Counter[str](), ""
    members, until = orders["members"], time.monotonic() + orders["seconds"]
    url = Settings.from_env(os.environ).database_url("app_tenant").replace("+psycopg", "")
    while time.monotonic() < until and not os.path.exists(orders["stop"]):  # noqa: PTH110  # asked very often
        try:
            with psycopg.connect(url, autocommit=True, prepare_threshold=None) as client:
                for _ in range(chance.randint(1, 4)):
                    stolen = _misbehave(client, chance, chance.choice(members), stolen, seen) or stolen
                    time.sleep(orders["pause"])
        except psycopg.Error as error:  # its session may be killed as anyone's, also while it comes or goes
            seen[f"refused {error.sqlstate or type(error).__name__}"] += 1
    return {"done": seen["abuses"], "seen": seen}


def _misbehave(
    client: Any, chance: Random, victim: dict[str, Any], stolen: str, seen: Counter[str]
) -> str | None:
    """Do one thing; returns a binding that was valid in its own transaction, to be used in others."""
    seen["abuses"] += 1
    try:
        if stolen and chance.random() < 0.3:
            client.execute("select set_config('ppid.ctx', %s, false)", [stolen])
            _peek(client, seen)
            return None
        if chance.random() < 0.2:
            with client.transaction():
                place = (hash_token(victim["token"]), victim["region"], victim["slug"])
                client.execute("select door.enter(%s, %s, %s)", place)
                bound = client.execute("select current_setting('ppid.ctx')").fetchone()[0]
                client.execute(
                    "select set_config('ppid.ctx', %s, false)", [bound]
                )  # outlives the transaction
            return str(bound)
        said = chance.choice(ABUSES)
        seen[said] += 1
        client.execute(said)
        _peek(client, seen)
    except psycopg.Error as error:
        seen[f"refused {error.sqlstate or type(error).__name__}"] += 1
    return None


def _peek(client: Any, seen: Counter[str]) -> None:
    client.execute(PEEK)
    seen["read without a door"] += 1


ROLES: dict[str, Callable[[Flask, dict[str, Any]], dict[str, Any]]] = {"work": work, "abuse": abuse}


def main() -> None:
    orders = json.loads(sys.stdin.readline())
    app = composition.create_worker_app()
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(ROLES[orders["role"]](app, orders)), flush=True)


if __name__ == "__main__":
    main()
