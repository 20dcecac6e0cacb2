"""The advisory board: one's own view first, a reason where it differs, recusal, quorum, and the end by quorum or by day."""

from datetime import timedelta

import pytest

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.accounts import provisioning
from ppid_saas.consequence_tests import board, board_queries
from ppid_saas.consequence_tests.rules import quorum_of, tally
from ppid_saas.consolidation import queries as consolidation
from tenants import clock
from tests.consequence_tests.walking import agree, at_board
from tests.fixtures.world import World, email_of, platform


def second_member(world: World, region: str) -> str:
    """Add one more member of the board."""
    who = f"tim2@{region}"
    with platform(world.settings) as connection:
        tenant = world.tenants[region, "pusat"]
        provisioning.add_member(connection, tenant, email_of(who), "Tim Kedua", "board_member")
        found = connection.exec_driver_sql(
            "select id from identity.person where email = %s", (email_of(who),)
        )
        world.people[who] = found.scalar_one()
    return who


def test_others_views_are_hidden_until_ones_own_is_given(fresh_world: World) -> None:
    region = next(region for region, slug in fresh_world.tenants if slug == "pusat")
    other = second_member(fresh_world, region)
    region, ids, made = at_board(fresh_world)
    with fresh_world.acting(f"tim@{region}"):
        board.give(made.id, ids[0], "disagree", "Akibatnya tidak nyata.")
    with fresh_world.acting(other):
        assert board_queries.others(made.id, ids[0]) == ()
        board.keep_draft(made.id, ids[0], "agree", "masih ragu")
        assert board_queries.others(made.id, ids[0]) == ()
        assert board_queries.my_item(made.id, ids[0]).mine.reason == "masih ragu"
        board.give(made.id, ids[0], "agree")
        assert [one.reason for one in board_queries.others(made.id, ids[0])] == ["Akibatnya tidak nyata."]


def test_a_draft_is_nobody_elses_and_never_unsays_a_view(fresh_world: World) -> None:
    region, ids, made = at_board(fresh_world)
    with fresh_world.acting(f"tim@{region}"):
        board.keep_draft(made.id, ids[0], "disagree", "belum jadi")
    with fresh_world.acting(f"pusat@{region}"):
        assert all(one.opinions == [] for one in board_queries.counted(made.id))
    with fresh_world.acting(f"tim@{region}"):
        board.give(made.id, ids[0], "agree")
        board.keep_draft(made.id, ids[0], "disagree", "terlambat")
        mine = board_queries.my_item(made.id, ids[0]).mine
        assert mine is not None
        assert (mine.view, mine.given_at is not None) == ("agree", True)


@pytest.mark.parametrize("view", ["with_note", "disagree", "recused"])
def test_whoever_does_not_simply_agree_says_why(fresh_world: World, view: str) -> None:
    region, ids, made = at_board(fresh_world)
    with fresh_world.acting(f"tim@{region}"):
        with pytest.raises(InvalidError) as error:
            board.give(made.id, ids[0], view, "  ")
        assert list(error.value.fields) == ["reason"]
        with pytest.raises(InvalidError):
            board.give(made.id, ids[0], "maybe", "x")


def test_only_what_lies_at_the_board_is_judged(fresh_world: World) -> None:
    region, ids, made = at_board(fresh_world, ("exempt", "open", "exempt"))
    with fresh_world.acting(f"tim@{region}"):
        assert [row.line.entry.item_id for row in board_queries.mine()] == [ids[0], ids[2]]
        with pytest.raises(NotFoundError):
            board.give(made.id, ids[1], "agree")
    with fresh_world.acting(f"pusat@{region}"), pytest.raises(NotFoundError):
        board.give(made.id, ids[0], "agree")


def test_the_board_is_closed_by_quorum_or_when_its_day_is_over(fresh_world: World) -> None:
    region, ids, made = at_board(fresh_world)
    agree(fresh_world, region, made.id, ids[:2])
    with fresh_world.acting(f"pusat@{region}"):
        with pytest.raises(ConflictError, match="1 butir belum cukup"):
            board.close(made.id, "12/TP")
        with pytest.raises(InvalidError):
            board.close(made.id, " ")
    now = clock.now()
    with clock.moved_to(now + timedelta(days=40)), fresh_world.acting(f"pusat@{region}"):
        board.close(made.id, "12/TP")
        assert consolidation.entry(ids[2]).state == "accepted"
    with fresh_world.acting(f"tim@{region}"):
        with pytest.raises(ConflictError, match="sudah ditutup"):
            board.give(made.id, ids[2], "agree")
        assert [title for _, _, title in board_queries.my_past()]


def test_whoever_withdraws_from_an_item_does_not_count_for_its_quorum() -> None:
    assert quorum_of(5) == 3
    assert quorum_of(5, 9) == 5
    assert quorum_of(0, 2) == 0
    assert tally(["agree", "recused", "recused"], 3, 3).is_met
    assert not tally(["agree", "recused"], 3, 3).is_met
    assert not tally([], 1, 2).is_met
