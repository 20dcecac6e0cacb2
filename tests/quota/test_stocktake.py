"""Store, ledger and rows compared: a stray goes on the second look and never in a crowd, what is missing is only told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import Row

from ppid_saas import worker
from ppid_saas.documents import service as documents
from ppid_saas.relay import relay_once
from ppid_saas.storage import provisioning, stocktaking
from tenants import context, jobs, vault
from tenants.db import db, open_door
from tests.fixtures import determined
from tests.fixtures.world import World, platform
from tests.tenancy.rows import url
from tests.vault.storage import Outside, key_of

TEXT = b"isi yang dikecualikan"


@pytest.fixture
def who(own: World) -> str:
    return f"petugas.dinkes@{next(region for region, _ in own.tenants)}"


@pytest.fixture
def unit(own: World, who: str) -> UUID:
    return own.tenant(who)


def keep_one(own: World, who: str) -> None:
    with own.acting(who), documents.staging("attachment", "a.pdf", TEXT, "application/pdf") as staged:
        documents.keep(staged)


@contextmanager
def as_worker(own: World, unit: UUID, store: Outside) -> Iterator[None]:
    store.sql("update ops.quota set check_open = true where tenant_id = %s", unit)
    entry = context.Entry("enter_stocktake", (unit,))
    with own.app().app_context(), context.entering(entry):
        try:
            assert open_door().tenant_id == unit
            yield
        finally:
            db.session.remove()


def look(own: World, unit: UUID, store: Outside) -> Row[Any]:
    with as_worker(own, unit, store):
        stocktaking.take_stock()
    with platform(own.settings) as connection:
        [found] = provisioning.last_checks(connection, unit)
        return found


def a_day_passes(store: Outside, unit: UUID) -> None:
    store.sql("update ops.stray set seen_at = seen_at - interval '25 hours' where tenant_id = %s", unit)


def throw_in(store: Outside, unit: UUID, count: int) -> set[str]:
    keys = {key_of(unit, uuid4()) for _ in range(count)}
    for key in keys:
        store.write(key, b"tak dikenal")
    return keys


def test_books_that_agree_are_left_alone(own: World, who: str, unit: UUID, store: Outside) -> None:
    keep_one(own, who)
    found = look(own, unit, store)
    assert (found.state, found.objects, found.strays, found.removed, found.drift) == ("agrees", 1, 0, 0, 0)
    assert len(store.objects(unit)) == 1


def test_a_stray_goes_on_the_second_look_after_a_day(
    own: World, who: str, unit: UUID, store: Outside
) -> None:
    keep_one(own, who)
    kept, strays = store.objects(unit), throw_in(store, unit, 2)
    for _ in range(2):
        assert (look(own, unit, store).strays, store.objects(unit)) == (2, kept | strays)
    a_day_passes(store, unit)
    found = look(own, unit, store)
    assert (found.state, found.strays, found.removed) == ("agrees", 0, 2)
    assert store.objects(unit) == kept
    assert store.sql("select 1 from ops.stray where tenant_id = %s", unit) == []


def test_a_crowd_of_strays_asks_first(own: World, who: str, unit: UUID, store: Outside) -> None:
    strays = throw_in(store, unit, 11)
    look(own, unit, store)
    a_day_passes(store, unit)
    found = look(own, unit, store)
    assert (found.state, found.strays, found.removed) == ("asks", 11, 0)
    assert store.objects(unit) == strays
    with platform(own.settings) as connection:
        provisioning.check_now(connection, unit, 11)
    found = look(own, unit, store)
    assert (found.state, found.strays, found.removed) == ("agrees", 0, 11)
    assert store.sql("select allowed from ops.quota where tenant_id = %s", unit) == [(0,)]


def test_a_stray_that_turns_out_to_be_known_is_forgotten(
    own: World, who: str, unit: UUID, store: Outside
) -> None:
    [key] = throw_in(store, unit, 1)
    look(own, unit, store)
    a_day_passes(store, unit)
    store.sql(
        "insert into ops.ledger (tenant_id, id, delta, cause, object_id) values (%s, gen_random_uuid(), 11, 'uji', %s)",
        unit, key.rpartition("/")[2],
    )  # fmt: skip
    found = look(own, unit, store)
    assert (found.removed, found.strays, found.unheld, found.drift) == (0, 0, 1, 11)
    assert found.state == "differs"
    assert store.objects(unit) == {key}


def test_what_is_on_its_way_is_no_stray(own: World, who: str, unit: UUID, store: Outside) -> None:
    with own.acting(who):
        staged = documents.stage("attachment", "a.pdf", TEXT, "application/pdf")
    found = look(own, unit, store)
    assert (found.state, found.objects, found.strays) == ("agrees", 1, 0)
    with own.acting(who):
        documents.keep(staged)
    assert look(own, unit, store).state == "agrees"


def test_what_is_stored_after_the_listing_is_not_missing(
    own: World, who: str, unit: UUID, store: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = vault.listing

    def slow() -> dict[UUID, vault.Found]:
        before = listing()
        keep_apart(own, who)
        return before

    monkeypatch.setattr(vault, "listing", slow)
    found = look(own, unit, store)
    assert (found.state, found.objects, found.missing) == ("agrees", 0, 0)


def keep_apart(own: World, who: str) -> None:
    """Keep a document from another thread, as another request would."""
    from threading import Thread

    other = Thread(target=keep_one, args=(own, who))
    own.token(who)
    other.start()
    other.join()


def test_what_is_missing_or_of_another_size_is_told_and_not_mended(
    own: World, who: str, unit: UUID, store: Outside
) -> None:
    for _ in range(2):
        keep_one(own, who)
    gone, cut = sorted(store.objects(unit))
    store.s3.delete_object(Bucket="exempt", Key=gone)
    store.write(cut, store.read(cut)[:-1])
    found = look(own, unit, store)
    assert (found.state, found.missing, found.differing) == ("differs", 1, 1)
    used = store.figures(unit)[0]
    assert used == 2 * vault.stored_size(len(TEXT))
    assert store.sql("select count(*) from work.document_version where tenant_id = %s", unit) == [(2,)]


def test_an_edition_is_claimed_by_its_rows(own: World, who: str, store: Outside) -> None:
    region = who.partition("@")[2]
    determined.put_in_force(own, region, determined.some("Data pegawai"))
    determined.prepare(own, region, determined.determine(own, region, determined.some("Data lain")))
    found = look(own, own.tenants[region, "pusat"], store)
    assert found.objects > 8
    assert (found.state, found.strays, found.unheld, found.uncharged) == ("agrees", 0, 0, 0)


def test_a_neighbours_objects_are_none_of_ours(own: World, who: str, unit: UUID, store: Outside) -> None:
    other = own.tenant(who.replace("dinkes", "disdik"))
    throw_in(store, other, 3)
    found = look(own, unit, store)
    assert (found.objects, found.strays) == (0, 0)


def test_the_relay_rings_when_it_is_due_and_the_worker_writes_it_down(
    own: World, who: str, unit: UUID, store: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_one(own, who)
    with platform(own.settings) as connection:
        assert provisioning.check_now(connection, unit) == 1
    with psycopg.connect(url(own.settings, "app_clock"), autocommit=True) as clockwork:
        relay_once(clockwork)
        relay_once(clockwork)
    rung = [job for job in jobs.queue().get_jobs() if job is not None and job.func_name == jobs.RUN_STOCKTAKE]
    assert [list(job.args) for job in rung].count([str(unit)]) == 1
    monkeypatch.setattr(worker, "_app", own.app())
    worker.run_stocktake(str(unit))
    worker.run_stocktake(str(unit))
    with platform(own.settings) as connection:
        [row] = provisioning.last_checks(connection, unit)
    assert (row.state, row.objects) == ("agrees", 1)
    assert store.sql("select count(*) from ops.stocktake where tenant_id = %s", unit) == [(1,)]


def test_nobody_enters_by_it_while_none_is_due(own: World, unit: UUID) -> None:
    with own.app().app_context(), context.entering(context.Entry("enter_stocktake", (unit,))):
        assert open_door().tenant_id is None
        db.session.remove()
