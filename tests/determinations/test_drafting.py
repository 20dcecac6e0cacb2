"""From draft to number: sent, approved as read, sent back, given up; two people and a changed draft."""

from datetime import date
from uuid import UUID

import pytest

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.cases import queries as cases
from ppid_saas.consequence_tests import board
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.determinations import draft_queries, drafting, queries
from ppid_saas.determinations.drafting import Head
from ppid_saas.events.queries import timeline
from ppid_saas.submissions.queries import unit
from tests.consequence_tests.walking import agree, at_board
from tests.determinations.test_determining import UNIT, accepted
from tests.fixtures import walk
from tests.fixtures.days import on
from tests.fixtures.world import World

HEAD = Head(
    "Penetapan Daftar Informasi yang Dikecualikan", "Pejabat Contoh", "Sekretaris Daerah", "Kota Contoh"
)


def drafted(world: World, *, sent: bool = True) -> tuple[str, list[UUID], UUID]:
    """Walk one region up to a draft, sent to the superior."""
    region, ids, _ = accepted(world)
    with world.acting(f"pusat@{region}"):
        draft = drafting.prepare(HEAD)
        if sent:
            drafting.send(draft.id)
    return region, ids, draft.id


def approve(world: World, region: str, draft_id: UUID) -> None:
    with world.acting(f"sekda@{region}"):
        drafting.approve(draft_id, draft_queries.mark(draft_queries.draft(draft_id)))


def states(world: World, region: str, ids: list[UUID]) -> set[str]:
    with world.acting(f"pusat@{region}"):
        return {entry.state for entry in consolidation.entries(ids)}


def test_a_draft_goes_to_the_superior_and_comes_back_with_a_number(fresh_world: World) -> None:
    region, ids, draft_id = drafted(fresh_world)
    assert states(fresh_world, region, ids) == {"awaiting_superior"}
    with fresh_world.acting(f"{UNIT}@{region}"):
        told = unit.statuses(ids)
        assert {(one.state, one.turn) for one in told.values()} == {("awaiting_superior", "superior")}
    with fresh_world.acting(f"sekda@{region}"):
        assert draft_queries.summary(draft_queries.draft(draft_id)).items == len(ids)
        duty = cases.duties([draft_id], "determination.approval")[draft_id]
        assert (duty.n, duty.state) == (3, "open")
    approve(fresh_world, region, draft_id)
    with fresh_world.acting(f"pusat@{region}"):
        made = drafting.issue(draft_id, "500/7", walk.days(0))
        assert draft_queries.draft(draft_id).determination_id == made.id
        assert len(queries.covered(made.id)) == len(ids)
        kept = cases.duties([draft_id, made.id])
        assert (kept[draft_id].state, kept[made.id].kind) == ("settled", "determination.handover")
        happened = [event.kind for event in timeline(draft_id)][::-1]
        assert happened == ["determination.drafted", "determination.sent", "determination.approved"]
    assert states(fresh_world, region, ids) == {"determined"}


def test_only_a_superior_answers_and_only_officers_prepare(fresh_world: World) -> None:
    region, _, draft_id = drafted(fresh_world)
    for who in ("pusat", "kabid", "tim", "auditor"):
        with fresh_world.acting(f"{who}@{region}"), pytest.raises(NotFoundError):
            drafting.approve(draft_id, "x")
    with fresh_world.acting(f"sekda@{region}"), pytest.raises(NotFoundError):
        drafting.prepare(HEAD)
    other = next(r for r, slug in fresh_world.tenants if slug == "pusat" and r != region)
    with fresh_world.acting(f"sekda@{other}"), pytest.raises(NotFoundError):
        drafting.approve(draft_id, "x")


def test_what_changed_since_it_was_opened_is_read_again(fresh_world: World) -> None:
    region, ids, draft_id = drafted(fresh_world)
    with fresh_world.acting(f"sekda@{region}"):
        read = draft_queries.mark(draft_queries.draft(draft_id))
    with fresh_world.acting(f"pusat@{region}"):
        drafting.change(
            draft_id, Head("Judul lain", "Pejabat Contoh", "Sekretaris Daerah", "Kota Contoh"), [ids[0]]
        )
    with fresh_world.acting(f"sekda@{region}"), pytest.raises(ConflictError, match="Baca sekali lagi"):
        drafting.approve(draft_id, read)
    assert states(fresh_world, region, ids[:1]) == {"accepted"}
    approve(fresh_world, region, draft_id)
    with fresh_world.acting(f"pusat@{region}"):
        assert len(queries.covered(drafting.issue(draft_id, "500/7", walk.days(0)).id)) == len(ids) - 1


