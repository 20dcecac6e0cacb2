"""The reviewer's screens with plain forms alone: take, answer, take back, mark, note, choose reasons."""

import re
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ppid_saas.consolidation import queries
from ppid_saas.submissions.models import Submission
from tests.consolidation.test_reviewing import UNIT, change, handed_in
from tests.fixtures import walk
from tests.fixtures.world import World

Place = tuple[FlaskClient, str, Submission, list[UUID]]


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, slug in fresh_world.tenants if slug == "pusat")


@pytest.fixture
def place(fresh_world: World, region: str) -> Place:
    ids = walk.fill(fresh_world, f"{UNIT}@{region}")
    sent = handed_in(fresh_world, region)
    return fresh_world.client(f"pusat@{region}"), f"/{region}/pusat/pengajuan/{sent.id}", sent, ids


def text(client: FlaskClient, path: str) -> str:
    return " ".join(client.get(path).get_data(as_text=True).split())


def post(client: FlaskClient, path: str, page: str, **data: object) -> TestResponse:
    token = re.search(r'name="csrf_token" value="([^"]+)"', text(client, page))
    assert token
    return client.post(path, data={"csrf_token": token[1], **data})


def row_of(page: str, item_id: UUID) -> str:
    return page.partition(f'id="butir-{item_id}"')[2].partition("</article>")[0]


def test_the_inbox_says_who_has_what_and_one_press_begins(
    place: Place, fresh_world: World, region: str
) -> None:
    client, at, _, _ = place
    inbox = f"/{region}/pusat/pengajuan"
    assert "Ambil & periksa<span" in text(client, inbox)
    taken = post(client, f"{at}/ambil", inbox)
    assert taken.headers["Location"] == f"{at}#pemeriksaan"
    assert "Lanjutkan<span" in text(client, inbox)
    auditor = text(fresh_world.client(f"auditor@{region}"), inbox)
    assert "Pusat pusat" in auditor
    assert "Ambil & periksa" not in auditor
    assert "Terima" not in text(fresh_world.client(f"auditor@{region}"), at).partition("<main")[2]


def test_the_notes_of_two_items_are_told_apart(place: Place) -> None:
    client, at, _, ids = place
    for item_id in ids[:2]:
        post(client, f"{at}/putusan", at, item_id=item_id, verdict="returned", note="Sebutkan akibatnya.")
    named = re.findall(r'<section[^>]* aria-label="([^"]+)"', text(client, at).partition("<main")[2])
    assert sum(name.startswith("Catatan untuk unit") for name in named) == 2
    assert len(named) == len(set(named))


def test_an_answer_leads_to_the_next_item_and_can_be_taken_back(place: Place) -> None:
    client, at, _, ids = place
    form = {"item_id": ids[0], "verdict": "accepted", "next": ids[1]}
    assert post(client, f"{at}/putusan", at, **form).headers["Location"] == f"{at}#butir-{ids[1]}"
    page = text(client, at)
    assert "Diperiksa 1 dari 3." in page
    assert "Terakhir: 1 butir diterima." in page
    assert "Urungkan" in row_of(page, ids[0])
    assert post(client, f"{at}/urungkan", at, item_id=ids[0]).headers["Location"].endswith(f"#butir-{ids[0]}")
    assert "Terima<span" in row_of(text(client, at), ids[0])
    stray = post(client, f"{at}/putusan", at, item_id=ids[0], verdict="accepted", next='"><script>')
    assert stray.headers["Location"].endswith("#pemeriksaan")
    assert post(client, f"{at}/urungkan", at, item_id="x").status_code == 422
    assert post(client, f"{at}/urungkan", at, action_id=uuid4()).status_code == 303


def test_a_chip_writes_an_editable_sentence_without_scripts(place: Place) -> None:
    client, at, sent, ids = place
    form = {"item_id": ids[1], "note": "Mohon diperiksa.", "chip": "2"}
    answer = post(client, f"{at}/putusan", at, **form)
    row = row_of(answer.get_data(as_text=True), ids[1])
    assert "Mohon diperiksa.\nUraikan akibat bila dibuka" in row
    assert 'data-key="p" open' in row
    assert "Diperiksa 0 dari 3" in text(client, at), f"nothing was answered in {sent.number}"
    assert post(client, f"{at}/putusan", at, **form | {"chip": "99"}).status_code == 200


def test_notes_for_the_unit_and_notes_within_are_apart(place: Place, fresh_world: World, region: str) -> None:
    client, at, sent, ids = place
    post(client, f"{at}/catatan", at, item_id=ids[0], note="Tanyakan ke bagian hukum.")
    assert "Tanyakan ke bagian hukum." in row_of(text(client, at), ids[0])
    refused = post(client, f"{at}/putusan", at, item_id=ids[0], verdict="returned", note=" ")
    assert refused.status_code == 422
    assert "Tulis apa yang perlu diperbaiki unit." in row_of(refused.get_data(as_text=True), ids[0])
    post(client, f"{at}/putusan", at, item_id=ids[0], verdict="returned", note="Lengkapi.")
    post(client, f"{at}/terima", at, which="all")
    assert post(client, f"{at}/selesai", at).status_code == 303
    fresh_world.drain()
    unit = fresh_world.client(f"{UNIT}@{region}")
    told = text(unit, f"/{region}/u/dinkes/perbaikan") + text(unit, f"/{region}/u/dinkes/pengajuan/{sent.id}")
    assert "Lengkapi." in told
    assert "bagian hukum" not in told
    assert post(client, f"{at}/catatan", at, item_id=uuid4(), note="x").status_code == 404


