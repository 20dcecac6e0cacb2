"""Doubles across units and years: found when items come in, decided by a person, asked again when the content changed."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.consolidation import matching, moving, queries, service
from ppid_saas.consolidation.models import Match, MatchKey
from ppid_saas.consolidation.queries import matches
from ppid_saas.register import service as register
from ppid_saas.register.models import Item
from ppid_saas.submissions.models import Submission
from tenants.db import db, transaction
from tests.fixtures import walk
from tests.fixtures.world import World

J = [{"code": "17j", "law": "UU 27/2022", "article": "Pasal 4", "text": ""}]


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, slug in fresh_world.tenants if slug == "pusat")


def hand_in(world: World, region: str, unit: str, bodies: Sequence[dict[str, Any]]) -> Submission:
    """Write items of a unit and hand them in to a collection of their own."""
    with world.acting(f"petugas.{unit}@{region}"):
        for body in bodies:
            register.save_item(body)
    sent = walk.send(world, f"petugas.{unit}@{region}", walk.open_collection(world, region, f"Dari {unit}"))
    world.drain()
    return sent


def open_pairs(world: World, region: str) -> list[matches.Pair]:
    with world.acting(f"pusat@{region}"):
        return matches.queue()


def test_the_same_of_two_units_is_laid_side_by_side(fresh_world: World, region: str) -> None:
    hand_in(fresh_world, region, "dinkes", [walk.body("Data gaji pegawai"), walk.body("Denah ruang arsip")])
    hand_in(fresh_world, region, "disdik", [walk.body("Daftar penghasilan ASN", grounds=J)])
    (pair,) = open_pairs(fresh_world, region)
    assert {pair.first.sender_slug, pair.second.sender_slug} == {"dinkes", "disdik"}
    assert pair.row.kinds == ["reworded", "ground"]
    assert pair.reasons[0].startswith("Dasar berbeda: huruf")
    assert {change.label for change in pair.changes} == {"Judul informasi", "Dasar hukum"}
    with fresh_world.acting(f"pusat@{region}"):
        assert matches.counts() == ({"reworded": 1, "ground": 1}, 1, 0)
        assert [one.row.item_a for one in matches.queue("ground")] == [pair.row.item_a]
        assert matches.queue("period") == []
    stranger = next(r for r, slug in fresh_world.tenants if slug == "pusat" and r != region)
    assert open_pairs(fresh_world, stranger) == []


def test_an_item_is_not_compared_with_itself_a_year_later(fresh_world: World, region: str) -> None:
    hand_in(fresh_world, region, "dinkes", [walk.body("Data gaji pegawai")])
    second = walk.open_collection(fresh_world, region, "Tahun berikutnya")
    with fresh_world.acting(f"pusat@{region}"):
        before = set(db.session.execute(select(MatchKey.key)).scalars())
    walk.send(fresh_world, f"petugas.dinkes@{region}", second)
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        assert matches.queue() == []
        assert set(db.session.execute(select(MatchKey.key)).scalars()) == before


def test_what_a_unit_proposes_again_under_a_new_item_is_recognised(fresh_world: World, region: str) -> None:
    walk.determined(fresh_world, region)
    again = hand_in(fresh_world, region, "dinkes", [walk.body("Rekam medik penderita di puskesmas")])
    with fresh_world.acting(f"pusat@{region}"):
        lines = queries.review(again.id).of_kind("new")
        found = queries.doubles_of_items([line.item_id for line in lines])
        (double,) = found[lines[0].item_id]
        assert (double.title, double.state) == (walk.TITLES[0], "determined")
        (free,) = queries.doubles_of(walk.body("Rekam medis pasien puskesmas 2025"))
        assert free.item_id == double.item_id
        assert "tahun" in free.reasons[-1].casefold()
        assert queries.doubles_of(walk.body("Data gaji pegawai")) == []


def test_a_decision_stands_until_one_of_the_two_changes(fresh_world: World, region: str) -> None:
    hand_in(fresh_world, region, "dinkes", [walk.body("Data gaji pegawai")])
    hand_in(fresh_world, region, "disdik", [walk.body("Data gaji pegawai", grounds=J)])
    (pair,) = open_pairs(fresh_world, region)
    key = (pair.row.item_a, pair.row.item_b)
    with fresh_world.acting(f"pusat@{region}"):
        assert matching.decide(*key, "different") is False
        with pytest.raises(ConflictError):
            matching.decide(*key, "same")
        matching.match_again(key)
        assert matches.queue() == []
        assert matches.counts() == ({}, 0, 1)
    with fresh_world.acting(f"petugas.disdik@{region}"), transaction():
        item = db.session.execute(select(Item)).scalar_one()
        register.put_item(walk.body("Data cuti pegawai", grounds=J), item)
    sent = walk.send(
        fresh_world, f"petugas.disdik@{region}", walk.open_collection(fresh_world, region, "Berikutnya")
    )
    assert sent.item_count == 1
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        kept = db.session.execute(select(Match)).scalar_one()
        assert kept.verdict == "different"
    with fresh_world.acting(f"petugas.disdik@{region}"), transaction():
        item = db.session.execute(select(Item)).scalar_one()
        register.put_item(walk.body("Data gaji pegawai", grounds=J, harm="Lain lagi."), item)
    walk.send(fresh_world, f"petugas.disdik@{region}", walk.open_collection(fresh_world, region, "Lalu"))
    fresh_world.drain()
    (asked,) = open_pairs(fresh_world, region)
    assert [one["verdict"] for one in asked.row.earlier] == ["different"]


def test_aligning_sends_back_what_is_under_review_and_can_be_undone(fresh_world: World, region: str) -> None:
    hand_in(fresh_world, region, "dinkes", [walk.body("Data gaji pegawai")])
    sent = hand_in(fresh_world, region, "disdik", [walk.body("Data gaji pegawai", grounds=J)])
    (pair,) = open_pairs(fresh_world, region)
    key = (pair.row.item_a, pair.row.item_b)
    model = next(side for side in pair.sides if side.sender_slug == "dinkes").item_id
    other = next(side for side in pair.sides if side.sender_slug == "disdik").item_id
    with fresh_world.acting(f"pusat@{region}"):
        with pytest.raises(InvalidError):
            matching.decide(*key, "aligned", model_id=model)
        with pytest.raises(InvalidError):
            matching.decide(*key, "aligned", note="Tanpa pilihan.")
        assert matching.decide(*key, "aligned", model_id=model, note="Samakan dasarnya: huruf h.") is True
        (line,) = queries.review(sent.id).lines
        assert (line.row.verdict, line.row.note) == ("returned", "Samakan dasarnya: huruf h.")
        matching.undo(*key)
        (line,) = queries.review(sent.id).lines
        assert line.row.verdict is None
        assert matches.counts()[1:] == (1, 0)
        assert matching.decide(*key, "aligned", model_id=model, note="Samakan dasarnya: huruf h.") is True
        service.finish(sent.id)
        assert queries.entry(other).state == "returned"
        assert queries.entry(other).body["grounds"][0]["code"] == "17j"
        with pytest.raises(ConflictError):
            matching.undo(*key)


def test_a_note_for_an_item_that_nobody_reviews_waits_for_its_review(fresh_world: World, region: str) -> None:
    walk.determined(fresh_world, region)
    sent = hand_in(fresh_world, region, "disdik", [walk.body(walk.TITLES[0], grounds=J)])
    (pair,) = open_pairs(fresh_world, region)
    key, model = (pair.row.item_a, pair.row.item_b), next(s for s in pair.sides if s.sender_slug == "disdik")
    other = next(side for side in pair.sides if side.sender_slug == "dinkes").item_id
    with fresh_world.acting(f"pusat@{region}"):
        assert matching.decide(*key, "aligned", model_id=model.item_id, note="Pakai huruf j.") is False
        (double,) = queries.doubles_of_items([other])[other]
        assert double.waiting_note == "Pakai huruf j."
        assert queries.review(sent.id).lines[0].row.verdict is None


def test_what_is_opened_elsewhere_contradicts_what_is_still_closed(fresh_world: World, region: str) -> None:
    made = walk.determined(fresh_world, region)
    hand_in(fresh_world, region, "disdik", [walk.body(walk.TITLES[0])])
    (pair,) = open_pairs(fresh_world, region)
    assert pair.row.kinds == ["same"]
    opened = next(side for side in pair.sides if side.determination_id == made.id).item_id
    with fresh_world.acting(f"pusat@{region}"), transaction():
        moving.move([opened], "opened", turn="none")
    fresh_world.drain()
    (pair,) = open_pairs(fresh_world, region)
    assert pair.row.kinds == ["same", "state"]
    assert "sudah terbuka" in pair.reasons[0]


def test_moving_entries_is_refused_whole_when_one_has_moved(fresh_world: World, region: str) -> None:
    made = walk.determined(fresh_world, region)
    with fresh_world.acting(f"pusat@{region}"), transaction():
        rows = [entry for entry in queries.page(queries.Filter()) if entry.determination_id == made.id]
        moving.move([rows[0].item_id], "opened", turn="none", frm=["determined"])
        with pytest.raises(ConflictError):
            moving.move([row.item_id for row in rows], "opened", turn="none", frm=["determined"])


def test_strangers_pairs_do_not_exist(fresh_world: World, region: str) -> None:
    hand_in(fresh_world, region, "dinkes", [walk.body("Data gaji pegawai")])
    hand_in(fresh_world, region, "disdik", [walk.body("Data gaji pegawai")])
    (pair,) = open_pairs(fresh_world, region)
    stranger = next(r for r, slug in fresh_world.tenants if slug == "pusat" and r != region)
    with fresh_world.acting(f"pusat@{stranger}"), pytest.raises(NotFoundError):
        matching.decide(pair.row.item_a, pair.row.item_b, "same")
    with fresh_world.acting(f"auditor@{region}"), pytest.raises(NotFoundError):
        matching.decide(pair.row.item_a, pair.row.item_b, "same")
