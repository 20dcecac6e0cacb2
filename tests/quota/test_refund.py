"""What was charged is given back to the byte, held until the store has let it go, and never twice."""

from uuid import UUID

import pytest

from ppid_saas.storage import service as storage
from tenants import quota, vault
from tenants.db import new_id, transaction
from tests.fixtures.world import World
from tests.vault.storage import Outside

SIZE = 400


@pytest.fixture
def who(own: World) -> str:
    return f"petugas.dinkes@{next(region for region, _ in own.tenants)}"


@pytest.fixture
def unit(own: World, who: str, store: Outside) -> UUID:
    store.set_cap(own.tenant(who), 1000)
    return own.tenant(who)


def charge(size: int = SIZE) -> UUID:
    object_id = new_id()
    held = quota.reserve(size, "exempt", object_id)
    with transaction():
        storage.charge(held, "document")
    return object_id


def refund(object_id: UUID) -> UUID:
    with transaction():
        return storage.refund(object_id, "exempt", "disposal")


def refund_and_fail(object_id: UUID) -> None:
    with transaction():
        storage.refund(object_id, "exempt", "disposal")
        raise ZeroDivisionError


def nothing(_bucket: str, _object_id: UUID) -> None:
    return None


def test_room_is_free_when_the_object_is_gone(own: World, who: str, unit: UUID, store: Outside):
    with own.acting(who):
        charge()
        gone = charge()
        hold = refund(gone)
        assert store.figures(unit) == (SIZE, SIZE)
        with pytest.raises(quota.QuotaExceededError):
            quota.reserve(201, "exempt", new_id())
        assert quota.abandon(hold, nothing)
        assert store.figures(unit) == (SIZE, 0)
        assert not quota.abandon(hold, nothing)
    lines = store.sql(
        "select delta, cause from ops.ledger where tenant_id = %s and object_id = %s order by id", unit, gone
    )
    assert lines == [(SIZE, "document"), (-SIZE, "disposal")]


def test_nothing_is_given_back_twice_nor_for_what_was_never_charged(
    own: World, who: str, unit: UUID, store: Outside
):
    with own.acting(who):
        gone = charge()
        refund(gone)
        for object_id in (gone, new_id()):
            with pytest.raises(LookupError):
                refund(object_id)
        with pytest.raises(RuntimeError, match="inside the command"):
            quota.refund(gone, "exempt", "disposal")
    assert store.figures(unit) == (0, SIZE)


def test_a_refund_that_is_rolled_back_was_none(own: World, who: str, unit: UUID, store: Outside):
    with own.acting(who):
        gone = charge()
        with pytest.raises(ZeroDivisionError):
            refund_and_fail(gone)
    assert store.figures(unit) == (SIZE, 0)


def test_whoever_never_comes_to_delete_leaves_it_to_the_sweep(
    own: World, who: str, unit: UUID, store: Outside
):
    with own.acting(who):
        stored = vault.put(b"isi", bucket="exempt", purpose="uji", media_type="text/plain")
        with transaction():
            storage.charge(stored.reservation, "document")
        refund(stored.object_id)
        assert len(store.objects(unit)) == 1
        assert vault.release_expired() == 0
        store.sql(
            "update ops.reservation set expires_at = now() - interval '1 second' where tenant_id = %s", unit
        )
        assert vault.release_expired() == 1
    assert store.objects(unit) == set()
    assert store.figures(unit) == (0, 0)


def test_a_mark_of_fullness_is_told_again_after_room_came_back(
    own: World, who: str, unit: UUID, store: Outside
):
    with own.acting(who):
        gone = charge(810)
        quota.abandon(refund(gone), nothing)
        charge(820)
    marks = store.sql("select data->>'mark' from ops.event where tenant_id = %s and kind = 'room.mark'", unit)
    assert marks == [("80",), ("80",)]
