"""The walk on screen with plain forms alone: open, check, send twice, review, repair, determine."""

import io
import re
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ppid_saas.register import service as register
from tests.fixtures import walk
from tests.fixtures.days import on
from tests.fixtures.scans import scan
from tests.fixtures.world import World


def token(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found, path
    return found.group(1)


def post(client: FlaskClient, path: str, page: str, **data: object) -> TestResponse:
    return client.post(path, data={"csrf_token": token(client, page), **data})


def typed(name: str, written: str) -> dict[str, str]:
    day, month, year = written.split()
    return {f"{name}.day": day, f"{name}.month": month, f"{name}.year": year}


def opened(world: World, region: str) -> tuple[FlaskClient, str]:
    """Open a window on screen; returns the central's client and the board's address."""
    central, at = world.client(f"pusat@{region}"), f"/{region}/pusat/pengumpulan"
    day = walk.days(0)
    values = typed("opens_on", f"{day.day} {day.month} {day.year}") | typed(
        "due_on", f"31 Desember {day.year + 1}"
    )
    answer = post(central, f"{at}/buka", f"{at}/buka", title="Pengumpulan", **values)
    assert answer.status_code == 303
    return central, answer.headers["Location"]


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, slug in fresh_world.tenants if slug == "pusat")


def test_the_walk_on_screen(fresh_world: World, region: str) -> None:
    central, board = opened(fresh_world, region)
    assert "Belum mengirim" in central.get(board).get_data(as_text=True)
    who = f"petugas.dinkes@{region}"
    walk.fill(fresh_world, who)
    unit, at = fresh_world.client(who), f"/{region}/u/dinkes/pengajuan"
    assert "Periksa dan kirim" in unit.get(at).get_data(as_text=True)
    page = unit.get(f"{at}/periksa").get_data(as_text=True)
    found = re.search(r'name="collection" value="([^"]+)"', page)
    assert found
    form = {"collection": found.group(1), "round": "1"}
    refused = post(unit, f"{at}/periksa", f"{at}/periksa", **form)
    assert refused.status_code == 422
    assert "Centang pernyataan" in refused.get_data(as_text=True)
    stale = token(unit, f"{at}/periksa")
    places = {
        unit.post(f"{at}/periksa", data={**form, "declared": "1", "csrf_token": stale}).headers["Location"]
        for _ in range(2)
    }
    assert len(places) == 1
    receipt = unit.get(places.pop()).get_data(as_text=True)
    assert "Daftar terkirim" in receipt
    assert "PJ-" in receipt
    fresh_world.drain()

    inbox = central.get(f"/{region}/pusat/pengajuan").get_data(as_text=True)
    found = re.search(rf'/{region}/pusat/pengajuan/([0-9a-f-]{{36}})"', inbox)
    assert found
    review = f"/{region}/pusat/pengajuan/{found.group(1)}"
    shown = re.findall(r'name="item_id" value="([^"]+)"', central.get(review).get_data(as_text=True))
    items = list(dict.fromkeys(shown))
    assert len(items) == 3
    refused = post(central, f"{review}/putusan", review, item_id=items[0], verdict="returned", note="")
    assert refused.status_code == 422
    assert "Tulis apa yang perlu diperbaiki" in refused.get_data(as_text=True)
    note = "Sebutkan <b>dokumennya</b>."
    assert (
        post(
            central, f"{review}/putusan", review, item_id=items[0], verdict="returned", note=note
        ).status_code
        == 303
    )
    early = post(central, f"{review}/selesai", review)
    assert early.status_code == 409
    assert "2 butir belum diperiksa" in early.get_data(as_text=True)
    assert post(central, f"{review}/terima", review, which="all").status_code == 303
    assert post(central, f"{review}/selesai", review).status_code == 303
    fresh_world.drain()

    mend = unit.get(f"/{region}/u/dinkes/perbaikan").get_data(as_text=True)
    assert "Sebutkan &lt;b&gt;dokumennya&lt;/b&gt;." in mend
    again = post(unit, f"{at}/periksa", f"{at}/periksa", **form | {"round": "2", "declared": "1"})
    assert again.status_code == 303
    fresh_world.drain()
    second = re.search(r"/pengajuan/([0-9a-f-]{36})", again.headers["Location"])
    assert second
    review = f"/{region}/pusat/pengajuan/{second.group(1)}"
    post(central, f"{review}/terima", review, which="all")
    assert post(central, f"{review}/selesai", review).status_code == 303
    assert "Selesai diperiksa" in central.get(board).get_data(as_text=True)


