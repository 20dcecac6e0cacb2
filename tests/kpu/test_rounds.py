"""A KPU round by its verbs: four rows in order, three approvals of one list, and KPU RI before anything is published."""

from datetime import date, timedelta

import pytest

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.cases import queries as cases
from ppid_saas.kpu import queries, rules, service
from ppid_saas.register import service as register
from tests.fixtures import walk
from tests.kpu.conftest import THREE, Kpu

GRANT = rules.Grant("1234/HM.02/2026", walk.days(0))
LINK = "https://ppid.contoh.go.id/daftar"


def grant(kpu: Kpu, round_id: object, said: rules.Grant = GRANT) -> None:
    with kpu.world.acting(kpu.officer):
        service.record_grant(round_id, said)  # type: ignore[arg-type]


def test_the_four_rows_from_collecting_to_the_upload(kpu: Kpu) -> None:
    kpu.fill()
    round_id = kpu.opened()
    opened = kpu.found(round_id)
    assert (opened.state, opened.case.sop) == ("collecting", "74-ort-06-3604-2022")
    assert opened.round.due_on == walk.days(13)
    with kpu.world.acting(kpu.officer):
        duty = cases.duties([round_id], service.COLLECT_DUE)[round_id]
        assert duty.source == "74/ORT.06/3604/2022, baris 1"
        service.close(round_id)
        assert cases.duties([round_id], service.COLLECT_DUE)[round_id].settled_at is not None
        kind = queries.doc_types()[1]
        service.classify(round_id, {row.item_id: kind for row in queries.items(round_id)})
        service.ask(round_id)
    assert kpu.found(round_id).turn == "Pembina, Tim Pertimbangan, Atasan PPID"
    kpu.approve(round_id, "superior")
    assert kpu.found(round_id).turn == "Pembina, Tim Pertimbangan"
    kpu.approve(round_id, "board_member", "pembina")
    with kpu.world.acting(kpu.officer):
        service.store(round_id)
    assert kpu.found(round_id).turn == "KPU RI"
    grant(kpu, round_id)
    with kpu.world.acting(kpu.head):
        service.publish(round_id, LINK, walk.days(0))
    done = kpu.found(round_id)
    assert (done.state, done.round.link, done.case.closed_at is not None) == ("published", LINK, True)


def test_nothing_is_published_before_kpu_ri_agreed_and_the_reason_is_said(kpu: Kpu) -> None:
    kpu.fill()
    round_id = kpu.stored()
    with kpu.world.acting(kpu.head), pytest.raises(ConflictError, match="persetujuan KPU RI belum dicatat"):
        service.publish(round_id, LINK, walk.days(0))
    assert kpu.found(round_id).state == "stored"


EARLY = {
    "ask": service.ask,
    "store": service.store,
    "grant": lambda round_id: service.record_grant(round_id, GRANT),
    "publish": lambda round_id: service.publish(round_id, LINK, walk.days(0)),
}


@pytest.mark.parametrize("early", EARLY)
def test_no_step_is_taken_before_its_turn(kpu: Kpu, early: str) -> None:
    kpu.fill()
    round_id = kpu.opened()
    with kpu.world.acting(kpu.head), pytest.raises(ConflictError):
        EARLY[early](round_id)
    assert kpu.found(round_id).state == "collecting"


def test_a_returned_list_is_collected_again_and_all_three_are_asked_anew(kpu: Kpu) -> None:
    kpu.fill()
    round_id = kpu.asked()
    kpu.approve(round_id, "pembina")
    with kpu.world.acting(kpu.who("superior")):
        seen = queries.round_of(round_id).round.sha256
        with pytest.raises(InvalidError):
            service.give_back(round_id, "superior", seen, "  ")
        service.give_back(round_id, "superior", seen, "Butir 2 salah jenis.")
    assert kpu.found(round_id).state == "collecting"
    kpu.ask_again(round_id)
    assert set(rules.missing(kpu.found(round_id).answers)) == set(THREE)
    kpu.approve(round_id)
    assert kpu.found(round_id).state == "approved"


def test_what_was_read_is_what_is_approved(kpu: Kpu) -> None:
    kpu.fill()
    round_id = kpu.asked()
    with kpu.world.acting(kpu.who("pembina")):
        with pytest.raises(ConflictError, match="Daftar berubah"):
            service.approve(round_id, "pembina", "0" * 64)
        assert queries.round_of(round_id).mine == ["pembina"]


