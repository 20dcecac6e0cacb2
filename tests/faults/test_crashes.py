"""A few of the cases of `./ppid prove crashes`: each thing that falls once; and that damage is seen."""

from collections.abc import Iterator

import pytest

from tests.prove import _crashes_walk as crashes
from tests.prove._faults_checks import violations
from tests.prove._faults_site import Site
from tests.prove._outages_world import Surroundings
from tests.prove.outages import place as outages_place

# Where something falls, and a damage done afterwards as (what is to be noticed, how it is done to the unit).
SAMPLES = {
    "reserve/app killed": (
        "announce: after tenants.quota:reserve",
        ("uploads", "update work.upload set state = 'refused' where tenant_id = %s"),
    ),
    "first piece/postgres killed": (
        "first piece: after tenants.vault.store:Store.place",
        ("reconciled", "update ops.quota set used = used + 1 where tenant_id = %s"),
    ),
    "middle piece/connection cut": (
        "middle piece: before tests.prove._line:Line.read #7",
        ("facts upload.received", "delete from ops.event where kind = 'upload.received' and tenant_id = %s"),
    ),
    "complete/s3 silent": (
        "examine: before tenants.vault.parts:complete",
        ("versions", "update work.document_version set sha_plain = '' where tenant_id = %s"),
    ),
    "destroy/s3 broken": (
        "remove: from the beginning",
        ("keys", "update work.document_version set key = 'x' where tenant_id = %s"),
    ),
}  # fmt: skip
LATER = 3  # not the first case of its kind, in which the store is waited for as long as in earnest


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[Site, Surroundings]]:
    with outages_place(small_disk=False) as made:
        yield made


def test_everything_that_falls_is_among_the_samples() -> None:
    assert {name.partition("/")[2] for name in SAMPLES} == set(crashes.FAULTS)


@pytest.mark.parametrize("name", SAMPLES)
def test_bytes_rows_and_books_agree_afterwards(place: tuple[Site, Surroundings], name: str) -> None:
    made, around = place
    where, (what, damage) = SAMPLES[name]
    trial = crashes.trial(around, made, name, LATER, 1, where)
    assert trial.run() == []
    assert trial.killed
    assert f"{trial.stage.name}: {trial.barrier}".startswith(where)
    assert trial.circumstances["looks at the books"]
    made.outside.sql(damage, trial.case.tenant("dinkes"))
    assert [words for words in violations(trial.case, trial.walk) if words.startswith(what)]


def test_uneven_books_are_seen() -> None:
    assert not crashes.uneven((10, 5, 15, 10, 5))
    for books in ((10, 5, 14, 10, 5), (10, 5, 15, 9, 5), (10, 5, 15, 10, 4)):
        assert crashes.uneven(books)