def test_what_is_looked_at_can_be_hidden(place: Place) -> None:
    client, at, _, ids = place
    hidden = f"{at}?tampil=baru&sembunyi=1"
    form = {"item_id": ids[0], "viewed": "1", "next": ids[1]}
    answer = post(client, f"{at}/tandai?tampil=baru&sembunyi=1", hidden, **form)
    assert answer.headers["Location"] == f"{hidden}#butir-{ids[1]}"
    page = text(client, hidden)
    assert f"butir-{ids[0]}" not in page
    assert "Berubah dan baru 2" in page
    assert "Diperiksa 1 dari 3." in page
    assert "Tandai belum diperiksa" in row_of(text(client, at), ids[0])
    post(client, f"{at}/tandai", at, item_id=ids[0], viewed="")
    assert "Berubah dan baru 3" in text(client, hidden)


def test_only_changed_rows_are_open(fresh_world: World, region: str, place: Place) -> None:
    client, _, sent, ids = place
    walk.accept_all(fresh_world, region, sent.id)
    again = walk.open_collection(fresh_world, region, "Tahun berikutnya")
    fresh_world.drain()
    change(fresh_world, region, 1, period={"kind": "fixed", "value": 7, "unit": "year"})
    with fresh_world.acting(f"{UNIT}@{region}"):
        from ppid_saas.register.service import delete_item

        delete_item(3)
    second = handed_in(fresh_world, region, collection=again)
    at = f"/{region}/pusat/pengajuan/{second.id}"
    page = text(client, at)
    assert "Diperiksa 0 dari 2." in page
    assert f"butir-{ids[1]}" not in page
    row = row_of(page, ids[0])
    flag, diff = row.index("Masa pengecualian diperpanjang 24 bulan"), row.index("change-list")
    assert flag < diff
    assert '<del><span class="visually-hidden">dihapus: </span>5</del>' in row
    assert '<ins><span class="visually-hidden">ditambah: </span>7</ins>' in row
    gone = row_of(page, ids[2])
    assert "Tidak lagi dikirim" in gone
    assert "belum ditetapkan dibuka" in gone
    assert "Terima<span" not in gone
    quiet = row_of(text(client, f"{at}?tampil=semua"), ids[1])
    assert "<details" in quiet
    assert "open" not in re.findall(r"<details[^>]*>", quiet)[0]
    assert "1 butir tidak berubah." in page
    post(client, f"{at}/terima", at, which="same")
    with fresh_world.acting(f"pusat@{region}"):
        verdicts = {line.item_id: line.row.verdict for line in queries.review(second.id).lines}
    assert verdicts == {ids[0]: None, ids[1]: "accepted", ids[2]: None}
    post(client, f"{at}/putusan", at, item_id=ids[0], verdict="accepted")
    assert post(client, f"{at}/selesai", at).status_code == 303


def test_the_reasons_are_changed_on_a_page_of_their_own(place: Place, region: str) -> None:
    client, at, _, _ = place
    page = f"/{region}/pusat/pengajuan/alasan"
    assert "Uraikan akibat bila dibuka" in text(client, page)
    wrong = post(client, page, page, label=["Lampiran"], sentence=[""])
    assert wrong.status_code == 422
    assert 'href="#f-reasons.0.sentence"' in wrong.get_data(as_text=True)
    sentence = 'Lampirkan "lembar" pertimbangan.'
    kept = post(client, page, page, label=["Lampiran", ""], sentence=[sentence, ""])
    assert kept.status_code == 303
    shown = text(client, at)
    assert "Lampirkan &#34;lembar&#34; pertimbangan." in shown
    assert "Uraikan akibat bila dibuka: siapa" not in shown


def test_a_submission_not_yet_received_can_be_taken_at_once(fresh_world: World, region: str) -> None:
    walk.fill(fresh_world, f"{UNIT}@{region}")
    sent = walk.send(fresh_world, f"{UNIT}@{region}", walk.open_collection(fresh_world, region))
    client, at = fresh_world.client(f"pusat@{region}"), f"/{region}/pusat/pengajuan/{sent.id}"
    assert "Butir sedang disiapkan" in text(client, at)
    post(client, f"{at}/ambil", at)
    assert text(client, at).count("<article") == 3
    fresh_world.drain()
    assert text(client, at).count("<article") == 3


def test_answers_one_by_one_and_taken_back_by_api(place: Place, fresh_world: World, region: str) -> None:
    _, _, sent, ids = place
    client, key = fresh_world.client(), fresh_world.key(f"pusat@{region}")
    at = f"/api/v1/{region}/pusat/submissions/{sent.id}"
    one = f"{at}/items/{ids[0]}/decision"
    keyed = key | {"Idempotency-Key": uuid4().hex}
    first, repeat = (client.post(one, json={"verdict": "accepted"}, headers=keyed) for _ in range(2))
    assert first.get_json() == repeat.get_json()
    assert (first.get_json()["decided"], first.get_json()["reviewer"]) == (1, "Pusat pusat")
    assert client.post(one, json={"verdict": "returned"}, headers=key).status_code == 422
    assert client.delete(one, headers=key).get_json()["decided"] == 0
    assert client.post(f"{at}/turn", json={}, headers=key).status_code == 200
    batch = {
        "decisions": [{"item_id": str(ids[0]), "verdict": "returned", "note": "Ulangi."}],
        "accept_rest": True,
    }
    answer = client.post(f"{at}/decisions", json=batch, headers=key | {"Idempotency-Key": uuid4().hex})
    assert [item["verdict"] for item in answer.get_json()["items"]] == ["returned", "accepted", "accepted"]
    assert answer.get_json()["finished"] is False
    assert client.post(f"{at}/decisions", json={"finish": True}, headers=key).get_json()["finished"] is True
    assert client.delete(one, headers=key).status_code == 409
