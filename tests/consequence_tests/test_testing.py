"""PPID Utama's test under the SOP: what a submission brings is tested, led on by its outcome, and told to its unit."""

from uuid import UUID

import pytest

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.cases import queries as cases
from ppid_saas.consequence_tests import board, board_queries, queries, service, walking
from ppid_saas.consequence_tests.walking import due_kind
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.events.queries import timeline
from ppid_saas.submissions.queries import unit
from tests.consequence_tests.walking import TESTED, UNIT, agree, at_board, in_test, region_of, write
from tests.fixtures import walk
from tests.fixtures.world import World


def test_what_the_review_accepts_is_under_test_and_its_clock_began_on_receipt(fresh_world: World) -> None:
    region, ids, round_id = in_test(fresh_world)
    with fresh_world.acting(f"pusat@{region}"):
        (row,) = queries.rounds()
        assert (row.round.id, row.items, row.decided) == (round_id, 3, 0)
        duty = cases.duties([round_id], due_kind("test_at_central"))[round_id]
        assert (duty.n, duty.source) == (10, "01/SOP-PPID, baris 2")
        assert duty.starts_on == walk.days(0)
        assert {consolidation.entry(one).state for one in ids} == {"in_test"}
        assert set(queries.untested(ids).values()) == {"Pengujiannya belum selesai."}
    with fresh_world.acting(f"{UNIT}@{region}"):
        told = unit.statuses(ids)
        assert {(one.state, one.turn, one.due_on) for one in told.values()} == {
            ("in_test", "central", duty.due_on)
        }


def test_without_a_testing_sop_nothing_is_demanded_and_a_test_is_still_possible(fresh_world: World) -> None:
    region = region_of(fresh_world)
    collection_id = walk.open_collection(fresh_world, region)
    ids = walk.fill(fresh_world, f"{UNIT}@{region}")
    walk.accept_all(fresh_world, region, walk.send(fresh_world, f"{UNIT}@{region}", collection_id).id)
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        assert (queries.rounds(), queries.untested(ids)) == ([], {})
        made = service.begin(ids[:1], "request", "P-12, 3 November 2026")
        assert [line.entry.item_id for line in queries.lines(made.id)] == ids[:1]
        assert consolidation.entry(ids[1]).state == "accepted"
        with pytest.raises(ConflictError, match="sudah berpindah"):
            service.begin(ids[:1])
        with pytest.raises(InvalidError):
            service.begin(ids[1:], "order")


def test_each_outcome_leads_its_own_way(fresh_world: World) -> None:
    region, ids, made = at_board(fresh_world, ("exempt", "partly_open", "open"))
    with fresh_world.acting(f"pusat@{region}"):
        assert [consolidation.entry(one).state for one in ids] == ["at_board", "at_board", "not_exempt"]
        partly = consolidation.entry(ids[1])
        assert (partly.body["part"], partly.body["open_part"]) == ("part", "Nama jabatan")
        assert walking.case_of(made.id).state == "board_advising"
        assert cases.duties([made.id], due_kind("test_at_central"))[made.id].state == "settled"
        owed = cases.duties([made.id], due_kind("close_advice"))[made.id]
        assert (owed.n, owed.source) == (7, "01/SOP-PPID, baris 3")
        passed = next(event for event in timeline(made.id) if event.kind == "board.asked")
        assert passed.data == {"items": 2, "due_on": owed.due_on.isoformat()}
    with fresh_world.acting(f"{UNIT}@{region}"):
        told = {item: (one.state, one.turn) for item, one in unit.statuses(ids).items()}
        assert told[ids[0]] == ("at_board", "board")
        assert told[ids[2]] == ("not_exempt", "none")


def test_a_round_in_which_nothing_stays_closed_ends_without_the_board(fresh_world: World) -> None:
    region, ids, round_id = in_test(fresh_world)
    write(fresh_world, region, round_id, dict(zip(ids, ("open", "deferred", "open"), strict=True)))
    with fresh_world.acting(f"pusat@{region}"):
        service.pass_on(round_id)
        assert walking.case_of(round_id).state == "none_exempt"
        assert consolidation.entry(ids[1]).state == "deferred"
        again = service.begin([ids[1]])
        assert [sheet.outcome for sheet in queries.earlier_tests(ids[1], again.id)] == ["deferred"]


