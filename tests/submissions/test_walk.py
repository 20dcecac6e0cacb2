"""A list from unit to central and back, by the verbs: frozen, numbered, sent once, returned items alone in round two."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.cases import queries as cases
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation import service as central_verbs
from ppid_saas.proofs import digest
from ppid_saas.register import queries as register
from ppid_saas.register import service as register_verbs
from ppid_saas.submissions import service
from ppid_saas.submissions.queries import central, unit
from ppid_saas.submissions.service import Verdict
from tenants.db import db
from tests.fixtures import walk
from tests.fixtures.world import World

UNIT = "petugas.dinkes"


@pytest.fixture
def place(fresh_world: World) -> tuple[World, str]:
    """A world with one region's collection open."""
    return fresh_world, next(region for region, slug in fresh_world.tenants if slug == "pusat")


def test_a_submission_is_frozen_with_hashes_that_can_be_checked(place: tuple[World, str]) -> None:
    world, region = place
    who, collection_id = f"{UNIT}@{region}", walk.open_collection(world, region)
    walk.fill(world, who)
    sent = walk.send(world, who, collection_id)
    with world.acting(f"pusat@{region}"):
        items = central.items_of(central.one(sent.id).submission)
        assert [item.body["title"] for item in items] == list(walk.TITLES)
        assert [item.hash for item in items] == [digest(item.body) for item in items]
        assert sent.hash == digest([item.hash for item in items])
        assert sent.number == f"PJ-{walk.days(0).year}-001"
        assert (sent.sender_name, sent.submitted_by, sent.item_count) == (
            "Dinas Kesehatan",
            "Petugas dinkes",
            3,
        )


def test_items_are_locked_when_sent(place: tuple[World, str]) -> None:
    world, region = place
    who, collection_id = f"{UNIT}@{region}", walk.open_collection(world, region)
    walk.fill(world, who)
    walk.send(world, who, collection_id)
    with world.acting(who), pytest.raises(ConflictError):
        register_verbs.save_item(walk.body("Judul lain sama sekali"), 1, 1)


def test_a_second_click_sends_nothing_more(place: tuple[World, str]) -> None:
    world, region = place
    who, collection_id = f"{UNIT}@{region}", walk.open_collection(world, region)
    walk.fill(world, who)
    world.app()
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _: walk.send(world, who, collection_id).id, range(4)))
    assert len(set(sent)) == 1
    with world.acting(f"pusat@{region}"):
        assert len(central.inbox()) == 1


def test_blocking_problems_stop_the_sending_and_are_named(place: tuple[World, str]) -> None:
    world, region = place
    who, collection_id = f"{UNIT}@{region}", walk.open_collection(world, region)
    with world.acting(who):
        register_verbs.save_item({"title": "Rencana pengamanan gedung"})
    with world.acting(who), pytest.raises(InvalidError) as refused:
        service.send(collection_id, 1, declared=True)
    assert "butir 1" in refused.value.fields
    with world.acting(f"pusat@{region}"):
        assert central.inbox() == []


def test_without_the_declaration_nothing_is_sent(place: tuple[World, str]) -> None:
    world, region = place
    who, collection_id = f"{UNIT}@{region}", walk.open_collection(world, region)
    walk.fill(world, who)
    with world.acting(who), pytest.raises(InvalidError) as refused:
        service.send(collection_id, 1, declared=False)
    assert "declared" in refused.value.fields


def test_a_unit_without_items_declares_nil(place: tuple[World, str]) -> None:
    world, region = place
    collection_id = walk.open_collection(world, region)
    sent = walk.send(world, f"{UNIT}@{region}", collection_id)
    assert (sent.is_nil, sent.item_count) == (True, 0)
    world.drain()
    with world.acting(f"pusat@{region}"):
        assert central_verbs.finish(sent.id) is True
        assert central_verbs.finish(sent.id) is False
        assert {row.unit.slug: row.standing for row in central.board(collection_id)}["dinkes"] == "done"