def test_an_approval_is_taken_back_while_the_others_are_awaited(kpu: Kpu) -> None:
    kpu.fill()
    round_id = kpu.asked()
    kpu.approve(round_id, "pembina")
    with kpu.world.acting(kpu.who("pembina")):
        service.take_back(round_id, "pembina")
        with pytest.raises(ConflictError):
            service.take_back(round_id, "pembina")
    kpu.approve(round_id, "board_member", "superior")
    assert kpu.found(round_id).state == "awaiting_approval"
    kpu.approve(round_id, "pembina")
    assert kpu.found(round_id).state == "approved"


def test_nobody_answers_for_another_authority_or_twice(kpu: Kpu) -> None:
    kpu.fill()
    round_id = kpu.asked()
    with kpu.world.acting(kpu.who("pembina")):
        seen = queries.round_of(round_id).round.sha256
        with pytest.raises(NotFoundError):
            service.approve(round_id, "superior", seen)
        with pytest.raises(NotFoundError):
            service.approve(round_id, "kpu_ri", seen)
        service.approve(round_id, "pembina", seen)
        with pytest.raises(ConflictError):
            service.approve(round_id, "pembina", seen)
    with kpu.world.acting(kpu.officer), pytest.raises(NotFoundError):
        service.approve(round_id, "pembina", seen)


def test_the_frozen_list_stays_as_it_was_when_closed(kpu: Kpu) -> None:
    kpu.fill("Daftar pemilih rentan")
    round_id = kpu.asked()
    with kpu.world.acting(kpu.officer):
        register.save_item(walk.body("Ditulis kemudian"))
        assert [row.title for row in queries.items(round_id)] == ["Daftar pemilih rentan"]


def test_an_empty_or_incomplete_list_is_not_closed(kpu: Kpu) -> None:
    round_id = kpu.opened()
    with kpu.world.acting(kpu.officer):
        with pytest.raises(ConflictError, match="masih kosong"):
            service.close(round_id)
        register.save_item({"title": "Setengah jadi"})
        with pytest.raises(ConflictError, match=r"1 butir belum lengkap: nomor 1\."):
            service.close(round_id)
    assert kpu.found(round_id).state == "collecting"


def test_asking_needs_a_type_of_document_for_each(kpu: Kpu) -> None:
    kpu.fill()
    round_id = kpu.opened()
    with kpu.world.acting(kpu.officer):
        service.close(round_id)
        rows = queries.items(round_id)
        with pytest.raises(InvalidError):
            service.classify(round_id, {rows[0].item_id: "Jenis karangan"})
        service.classify(round_id, {rows[0].item_id: queries.doc_types()[0]})
        with pytest.raises(ConflictError, match="2 butir belum diklasifikasi"):
            service.ask(round_id)
        service.resume(round_id)
        service.close(round_id)
        assert sum(bool(row.doc_type) for row in queries.items(round_id)) == 1


def test_the_letter_of_kpu_ri_needs_a_number_and_a_day_that_has_come(kpu: Kpu) -> None:
    kpu.fill()
    round_id = kpu.stored()
    for wrong in (rules.Grant(" ", walk.days(0)), rules.Grant("1", walk.days(1))):
        with pytest.raises(InvalidError):
            grant(kpu, round_id, wrong)
    grant(kpu, round_id, rules.Grant("1", walk.days(0) - timedelta(days=400)))
    assert kpu.found(round_id).state == "granted"


@pytest.mark.parametrize(
    ("link", "days"), [("", 0), ("bukan alamat", 0), ("javascript:alert(1)", 0), (LINK, 1), (LINK, -1)]
)
def test_an_upload_without_address_or_on_a_day_that_cannot_be_is_refused(
    kpu: Kpu, link: str, days: int
) -> None:
    kpu.fill()
    round_id = kpu.stored()
    grant(kpu, round_id)
    with kpu.world.acting(kpu.head), pytest.raises(InvalidError):
        service.publish(round_id, link, walk.days(days))
    assert kpu.found(round_id).state == "granted"


def test_one_round_at_a_time_and_only_in_a_kpu_office(kpu: Kpu) -> None:
    kpu.opened()
    with kpu.world.acting(kpu.officer), pytest.raises(ConflictError):
        service.open_round("Kedua", date(2026, 1, 5))
    with kpu.world.acting(f"petugas.dinkes@{kpu.region}"), pytest.raises(NotFoundError):
        service.open_round("Dinas", date(2026, 1, 5))
