"""Nobody determines an item closed past its cap: not at once, not by a draft, not by a program, not the second time."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from ppid_saas.access.errors import ConflictError
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.determinations import drafting, queries, service
from ppid_saas.law.periods import add
from ppid_saas.register import service as register
from ppid_saas.reopening import service as reopening
from ppid_saas.web.formats import long_date
from tests.determinations.test_determining import UNIT
from tests.determinations.test_draft_pages import post
from tests.determinations.test_drafting import HEAD
from tests.fixtures import walk
from tests.fixtures.days import on
from tests.fixtures.world import World

TITLE = "Berkas penyelidikan tindak pidana"
GROUND = {"code": "17a", "law": "UU 14/2008", "article": "Pasal 17 huruf a", "text": ""}
FIRST = date(2026, 11, 20)


def accepted(world: World, period: dict[str, object]) -> tuple[str, UUID]:
    """One item under letter a, accepted; its region and id."""
    region = next(region for region, slug in world.tenants if slug == "pusat")
    collection_id = walk.open_collection(world, region)
    with world.acting(f"{UNIT}@{region}"):
        item_id = register.save_item(walk.body(TITLE, grounds=[GROUND], period=period)).id
    sent = walk.send(world, f"{UNIT}@{region}", collection_id)
    world.drain()
    walk.accept_all(world, region, sent.id)
    return region, item_id


def years(n: int) -> dict[str, object]:
    return {"kind": "fixed", "value": n, "unit": "year", "text": f"{n} tahun"}


def determined_once(world: World, n: int) -> tuple[str, UUID]:
    """An item closed for n years on the first day, and asked to be tested for as many again just before they end."""
    with on(FIRST):
        region, item_id = accepted(world, years(n))
        with world.acting(f"pusat@{region}"):
            service.make_determination(walk.letter("500/1", FIRST))
            reopening.ask_retest([item_id], "Perkara masih berjalan")
    return region, item_id


def test_a_further_period_ends_within_the_cap_of_the_first(fresh_world: World) -> None:
    region, item_id = determined_once(fresh_world, 20)
    again, latest = add(FIRST, 19, "year"), add(FIRST, 30, "year")
    with on(again):
        with (
            fresh_world.acting(f"pusat@{region}"),
            pytest.raises(ConflictError, match=long_date(latest)) as refused,
        ):
            service.make_determination(walk.letter("500/2", again))
        assert TITLE in refused.value.message
        assert "20 November 2026" in refused.value.message
        with fresh_world.acting(f"pusat@{region}"):
            assert [row.determination.number for row in queries.determinations()] == ["500/1"]
            assert consolidation.entry(item_id).state == "accepted"


def test_a_further_period_within_the_cap_is_determined(fresh_world: World) -> None:
    region, item_id = determined_once(fresh_world, 15)
    again = add(FIRST, 15, "year")
    with on(again), fresh_world.acting(f"pusat@{region}"):
        service.make_determination(walk.letter("500/2", again))
        assert consolidation.entry(item_id).ends_on == add(FIRST, 30, "year")


def test_an_open_end_under_letter_a_is_refused_at_its_first_determination(fresh_world: World) -> None:
    region, item_id = accepted(
        fresh_world, {"kind": "unspecified", "review_on": walk.days(300).isoformat(), "text": "Tertentu"}
    )
    latest = long_date(add(walk.days(0), 30, "year"))
    with fresh_world.acting(f"pusat@{region}"), pytest.raises(ConflictError, match=latest):
        service.make_determination(walk.letter("500/1"))
    with fresh_world.acting(f"pusat@{region}"):
        assert consolidation.entry(item_id).determination_id is None


def test_a_draft_is_warned_of_and_not_sent(fresh_world: World) -> None:
    region, item_id = determined_once(fresh_world, 20)
    again = add(FIRST, 19, "year")
    with on(again):
        with fresh_world.acting(f"pusat@{region}"):
            draft = drafting.prepare(HEAD, [item_id])
        path = f"penetapan/draf/{draft.id}"
        page = fresh_world.client(f"pusat@{region}").get(f"/{region}/pusat/{path}").text
        assert "Paling lama tertutup sampai 20 November 2056" in page
        refused = post(fresh_world, f"pusat@{region}", f"{path}/kirim", {}, path)
        assert refused.status_code == 409
        assert "20 November 2056" in refused.text
        with fresh_world.acting(f"pusat@{region}"):
            assert drafting.queries.draft(draft.id).state == "draft"


def test_a_later_number_and_day_is_measured_again(fresh_world: World) -> None:
    """What was within the cap when it was sent may pass it under a later day."""
    region, item_id = determined_once(fresh_world, 15)
    again = add(FIRST, 15, "year")
    with on(again):
        with fresh_world.acting(f"pusat@{region}"):
            draft = drafting.prepare(HEAD, [item_id])
            drafting.send(draft.id)
        with fresh_world.acting(f"sekda@{region}"):
            drafting.approve(draft.id, drafting.queries.mark(drafting.queries.draft(draft.id)))
    with on(again + timedelta(days=1)):
        with fresh_world.acting(f"pusat@{region}"), pytest.raises(ConflictError, match="20 November 2056"):
            drafting.issue(draft.id, "500/2", again + timedelta(days=1))
        with fresh_world.acting(f"pusat@{region}"):
            assert drafting.issue(draft.id, "500/2", again).number == "500/2"


def test_programs_and_the_page_of_a_retest_are_told_too(fresh_world: World) -> None:
    region, item_id = determined_once(fresh_world, 20)
    again = add(FIRST, 19, "year")
    head = {
        "number": "500/2", "title": "Penetapan", "signatory": "Pejabat", "signatory_position": "Kepala", "place": "Kota",
        "dated_on": again.isoformat(),
    }  # fmt: skip
    with on(again):
        key = fresh_world.key(f"pusat@{region}")
        said = (
            fresh_world.app()
            .test_client()
            .post(f"/api/v1/{region}/pusat/determinations", json=head, headers=key)
        )
        assert said.status_code == 409
        assert "20 November 2056" in said.get_json()["detail"]
        page = fresh_world.client(f"pusat@{region}").get(f"/{region}/pusat/pembukaan/butir/{item_id}").text
        assert "Jangka waktu yang sama tidak dapat ditetapkan lagi" in page
