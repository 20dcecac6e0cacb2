"""What follows by itself: files made once whatever breaks, entries and units told, an SOP taken further."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from ppid_saas.consolidation.models import Entry
from ppid_saas.determinations import revoking
from ppid_saas.editions import files, queries, service
from ppid_saas.events.models import Effect, Job
from ppid_saas.publication import queries as published
from ppid_saas.publication.models import Change
from ppid_saas.submissions.models import Status
from tenants import context, quota
from tenants.db import db, transaction
from tests.fixtures import determined, walk
from tests.fixtures.determined import item_body, some
from tests.fixtures.world import World, platform


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, _ in fresh_world.tenants)


def told(world: World, region: str, unit: str = "dinkes") -> dict[UUID, list[str]]:
    """What a unit reads of the progress of its items, oldest first."""
    with world.acting(f"petugas.{unit}@{region}"):
        rows = db.session.execute(
            select(Status.item_id, Status.state)
            .where(Status.reader_id == context.tenant_id())
            .order_by(Status.n)
        )
        found: dict[UUID, list[str]] = {}
        for row in rows:
            found.setdefault(row.item_id, []).append(row.state)
        return found


def entries(world: World, region: str) -> dict[UUID, tuple[str, str | None]]:
    with world.acting(f"pusat@{region}"):
        rows = db.session.execute(select(Entry.item_id, Entry.state, Entry.code))
        return {row.item_id: (row.state, row.code) for row in rows}


def prepare_only(world: World, region: str, count: int = 1) -> UUID:
    determination = determined.determine(world, region, some(*(f"Data {n}" for n in range(count))))
    with world.acting(f"pusat@{region}"):
        return service.prepare(determination).id


def test_units_and_entries_learn_of_the_edition(fresh_world: World, region: str):
    items = some("Satu tetap", "Dua hilang")
    first, second = items
    determined.put_in_force(fresh_world, region, items)
    assert {state for state, _ in entries(fresh_world, region).values()} == {"published"}
    assert all(code and code.startswith("DIK-") for _, code in entries(fresh_world, region).values())
    assert told(fresh_world, region) == {first: ["published"], second: ["published"]}
    determined.put_in_force(fresh_world, region, {first: items[first]})
    assert entries(fresh_world, region)[second][0] == "determined"
    assert told(fresh_world, region)[second] == ["published", "determined"]


def test_a_withdrawn_item_cannot_come_back_by_the_same_determination(fresh_world: World, region: str):
    items = some("Satu data", "Dua data")
    determination = determined.determine(fresh_world, region, items)
    determined.publish(fresh_world, region, determined.prepare(fresh_world, region, determination))
    waiting = determined.prepare(fresh_world, region, determination)
    with fresh_world.acting(f"kabid@{region}"):
        code = published.live_bodies(context.tenant_id())[0]["code"]
        service.withdraw(code, "Putusan sengketa")
    assert sorted(state for state, _ in entries(fresh_world, region).values()) == ["published", "revoked"]
    with fresh_world.acting(f"kabid@{region}"), pytest.raises(Exception, match="berubah sejak"):
        service.publish(waiting, "2")
    determined.publish(fresh_world, region, determined.prepare(fresh_world, region, determination))
    with fresh_world.acting(f"kabid@{region}"):
        assert [b["code"] for b in published.live_bodies(context.tenant_id())] != [code]
        assert len(published.live_bodies(context.tenant_id())) == 1


def test_a_revoked_item_leaves_the_live_list_and_says_by_which_decision(fresh_world: World, region: str):
    items = some("Satu data", "Dua data")
    first, second = items
    made = determined.determine(fresh_world, region, items)
    determined.publish(fresh_world, region, determined.prepare(fresh_world, region, made))
    with fresh_world.acting(f"pusat@{region}"):
        revoking.revoke(walk.letter("500/8"), made, "Sudah diumumkan unit.", [first])
    fresh_world.drain()
    with fresh_world.acting(f"kabid@{region}"):
        live = published.live_bodies(context.tenant_id())
        assert [body["title"] for body in live] == [items[second]["title"]]
        gone = db.session.execute(
            select(Change.reason).where(Change.central_id == context.tenant_id(), Change.op == "tombstone")
        )
        assert [reason.partition(" tanggal")[0] for (reason,) in gone] == [
            "Dicabut dengan penetapan Nomor 500/8"
        ]
    assert entries(fresh_world, region)[first][0] == "revoked"
    assert told(fresh_world, region)[first] == ["published", "revoked"]
    again = determined.prepare(fresh_world, region, made)
    with fresh_world.acting(f"pusat@{region}"):
        assert len(queries.draft(again).items) == 1
        assert made in {one.id for one in queries.determinations()}
        assert "500/8" not in {one.number for one in queries.determinations()}


def test_a_recalled_edition_leaves_its_entries_determined(fresh_world: World, region: str):
    determined.put_in_force(fresh_world, region, some("Satu data"))
    with fresh_world.acting(f"kabid@{region}"):
        service.retract(1, "1", "Bocor")
    fresh_world.drain()
    assert {state for state, _ in entries(fresh_world, region).values()} == {"determined"}


class CrashError(Exception):
    """A process that dies under its work."""


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let the third file of each attempt fail while the list is not empty."""
    attempts = [1, 1]
    workbook = files._TABLES[2][2]

    def fail(items: Any) -> bytes:
        if attempts:
            attempts.pop()
            raise CrashError
        return workbook(items)

    tables = (*files._TABLES[:2], (*files._TABLES[2][:2], fail))
    monkeypatch.setattr(files, "_TABLES", tables)
    return attempts


