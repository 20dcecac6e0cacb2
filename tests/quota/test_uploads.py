"""Real uploads into a real store, many at once: at every moment within the limit to the byte, afterwards exact."""

import io
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from ppid_saas.access.errors import TooLargeError
from ppid_saas.documents import service as documents
from tenants import vault
from tests.fixtures.world import World
from tests.prove import quota
from tests.quota.test_stocktake import look
from tests.vault.storage import Outside

CLIENTS, TRIES = 16, 12
LARGEST = 60_000


def test_sixteen_clients_never_store_a_byte_too_many(own: World, store: Outside) -> None:
    who = f"petugas.dinkes@{next(region for region, _ in own.tenants)}"
    unit, cap = own.tenant(who), 2_000_000
    store.set_cap(unit, cap)
    own.token(who)
    start, done = threading.Barrier(CLIENTS + 1), threading.Event()

    def upload(seed: int) -> int:
        dice, kept = random.Random(seed), 0
        start.wait()
        with own.acting(who):
            for _ in range(TRIES):
                data = dice.randbytes(dice.randint(1, LARGEST))
                try:
                    with documents.staging("attachment", "a.bin", data, "application/octet-stream") as staged:
                        if dice.random() < 0.8:
                            documents.keep(staged)
                            kept += vault.stored_size(len(data))
                except TooLargeError:
                    continue
        return kept

    def watch() -> list[int]:
        seen = []
        start.wait()
        while not done.is_set():
            seen.append(sum(store.figures(unit)))
        return seen

    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        watching = pool.submit(watch)
        kept = sum(pool.map(upload, range(CLIENTS)))
        done.set()
    assert max(watching.result()) <= cap
    assert store.figures(unit) == (kept, 0)
    assert lying(store, unit) == kept
    cap = fill_up(own, who, unit, store, cap - kept)
    assert store.figures(unit) == (cap, 0)
    assert lying(store, unit) == cap
    assert look(own, unit, store).state == "agrees"


def lying(store: Outside, unit: UUID) -> int:
    listed = store.s3.list_objects_v2(Bucket="exempt", Prefix=f"t/{unit}/")
    return sum(entry["Size"] for entry in listed.get("Contents", []))


def fill_up(own: World, who: str, unit: UUID, store: Outside, left: int) -> int:
    """Fill what is left with one file of just that size, leaving room for its seal at least; returns the limit."""
    seal, used = vault.stored_size(1) - 1, store.figures(unit)[0]
    left = max(left, seal + 1)
    store.set_cap(unit, used + left)
    data = bytes(left - seal)
    with own.acting(who), documents.staging("attachment", "a.bin", data, "application/octet-stream") as one:
        documents.keep(one)
    return used + left


def test_processes_that_are_killed_leave_nothing_behind(own: World, store: Outside) -> None:
    region = next(region for region, _ in own.tenants)
    found = quota.storm(own, region, 120, 120, 7, processes=2, threads=6)
    nothing = (
        "wrong_at_a_look",
        "held_after_the_sweep",
        "ledger_against_row",
        "strays",
        "missing",
        "differing",
    )
    assert {name: found[name] for name in nothing} == dict.fromkeys(nothing, 0)
    assert found["filled_to_the_last_byte"]
    assert found["books"] == "agrees"
    assert found["uploads_told"]["kept"] > 0


class Unread(io.BytesIO):
    """A body that nobody may touch."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("read before its size was known to fit")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}, 422), ({"CONTENT_LENGTH": "2000"}, 413),
        ({"CONTENT_LENGTH": "99999999999999"}, 413),
    ],
)  # fmt: skip
def test_no_byte_is_taken_before_its_room(
    own: World, store: Outside, said: dict[str, str], status: int
) -> None:
    region = next(region for region, _ in own.tenants)
    who = f"petugas.dinkes@{region}"
    store.set_cap(own.tenant(who), 1500)
    answer = own.client(surface="files").post(
        f"/api/v1/{region}/u/dinkes/documents?name=a.txt", data=b"x", headers=own.key(who),
        content_type="application/octet-stream", environ_overrides={"wsgi.input": Unread(), **said},
    )  # fmt: skip
    assert answer.status_code == status
    assert store.figures(own.tenant(who)) == (0, 0)
    assert store.objects(own.tenant(who)) == set()