def test_a_round_is_not_passed_on_before_every_item_has_its_outcome(fresh_world: World) -> None:
    region, ids, round_id = in_test(fresh_world)
    write(fresh_world, region, round_id, {ids[0]: "exempt"})
    with fresh_world.acting(f"pusat@{region}"):
        with pytest.raises(ConflictError, match="2 butir belum ada hasil ujinya"):
            service.pass_on(round_id)
        with pytest.raises(InvalidError) as lacking:
            service.write_sheet(
                round_id, ids[1], {"participants": ["Kepala Dinas"], "harm": ""}, "exempt", "", 1
            )
        assert set(lacking.value.fields) == {"reason", "harm", "participants"}


def test_whoever_writes_over_a_newer_sheet_is_told_and_nothing_is_lost(fresh_world: World) -> None:
    region, ids, round_id = in_test(fresh_world)
    with fresh_world.acting(f"pusat@{region}"):
        service.write_sheet(round_id, ids[0], {"harm": "Satu."}, "", "", 1)
        with pytest.raises(ConflictError) as error:
            service.write_sheet(round_id, ids[0], {"harm": "Dua."}, "", "", 1)
        assert "version" in error.value.fields
        assert [one.body["harm"] for one in queries.versions(round_id, ids[0])][-1] == "Satu."
        assert queries.versions(round_id, ids[0])[0].stage == "unit"


def test_complete_tests_of_units_are_taken_over_at_once(fresh_world: World) -> None:
    region = region_of(fresh_world)
    collection_id = walk.open_collection(fresh_world, region)
    from ppid_saas.register import service as register
    from tests.consequence_tests.walking import demand

    demand(fresh_world, region)
    whole = TESTED | {"balance": "close", "balance_reason": "Melindungi pasien."}
    with fresh_world.acting(f"{UNIT}@{region}"):
        complete = register.save_item(walk.body("Rekam medis", **whole)).id
        bare = register.save_item(walk.body("Topologi jaringan")).id
    sent = walk.send(fresh_world, f"{UNIT}@{region}", collection_id)
    fresh_world.drain()
    walk.accept_all(fresh_world, region, sent.id)
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        assert service.follow_units(sent.id) == 1
        found = {line.entry.item_id: line.outcome for line in queries.lines(sent.id)}
        assert found == {complete: "exempt", bare: ""}


def test_an_item_is_tested_once_the_board_has_spoken_and_untested_when_handed_in_anew(
    fresh_world: World,
) -> None:
    region, ids, made = at_board(fresh_world, ("exempt", "partly_open", "exempt"))
    agree(fresh_world, region, made.id, ids)
    with fresh_world.acting(f"pusat@{region}"):
        assert "belum memberi pertimbangan" in queries.untested(ids)[ids[0]]
        board.close(made.id, "12/TP/2026")
        assert queries.untested(ids) == {}
        assert [consolidation.entry(one).state for one in ids] == ["accepted", "partly_exempt", "accepted"]
        assert walking.case_of(made.id).state == "letter_drafting"
        assert cases.duties([made.id], due_kind("draft_letter"))[made.id].n == 30


def test_a_round_comes_back_from_the_board_while_nobody_has_spoken(fresh_world: World) -> None:
    region, ids, made = at_board(fresh_world, ("exempt", "open", "deferred"))
    with fresh_world.acting(f"pusat@{region}"):
        service.call_back(made.id)
        assert {consolidation.entry(one).state for one in ids} == {"in_test"}
        assert walking.case_of(made.id).state == "central_testing"
        service.pass_on(made.id)
    agree(fresh_world, region, made.id, ids[:1])
    with fresh_world.acting(f"pusat@{region}"), pytest.raises(ConflictError, match="tidak dapat ditarik"):
        service.call_back(made.id)


def test_a_withdrawn_submission_leaves_no_round_waiting(fresh_world: World) -> None:
    from ppid_saas.submissions import withdrawing
    from tests.consequence_tests.walking import demand

    region = region_of(fresh_world)
    demand(fresh_world, region)
    collection_id = walk.open_collection(fresh_world, region)
    walk.fill(fresh_world, f"{UNIT}@{region}")
    sent = walk.send(fresh_world, f"{UNIT}@{region}", collection_id)
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        assert len(queries.rounds()) == 1
    with fresh_world.acting(f"{UNIT}@{region}"):
        withdrawing.withdraw(sent.id, "Keliru kirim")
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        assert queries.rounds() == []
        assert board_queries.counted(sent.id) == []


