"""The effect that reads a file, interrupted wherever it hurts, run twice, and told of work that is no longer wanted."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from ppid_saas.access.errors import ConflictError
from ppid_saas.events import queries as jobs
from ppid_saas.events import service as events
from ppid_saas.events.models import Effect
from ppid_saas.intake import queries, service
from ppid_saas.intake.models import ImportRow
from ppid_saas.intake.service import Found
from ppid_saas.register import queries as register
from tenants.db import db, transaction
from tests.fixtures.world import World
from tests.intake import messy

HEAD = "Informasi\tDasar Hukum\tAkibat bila dibuka\tKepentingan bila ditutup\tJangka Waktu\n"
ROWS = 40
ROOT = Path(__file__).parents[2]


def table(rows: int) -> bytes:
    line = "Berkas perkara nomor {n}\tPasal 17 huruf a UU 14/2008\tPenyidikan terganggu\tPenegakan hukum\t2 tahun\n"
    return (HEAD + "".join(line.format(n=n) for n in range(rows))).encode()


@pytest.fixture
def who(fresh_world: World) -> str:
    return f"petugas.dinkes@{next(iter(fresh_world.tenants))[0]}"


def sent(world: World, who: str, rows: int = ROWS) -> UUID:
    with world.acting(who):
        return service.take_file("perkara.tsv", table(rows), service.PASTED).id


def effects(world: World, who: str) -> list[tuple[UUID, str]]:
    with world.acting(who):
        chosen = select(Effect.event_id, Effect.handler).where(Effect.handler.startswith("intake."))
        return [(row.event_id, row.handler) for row in db.session.execute(chosen.order_by(Effect.event_id))]


def state(world: World, who: str, batch_id: UUID) -> tuple[str, int]:
    with world.acting(who):
        n = db.session.execute(select(func.count()).where(ImportRow.batch_id == batch_id)).scalar_one()
        return queries.batch(batch_id).state, n


def test_doing_it_again_changes_nothing(fresh_world: World, who: str) -> None:
    batch_id = sent(fresh_world, who)
    fresh_world.drain()
    assert state(fresh_world, who, batch_id) == ("understood", ROWS + 1)
    with fresh_world.acting(who):
        service.mend(batch_id, {2: {"title": "Judul yang diperbaiki"}}, {3: False})
        job = queries.batch(batch_id).job_id
        ((event_id, name),) = effects(fresh_world, who)
    with fresh_world.app().app_context():
        assert events.run_effect(fresh_world.tenant(who), event_id, name) is False
    with fresh_world.acting(who):
        assert job is not None
        assert service.plan(batch_id, job) is None
        assert service.keep_found(batch_id, job, Found("", 0, 0, [], {}, [])) is False
        service.refuse(batch_id, job, "terlambat")
        row = queries.rows(batch_id, "semua", 1)[0]
        assert (row.cells["title"], row.body["title"]) == ("Judul yang diperbaiki",) * 2
        assert queries.batch(batch_id).state == "checked"


def test_a_workbook_named_as_text_is_read_all_the_same(fresh_world: World, who: str) -> None:
    with fresh_world.acting(who):
        batch_id = service.take_file("daftar.csv", messy.workbook(), "text/csv").id
    fresh_world.drain()
    with fresh_world.acting(who):
        assert queries.batch(batch_id).state == "understood"
        rows = queries.rows(batch_id, "semua", 1)
        assert sum(row.kind == "data" for row in rows) == messy.ITEMS


def test_a_write_that_fails_halfway_leaves_nothing(fresh_world: World, who: str) -> None:
    batch_id = sent(fresh_world, who)
    row: dict[str, Any] = {"n": 1, "kind": "data", "cells": {}, "problems": [], "take": True}
    with fresh_world.acting(who):
        job = queries.batch(batch_id).job_id
        assert job is not None
        with pytest.raises(ZeroDivisionError), transaction():  # noqa: PT012  # what fails is the end of the block
            service.keep_found(batch_id, job, Found("x", 1, 1, [], {}, [row]))
            raise ZeroDivisionError
    assert state(fresh_world, who, batch_id) == ("uploaded", 0)
    fresh_world.drain()
    assert state(fresh_world, who, batch_id) == ("understood", ROWS + 1)


CRASHING = """
import os, signal, sys
from uuid import UUID
from ppid_saas import app
from ppid_saas.events import service as events
from ppid_saas.settings import Settings

settings = Settings.from_env(os.environ)
office = app.create_worker_app()
steps, real = int(sys.argv[4]), events.progress

def progress(*args, **more):
    global steps
    answer = real(*args, **more)
    steps -= 1
    if steps < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

from ppid_saas.intake import jobs
jobs.progress, jobs.PAUSE_SECONDS = progress, 0.0  # every step is told
with office.app_context():
    events.run_effect(UUID(sys.argv[1]), UUID(sys.argv[2]), sys.argv[3])
"""


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 4])
def test_killed_at_any_step_it_ends_the_same(fresh_world: World, who: str, steps: int) -> None:
    batch_id = sent(fresh_world, who, 300)
    ((event_id, name),) = effects(fresh_world, who)
    environment = os.environ | {
        "PPID_DATA_DIR": str(fresh_world.settings.data_dir), "PPID_PORT": str(fresh_world.settings.port),
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    tenant = str(fresh_world.tenant(who))
    command = [sys.executable, "-c", CRASHING, tenant, str(event_id), name, str(steps)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, cwd=ROOT, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    assert state(fresh_world, who, batch_id) == (("understood", 301) if steps == 4 else ("uploaded", 0))
    with fresh_world.app().app_context():
        events.note_crash(fresh_world.tenant(who), event_id, name)
    fresh_world.drain()
    assert state(fresh_world, who, batch_id) == ("understood", 301)
    with fresh_world.acting(who):
        job = jobs.job(queries.batch(batch_id).job_id or batch_id)
        assert job.state == "done"
        service.save(batch_id)
        assert register.count() == 300


def test_what_is_still_being_read_cannot_be_saved(fresh_world: World, who: str) -> None:
    batch_id = sent(fresh_world, who)
    with fresh_world.acting(who):
        for verb in (service.save, service.take_ready):
            with pytest.raises(ConflictError) as refused:
                verb(batch_id)
            assert refused.value.message == service.STILL_READING
        with pytest.raises(ConflictError):
            service.undo(batch_id)


def test_a_new_reading_replaces_the_rows_whole(fresh_world: World, who: str) -> None:
    batch_id = sent(fresh_world, who)
    fresh_world.drain()
    with fresh_world.acting(who):
        batch = queries.batch(batch_id)
        fields = {column["index"]: column["field"] for column in batch.columns} | {2: None}
        service.choose_columns(batch_id, batch.sheet, (batch.header_top, batch.header_depth), fields)
    assert state(fresh_world, who, batch_id) == ("uploaded", ROWS + 1)
    fresh_world.drain()
    assert state(fresh_world, who, batch_id) == ("understood", ROWS + 1)
    with fresh_world.acting(who):
        assert {row.body["harm"] for row in queries.rows(batch_id, "semua", 1)} == {""}


def test_saved_by_two_at_once_it_makes_each_item_once(fresh_world: World, who: str) -> None:
    batch_id = sent(fresh_world, who)
    fresh_world.drain()

    def save(_: int) -> str:
        with fresh_world.acting(who):
            return service.save(batch_id).state

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(save, range(4))) == {"saved"}
    with fresh_world.acting(who):
        assert register.count() == ROWS