def test_only_returned_items_come_back_in_the_next_round(place: tuple[World, str]) -> None:
    world, region = place
    who, collection_id = f"{UNIT}@{region}", walk.open_collection(world, region)
    ids = walk.fill(world, who)
    first = walk.send(world, who, collection_id)
    world.drain()
    with world.acting(f"pusat@{region}"):
        central_verbs.decide(first.id, [Verdict(ids[1], "returned", "Sebutkan dokumen pengadaannya.")])
        with pytest.raises(ConflictError, match="2 butir belum diperiksa"):
            central_verbs.finish(first.id)
        assert central_verbs.accept_remaining(first.id) == 2
    world.drain()
    with world.acting(who):
        assert unit.statuses(ids)[ids[1]].state == "received"
        assert unit.to_mend() == []
        with pytest.raises(ConflictError, match="masih diperiksa"):
            service.send(collection_id, 2, declared=True)
    with world.acting(f"pusat@{region}"):
        assert central_verbs.finish(first.id)
    world.drain()
    with world.acting(who):
        assert unit.statuses(ids)[ids[1]].state == "returned"
        assert unit.to_mend()[0].note == "Sebutkan dokumen pengadaannya."
        mended = register.item(2)
        register_verbs.save_item({**mended.body, "document": "Dokumen pengadaan"}, 2, mended.version)
    second = walk.send(world, who, collection_id, 2)
    assert (second.round, second.item_count, second.number[-3:]) == (2, 1, "002")
    world.drain()
    with world.acting(f"pusat@{region}"):
        assert consolidation.entry(ids[1]).state == "received"
        review = consolidation.review(second.id)
        assert [line.kind for line in review.lines] == ["changed"]
        assert review.lines[0].changes[0].label == "Dokumen yang memuat"
        assert review.missing == []
        assert {row.unit.slug: row.standing for row in central.board(collection_id)}["dinkes"] == "sent"
    walk.accept_all(world, region, second.id)
    with world.acting(f"pusat@{region}"):
        assert {entry.state for entry in consolidation.accepted_entries()} == {"accepted"}
        assert len(consolidation.accepted_entries()) == 3


def test_a_returned_item_needs_a_note(place: tuple[World, str]) -> None:
    world, region = place
    who, collection_id = f"{UNIT}@{region}", walk.open_collection(world, region)
    ids = walk.fill(world, who)
    sent = walk.send(world, who, collection_id)
    with world.acting(f"pusat@{region}"), pytest.raises(InvalidError):
        central_verbs.decide(sent.id, [Verdict(ids[0], "returned", "  ")])
    with world.acting(f"pusat@{region}"):
        assert central.decisions_of(central.one(sent.id).submission) == {}


def test_the_central_may_review_before_its_effect_ran_and_repeating_it_changes_nothing(
    place: tuple[World, str],
) -> None:
    world, region = place
    who, collection_id = f"{UNIT}@{region}", walk.open_collection(world, region)
    ids = walk.fill(world, who)
    sent = walk.send(world, who, collection_id)
    walk.accept_all(world, region, sent.id)
    world.drain()
    with world.acting(f"pusat@{region}"):
        central_verbs.receive(sent.id)
        assert [consolidation.entry(item_id).state for item_id in ids] == ["accepted"] * 3
    with world.acting(who):
        assert [unit.statuses(ids)[item_id].n for item_id in ids] == [2, 2, 2]


def test_a_late_repeat_of_the_taking_over_undoes_no_answer(place: tuple[World, str]) -> None:
    world, region = place
    who, collection_id = f"{UNIT}@{region}", walk.open_collection(world, region)
    ids = walk.fill(world, who)
    sent = walk.send(world, who, collection_id)
    with world.acting(f"pusat@{region}"):
        central_verbs.decide(sent.id, [Verdict(ids[0], "returned", "Ulangi.")])
        central_verbs.receive(sent.id)
        answers = {line.item_id: line.row.verdict for line in consolidation.review(sent.id).lines}
        assert answers == {ids[0]: "returned", ids[1]: None, ids[2]: None}


