"""Room for bytes: one byte too many is refused, the ledger says what the row says, whoever comes at the same time."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from ppid_saas.access.verbs import command
from tenants import quota, vault
from tenants.db import db, new_id, transaction
from tests.fixtures.world import World
from tests.vault.storage import Outside


@pytest.fixture
def who(own: World) -> str:
    return f"petugas.dinkes@{next(region for region, _ in own.tenants)}"


@pytest.fixture
def unit(own: World, who: str) -> UUID:
    return own.tenant(who)


def reserve(size: int) -> UUID:
    return quota.reserve(size, "exempt", new_id())


def commit(reservation: UUID) -> None:
    with transaction():
        quota.commit(reservation, "uji")


def commit_and_fail(reservation: UUID) -> None:
    with transaction():
        quota.commit(reservation, "uji")
        raise ZeroDivisionError


def test_the_last_byte_fits_and_not_one_more(own: World, who: str, unit: UUID, store: Outside):
    store.set_cap(unit, 1000)
    with own.acting(who):
        first = reserve(400)
        with pytest.raises(quota.QuotaExceededError) as refused:
            reserve(601)
        assert (refused.value.size, refused.value.left) == (601, 600)
        commit(first)
        commit(reserve(600))
        assert quota.usage() == quota.Usage(1000, 1000, 0)
        reserve(0)
        with pytest.raises(quota.QuotaExceededError):
            reserve(1)
    assert store.figures(unit) == (1000, 0)


def test_given_back_room_can_be_used_again(own: World, who: str, unit: UUID, store: Outside):
    store.set_cap(unit, 10)
    with own.acting(who):
        held = reserve(10)
        assert quota.release(held)
        assert not quota.release(held)
        commit(reserve(10))
    assert store.figures(unit) == (10, 0)


def test_what_is_committed_is_neither_released_nor_abandoned(
    own: World, who: str, unit: UUID, store: Outside
):
    deleted: list[UUID] = []
    with own.acting(who):
        held = reserve(10)
        commit(held)
        assert not quota.release(held)
        assert not quota.abandon(held, lambda _, object_id: deleted.append(object_id))
        with pytest.raises(quota.ReservationLostError):
            commit(held)
    assert (store.figures(unit), deleted) == ((10, 0), [])


def test_an_abandoned_object_is_deleted_before_its_room_is_free(
    own: World, who: str, unit: UUID, store: Outside
):
    seen: list[tuple[int, int]] = []
    with own.acting(who):
        held = reserve(10)
        assert quota.abandon(held, lambda *_: seen.append(store.figures(unit)))
        with pytest.raises(quota.ReservationLostError):
            commit(held)
    assert seen == [(0, 10)]
    assert store.figures(unit) == (0, 0)


def test_an_object_that_cannot_be_deleted_keeps_its_room_until_it_can(
    own: World, who: str, unit: UUID, store: Outside
):
    def broken(*_: object) -> None:
        raise vault.StoreAwayError("away")

    with own.acting(who):
        held = reserve(10)
        with pytest.raises(vault.StoreAwayError):
            quota.abandon(held, broken)
        assert store.figures(unit) == (0, 10)
        with pytest.raises(quota.ReservationLostError):
            commit(held)
        assert quota.release_expired(lambda *_: None) == 0
        expire(store, unit)
        assert quota.release_expired(lambda *_: None) == 1
    assert store.figures(unit) == (0, 0)


def expire(store: Outside, unit: UUID) -> None:
    store.sql(
        "update ops.reservation set expires_at = now() - interval '1 second' where tenant_id = %s", unit
    )


def test_a_rolled_back_command_leaves_the_reservation(own: World, who: str, unit: UUID, store: Outside):
    with own.acting(who):
        held = reserve(10)
        with pytest.raises(ZeroDivisionError):
            commit_and_fail(held)
        assert store.figures(unit) == (0, 10)
        commit(held)
    assert store.figures(unit) == (10, 0)


def test_reserving_is_for_outside_and_committing_for_inside_of_commands(own: World, who: str):
    with own.acting(who):
        held = reserve(1)
        with pytest.raises(RuntimeError, match="inside the command"):
            quota.commit(held, "uji")
        for inside in (lambda: reserve(1), lambda: quota.release(held)):
            with pytest.raises(RuntimeError, match="outside of commands"):
                command("document.write")(inside)()


def test_another_tenants_reservation_is_none_of_ours(own: World, who: str, unit: UUID, store: Outside):
    with own.acting(who):
        held = reserve(10)
    with own.acting(who.replace("dinkes", "disdik")):
        assert not quota.release(held)
        with pytest.raises(quota.ReservationLostError):
            commit(held)
    assert store.figures(unit) == (0, 10)


def in_threads(own: World, who: str, work: list) -> list:
    """Run each piece of work in a thread of its own, all at once, acting as `who`."""
    start = threading.Barrier(len(work))

    def run(piece: object) -> object:
        start.wait()
        with own.acting(who):
            return piece()  # type: ignore[operator]

    own.token(who)
    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def test_sixteen_at_once_fill_it_to_the_last_byte(own: World, who: str, unit: UUID, store: Outside):
    cap = 50_000
    store.set_cap(unit, cap)

    def fill(seed: int) -> int:
        dice, kept = random.Random(seed), 0
        for _ in range(12):
            size = dice.randint(1, 900)
            try:
                held = reserve(size)
            except quota.QuotaExceededError:
                continue
            if dice.random() < 0.25:
                assert quota.release(held)
            else:
                commit(held)
                kept += size
        while True:
            try:
                held = reserve(size := min(100, max(1, quota.usage().left)))
            except quota.QuotaExceededError:
                db.session.rollback()
                if quota.usage().left == 0:
                    return kept
                continue
            commit(held)
            kept += size

    kept = in_threads(own, who, [lambda seed=seed: fill(seed) for seed in range(16)])
    assert sum(kept) == cap
    assert store.figures(unit) == (cap, 0)


def test_of_sixteen_who_want_the_last_byte_one_gets_it(own: World, who: str, unit: UUID, store: Outside):
    store.set_cap(unit, 1)

    def grab() -> bool:
        try:
            commit(reserve(1))
        except quota.QuotaExceededError:
            return False
        return True

    assert sum(in_threads(own, who, [grab] * 16)) == 1
    assert store.figures(unit) == (1, 0)


def test_commit_and_sweep_at_the_same_time_never_both_win(own: World, who: str, unit: UUID, store: Outside):
    for commits_first in (True, False):
        with own.acting(who):
            held = reserve(10)
        expire(store, unit)
        deleted = threading.Event()
        swept: list[int] = []

        def sweep(swept: list[int] = swept, deleted: threading.Event = deleted) -> None:
            with own.acting(who):
                swept.append(quota.release_expired(lambda *_: deleted.set()))

        thread = threading.Thread(target=sweep)
        before = store.figures(unit)[0]
        with own.acting(who):
            if commits_first:
                with transaction():
                    quota.commit(held, "uji")
                    thread.start()
                    wait_for_lock(store)
                thread.join()
                assert (swept, deleted.is_set()) == ([0], False)
                assert store.figures(unit) == (before + 10, 0)
            else:
                thread.start()
                thread.join()
                with pytest.raises(quota.ReservationLostError):
                    commit(held)
                assert (swept, deleted.is_set()) == ([1], True)
                assert store.figures(unit) == (before, 0)


def wait_for_lock(store: Outside) -> None:
    """Return once some backend waits for another's row: the sweep has met the commit."""
    for _ in range(2000):
        if store.sql(
            "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query ilike 'delete%%'"
        ):
            return
    pytest.fail("the sweep never waited")


@pytest.mark.parametrize(
    ("size", "left", "words"),
    [
        (48 * 1024**2, 31 * 1024**2, "Berkas 48 MB, sisa kuota 31 MB."),
        (1, 0, "Berkas 1 B, sisa kuota 0 B."),
        (31 * 1024**2 + 1, 31 * 1024**2, "Berkas 31,1 MB, sisa kuota 31 MB."),
        (5 * 1024**3, 1024**3 + 160 * 1024**2, "Berkas 5 GB, sisa kuota 1,1 GB."),
        (1024, 1023, "Berkas 1 KB, sisa kuota 1.023 B."),
    ],
)
def test_the_refusal_in_words(size: int, left: int, words: str):
    assert quota.QuotaExceededError(size, left).message == words


def test_the_row_itself_refuses_more_than_its_cap(own: World, unit: UUID, store: Outside):
    with pytest.raises(Exception, match="quota_within_cap"):
        store.sql("update ops.quota set used = cap + 1 where tenant_id = %s", unit)
