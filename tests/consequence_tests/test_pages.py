"""The screens of a test, walked by forms alone: PPID Utama writes, passes on and closes; a member answers in one tap an item."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from ppid_saas.consequence_tests import board_queries, queries, walking
from tests.consequence_tests.walking import agree, at_board, in_test, write
from tests.fixtures.world import World


@pytest.fixture
def quiet(fresh_world: World) -> Iterator[World]:
    app = fresh_world.app("office")
    app.config["WTF_CSRF_ENABLED"] = False
    yield fresh_world
    app.config["WTF_CSRF_ENABLED"] = True


def sheet_form(**more: str) -> dict[str, str]:
    texts = dict.fromkeys(("open_part", "benefit", "loss", "balance_reason"), "")
    return texts | {
        "harm": "Pasien dapat dirugikan. Kerugiannya tidak pulih.", "interest": "Rahasia pribadi.", "outcome": "exempt",
        "reason": "Kepentingan pasien lebih besar.", "participants": "Kepala Dinas\nKepala Bidang", "version": "1",
    } | more  # fmt: skip


def test_a_round_is_tested_and_passed_on_by_forms(quiet: World) -> None:
    region, ids, round_id = in_test(quiet)
    client, at = quiet.client(f"pusat@{region}"), f"/{region}/pusat/uji/{round_id}"
    assert "Diuji PPID Utama" in client.get(f"/{region}/pusat/uji").text
    assert "3 butir belum ada hasil ujinya" in client.get(at).text
    page = client.get(f"{at}/{ids[0]}").text
    assert "Uji Dinas Kesehatan" in page
    assert "Orang yang tercatat dapat dirugikan." in page
    refused = client.post(f"{at}/{ids[0]}", data=sheet_form(reason=""))
    assert refused.status_code == 422
    assert "Tulis alasan hasil uji." in refused.text
    assert "Pasien dapat dirugikan" in refused.text
    for item_id, outcome in zip(ids, ("exempt", "partly_open", "open"), strict=True):
        form = sheet_form(outcome=outcome, open_part="Nama jabatan")
        assert client.post(f"{at}/{item_id}", data=form).status_code == 303
    assert "Siap disampaikan ke Tim Pertimbangan" in client.get(at).text
    assert client.post(f"{at}/sampaikan", data={"quorum": "x"}).status_code == 422
    assert client.post(f"{at}/sampaikan", data={"quorum": ""}).status_code == 303
    assert "Menunggu Tim Pertimbangan" in client.get(at).text
    assert client.post(f"{at}/sampaikan").status_code == 409


def test_two_officers_on_one_sheet_see_both_texts(quiet: World) -> None:
    region, ids, round_id = in_test(quiet)
    client, at = quiet.client(f"pusat@{region}"), f"/{region}/pusat/uji/{round_id}/{ids[0]}"
    assert client.post(at, data=sheet_form(harm="Tulisan pertama.")).status_code == 303
    late = client.post(at, data=sheet_form(harm="Tulisan kedua."))
    assert late.status_code == 409
    assert "Tulisan pertama." in late.text
    assert "Tulisan kedua." in late.text
    version = re.search(r'name="version" value="(\d+)"', late.text)
    assert version
    assert client.post(at, data=sheet_form(harm="Tulisan kedua.", version=version[1])).status_code == 303
    assert "Tulisan kedua." in client.get(at).text


def test_the_form_says_back_what_is_lacking_and_saves_nothing(quiet: World) -> None:
    region, ids, round_id = in_test(quiet)
    client, at = quiet.client(f"pusat@{region}"), f"/{region}/pusat/uji/{round_id}/{ids[0]}"
    said = client.post(f"{at}/kelengkapan", data=sheet_form(participants="Kepala Dinas"))
    assert "Tulis paling sedikit dua peserta uji" in said.text
    with quiet.acting(f"pusat@{region}"):
        assert len(queries.versions(round_id, ids[0])) == 1


def answer(client: FlaskClient, page: str, view: str, reason: str = "") -> tuple[int, str]:
    given = client.post(page, data={"view": view, "reason": reason})
    return given.status_code, given.headers.get("Location", "")


def test_a_member_answers_in_one_tap_an_item_and_is_led_to_the_next(quiet: World) -> None:
    region, ids, made = at_board(quiet)
    client, root = quiet.client(f"tim@{region}"), f"/{region}/pusat/telaah"
    home = client.get(root).text
    assert "3 butir menunggu pertimbangan Anda" in home
    start = re.search(rf'href="({root}/{made.id}/[0-9a-f-]+)">Mulai', home)
    assert start
    page, seen = start[1], []
    for _ in ids:
        seen.append(UUID(page.rsplit("/", 1)[1]))
        status, page = answer(client, page, "agree")
        assert status == 303
    assert sorted(seen) == sorted(ids)
    assert page.endswith("telaah?selesai=1")
    assert "Semua butir sudah Anda pertimbangkan." in client.get(page).text


def test_a_view_without_its_reason_is_asked_for_it_and_the_draft_stays(quiet: World) -> None:
    region, ids, made = at_board(quiet)
    client, page = quiet.client(f"tim@{region}"), f"/{region}/pusat/telaah/{made.id}/{ids[0]}"
    status, _ = answer(client, page, "disagree")
    assert status == 422
    assert client.post(f"{page}/draf", data={"reason": "Belum yakin."}).text.startswith("Tersimpan")
    assert "Belum yakin." in client.get(page).text
    assert answer(client, page, "disagree", "Tidak nyata.")[0] == 303
    assert "Pendapat anggota lain" in client.get(page).text


def test_the_central_closes_the_board_and_others_may_only_read(quiet: World) -> None:
    region, ids, made = at_board(quiet)
    at = f"/{region}/pusat/uji/{made.id}"
    agree(quiet, region, made.id, ids)
    head = quiet.client(f"kabid@{region}")
    assert head.get(at).status_code == 200
    assert head.post(f"{at}/tutup", data={"number": "1"}).status_code == 404
    officer = quiet.client(f"pusat@{region}")
    assert officer.post(f"{at}/tutup", data={"number": ""}).status_code == 422
    assert officer.post(f"{at}/tutup", data={"number": "12/TP/2026", "note": "Sepakat."}).status_code == 303
    assert "Lembar pertimbangan 12/TP/2026" in officer.get(at).text
    with quiet.acting(f"pusat@{region}"):
        assert walking.case_of(made.id).state == "letter_drafting"


def test_a_test_is_begun_by_hand_with_its_cause(quiet: World) -> None:
    region, ids, round_id = in_test(quiet)
    write(quiet, region, round_id, dict.fromkeys(ids, "deferred"))
    client = quiet.client(f"pusat@{region}")
    assert client.post(f"/{region}/pusat/uji/{round_id}/sampaikan").status_code == 303
    form = f"/{region}/pusat/uji/mulai"
    assert client.get(form).status_code == 200
    assert client.post(form, data={"trigger": "order", "items": [str(ids[0])]}).status_code == 422
    assert client.post(form, data={"trigger": "routine"}).status_code == 422
    begun = client.post(form, data={"trigger": "order", "note": "012/KI/2026", "items": [str(ids[0])]})
    assert begun.status_code == 303
    with quiet.acting(f"tim@{region}"):
        assert board_queries.mine() == []
