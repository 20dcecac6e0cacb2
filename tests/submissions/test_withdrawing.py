"""A submission can be taken back until someone begins with it; both sides are then as they were before, and the record stays."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from uuid import UUID

import pytest

from ppid_saas.access.errors import ConflictError, NotFoundError
from ppid_saas.cases import queries as cases
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation import service as central_verbs
from ppid_saas.consolidation.withdrawing import undo_receive
from ppid_saas.register import queries as register
from ppid_saas.register import service as register_verbs
from ppid_saas.submissions import service, withdrawing
from ppid_saas.submissions.queries import central, unit
from ppid_saas.submissions.service import Verdict
from tests.fixtures import walk
from tests.fixtures.world import World

Place = tuple[World, str, str, UUID]


@pytest.fixture
def place(fresh_world: World) -> Place:
    region = next(region for region, slug in fresh_world.tenants if slug == "pusat")
    return fresh_world, region, f"petugas.dinkes@{region}", walk.open_collection(fresh_world, region)


def standing(world: World, region: str, collection_id: UUID) -> str:
    with world.acting(f"pusat@{region}"):
        return next(row.standing for row in central.board(collection_id) if row.unit.slug == "dinkes")


def test_a_first_submission_taken_back_leaves_both_sides_as_before(place: Place) -> None:
    world, region, who, collection_id = place
    ids = walk.fill(world, who)
    world.drain()
    sent = walk.send(world, who, collection_id)
    world.drain()
    with world.acting(who):
        withdrawing.withdraw(sent.id, "Lampiran tertinggal")
        assert {item.state for item in register.items_for_submission()} == {"draft"}
        duty = cases.duties([collection_id], service.SUBMISSION_DUE)[collection_id]
        assert (duty.state, duty.due_on) == ("open", walk.days(14))
    world.drain()
    assert standing(world, region, collection_id) == "missing"
    with world.acting(f"pusat@{region}"):
        assert consolidation.count() == 0
        assert central.inbox() == []
        row = central.one(sent.id)
        assert row.withdrawal
        assert row.withdrawal.reason == "Lampiran tertinggal"
        assert len(central.items_of(row.submission)) == 3
        assert cases.duties([sent.id], service.REVIEW_DUE)[sent.id].state == "settled"
        with pytest.raises(ConflictError, match="menarik kembali"):
            central_verbs.decide(sent.id, [Verdict(ids[0], "accepted")])
    with world.acting(who):
        assert unit.submission(sent.id).standing == "withdrawn"
        assert unit.statuses(ids)[ids[0]].state == "withdrawn"
        assert unit.handing(collection_id).is_whole
    second = walk.send(world, who, collection_id, 2)
    assert (second.round, second.is_whole, second.item_count, second.number[-3:]) == (2, True, 3, "002")
    world.drain()
    assert standing(world, region, collection_id) == "sent"
    with world.acting(f"pusat@{region}"):
        assert {line.kind for line in consolidation.review(second.id).lines} == {"new"}


def test_accepted_entries_come_back_as_they_were(place: Place) -> None:
    world, region, who, first_window = place
    ids = walk.fill(world, who)
    first = walk.send(world, who, first_window)
    world.drain()
    walk.accept_all(world, region, first.id)
    window = walk.open_collection(world, region, "Pengumpulan kedua")
    world.drain()
    with world.acting(who):
        mended = register.item(1)
        register_verbs.save_item({**mended.body, "title": "Judul yang diubah"}, 1, mended.version)
    second = walk.send(world, who, window)
    world.drain()
    with world.acting(f"pusat@{region}"):
        changed = consolidation.entry(mended.id)
        assert (changed.state, changed.title, changed.submission_id) == (
            "received",
            "Judul yang diubah",
            second.id,
        )
    with world.acting(who):
        withdrawing.withdraw(second.id)
    world.drain()
    with world.acting(f"pusat@{region}"):
        undo_receive(second.id)
        for item_id in ids:
            entry = consolidation.entry(item_id)
            assert (entry.state, entry.submission_id, entry.version) == ("accepted", first.id, 1)
            assert entry.title in walk.TITLES
            assert entry.before is None
    with world.acting(who):
        assert unit.statuses(ids)[mended.id].state == "accepted"
        assert [item.id for item in unit.handing(window).changed] == [mended.id]


def test_a_repair_taken_back_waits_for_repair_again(place: Place) -> None:
    world, region, who, collection_id = place
    ids = walk.fill(world, who)
    first = walk.send(world, who, collection_id)
    with world.acting(f"pusat@{region}"):
        verdicts = [Verdict(ids[0], "returned", "Sebutkan dokumennya.", "document")]
        central_verbs.answer_all(first.id, verdicts, accept_rest=True, close=True)
    world.drain()
    second = walk.send(world, who, collection_id, 2)
    world.drain()
    with world.acting(who):
        withdrawing.withdraw(second.id)
    world.drain()
    assert standing(world, region, collection_id) == "in_repair"
    with world.acting(who):
        assert [(one.item.id, one.field) for one in unit.to_mend()] == [(ids[0], "document")]
        assert unit.statuses(ids)[ids[0]].state == "returned"
    with world.acting(f"pusat@{region}"):
        assert consolidation.entry(ids[0]).state == "returned"
    assert walk.send(world, who, collection_id, 3).item_count == 1


@pytest.mark.parametrize("how", ["begun", "answered", "finished"])
def test_nobody_takes_back_what_someone_reads(place: Place, how: str) -> None:
    world, region, who, collection_id = place
    ids = walk.fill(world, who) if how != "finished" else []
    sent = walk.send(world, who, collection_id)
    with world.acting(f"pusat@{region}"):
        if how == "begun":
            service.begin(central.one(sent.id).submission)
            service.begin(central.one(sent.id).submission)
        elif how == "answered":
            central_verbs.decide(sent.id, [Verdict(ids[0], "accepted")])
        else:
            central_verbs.finish(sent.id)
    with world.acting(who), pytest.raises(ConflictError, match="sudah mulai memeriksa"):
        withdrawing.withdraw(sent.id)
    with world.acting(who):
        assert unit.submission(sent.id).withdrawal is None


def test_a_submission_withdrawn_before_the_central_took_it_over_never_enters_the_list(place: Place) -> None:
    world, region, who, collection_id = place
    walk.fill(world, who)
    sent = walk.send(world, who, collection_id)
    with world.acting(who):
        withdrawing.withdraw(sent.id)
        withdrawing.withdraw(sent.id)
    world.drain()
    with world.acting(f"pusat@{region}"):
        assert consolidation.count() == 0


def test_only_the_sender_withdraws(place: Place) -> None:
    world, region, who, collection_id = place
    sent = walk.send(world, who, collection_id)
    for stranger in (f"petugas.disdik@{region}", f"admin.dinkes@{region}"):
        with world.acting(stranger), pytest.raises(NotFoundError):
            withdrawing.withdraw(sent.id)


def test_a_program_withdraws_too(place: Place) -> None:
    world, region, who, collection_id = place
    sent = walk.send(world, who, collection_id)
    at = f"/api/v1/{region}/u/dinkes/submissions/{sent.id}/withdrawal"
    answer = world.client().post(at, json={"reason": "Salah masa"}, headers=world.key(who))
    assert (answer.status_code, answer.get_json()["standing"]) == (200, "withdrawn")


def test_withdrawing_and_answering_at_once_leave_one_of_the_two(place: Place) -> None:
    world, region, who, collection_id = place
    ids = walk.fill(world, who)
    for round_ in range(1, 5):
        sent = walk.send(world, who, collection_id, round_)
        together = Barrier(2)

        def withdraw(sent_id: UUID = sent.id, gate: Barrier = together) -> None:
            with world.acting(who), suppress(ConflictError):
                gate.wait(20)
                withdrawing.withdraw(sent_id)

        def answer(sent_id: UUID = sent.id, gate: Barrier = together) -> None:
            with world.acting(f"pusat@{region}"), suppress(ConflictError):
                gate.wait(20)
                central_verbs.decide(sent_id, [Verdict(ids[0], "accepted")])

        with ThreadPoolExecutor(2) as pool:
            for done in (pool.submit(withdraw), pool.submit(answer)):
                done.result(60)
        with world.acting(f"pusat@{region}"):
            row = central.one(sent.id)
            assert (row.withdrawal is None) == (row.decided == 1)
        if row.withdrawal is None:
            break