def test_files_are_made_once_however_often_it_breaks(fresh_world: World, region: str, breaking: list[int]):
    draft_id = prepare_only(fresh_world, region)
    for _ in range(2):
        with pytest.raises(CrashError):
            fresh_world.drain()
        with fresh_world.acting(f"pusat@{region}"):
            assert queries.draft(draft_id).state == "rendering"
            usage = quota.usage()
            assert (usage.used, usage.reserved) == (0, 0)
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        draft = queries.draft(draft_id)
        assert draft.state == "ready"
        assert quota.usage().used == sum(file["size"] for file in draft.files)
        effect = db.session.execute(select(Effect).where(Effect.handler == "editions.render")).scalar_one()
        assert effect.attempt == 2
        assert effect.done_at is not None


def test_a_full_store_is_told_and_nothing_is_kept(fresh_world: World, region: str):
    with platform(fresh_world.settings) as connection:
        connection.execute(
            text("update ops.quota set cap = 5000 where tenant_id = :id"),
            {"id": fresh_world.tenants[region, "pusat"]},
        )
    draft_id = prepare_only(fresh_world, region, 12)
    fresh_world.drain()
    with fresh_world.acting(f"kabid@{region}"):
        draft = queries.draft(draft_id)
        job = db.session.execute(select(Job).where(Job.id == draft.job_id)).scalar_one()
        assert (draft.state, job.state) == ("failed", "failed")
        assert job.error is not None
        assert "sisa kuota" in job.error
        assert (quota.usage().used, quota.usage().reserved) == (0, 0)
        with pytest.raises(Exception, match="gagal dibuat"):
            service.publish(draft_id, "1")


def test_a_stopped_job_stops(fresh_world: World, region: str):
    draft_id = prepare_only(fresh_world, region)
    with fresh_world.acting(f"pusat@{region}"), transaction():
        job = db.session.execute(select(Job)).scalar_one()
        job.cancel = True
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        assert queries.draft(draft_id).state == "failed"
        assert db.session.execute(select(Job.state)).scalar_one() == "cancelled"


def test_a_changed_draft_gets_no_files(fresh_world: World, region: str):
    draft_id = prepare_only(fresh_world, region)
    with fresh_world.acting(f"pusat@{region}"), transaction():
        draft = queries.draft(draft_id)
        draft.items = [{**row, "body": {**row["body"], "title": "Judul lain"}} for row in draft.items]
    with pytest.raises(ValueError, match="differ"):
        fresh_world.drain()


def test_nil_units_are_said_to_have_nothing(fresh_world: World, region: str):
    determined.put_in_force(fresh_world, region, {UUID(int=9): item_body("Data satu")})
    with fresh_world.acting(f"pusat@{region}"):
        known = {unit.slug: unit.is_nil for unit in published.units(context.tenant_id())}
    assert set(known) >= {"dinkes", "disdik", "kpu"}
    assert not any(known.values())
