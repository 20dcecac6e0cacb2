"""What follows from a fact happens exactly once: under repeats, failures, a lost bell and two relays at once."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import psycopg
import pytest
from redis import Redis
from sqlalchemy import select, text

from ppid_saas.access.verbs import command
from ppid_saas.cases.models import CalendarOverride
from ppid_saas.events import service as events
from ppid_saas.events.handlers import HANDLERS, handles
from ppid_saas.events.jobs import canonical_event
from ppid_saas.events.models import Effect, Event, Seal
from ppid_saas.proofs import digest
from ppid_saas.relay import relay_once
from tenants import context, jobs
from tenants.db import db
from tests.fixtures.world import World
from tests.tenancy.rows import url

DAY = date(2026, 1, 5)


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    handles("uji.note", "uji.note")(note_day)
    handles("uji.broken", "uji.broken")(fail)
    handles("uji.told", "uji.told", for_reader=True)(note_day)
    handles("uji.happened", "uji.letter")(note_day)
    handles("uji.happened", "uji.watched", watched=True)(note_day)
    yield
    for name in (
        "uji.note",
        "uji.broken",
        "uji.told",
        "uji.letter",
        "uji.watched",
    ):  # the product's own may have come in meanwhile and stay
        del HANDLERS[name]


def note_day(event: Event) -> None:
    """A transactional effect that would collide with itself if it ran twice."""
    db.session.add(CalendarOverride(day=DAY, working=True, reason=str(event.id)))
    db.session.flush()


def fail(event: Event) -> None:
    raise ValueError("isi rahasia")


@command("item.write")
def happen(kind: str, reader: UUID | None = None) -> UUID:
    return events.record(kind, reader=reader).id


def officer(world: World) -> str:
    return next(who for who in world.people if who.startswith("petugas.dinkes"))


def owner_rows(world: World, who: str) -> list[str]:
    with world.acting(who):
        return list(db.session.execute(select(CalendarOverride.reason)).scalars())


def effect_of(world: World, who: str, event: UUID, handler: str) -> Effect:
    with world.acting(who):
        return db.session.execute(
            select(Effect).where(Effect.event_id == event, Effect.handler == handler)
        ).scalar_one()


def run(world: World, who: str, event: UUID, handler: str) -> bool:
    with world.app().app_context():
        return events.run_effect(world.tenant(who), event, handler)


def test_an_effect_happens_once_however_often_it_is_rung(fresh_world: World) -> None:
    who = officer(fresh_world)
    with fresh_world.acting(who):
        event = happen("uji.note")
    assert [run(fresh_world, who, event, "uji.note") for _ in range(3)] == [True, False, False]
    assert owner_rows(fresh_world, who) == [str(event)]


def test_eight_workers_at_once_do_it_once(fresh_world: World) -> None:
    who = officer(fresh_world)
    with fresh_world.acting(who):
        event = happen("uji.note")
    fresh_world.token(who)
    done: list[bool] = []
    threads = [
        threading.Thread(target=lambda: done.append(run(fresh_world, who, event, "uji.note")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False] * 7 + [True]


def test_a_command_that_fails_leaves_neither_fact_nor_effect(fresh_world: World) -> None:
    who = officer(fresh_world)

    @command("item.write")
    def half() -> None:
        events.record("uji.note")
        db.session.flush()
        raise RuntimeError

    with fresh_world.acting(who), pytest.raises(RuntimeError):
        half()
    with fresh_world.acting(who):
        assert db.session.execute(select(Event).where(Event.kind == "uji.note")).first() is None


def test_poison_is_parked_with_the_class_of_its_error_alone(fresh_world: World) -> None:
    who = officer(fresh_world)
    with fresh_world.acting(who):
        event = happen("uji.broken")
    for _ in range(events.MAX_ATTEMPTS):
        with pytest.raises(ValueError, match="isi rahasia"):
            run(fresh_world, who, event, "uji.broken")
    effect = effect_of(fresh_world, who, event, "uji.broken")
    assert effect.parked_at is not None
    assert (effect.attempt, effect.error) == (events.MAX_ATTEMPTS, "ValueError")
    assert run(fresh_world, who, event, "uji.broken") is False


def test_the_reader_gets_its_own_effect_and_a_stranger_none(fresh_world: World) -> None:
    who = officer(fresh_world)
    region = fresh_world.place(who)[0]
    central = f"pusat@{region}"
    with fresh_world.acting(who):
        event = happen("uji.told", fresh_world.tenant(central))
    assert run(fresh_world, who, event, "uji.told") is False
    assert run(fresh_world, central, event, "uji.told") is True
    assert owner_rows(fresh_world, central) == [str(event)]
    stranger = next(
        tenant for (place, slug), tenant in fresh_world.tenants.items() if place != region and slug == "pusat"
    )
    with fresh_world.acting(who), pytest.raises(Exception, match=r"no such pair|row-level security"):
        happen("uji.told", stranger)


def relay(world: World) -> psycopg.Connection:
    return psycopg.connect(url(world.settings, "app_clock"), autocommit=True)


def lapse(world: World, event: UUID) -> None:
    with psycopg.connect(url(world.settings, "postgres")) as conn:
        conn.execute(
            "update ops.effect set lease_until = now() - interval '1 hour' where event_id = %s", [event]
        )


def empty_valkey(world: World) -> None:
    with Redis.from_url(world.settings.redis_url) as valkey:
        for key in list(valkey.scan_iter()):
            valkey.delete(key)


def rung(world: World, event: UUID) -> int:
    found = [job.args for job in jobs.queue().get_jobs() if job is not None and str(event) in job.args]
    return sum(1 for args in found if args[2] == "uji.note")


def test_an_emptied_valkey_costs_a_bell_and_nothing_else(fresh_world: World) -> None:
    who = officer(fresh_world)
    with fresh_world.acting(who):
        event = happen("uji.note")
    assert rung(fresh_world, event) == 1
    empty_valkey(fresh_world)
    assert rung(fresh_world, event) == 0
    lapse(fresh_world, event)
    with relay(fresh_world) as connection:
        relay_once(connection)
    assert rung(fresh_world, event) == 1
    fresh_world.drain()
    assert owner_rows(fresh_world, who) == [str(event)]


def test_two_relays_at_once_ring_a_claim_once(fresh_world: World) -> None:
    who = officer(fresh_world)
    with fresh_world.acting(who):
        wanted = [happen("uji.note") for _ in range(20)]
    empty_valkey(fresh_world)
    for event in wanted:
        lapse(fresh_world, event)
    connections = [relay(fresh_world), relay(fresh_world)]
    threads = [threading.Thread(target=relay_once, args=[connection]) for connection in connections]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for connection in connections:
        connection.close()
    assert [rung(fresh_world, event) for event in wanted] == [1] * 20


def test_the_chain_of_seals_covers_every_fact_in_order(fresh_world: World) -> None:
    who = officer(fresh_world)
    with fresh_world.acting(who):
        for _ in range(5):
            happen("uji.plain")
    fresh_world.drain()
    with fresh_world.acting(who):
        seals = db.session.execute(select(Seal).order_by(Seal.seq)).scalars().all()
        facts = {event.id: event for event in db.session.execute(select(Event)).scalars()}
    assert [seal.seq for seal in seals] == list(range(1, len(facts) + 1))
    before = ""
    for seal in seals:
        before = digest([before, canonical_event(facts[seal.event_id])])
        assert seal.hash == before


def test_a_fact_can_be_added_and_never_changed(fresh_world: World) -> None:
    who = officer(fresh_world)
    for statement in ("update ops.event set kind = 'lain'", "delete from ops.event", "truncate ops.event"):
        with fresh_world.acting(who), pytest.raises(Exception, match="permission denied"):
            db.session.execute(text(statement))


def test_work_outside_a_door_is_loud(world: World) -> None:
    with world.app().app_context(), pytest.raises(context.UnboundTransactionError):
        db.session.execute(select(Event))


def test_what_somebody_waits_for_goes_before_letters(fresh_world: World) -> None:
    with fresh_world.acting(officer(fresh_world)):
        jobs.hush()
        happen("uji.happened")
        waiting = [job.args[-1] for job in jobs.queue().get_jobs()]
        jobs.hush()
    assert waiting[0] == "uji.watched"
    assert "uji.letter" in waiting[1:]


def test_an_idle_worker_is_given_what_somebody_waits_for(fresh_world: World) -> None:
    with fresh_world.acting(officer(fresh_world)), ThreadPoolExecutor(1) as idle:
        jobs.hush()
        valkey, key = jobs.queue().connection, jobs.queue().key
        taken = idle.submit(valkey.blpop, key, 30)
        until = time.monotonic() + 30
        while not valkey.info("clients")["blocked_clients"] and time.monotonic() < until:
            pass
        happen("uji.happened")
        job = jobs.queue().fetch_job(taken.result()[1].decode())
        jobs.hush()
    assert job is not None
    assert job.args[-1] == "uji.watched"