def accepted(world: World, region: str) -> list[UUID]:
    collection_id = walk.open_collection(world, region)
    ids = walk.fill(world, f"petugas.dinkes@{region}")
    walk.accept_all(world, region, walk.send(world, f"petugas.dinkes@{region}", collection_id).id)
    return ids


@pytest.mark.usefixtures("store")
def test_a_determination_on_screen_with_its_letter_and_one_item_left_out(
    fresh_world: World, region: str
) -> None:
    ids = accepted(fresh_world, region)
    central, at = fresh_world.client(f"pusat@{region}"), f"/{region}/pusat/penetapan"
    page = central.get(f"{at}/buat").get_data(as_text=True)
    shown = re.search(r'name="items" value="([^"]+)"', page)
    assert shown
    day = walk.days(0)
    form = {
        "items": shown.group(1), "leave": str(ids[0]), "number": "500/1", "title": "Penetapan", "place": "Kota Contoh",
        "signatory": "Pejabat Contoh", "signatory_position": "Kepala Dinas",
        **typed("dated_on", f"{day.day} {day.month} {day.year}"),
    }  # fmt: skip
    wrong = post(central, f"{at}/buat", f"{at}/buat", **form | {"number": " ", "dated_on.day": "40"})
    assert wrong.status_code == 422
    assert "Isi nomor penetapan." in wrong.get_data(as_text=True)
    assert 'value="40"' in wrong.get_data(as_text=True)
    page = (io.BytesIO(b"<html>"), "surat.html", "text/html")
    assert post(central, f"{at}/buat", f"{at}/buat", **form, letter=page).status_code == 422
    letter = (io.BytesIO(scan(2_000)), "surat.pdf", "application/pdf")
    made = post(central, f"{at}/buat", f"{at}/buat", **form, letter=letter)
    assert made.status_code == 303
    page = central.get(made.headers["Location"]).get_data(as_text=True)
    assert "2 butir ditetapkan" in page
    assert "Lihat berkas surat" in page
    used = post(central, f"{at}/buat", f"{at}/buat", **form | {"items": str(ids[0]), "leave": ""})
    assert used.status_code == 409
    assert "sudah dipakai" in used.get_data(as_text=True)
    moved = post(central, f"{at}/buat", f"{at}/buat", **form | {"number": "500/2", "leave": ""})
    assert moved.status_code == 409
    assert walk.TITLES[1] in moved.get_data(as_text=True)


def test_the_consolidated_list_filters_and_answers_fragments(fresh_world: World, region: str) -> None:
    ids = accepted(fresh_world, region)
    central, at = fresh_world.client(f"pusat@{region}"), f"/{region}/pusat/gabungan"
    page = central.get(f"{at}?q=topologi&dasar=17h&status=accepted&unit=dinkes").get_data(as_text=True)
    assert walk.TITLES[2] in page
    assert walk.TITLES[0] not in page
    for query in ("?dasar=zz", "?hal=999999", "?hal=-1", "?status=%00", "?unit=%00'", "?q=%25"):
        assert central.get(at + query).status_code == 200
    fragment = central.get(at, headers={"HX-Request": "true"})
    assert "<html" not in fragment.get_data(as_text=True)
    assert fragment.headers["Vary"] == "HX-Request"
    assert post(central, f"{at}/{ids[0]}", f"{at}/{ids[0]}", note="Rahasia pusat").status_code == 303
    assert "Rahasia pusat" in central.get(f"{at}/{ids[0]}").get_data(as_text=True)
    assert central.get(f"/{region}/pusat/gabungan/{UUID(int=1)}").status_code == 404


