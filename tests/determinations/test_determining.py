"""Recording a determination: frozen bodies, periods counted from its date, numbers used once, items that moved on named."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from ppid_saas.access.errors import ConflictError, DomainError, InvalidError, NotFoundError
from ppid_saas.cases import queries as cases
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.determinations import queries, service
from ppid_saas.events.queries import timeline
from ppid_saas.law.periods import add
from ppid_saas.proofs import digest
from ppid_saas.register import service as register
from ppid_saas.submissions import service as submissions
from ppid_saas.submissions.queries import unit
from tests.fixtures import walk
from tests.fixtures.world import World

UNIT = "petugas.dinkes"


def accepted(world: World, titles: tuple[str, ...] = walk.TITLES) -> tuple[str, list, object]:
    """Walk one region up to accepted entries."""
    region = next(region for region, slug in world.tenants if slug == "pusat")
    collection_id = walk.open_collection(world, region)
    ids = walk.fill(world, f"{UNIT}@{region}", titles)
    walk.accept_all(world, region, walk.send(world, f"{UNIT}@{region}", collection_id).id)
    return region, ids, collection_id


def test_a_determination_freezes_bodies_and_counts_periods_from_its_date(fresh_world: World) -> None:
    region, ids, _ = accepted(fresh_world)
    dated_on = walk.days(-3)
    with fresh_world.acting(f"pusat@{region}"):
        made = service.make_determination(walk.letter("500/1", dated_on))
        covered = queries.covered(made.id)
        assert {one.item.ends_on for one in covered} == {add(dated_on, 5, "year")}
        assert all(one.item.hash == digest(one.item.body) for one in covered)
        assert {one.item.item_id for one in covered} == set(ids)
        assert consolidation.accepted_entries() == []
        entry = consolidation.entry(ids[0])
        assert (entry.state, entry.determination_id, entry.ends_on) == (
            "determined",
            made.id,
            add(dated_on, 5, "year"),
        )
        assert [event.kind for event in timeline(made.id)] == ["determination.made"]
    with fresh_world.acting(f"{UNIT}@{region}"):
        assert {status.state for status in unit.statuses(ids).values()} == {"determined"}


def test_the_case_of_the_collection_is_walked_to_determined_and_stays_there(fresh_world: World) -> None:
    region, _, collection_id = accepted(fresh_world)
    with fresh_world.acting(f"pusat@{region}"):
        service.make_determination(walk.letter("500/1"))
        case = cases.case_of("collection", collection_id)
        assert case is not None
        assert case.state == "determined"
        steps = [event.data["step"] for event in timeline(collection_id) if event.kind == "case.advanced"]
        assert steps[::-1] == ["collect", "sort", "determine"]
        assert cases.duties([collection_id], submissions.COLLECTION_DUE)[collection_id].state == "settled"


def test_a_head_alone_cannot_skip_the_rows_of_the_officer(fresh_world: World) -> None:
    region, ids, collection_id = accepted(fresh_world)
    with fresh_world.acting(f"kabid@{region}"), pytest.raises(ConflictError, match="menutup dan mengurutkan"):
        service.make_determination(walk.letter("500/1"))
    with fresh_world.acting(f"pusat@{region}"):
        assert consolidation.entry(ids[0]).state == "accepted"
        assert submissions.take_step(collection_id, "collect") == "collected"
        with pytest.raises(ConflictError):
            submissions.take_step(collection_id, "collect")
        assert submissions.take_step(collection_id, "sort") == "sorted"
    with fresh_world.acting(f"kabid@{region}"):
        assert service.make_determination(walk.letter("500/1")).number == "500/1"


def test_a_number_is_used_once(fresh_world: World) -> None:
    region, ids, _ = accepted(fresh_world)
    with fresh_world.acting(f"pusat@{region}"):
        service.make_determination(walk.letter("500/1"), ids[:1])
    with (
        fresh_world.acting(f"pusat@{region}"),
        pytest.raises(ConflictError, match="sudah dipakai") as refused,
    ):
        service.make_determination(walk.letter(" 500/1 "), ids[1:])
    assert "number" in refused.value.fields


def test_an_entry_that_is_no_longer_accepted_is_named(fresh_world: World) -> None:
    region, ids, _ = accepted(fresh_world)
    with fresh_world.acting(f"pusat@{region}"):
        service.make_determination(walk.letter("500/1"), ids[:1])
    with fresh_world.acting(f"pusat@{region}"), pytest.raises(ConflictError, match=walk.TITLES[0]):
        service.make_determination(walk.letter("500/2"), ids)
    with fresh_world.acting(f"pusat@{region}"):
        assert [row.determination.number for row in queries.determinations()] == ["500/1"]
        assert consolidation.entry(ids[1]).state == "accepted"


def test_two_at_once_determine_every_item_once(fresh_world: World) -> None:
    region, ids, _ = accepted(fresh_world)
    fresh_world.app()

    def attempt(number: str) -> str:
        with fresh_world.acting(f"pusat@{region}"):
            try:
                return service.make_determination(walk.letter(number), ids).number
            except DomainError as error:
                return type(error).__name__

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(attempt, ["500/1", "500/2", "500/1", "500/3"]))
    assert done.count("ConflictError") == 3
    with fresh_world.acting(f"pusat@{region}"):
        assert [row.items for row in queries.determinations()] == [len(ids)]


@pytest.mark.parametrize(
    ("field", "value"), [("number", "  "), ("signatory", ""), ("place", ""), ("dated_on", date(2999, 1, 1))]
)
def test_a_letter_without_its_contents_is_refused(world: World, field: str, value: object) -> None:
    letter = walk.letter("500/9")
    with world.acting("pusat@sana"), pytest.raises(InvalidError) as refused:
        service.make_determination(type(letter)(**{**_fields(letter), field: value}))
    assert list(refused.value.fields) == [field]


def _fields(letter: object) -> dict[str, object]:
    return {name: getattr(letter, name) for name in letter.__slots__}  # type: ignore[attr-defined]


def test_an_item_whose_period_is_over_is_not_determined(fresh_world: World) -> None:
    region = next(region for region, slug in fresh_world.tenants if slug == "pusat")
    collection_id = walk.open_collection(fresh_world, region)
    with fresh_world.acting(f"{UNIT}@{region}"):
        period = {"kind": "until_date", "ends_on": walk.days(1).isoformat(), "text": "besok"}
        item = register.save_item(walk.body("Jadwal pengamanan tamu", period=period))
    walk.accept_all(fresh_world, region, walk.send(fresh_world, f"{UNIT}@{region}", collection_id).id)
    with fresh_world.acting(f"pusat@{region}"):
        entry = consolidation.entry(item.id)
        assert entry.ends_on == walk.days(1)
        with pytest.raises(InvalidError, match="sudah habis"):
            service._end(entry, walk.days(1) + timedelta(days=1))
        assert service._end(entry, walk.days(1)) == walk.days(1)


def test_entries_of_another_central_are_not_found(fresh_world: World) -> None:
    region, ids, _ = accepted(fresh_world)
    other = next(r for r, slug in fresh_world.tenants if slug == "pusat" and r != region)
    with fresh_world.acting(f"pusat@{other}"), pytest.raises(NotFoundError):
        service.make_determination(walk.letter("500/1"), ids)
    with fresh_world.acting(f"{UNIT}@{region}"), pytest.raises(NotFoundError):
        service.make_determination(walk.letter("500/1"), ids)
