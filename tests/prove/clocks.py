"""Proof: the service is away while duties fall due; two sweepers afterwards let each take effect once, dated on its day.

Duties fall due at random moments of 1 hour, 3, 10 and 40 days during which nothing runs. What is read meanwhile is right by
the clock alone: before any sweeper ran, and while two run. Afterwards nothing is due and undone.
"""

import os
import random
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import insert, select

from ppid_saas.cases import queries
from ppid_saas.cases.models import Obligation, ObligationEffect
from ppid_saas.cases.service import settle_due
from ppid_saas.embedded.temporary import prepared_servers
from ppid_saas.events.models import Event
from ppid_saas.relay import DUE_OBLIGATIONS
from ppid_saas.settings import Settings
from tenants import clock
from tenants.db import db, new_ids, transaction
from tests.fixtures.world import World, build

COUNT = 20_000
AWAY = (timedelta(hours=1), timedelta(days=3), timedelta(days=10), timedelta(days=40))
DOWN_AT = datetime(2026, 12, 1, 3, tzinfo=UTC)
SWEEPERS = 2
BATCH = 500
LOOKED_AT = 25


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Let servers of its own be away; a run bounded by its seconds takes fewer duties and says how many."""
    count = COUNT if seconds is None else max(40, int(seconds * 40))
    with tempfile.TemporaryDirectory(prefix="ppid-clocks-") as folder:
        Path(folder).chmod(0o711)
        settings = Settings.from_env({"PPID_DATA_DIR": folder, "PPID_PORT": str(32400 + os.getpid() % 1500)})
        with prepared_servers(settings):
            return away(build(settings, ("jam",), {}), "jam", count, seed)


def away(world: World, region: str, count: int, seed: int) -> dict[str, Any]:
    """Go through every length of absence with its share of the duties, and add up."""
    chance = random.Random(seed)
    cases = [_absence(world, region, length, count // len(AWAY), chance) for length in AWAY]
    names = ("duties", "took_effect", "twice", "wrong_day", "out_of_order", "wrong_reads", "due_but_not_done")
    return {name: sum(case[name] for case in cases) for name in names} | {
        "absences_hours": [length.total_seconds() / 3600 for length in AWAY], "sweepers": SWEEPERS,
    }  # fmt: skip


def _absence(
    world: World, region: str, length: timedelta, count: int, chance: random.Random
) -> dict[str, int]:
    who, back = f"pusat@{region}", DOWN_AT + length
    due = sorted(DOWN_AT + length * chance.random() for _ in range(count))
    ids = new_ids(count)
    with world.acting(who), transaction():
        zone = ZoneInfo("Asia/Jakarta")
        rows = [
            {"id": one, "kind": "uji", "subject": one, "starts_on": DOWN_AT.date(), "n": 1, "source": "SOP uji", "due_at": at,
             "due_on": (at - timedelta(microseconds=1)).astimezone(zone).date(), "calendar_version": "uji", "state": "open"}
            for one, at in zip(ids, due, strict=True)
        ]  # fmt: skip
        db.session.execute(insert(Obligation), rows)
    wrong_reads = 0
    with clock.moved_to(back + timedelta(days=2)):
        wrong_reads += _misread(world, who, chance.sample(ids, min(LOOKED_AT, count)))
    with ThreadPoolExecutor(SWEEPERS + 1) as pool:
        sweeps = [pool.submit(_sweep, world, back) for _ in range(SWEEPERS)]
        while not all(sweep.done() for sweep in sweeps):
            with clock.moved_to(back + timedelta(days=2)):
                wrong_reads += _misread(world, who, chance.sample(ids, min(LOOKED_AT, count)))
        done = [sweep.result() for sweep in sweeps]
    expected = {row["id"]: row for row in rows}
    return _seen(world, who, expected) | {"wrong_reads": wrong_reads, "twice": max(0, sum(done) - count)}


def _misread(world: World, who: str, ids: list[UUID]) -> int:
    """Count duties that are past their day and do not read so, done or not: reading asks the clock, no sweeper."""
    with world.acting(who, read_only=True):
        found = queries.duties(ids)
        return sum(queries.duty_chip(found[one]).band != "lewat" for one in ids)


def _sweep(world: World, back: datetime) -> int:
    """Be one sweeper with its worker: ask what is due, as the relay does, and do it, until nothing is."""
    url = world.settings.database_url("app_clock").replace("postgresql+psycopg://", "postgresql://")
    done, mine = 0, set(world.tenants.values())
    with clock.moved_to(back), psycopg.connect(url, autocommit=True) as connection:
        while True:
            found = connection.execute(DUE_OBLIGATIONS, {"now": clock.now(), "batch": BATCH}).fetchall()
            todo = [(tenant, duty) for tenant, duty in found if tenant in mine]
            if not todo:
                return done
            for tenant, duty in todo:
                with world.app().app_context():
                    done += settle_due(tenant, duty)


def _seen(world: World, who: str, expected: dict[UUID, dict[str, Any]]) -> dict[str, int]:
    with world.acting(who):
        effects = db.session.execute(select(ObligationEffect.obligation_id, ObligationEffect.due_on)).all()
        mine = [row for row in effects if row.obligation_id in expected]
        told = db.session.execute(
            select(Event.subject, Event.at).where(Event.kind == "obligation.due").order_by(Event.at, Event.id)
        ).all()
        told = [row for row in told if row.subject in expected]
        undone = select(Obligation.id).where(Obligation.state == "open", Obligation.due_at <= clock.now())
        left = [one for one in db.session.execute(undone).scalars() if one in expected]
    instant = timedelta(microseconds=1)
    order = [expected[row.subject]["due_at"] for row in told]
    return {
        "duties": len(expected), "took_effect": len({row.subject for row in told}),
        "wrong_day": sum(row.due_on != expected[row.obligation_id]["due_on"] for row in mine)
        + sum(row.at != expected[row.subject]["due_at"] - instant for row in told) + abs(len(mine) - len(told)),
        "out_of_order": sum(a > b for a, b in pairwise(order)),
        "due_but_not_done": len(left),
    }  # fmt: skip