def test_readers_see_no_buttons_and_cannot_act(fresh_world: World, region: str) -> None:
    central, board = opened(fresh_world, region)
    auditor = fresh_world.client(f"auditor@{region}")
    page = auditor.get(board).get_data(as_text=True)
    assert "Ingatkan" not in page
    stolen = token(auditor, board)
    assert auditor.post(f"{board}/ingatkan", data={"csrf_token": stolen, "units": "kpu"}).status_code == 404
    assert auditor.post(f"{board}/langkah", data={"csrf_token": stolen, "step": "collect"}).status_code == 404
    assert fresh_world.client().get(board).status_code == 401
    assert fresh_world.client(f"petugas.dinkes@{region}").get(board).status_code == 404
    assert auditor.get(f"{board}/ingatkan?units=kpu").status_code == 404
    assert post(central, f"{board}/langkah", board, step="collect").status_code == 303
    assert "Terkumpul" in central.get(board).get_data(as_text=True)


def test_only_the_collecting_runs_until_the_windows_day(fresh_world: World, region: str) -> None:
    central, board = opened(fresh_world, region)
    assert "hari kerja lagi" in central.get(board).get_data(as_text=True)
    assert "Peringatan pada formulir" not in central.get(board).get_data(as_text=True)
    with on(walk.days(900)):
        late = central.get(board).get_data(as_text=True)
        assert "Lewat" in late
        assert "Peringatan pada formulir" in late
    for step, words in (("collect", "Terkumpul"), ("sort", "Terurut")):
        assert post(central, f"{board}/langkah", board, step=step).status_code == 303
        page = central.get(board).get_data(as_text=True)
        assert words in page
        assert "Tanpa batas waktu (tentatif)" in page
        assert "hari kerja lagi" not in page
        assert "<strong>Petugas PPID Utama" in page


def test_hostile_forms_never_break_the_pages(fresh_world: World, region: str) -> None:
    central, board = opened(fresh_world, region)
    unit = fresh_world.client(f"petugas.dinkes@{region}")
    at, start = f"/{region}/u/dinkes/pengajuan", f"/{region}/pusat/pengumpulan/buka"
    assert unit.get(f"{at}/periksa?masa=bukan-id").status_code == 404
    assert post(unit, f"{at}/periksa", f"{at}/periksa", collection="x", round="satu").status_code == 422
    assert post(unit, f"{at}/periksa", f"{at}/periksa", more="1").status_code == 422
    odd = post(
        central,
        start,
        start,
        title="\x00<script>",
        **typed("opens_on", "31 2 2026"),
        **typed("due_on", "a b c"),
    )
    assert odd.status_code == 422
    assert "<script>" not in odd.get_data(as_text=True).replace("&lt;script&gt;", "")
    assert central.get(f"{board}?status=apa&diingatkan=%00").status_code == 200


def test_blocking_problems_are_listed_with_links_to_their_fields(fresh_world: World, region: str) -> None:
    opened(fresh_world, region)
    with fresh_world.acting(f"petugas.dinkes@{region}"):
        register.save_item({"title": "Rencana pengamanan gedung"})
    page = fresh_world.client(f"petugas.dinkes@{region}").get(f"/{region}/u/dinkes/pengajuan/periksa")
    text = page.get_data(as_text=True)
    assert f"/{region}/u/dinkes/butir/1/ubah#f-grounds" in text
    assert f"/{region}/u/dinkes/butir/1/ubah#f-period.kind" in text
    assert "Kirim ke PPID Utama</button>" not in text