def test_an_item_handed_in_anew_leaves_its_old_round_and_a_round_without_items_ends(
    fresh_world: World,
) -> None:
    region, ids, round_id = in_test(fresh_world)
    taken = _deferred(fresh_world, region, round_id, ids)
    with fresh_world.acting(f"pusat@{region}"):
        alone = service.begin(taken)
    again = walk.open_collection(fresh_world, region, "Pengumpulan kedua")
    fresh_world.drain()
    sent = walk.send(fresh_world, f"{UNIT}@{region}", again)
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        assert queries.lines(alone.id) == []
        assert walking.case_of(alone.id).state == "none_exempt"
        assert [row.round.id for row in queries.rounds()] == [sent.id]
        assert set(queries.untested(ids).values()) == {"Belum diuji konsekuensinya."}


@pytest.mark.parametrize("reached", ["in_test", "at_board"])
def test_a_submission_taken_back_puts_its_items_under_test_again(fresh_world: World, reached: str) -> None:
    """Whether the round went on without them or ended when its last one left."""
    from ppid_saas.submissions import withdrawing

    region, ids, round_id = in_test(fresh_world)
    write(fresh_world, region, round_id, dict.fromkeys(ids, "exempt"))
    if reached == "at_board":
        with fresh_world.acting(f"pusat@{region}"):
            service.pass_on(round_id)
    again = walk.open_collection(fresh_world, region, "Pengumpulan kedua")
    fresh_world.drain()
    sent = walk.send(fresh_world, f"{UNIT}@{region}", again)
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        assert queries.lines(round_id) == []
        assert {consolidation.entry(one).state for one in ids} == {"received"}
    with fresh_world.acting(f"{UNIT}@{region}"):
        withdrawing.withdraw(sent.id, "Keliru kirim")
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        assert {consolidation.entry(one).state for one in ids} == {"in_test"}
        (row,) = queries.rounds()
        found = {line.entry.item_id: line.outcome for line in queries.lines(row.round.id)}
        assert found == dict.fromkeys(ids, "exempt")
        assert cases.duties([row.round.id], due_kind("test_at_central"))[row.round.id].state == "open"
        assert service.pass_on(row.round.id).members
        assert {consolidation.entry(one).state for one in ids} == {"at_board"}
    with fresh_world.acting(f"{UNIT}@{region}"):
        assert {one.state for one in unit.statuses(ids).values()} == {"at_board"}


def test_an_item_comes_back_into_a_round_that_went_on_without_it(fresh_world: World) -> None:
    from ppid_saas.register import service as register
    from ppid_saas.submissions import withdrawing

    region, ids, made = at_board(fresh_world)
    agree(fresh_world, region, made.id, ids[:1])
    again = walk.open_collection(fresh_world, region, "Pengumpulan kedua")
    fresh_world.drain()
    with fresh_world.acting(f"{UNIT}@{region}"):
        register.delete_item(2)
        register.delete_item(3)
    sent = walk.send(fresh_world, f"{UNIT}@{region}", again)
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        assert {line.entry.item_id for line in queries.lines(made.id)} == set(ids[1:])
    with fresh_world.acting(f"{UNIT}@{region}"):
        withdrawing.withdraw(sent.id)
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        assert [row.round.id for row in queries.rounds()] == [made.id]
        assert {line.entry.item_id: line.outcome for line in queries.lines(made.id)} == dict.fromkeys(
            ids, "exempt"
        )
        assert consolidation.entry(ids[0]).state == "at_board"
        assert [
            len(one.opinions) for one in board_queries.counted(made.id) if one.line.entry.item_id == ids[0]
        ] == [1]


def _deferred(world: World, region: str, round_id: UUID, ids: list[UUID]) -> list[UUID]:
    write(world, region, round_id, dict.fromkeys(ids, "deferred"))
    with world.acting(f"pusat@{region}"):
        service.pass_on(round_id)
    return ids
