"""What becomes of entries when a unit hands in again, and what a reviewer is shown of it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from ppid_saas.consolidation import queries, service
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.queries import Filter
from ppid_saas.determinations import service as determinations
from ppid_saas.register import service as register
from ppid_saas.register.models import Item
from ppid_saas.submissions.queries import unit
from ppid_saas.submissions.service import Verdict
from tenants.db import db, transaction
from tests.fixtures import walk
from tests.fixtures.world import World

UNIT = "petugas.dinkes"


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, slug in fresh_world.tenants if slug == "pusat")


def test_the_same_content_handed_in_a_year_later_stays_determined(fresh_world: World, region: str) -> None:
    made = walk.determined(fresh_world, region)
    with fresh_world.acting(f"{UNIT}@{region}"):
        added = register.save_item(walk.body("Denah ruang arsip")).id
    second = walk.open_collection(fresh_world, region, "Tahun berikutnya")
    sent = walk.send(fresh_world, f"{UNIT}@{region}", second)
    assert sent.item_count == 4
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        review = queries.review(sent.id)
        assert sorted(line.kind for line in review.lines) == ["new", "same", "same", "same"]
        states = {entry.item_id: (entry.state, entry.determination_id) for entry in queries.page(Filter())}
        assert states.pop(added) == ("received", None)
        assert set(states.values()) == {("determined", made.id)}
        same = {line.item_id for line in review.of_kind("same")}
        assert service.accept_remaining(sent.id, kinds=["same"]) == 3
        assert {entry.state for entry in queries.entries(list(same))} == {"determined"}
        assert all(entry.ends_on is not None for entry in queries.entries(list(same)))
    with fresh_world.acting(f"{UNIT}@{region}"):
        assert {status.state for status in unit.statuses(list(same)).values()} == {"determined"}


def test_what_a_unit_leaves_out_is_shown_to_the_reviewer(fresh_world: World, region: str) -> None:
    walk.determined(fresh_world, region)
    with fresh_world.acting(f"{UNIT}@{region}"), transaction():
        db.session.execute(update(Item).where(Item.ref == 1).values(deleted_at=Item.created_at))
    sent = walk.send(
        fresh_world, f"{UNIT}@{region}", walk.open_collection(fresh_world, region, "Tahun berikutnya")
    )
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        assert [line.body["title"] for line in queries.review(sent.id).missing] == [walk.TITLES[0]]


def test_a_unit_cannot_overwrite_the_entry_of_another(fresh_world: World, region: str) -> None:
    walk.determined(fresh_world, region)
    with fresh_world.acting(f"pusat@{region}"):
        entry = queries.page(Filter())[0]
    with fresh_world.acting(f"petugas.disdik@{region}"), transaction():
        forged = register.put_item(walk.body("Judul palsu dari unit lain"))
        written = [column.name for column in Item.__table__.columns if column.computed is None]
        row = {name: getattr(forged, name) for name in written}
        db.session.add(Item(**row | {"id": entry.item_id, "ref": 99}))
    sent = walk.send(
        fresh_world, f"petugas.disdik@{region}", walk.open_collection(fresh_world, region, "Berikutnya")
    )
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        kept = queries.entry(entry.item_id)
        assert (kept.title, kept.sender_slug) == (entry.title, "dinkes")
        service.accept_remaining(sent.id)
        service.finish(sent.id)
        assert queries.entry(entry.item_id).state == "determined"


def test_the_list_is_in_the_order_in_which_exemptions_end(fresh_world: World, region: str) -> None:
    periods = {
        "Akhir kedua": {"kind": "until_date", "ends_on": walk.days(400).isoformat()},
        "Tanpa tanggal akhir": {"kind": "fixed", "value": 5, "unit": "year"},
        "Akhir pertama": {"kind": "until_date", "ends_on": walk.days(40).isoformat()},
    }
    with fresh_world.acting(f"{UNIT}@{region}"):
        for title, period in periods.items():
            register.save_item(walk.body(title, period=period))
    sent = walk.send(fresh_world, f"{UNIT}@{region}", walk.open_collection(fresh_world, region))
    walk.accept_all(fresh_world, region, sent.id)
    order = ["Akhir pertama", "Akhir kedua", "Tanpa tanggal akhir"]
    with fresh_world.acting(f"pusat@{region}"):
        assert [entry.title for entry in queries.accepted_entries()] == order
        assert [entry.title for entry in queries.page(Filter(), 2, 1)] == [order[1]]
        found = queries.facets()
        assert found.units == [("dinkes", "Dinas Kesehatan", 3)]
        assert found.grounds == [("17h", 3)]
        assert found.states == [("accepted", 3)]
        assert queries.count(Filter(q="akhir pertama")) == 1
        assert queries.count(Filter(ground="17a")) == 0
        determinations.make_determination(walk.letter("500/1"))
        assert [entry.title for entry in queries.page(Filter())] == order
        ends = db.session.execute(select(Entry.ends_on).order_by(Entry.sort_on)).scalars().all()
        assert ends == sorted(ends)


def test_two_reviewers_at_the_same_item_give_one_answer(fresh_world: World, region: str) -> None:
    collection_id = walk.open_collection(fresh_world, region)
    ids = walk.fill(fresh_world, f"{UNIT}@{region}")
    sent = walk.send(fresh_world, f"{UNIT}@{region}", collection_id)

    def answer(verdict: str) -> int:
        with fresh_world.acting(f"pusat@{region}"):
            return service.decide(sent.id, [Verdict(ids[0], verdict, "Catatan.")])

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(answer, ["accepted", "returned"] * 2)) == [0, 0, 0, 1]
