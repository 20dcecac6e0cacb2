"""The verbs of the register of places: adding, moving, refusing, taking back, lending, counting."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.cases import service as cases
from ppid_saas.cases.queries import duties
from ppid_saas.places import lending, queries, rules, service, taking_stock
from tenants import clock
from tenants.db import new_id
from tests.fixtures.world import email_of
from tests.places.conftest import Archive
from tests.submissions.test_mails import Inbox, inbox

__all__ = ["inbox"]


def test_a_place_stands_only_where_its_kind_may(archive: Archive) -> None:
    with archive.world.acting(archive.who):
        for kind, within in (
            ("building", "A"),
            ("box", ""),
            ("room", "A-01"),
            ("folder", "A"),
            ("shelf", "TAK-ADA"),
        ):
            with pytest.raises(InvalidError) as refused:
                service.add_places(kind, within, "Z-1")
            assert set(refused.value.fields) == {"within"}, kind
        with pytest.raises(InvalidError, match="A-01 sudah dipakai"):
            service.add_places("shelf", "A", "A-01")
        assert set(queries.places()) == set(archive.places.values())


def test_several_places_are_one_step_or_none(archive: Archive) -> None:
    with archive.world.acting(archive.who):
        made = service.add_places("box", "A-02", "A-02-09", "", 3)
        assert [place.code for place in made] == ["A-02-09", "A-02-10", "A-02-11"]
        assert len({place.label for place in made}) == 3
        with pytest.raises(InvalidError):
            service.add_places("box", "A-02", "A-02-08", "", 2)
        assert queries.place_named("A-02-08") is None


def test_moving_a_place_takes_its_contents_along_but_never_into_itself(archive: Archive) -> None:
    with archive.world.acting(archive.who):
        [cabinet] = service.add_places("cabinet", "A", "L1")
        moved = service.change_place(archive.places["A-01"], "L1", "L1-01", "Rak pindahan")
        assert moved.parent_id == cabinet.id
        line = rules.line_of(queries.places(), queries.paper(archive.papers[1]).place_id)
        assert [place.code for place in line] == ["A", "L1", "L1-01", "A-01-01"]
        with pytest.raises(InvalidError) as refused:
            service.change_place(cabinet.id, "A-01-01", "L1")
        assert "within" in refused.value.fields
        kinds = [event.kind for event in queries.past_of_place(archive.places["A-01"])]
        assert kinds == ["place.changed", "place.added"]


def test_a_full_place_says_what_lies_in_it_and_an_empty_one_comes_back(archive: Archive) -> None:
    with archive.world.acting(archive.who):
        with pytest.raises(ConflictError, match=r"2 kertas \(K-1, K-2\)"):
            service.remove_place(archive.places["A-01-01"])
        with pytest.raises(ConflictError, match=r"2 tempat \(A-01, A-02\)"):
            service.remove_place(archive.places["A"])
        service.move_papers(archive.papers.values(), "A-02")
        service.remove_place(archive.places["A-01-01"])
        assert queries.place_named("A-01-01") is None
        service.restore_place(archive.places["A-01-01"])
        assert queries.place_named("A-01-01") is not None
        service.remove_place(archive.places["A-01-01"])
        service.remove_place(archive.places["A-01"])
        with pytest.raises(ConflictError):
            service.restore_place(archive.places["A-01-01"])


def test_papers_move_together_and_back_but_for_those_moved_since(archive: Archive) -> None:
    with archive.world.acting(archive.who):
        made, n = service.move_papers(list(archive.papers.values()), "A-02")
        assert n == 2, "the third lay there already"
        service.move_papers([archive.papers[2]], "A-01")
        assert service.take_back_move(made) == 1
        steps = [step.kind for step in queries.past_of_paper(archive.papers[1])]
        assert steps == ["put", "put", "put"]
        with pytest.raises(NotFoundError):
            service.take_back_move(new_id())
        with pytest.raises(InvalidError):
            service.move_papers([], "A-02")
    assert (archive.where(1), archive.where(2), archive.where(3)) == ("A-01-01", "A-01", "A-02")


def test_a_paper_lies_in_a_room_or_deeper_and_belongs_to_an_item_that_is_there(archive: Archive) -> None:
    with archive.world.acting(archive.who):
        service.add_places("building", "", "G")
        with pytest.raises(InvalidError, match="bukan langsung di gedung"):
            service.add_holding(1, "G")
        with pytest.raises(InvalidError, match="Butir ini tidak ada"):
            service.add_holding(99, "A")
        assert [paper.n for paper in queries.papers_of(1)] == [1]
        assert queries.paper(archive.papers[3]).name == "Lampiran peta"
        assert queries.paper(archive.papers[1]).name == "Rekam medis pasien puskesmas"


def test_the_past_can_only_be_added_to(archive: Archive) -> None:
    query = "select grantee, privilege_type from information_schema.role_table_grants where table_schema = 'work' and table_name = %s and grantee = 'app_tenant'"
    assert {row[1] for row in archive.sql(query, "placing")} == {"SELECT", "INSERT"}
    assert {row[1] for row in archive.sql(query, "loan")} == {"SELECT", "INSERT", "UPDATE"}


def test_a_paper_is_lent_to_one_at_a_time_and_comes_back(archive: Archive) -> None:
    with archive.world.acting(archive.who) as who:
        loan = lending.lend(archive.papers[1], "Sekretariat", 5)
        assert loan.due_on > clock.today(who.zone) + timedelta(days=4)
        with pytest.raises(ConflictError):
            lending.lend(archive.papers[1], "Orang lain", 5)
        with pytest.raises(ConflictError):
            service.remove_holding(archive.papers[1])
        assert [paper.n for paper in queries.page(queries.Filter(status="lent"), 1)] == [1]
        assert queries.count(queries.Filter(status="late", today=loan.due_on)) == 0
        assert queries.count(queries.Filter(status="late", today=loan.due_on + timedelta(days=1))) == 1
        assert duties([loan.id])[loan.id].settled_at is None
        lending.take_back(archive.papers[1])
        assert duties([loan.id])[loan.id].settled_at is not None
        with pytest.raises(ConflictError):
            lending.take_back(archive.papers[1])
        assert [step.kind for step in queries.past_of_paper(archive.papers[1])] == ["back", "lent", "put"]
        service.remove_holding(archive.papers[1])
        assert queries.papers_of(1) == []
        service.restore_holding(archive.papers[1])
        assert [paper.n for paper in queries.papers_of(1)] == [1]


def test_an_overdue_loan_is_told_to_the_officers_without_a_title(
    archive: Archive, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with archive.world.acting(archive.who):
        loan = lending.lend(archive.papers[1], "Sekretariat", 1)
        duty = duties([loan.id])[loan.id]
    archive.world.drain()
    inbox.taken()
    monkeypatch.setenv("PPID_CLOCK", (duty.due_at + timedelta(minutes=1)).isoformat())
    with archive.world.app().app_context():
        assert cases.settle_due(archive.world.tenant(archive.who), duty.id)
    archive.world.drain()
    [mail] = inbox.taken()
    assert mail["To"] == email_of(archive.who)
    assert mail["Subject"].startswith("Kertas belum dikembalikan")
    text = mail.get_payload(decode=True).decode()
    assert not {"Rekam", "medis", "Sekretariat", "K-1"} & set(text.split())
    short = re.search(r"/t/\w{8}", text)
    assert short
    listed = archive.world.client(archive.who).get(short[0], follow_redirects=True)
    assert "Sekretariat" in listed.text
    assert "Lewat" in listed.text


def scan(inventory: UUID, read: str, here: UUID | None = None) -> taking_stock.Scan:
    return taking_stock.scan(inventory, read, here)


def test_an_inventory_from_the_first_scan_to_the_mended_record(archive: Archive) -> None:
    box, shelf = archive.places["A-01-01"], archive.places["A-02"]
    with archive.world.acting(archive.who):
        lending.lend(archive.papers[3], "Bidang data", 3)
        held = taking_stock.begin("A").id
        with pytest.raises(InvalidError, match="Pindai tempatnya dahulu"):
            scan(held, "K-1")
        with pytest.raises(InvalidError, match="tidak dikenal"):
            scan(held, "abcd2345", box)
        read = scan(held, f"https://dik.contoh.test/t/{archive.label('A-02')}")
    with archive.world.acting(archive.who):
        assert read.place is not None
        assert read.place.id == shelf
        assert scan(held, "k1", shelf).at_home is False
        taking_stock.end(held)
        found = queries.found_by(held)
        assert found.astray == ((archive.papers[1], shelf),)
        assert found.missing == (archive.papers[2],)
        assert found.lent == (archive.papers[3],)
        with pytest.raises(ConflictError):
            scan(held, "K-2", box)
        made, n = taking_stock.settle_astray(held)
        assert n == 1
        service.move_papers([archive.papers[2]], "A-02")
        assert queries.found_by(held) == found, "what was found stays as it was found"
    assert archive.where(1) == "A-02"
    with archive.world.acting(archive.who):
        assert service.take_back_move(made) == 1
    assert archive.where(1) == "A-01-01"


def test_seen_again_elsewhere_the_later_place_counts(archive: Archive) -> None:
    with archive.world.acting(archive.who):
        held = taking_stock.begin().id
        scan(held, "K-1", archive.places["A-02"])
        assert scan(held, "K-1", archive.places["A-01-01"]).at_home
        assert queries.seen_in(held) == {archive.papers[1]: archive.places["A-01-01"]}
        with pytest.raises(ConflictError):
            taking_stock.settle_astray(held)
        with pytest.raises(InvalidError):
            taking_stock.begin("TAK-ADA")
