"""Each row of the three official forms walked by the product's own verbs, by whoever the form names, in the form's order.

`docs/sop.md` leads from every row to its step, its screen and a test that walks it; `test_trace` holds it to that.
"""

from uuid import UUID

from ppid_saas.cases import queries as cases
from ppid_saas.consequence_tests import board
from ppid_saas.determinations import draft_queries, drafting, handing
from ppid_saas.determinations.drafting import Head
from ppid_saas.events.queries import timeline
from ppid_saas.kpu import queries as rounds
from ppid_saas.kpu import service as kpu_service
from ppid_saas.kpu.rules import Grant
from tests.consequence_tests.walking import agree, at_board
from tests.fixtures import walk
from tests.fixtures.determined import prepare, publish
from tests.fixtures.world import World
from tests.kpu.conftest import THREE, staffed

HEAD = Head("Penetapan", "Pejabat Contoh", "Sekretaris Daerah", "Kota Contoh")


def region_of(world: World) -> str:
    return next(region for region, slug in world.tenants if slug == "pusat")


def taken(world: World, who: str, subject: UUID) -> list[str]:
    """The steps a case took, oldest first."""
    with world.acting(who):
        told = timeline(subject)[::-1]
    return [event.data["step"] for event in told if event.kind == "case.advanced"]


def test_documenting_from_the_first_row_to_the_last(fresh_world: World) -> None:
    world, region = fresh_world, region_of(fresh_world)
    made = walk.determined(world, region).id
    publish(world, region, prepare(world, region, made))
    with world.acting(f"pusat@{region}"):
        from ppid_saas.submissions.queries import central

        window = central.opened()[0].id
        case = cases.case_of("collection", window)
        assert case
        assert (case.state, case.closed_at is not None) == ("published", True)
    assert taken(world, f"pusat@{region}", window) == ["collect", "sort", "determine", "store", "publish"]


def test_the_consequence_test_from_the_first_row_to_the_last(fresh_world: World) -> None:
    world = fresh_world
    region, ids, made = at_board(world)
    agree(world, region, made.id, ids)
    with world.acting(f"pusat@{region}"):
        board.close(made.id, "1/LP")
        draft_id = drafting.prepare(HEAD).id
        drafting.send(draft_id)
    with world.acting(f"sekda@{region}"):
        drafting.approve(draft_id, draft_queries.mark(draft_queries.draft(draft_id)))
    with world.acting(f"pusat@{region}"):
        decided = drafting.issue(draft_id, "500/7", walk.days(0))
    world.drain()
    with world.acting(f"pusat@{region}"):
        assert handing.hand_over(decided.id) == 1
    steps = ["test_at_central", "close_advice", "draft_letter", "approve_letter", "hand_out"]
    assert taken(world, f"pusat@{region}", made.id) == steps


def test_kpus_documenting_from_the_first_row_to_the_last(fresh_world: World) -> None:
    kpu = staffed(fresh_world, region_of(fresh_world))
    kpu.fill()
    round_id = kpu.stored()
    with kpu.world.acting(kpu.officer):
        kpu_service.record_grant(round_id, Grant("1/HM", walk.days(0)))
    with kpu.world.acting(kpu.head):
        kpu_service.publish(round_id, "https://ppid.contoh.go.id/dik", walk.days(0))
        assert {one.authority for one in rounds.history(round_id)} == {*THREE, "kpu_ri"}
    steps = ["collect", "classify", "approve", "store", "grant", "publish"]
    assert taken(kpu.world, kpu.officer, round_id) == steps