def test_a_draft_sent_back_frees_its_items_and_can_be_sent_again(fresh_world: World) -> None:
    region, ids, draft_id = drafted(fresh_world)
    with fresh_world.acting(f"sekda@{region}"):
        with pytest.raises(InvalidError):
            drafting.send_back(draft_id, "  ")
        drafting.send_back(draft_id, "Perbaiki judulnya.")
    assert states(fresh_world, region, ids) == {"accepted"}
    with fresh_world.acting(f"pusat@{region}"):
        assert draft_queries.draft(draft_id).note == "Perbaiki judulnya."
        with pytest.raises(ConflictError, match="Dikembalikan"):
            drafting.issue(draft_id, "500/7", walk.days(0))
        drafting.send(draft_id)
    assert states(fresh_world, region, ids) == {"awaiting_superior"}


def test_row_4_is_owed_once_by_the_round_that_tested_the_items(fresh_world: World) -> None:
    region, ids, made = at_board(fresh_world)
    agree(fresh_world, region, made.id, ids)

    def owed() -> list[tuple[str, date]]:
        kinds = ("sop.draft_letter", "determination.draft")
        return [(one.kind, one.due_on) for one in cases.open_duties() if one.kind in kinds]

    with fresh_world.acting(f"pusat@{region}"):
        board.close(made.id, "1/LP")
    with on(walk.days(7)):
        with fresh_world.acting(f"pusat@{region}"):
            (row_4,) = owed()
            draft = drafting.prepare(HEAD)
            assert owed() == [row_4]
            assert draft_queries.chip(draft).due == row_4[1]
            drafting.send(draft.id)
            assert owed() == []
        with fresh_world.acting(f"sekda@{region}"):
            drafting.send_back(draft.id, "Perbaiki judulnya.")
        with fresh_world.acting(f"pusat@{region}"):
            (again,) = owed()
            assert again[0] == "sop.draft_letter"
            assert again[1] > row_4[1]
            assert draft_queries.chip(draft_queries.draft(draft.id)).due == again[1]
            drafting.cancel(draft.id)
            assert owed() == [again]


def test_without_a_test_the_draft_itself_owes_row_4(fresh_world: World) -> None:
    region, _, draft_id = drafted(fresh_world, sent=False)
    with fresh_world.acting(f"pusat@{region}"):
        (owed,) = [one for one in cases.open_duties() if one.kind == "determination.draft"]
        assert draft_queries.chip(draft_queries.draft(draft_id)).due == owed.due_on


def test_an_item_is_in_one_decision_at_a_time(fresh_world: World) -> None:
    region, ids, draft_id = drafted(fresh_world, sent=False)
    with fresh_world.acting(f"pusat@{region}"):
        other = drafting.prepare(HEAD, ids[:1])
        drafting.send(other.id)
        assert draft_queries.summary(draft_queries.draft(draft_id)).astray == 1
    with fresh_world.acting(f"pusat@{region}"), pytest.raises(ConflictError, match=walk.TITLES[0]):
        drafting.send(draft_id)
    with fresh_world.acting(f"pusat@{region}"):
        drafting.cancel(other.id)
        drafting.send(draft_id)
    assert states(fresh_world, region, ids) == {"awaiting_superior"}


def test_a_number_that_is_taken_leaves_the_draft_as_it_was(fresh_world: World) -> None:
    region, ids, draft_id = drafted(fresh_world, sent=False)
    with fresh_world.acting(f"pusat@{region}"):
        drafting.change(draft_id, HEAD, ids[:1])
        drafting.service.make_determination(walk.letter("500/7"), ids[:1])
        drafting.send(draft_id)
    approve(fresh_world, region, draft_id)
    with fresh_world.acting(f"pusat@{region}"), pytest.raises(ConflictError, match="sudah dipakai"):
        drafting.issue(draft_id, " 500/7", walk.days(0))
    with fresh_world.acting(f"pusat@{region}"):
        assert draft_queries.draft(draft_id).state == "approved"
        assert drafting.issue(draft_id, "500/8", walk.days(0)).number == "500/8"