def test_an_answer_given_twice_stays_the_first(place: tuple[World, str]) -> None:
    world, region = place
    who, collection_id = f"{UNIT}@{region}", walk.open_collection(world, region)
    ids = walk.fill(world, who)
    sent = walk.send(world, who, collection_id)
    with world.acting(f"pusat@{region}"):
        assert central_verbs.decide(sent.id, [Verdict(ids[0], "accepted")]) == 1
        assert central_verbs.decide(sent.id, [Verdict(ids[0], "returned", "Ulangi.")]) == 0
        central_verbs.accept_remaining(sent.id)
        central_verbs.finish(sent.id)
        assert central.decisions_of(central.one(sent.id).submission)[ids[0]].verdict == "accepted"
        assert consolidation.entry(ids[0]).state == "accepted"


def test_reminders_go_out_once_a_day_and_only_to_those_who_owe(place: tuple[World, str]) -> None:
    world, region = place
    collection_id = walk.open_collection(world, region)
    walk.send(world, f"{UNIT}@{region}", collection_id)
    with world.acting(f"pusat@{region}"):
        assert service.remind(collection_id, ["dinkes", "disdik"]) == ["Dinas Pendidikan"]
        assert service.remind(collection_id, ["disdik"]) == []


def test_the_unit_owes_its_list_until_the_day_set_and_sending_settles_it(place: tuple[World, str]) -> None:
    world, region = place
    who, collection_id = f"{UNIT}@{region}", walk.open_collection(world, region)
    world.drain()
    with world.acting(who):
        duty = cases.duties([collection_id], service.SUBMISSION_DUE)[collection_id]
        assert (duty.state, duty.due_on) == ("open", walk.days(14))
    sent = walk.send(world, who, collection_id)
    world.drain()
    with world.acting(who):
        assert cases.duties([collection_id], service.SUBMISSION_DUE)[collection_id].state == "settled"
    with world.acting(f"pusat@{region}"):
        duty = cases.duties([sent.id], service.REVIEW_DUE)[sent.id]
        assert (duty.n, duty.state) == (10, "open")
        central_verbs.finish(sent.id)
        assert cases.duties([sent.id], service.REVIEW_DUE)[sent.id].state == "settled"


def test_two_centrals_never_see_each_other(fresh_world: World) -> None:
    world = fresh_world
    here, there = sorted({region for region, _ in world.tenants})
    collection_id = walk.open_collection(world, here)
    sent = walk.send(world, f"petugas.dpupr@{here}", collection_id)
    for stranger in (f"pusat@{there}", f"pusat@{here}"):
        with world.acting(stranger):
            seen = {row.submission.id for row in central.inbox()}
            assert (sent.id in seen) == (stranger == f"pusat@{here}")
    with world.acting(f"pusat@{there}"):
        for attempt in (central.one, consolidation.review, central_verbs.finish):
            with pytest.raises(NotFoundError):
                attempt(sent.id)
        with pytest.raises(NotFoundError):
            central.opened_one(collection_id)
    with world.acting(f"petugas.dpupr@{there}"), pytest.raises(NotFoundError):
        service.send(collection_id, 1, declared=True)
    with world.acting(f"petugas.disdik@{here}"), pytest.raises(NotFoundError):
        unit.submission(sent.id)


def test_the_database_refuses_a_row_for_another_central(world: World) -> None:
    foreign = world.tenant("pusat@sini")
    with world.acting("petugas.dpupr@sana") as who, pytest.raises(DBAPIError, match="row-level security"):
        db.session.execute(
            text(
                "insert into exchange.submission (writer_id, reader_id, id, number, collection_id, round, is_nil,"
                " item_count, hash, sender_name, submitted_by, submitted_at) values (:me, :reader, gen_random_uuid(),"
                " 'PJ-X', gen_random_uuid(), 1, true, 0, '', '', '', now())"
            ),
            {"me": who.tenant_id, "reader": foreign},
        )


def test_a_unit_cannot_answer_itself(world: World) -> None:
    with world.acting("petugas.dpupr@sana"), pytest.raises(NotFoundError):
        service.open_collection("Milik sendiri", walk.days(0), walk.days(1))
