"""The verbs of the register on the real database."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.events.models import Event
from ppid_saas.proofs import digest
from ppid_saas.register import queries, rules, service
from ppid_saas.register.models import Item, ItemVersion
from ppid_saas.register.queries import Filter
from tenants.db import db, new_ids, transaction
from tests.fixtures.world import World


def body(title: str = "Rekam medis pasien rawat inap", **more: object) -> rules.Body:
    data = {
        "title": title,
        "grounds": [{"code": "17h", "law": "UU 14/2008", "article": "Pasal 17 huruf h", "text": "17 h"}],
    }
    return rules.whole_body(data | more)


def until(day: str) -> dict[str, object]:
    return {"kind": "until_date", "ends_on": day, "text": day}


def test_a_period_that_was_changed_is_not_told_in_its_former_words(fresh_world: World) -> None:
    who = next(name for name in fresh_world.people if name.startswith("petugas.dinkes"))
    two = {"kind": "fixed", "value": 2, "unit": "year", "text": "2 (dua) tahun"}
    with fresh_world.acting(who):
        ref = service.save_item(body(period=two)).ref
        reviewed = service.save_item(body(period=two | {"review_on": "2027-01-04"}), ref, 1)
        assert reviewed.body["period"]["text"] == "2 (dua) tahun"
        longer = service.save_item(body(period=two | {"value": 5}), ref, 2)
        assert (longer.body["period"]["value"], longer.body["period"]["text"]) == (5, "")
        again = service.save_item(body(period=two | {"value": 3, "text": "3 tahun"}), ref, 3)
        assert again.body["period"]["text"] == "3 tahun"
    with fresh_world.acting(who):
        unread = service.save_item(body("Lain", period={"text": "Selama diperlukan"})).ref
        explained = service.save_item(body("Lain", period={**two, "text": "Selama diperlukan"}), unread, 1)
        assert explained.body["period"]["text"] == "Selama diperlukan"


@pytest.mark.parametrize("emptied", [{}, {"period": None}])
def test_a_period_without_words_may_be_taken_out(fresh_world: World, emptied: dict[str, None]) -> None:
    who = next(name for name in fresh_world.people if name.startswith("petugas.dinkes"))
    with fresh_world.acting(who):
        ref = service.save_item(body(period={"kind": "fixed", "value": 5, "unit": "year", "text": ""})).ref
        without = {name: value for name, value in body().items() if name != "period"} | emptied
        assert service.save_item(without, ref, 1).body["period"]["kind"] == "unspecified"


def test_a_title_is_enough_for_a_draft(fresh_world: World) -> None:
    who = next(name for name in fresh_world.people if name.startswith("petugas.dinkes"))
    with fresh_world.acting(who):
        saved = service.save_item(rules.whole_body({"title": "Topologi jaringan"}))
        assert (saved.ref, saved.version, saved.state, saved.done_fields) == (1, 1, "draft", 1)
        assert saved.sort_on == date.max
        with pytest.raises(InvalidError):
            service.save_item(rules.whole_body({"title": "  "}))
        assert queries.count() == 1
        assert service.save_item(body("Berikutnya")).ref == 2


def test_refs_belong_to_the_unit(world: World) -> None:
    with world.acting("petugas.dpupr@sana"):
        mine = service.save_item(body("Gambar rinci jembatan"))
    with world.acting("petugas.dpupr@sini"):
        theirs = service.save_item(body("Gambar rinci bendungan"))
        assert theirs.ref == mine.ref
        assert queries.item(theirs.ref).title == "Gambar rinci bendungan"


def test_every_body_is_kept_with_its_hash(world: World) -> None:
    with world.acting("petugas.dinkes@sana"):
        saved = service.save_item(body(period=until("2031-12-31")))
        first = saved.body
        service.save_item(body(harm="Pasien dirugikan."), saved.ref, 1)
        versions = (
            db.session.execute(
                select(ItemVersion).where(ItemVersion.item_id == saved.id).order_by(ItemVersion.version)
            )
            .scalars()
            .all()
        )
        assert [v.version for v in versions] == [1, 2]
        assert versions[0].body == first
        assert [v.hash for v in versions] == [digest(v.body) for v in versions]
        assert versions[0].hash != versions[1].hash


def test_the_columns_follow_the_body(world: World) -> None:
    with world.acting("petugas.dinkes@sana"):
        saved = service.save_item(body(period=until("2031-12-31") | {"review_on": "2030-01-01"}))
        assert (saved.ends_on, saved.review_on, saved.sort_on) == (
            date(2031, 12, 31),
            date(2030, 1, 1),
            date(2031, 12, 31),
        )
        two = [
            {"code": "17h.3", "law": "UU 14/2008"},
            {"code": None, "law": "UU 36/2009"},
            {"code": "17j", "law": "UU 36/2009"},
        ]
        service.save_item(
            body(grounds=two, period={"kind": "unlimited", "review_on": "2029-05-01"}), saved.ref, 1
        )
        again = queries.item(saved.ref)
        assert (again.ends_on, again.sort_on) == (None, date(2029, 5, 1))
        assert again.codes == ["17h.3", "17j"]


def test_saving_the_same_makes_no_version_and_no_event(world: World) -> None:
    with world.acting("petugas.dinkes@sana"):
        saved = service.save_item(body("Hasil audit internal"))
        assert service.save_item(saved.body, saved.ref, 1).version == 1
        events = db.session.execute(select(Event).where(Event.subject == saved.id)).scalars().all()
        assert [(event.kind, event.data) for event in events] == [
            ("item.saved", {"ref": saved.ref, "version": 1})
        ]


def test_a_stale_version_is_refused_and_told_the_newest(world: World) -> None:
    with world.acting("petugas.dinkes@sana"):
        ref = service.save_item(body("Denah ruang peladen")).ref
        service.save_item(body("Denah ruang peladen lama"), ref, 1)
        with pytest.raises(ConflictError) as refused:
            service.save_item(body("Denah gedung"), ref, 1)
        assert refused.value.fields == {"version": ["2"]}
        assert queries.item(ref).title == "Denah ruang peladen lama"


def test_of_two_at_once_one_wins(world: World) -> None:
    with world.acting("petugas.dinkes@sana"):
        ref = service.save_item(body("Daftar kata sandi peladen")).ref

    def change(n: int) -> bool:
        with world.acting("petugas.dinkes@sana"):
            try:
                service.save_item(body(f"Perubahan {n}"), ref, 1)
            except ConflictError:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(change, range(4))) == [False, False, False, True]
    with world.acting("petugas.dinkes@sana"):
        assert queries.item(ref).version == 2


def test_numbers_are_never_given_twice(fresh_world: World) -> None:
    who = next(name for name in fresh_world.people if name.startswith("petugas.disdik"))
    fresh_world.token(who)

    def add(n: int) -> int:
        with fresh_world.acting(who):
            return service.save_item(body(f"Soal ujian {n}")).ref

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(add, range(12))) == list(range(1, 13))


def test_a_submitted_item_is_locked_until_it_comes_back(world: World) -> None:
    with world.acting("petugas.disdik@sana"):
        saved = service.save_item(body("Nilai siswa per orang"))
        service.mark_submitted([saved.id])
        for change in (
            lambda: service.save_item(body("Lain"), saved.ref, 1),
            lambda: service.delete_item(saved.ref),
        ):
            with pytest.raises(ConflictError) as refused:
                change()
            assert refused.value.message == service.LOCKED
        with pytest.raises(ConflictError):
            service.mark_submitted([saved.id])
        service.mark_returned([saved.id])
        service.mark_returned([saved.id])
        assert service.save_item(body("Nilai siswa"), saved.ref, 1).state == "returned"
        with pytest.raises(ConflictError) as kept:
            service.delete_item(saved.ref)
        assert kept.value.message == service.ONLY_DRAFTS


def test_a_foreign_item_cannot_be_sent(world: World) -> None:
    with world.acting("petugas.disdik@sana"):
        foreign = service.save_item(body("Berkas kepegawaian guru")).id
    with world.acting("petugas.dinkes@sana"), pytest.raises(ConflictError):
        service.mark_submitted([foreign])
    with world.acting("petugas.disdik@sana"):
        assert {item.state for item in queries.items_for_submission() if item.id == foreign} == {"draft"}


def test_a_deleted_draft_comes_back_as_it_was(world: World) -> None:
    with world.acting("petugas.dinkes@sana"):
        saved = service.save_item(body("Akan dihapus"))
        service.delete_item(saved.ref)
        with pytest.raises(NotFoundError):
            queries.item(saved.ref)
        with pytest.raises(NotFoundError):
            service.save_item(body("Menyusul"), saved.ref, 1)
        assert saved.id not in {item.id for item in queries.items_for_submission()}
        service.restore_item(saved.ref)
        service.restore_item(saved.ref)
        assert queries.item(saved.ref).title == "Akan dihapus"


def test_many_at_once_are_like_one_by_one(fresh_world: World) -> None:
    who = next(name for name in fresh_world.people if name.startswith("petugas.kpu"))
    with fresh_world.acting(who):
        with transaction():
            ids = service.put_items([body(f"Butir {n}", period=until(f"203{n}-01-01")) for n in range(5)])
            one = service.put_item(body("Butir 9", period=until("2039-01-01")))
        lines = queries.page(Filter(), 1)
        assert [line.ref for line in lines] == [1, 2, 3, 4, 5, 6]
        assert [line.id for line in lines] == [*ids, one.id]
        assert {tuple(line.codes) for line in lines} == {("17h",)}
        assert len({v.hash for line in lines for v in queries.history(queries.item(line.ref))}) == 6


HARD = (
    {"title": 'Baris\nkedua \u2028 \\n "kutip" \x1f é', "grounds": [], "note": "a\nb\r\n\tc"},
    {"title": "Tiga dasar", "period": {"kind": "fixed", "value": 5, "unit": "year", "starts_on": "2024-02-29"},
     "grounds": [{"code": "17j", "law": "UU 'x'\n2/2022"}, {"code": None, "law": "UU 3"}, {"code": "17h", "law": None},
                 {"code": "17j", "law": "UU 'x'\n2/2022"}]},
    {"title": "Lengkap", "document": "Map", "part": "whole", "harm": "H", "benefit": "B", "interest": "I", "holder": "Kepala",
     "grounds": [{"code": "17h", "law": "UU 14/2008"}], "forms": ["softcopy"], "participants": ["Sri, S.H."],
     "period": {"kind": "until_date", "ends_on": "2030-01-01", "review_on": "2028-02-29", "text": "2030"}},
    {"title": "Hanya judul"},
)  # fmt: skip


@pytest.mark.parametrize("given", [HARD, HARD[3:], HARD[:1]], ids=["all", "the barest", "the oddest"])
def test_what_many_at_once_write_is_what_one_by_one_writes(
    fresh_world: World, given: Sequence[dict[str, object]]
) -> None:
    who = next(name for name in fresh_world.people if name.startswith("petugas.kpu"))
    with fresh_world.acting(who):
        with transaction():
            singly = [service.put_item(rules.whole_body(data)).id for data in given]
            at_once = service.put_items([rules.whole_body(data) for data in given])
        assert [kept(item_id) for item_id in at_once] == [kept(item_id) for item_id in singly]


def kept(item_id: UUID) -> tuple[object, ...]:
    """Return all that is written of an item but its id, its number and its instants."""
    one = db.session.execute(select(Item).where(Item.id == item_id)).scalar_one()
    versions = db.session.execute(select(ItemVersion).where(ItemVersion.item_id == item_id)).scalars()
    columns = set(Item.__table__.columns.keys()) - {"id", "ref", "created_at", "updated_at"}
    return (
        {name: getattr(one, name) for name in columns},
        [(v.version, v.body, v.hash, v.hash == digest(one.body), v.actor) for v in versions],
    )


def test_items_that_differ_in_their_titles_alone_share_the_rest(fresh_world: World) -> None:
    who = next(name for name in fresh_world.people if name.startswith("petugas.dinkes"))
    letters = [
        rules.untitled(body(period=until(f"203{n}-01-01"), note='"é"\n') | {"title": ""}) for n in range(3)
    ]
    given = [rules.titled(letters[n % 3], f'Judul "{n}"\n é') for n in (5, 0, 4, 1, 2, 3)]
    with fresh_world.acting(who):
        with transaction():
            service.put_items([body("Lebih dahulu")])
            service.put_written(service.prepared(new_ids(len(given)), given), None)
        found = db.session.execute(select(Item).order_by(Item.ref)).scalars().all()[1:]
        assert [item.ref for item in found] == list(range(2, 8))
        assert [item.title for item in found] == [each.title for each in given]
        assert [digest(item.body) for item in found] == [each.hash for each in given]
        assert [item.ends_on.year % 10 for item in found if item.ends_on] == [2, 0, 1, 1, 2, 0]


def test_many_with_one_untitled_among_them_write_nothing(fresh_world: World) -> None:
    who = next(name for name in fresh_world.people if name.startswith("petugas.kpu"))
    with fresh_world.acting(who):
        with pytest.raises(InvalidError), transaction():
            service.put_items([body("Berjudul"), body(" \n")])
        assert queries.count() == 0


def test_filters_search_and_order(fresh_world: World) -> None:
    who = next(name for name in fresh_world.people if name.startswith("petugas.perumda"))
    with fresh_world.acting(who):
        with transaction():
            for n, (title, code, day) in enumerate(
                [
                    ("Peta pipa induk", "17c", "2030-01-01"),
                    ("Resep 100% rahasia", "17b", "2028-01-01"),
                    ("Data pelanggan", "17h.3", "2029-01-01"),
                ]
            ):
                grounds = [{"code": code, "law": "UU 14/2008"}]
                service.put_item(body(title, grounds=grounds, period=until(day), document=f"Map {n}"))
        assert [line.title for line in queries.page(Filter(), 1)] == [
            "Resep 100% rahasia",
            "Data pelanggan",
            "Peta pipa induk",
        ]
        assert [line.ref for line in queries.page(Filter(sort="-ref"), 1)] == [3, 2, 1]
        assert [line.title for line in queries.page(Filter(q="PIPA induk"), 1)] == ["Peta pipa induk"]
        assert [line.title for line in queries.page(Filter(q="100%"), 1)] == ["Resep 100% rahasia"]
        assert [line.title for line in queries.page(Filter(q="map 2"), 1)] == ["Data pelanggan"]
        assert queries.count(Filter(q="10%%")) == 0
        for ground, found in {"17h": 1, "17h.3": 1, "17h.30": 0, "17": 0, "17c": 1, "17a": 0}.items():
            assert queries.count(Filter(ground=ground)) == found
        assert queries.ground_counts() == {"17b": 1, "17c": 1, "17h": 1}
        assert queries.state_counts() == {"draft": 3}
        assert [line.ref for line in queries.after(1, 10)] == [2, 3]


def test_reading_and_writing_are_different_rights(world: World) -> None:
    with world.acting("kepala.dinkes@sana"):
        queries.count()
        with pytest.raises(NotFoundError):
            service.save_item(body())
    with world.acting("pusat@sana"), pytest.raises(NotFoundError):
        queries.count()
