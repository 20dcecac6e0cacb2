"""The check page and the page of repairs with plain forms alone: what changed, files, nil, the head, notes beside fields."""

import io
import re
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ppid_saas.consolidation import service as central_verbs
from ppid_saas.register import queries as register
from ppid_saas.register import service as register_verbs
from ppid_saas.submissions import confirming
from ppid_saas.submissions.queries import central, unit
from ppid_saas.submissions.service import Verdict
from tests.fixtures import walk
from tests.fixtures.scans import scan
from tests.fixtures.world import World
from tests.submissions.test_pages import token


class Desk:
    """Someone at the unit before a browser without scripts."""

    def __init__(self, world: World, who: str) -> None:
        self.client: FlaskClient = world.client(who)
        self.at = world.path(who)

    def page(self, path: str) -> str:
        answer = self.client.get(f"{self.at}/{path}")
        assert answer.status_code == 200, path
        return answer.get_data(as_text=True)

    def post(self, path: str, page: str = "pengajuan/periksa", **data: object) -> TestResponse:
        values = {"csrf_token": token(self.client, f"{self.at}/{page}"), **data}
        return self.client.post(f"{self.at}/{path}", data=values)

    def send(self, collection_id: UUID, **more: object) -> TestResponse:
        return self.post(
            "pengajuan/periksa", collection=collection_id, **{"round": 1, "declared": "1"} | more
        )


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, slug in fresh_world.tenants if slug == "pusat")


@pytest.fixture
def second_year(fresh_world: World, region: str) -> UUID:
    """A unit whose list was accepted last year; returns this year's window."""
    who, first = f"petugas.dinkes@{region}", walk.open_collection(fresh_world, region, "Tahun lalu")
    walk.fill(fresh_world, who)
    sent = walk.send(fresh_world, who, first)
    fresh_world.drain()
    walk.accept_all(fresh_world, region, sent.id)
    window = walk.open_collection(fresh_world, region, "Tahun ini")
    fresh_world.drain()
    return window


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_check_page_tells_new_changed_and_removed(
    fresh_world: World, region: str, second_year: UUID
) -> None:
    who = f"petugas.dinkes@{region}"
    with fresh_world.acting(who):
        item = register.item(1)
        register_verbs.save_item({**item.body, "harm": "Akibat yang lain sama sekali"}, 1, item.version)
        register_verbs.delete_item(2)
        register_verbs.save_item(walk.body("Butir yang belum pernah dikirim"))
    page = Desk(fresh_world, who).page("pengajuan/periksa")
    said = text_of(page)
    assert "Yang berubah sejak PJ-" in said
    assert "1 baru, 1 berubah, 1 tetap" in said
    assert "Berubah: 1" in said
    assert "Baru: 1" in said
    assert "Dihapus: 1" in said
    assert re.search(r"<del>.*?Orang.*?</del>", page, re.DOTALL)
    assert re.search(r"<ins>.*?sekali.*?</ins>", page, re.DOTALL)
    assert f"{walk.TITLES[1]} (diterima)" in said
    assert "Kirim ke PPID Utama" in said


def test_a_list_without_changes_goes_as_such(fresh_world: World, region: str, second_year: UUID) -> None:
    desk = Desk(fresh_world, f"petugas.dinkes@{region}")
    said = text_of(desk.page("pengajuan/periksa"))
    assert "Tidak ada perubahan sejak PJ-" in said
    assert "Kirim tanpa perubahan" in said
    answer = desk.send(second_year)
    assert answer.status_code == 303
    receipt = text_of(desk.client.get(answer.headers["Location"]).get_data(as_text=True))
    assert "PPID Utama memeriksa butir demi butir Paling lambat" in receipt
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        from ppid_saas.consolidation import queries as consolidation

        sent = next(row.submission for row in central.inbox() if row.submission.collection_id == second_year)
        assert {line.kind for line in consolidation.review(sent.id).lines} == {"same"}


def test_an_empty_list_is_a_nil_statement(fresh_world: World, region: str) -> None:
    window, desk = walk.open_collection(fresh_world, region), Desk(fresh_world, f"petugas.disdik@{region}")
    said = text_of(desk.page("pengajuan/periksa"))
    assert "tidak mempunyai informasi yang dikecualikan" in said
    assert desk.send(window, declared="").status_code == 422
    answer = desk.send(window)
    assert answer.status_code == 303
    assert "tidak mempunyai informasi" in text_of(
        desk.client.get(answer.headers["Location"]).get_data(as_text=True)
    )
    with fresh_world.acting(f"petugas.disdik@{region}"):
        assert unit.submissions()[0].submission.is_nil


def test_files_on_the_page(fresh_world: World, region: str, store: None) -> None:
    who, window = f"petugas.dinkes@{region}", walk.open_collection(fresh_world, region)
    walk.fill(fresh_world, who)
    desk = Desk(fresh_world, who)

    def upload(data: bytes, name: str, kind: str = "consideration") -> TestResponse:
        file = (io.BytesIO(data), name)
        return desk.post("pengajuan/periksa/berkas", collection=window, kind=kind, file=file)

    assert "Jenis berkas ini tidak diterima" in upload(b"MZ", "alat.exe").get_data(as_text=True)
    assert "Pilih jenis berkasnya" in upload(b"%PDF-1", "a.pdf", "apa saja").get_data(as_text=True)
    answer = upload(scan(2_000), "lembar pertimbangan.pdf")
    assert answer.status_code == 303
    page = desk.client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "lembar pertimbangan.pdf" in page
    detach = re.search(r'action="([^"]+/lepas)"', page)
    assert detach
    gone = desk.client.post(
        detach[1], data={"csrf_token": token(desk.client, f"{desk.at}/pengajuan/periksa")}
    )
    page = desk.client.get(gone.headers["Location"]).get_data(as_text=True)
    assert "lembar pertimbangan.pdf" not in page
    again = re.search(r'action="([^"]+/lampirkan)"', page)
    assert again
    desk.client.post(again[1], data={"csrf_token": token(desk.client, f"{desk.at}/pengajuan/periksa")})
    receipt = desk.client.get(desk.send(window).headers["Location"]).get_data(as_text=True)
    assert "lembar pertimbangan.pdf" in receipt
    fresh_world.drain()
    with fresh_world.acting(who):
        sent = unit.submissions()[0].submission
    office = fresh_world.client(f"pusat@{region}")
    at = f"/{region}/pusat/pengajuan/{sent.id}"
    page = office.get(at).get_data(as_text=True)
    assert "1 berkas menyertai daftar ini" in page
    opened = office.post(f"{at}/lampiran/1", data={"csrf_token": token(office, at)})
    assert opened.get_data() == scan(2_000)
    assert "attachment" in opened.headers["Content-Disposition"]
    assert office.get(f"{at}/lampiran/1").status_code == 405
    assert "dibuka Pusat pusat" in desk.page(f"pengajuan/{sent.id}")


def test_the_head_confirms_on_her_page(fresh_world: World, region: str) -> None:
    officer, head = f"petugas.dinkes@{region}", f"kepala.dinkes@{region}"
    window = walk.open_collection(fresh_world, region)
    walk.fill(fresh_world, officer)
    heads, officers = Desk(fresh_world, head), Desk(fresh_world, officer)
    assert heads.post("pengajuan/aturan", "pengajuan", needs_head="1").status_code == 303
    assert "Minta konfirmasi pimpinan" in officers.page("pengajuan/periksa")
    assert officers.send(window).status_code == 409
    assert officers.send(window, go="ask").status_code == 303
    assert "Menunggu konfirmasi pimpinan unit" in officers.page("pengajuan/periksa")
    page = heads.page("pengajuan/konfirmasi")
    assert "Konfirmasi daftar unit" in page
    mark = re.search(r'name="mark" value="([^"]+)"', page)
    assert mark
    assert heads.send(window, go="decline", note="").status_code == 422
    assert heads.send(window, go="confirm", mark="lain").status_code == 409
    answer = heads.send(window, go="confirm", mark=mark[1])
    assert answer.status_code == 303
    receipt = heads.client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Kepala dinkes" in receipt
    assert "Petugas dinkes" in receipt
    assert officers.send(window, go="confirm", mark=mark[1]).status_code == 404


def test_a_request_declined_or_taken_back_on_the_page(fresh_world: World, region: str) -> None:
    officer, head = f"petugas.dinkes@{region}", f"kepala.dinkes@{region}"
    window = walk.open_collection(fresh_world, region)
    walk.fill(fresh_world, officer)
    with fresh_world.acting(head):
        confirming.set_rule(needs_head=True)
    heads, officers = Desk(fresh_world, head), Desk(fresh_world, officer)
    officers.send(window, go="ask")
    assert heads.send(window, go="decline", note="Lengkapi butir dua.").status_code == 303
    assert "Lengkapi butir dua." in officers.page("pengajuan/periksa")
    officers.send(window, go="ask")
    assert officers.send(window, go="cancel").status_code == 303
    assert "Minta konfirmasi pimpinan" in officers.page("pengajuan/periksa")


def test_taking_back_on_the_receipt(fresh_world: World, region: str) -> None:
    who, window = f"petugas.dinkes@{region}", walk.open_collection(fresh_world, region)
    walk.fill(fresh_world, who)
    sent, desk = walk.send(fresh_world, who, window), Desk(fresh_world, who)
    at = f"pengajuan/{sent.id}"
    assert "Tarik pengajuan" in desk.page(at)
    answer = desk.post(f"{at}/tarik", at, reason="Salah lampiran")
    assert answer.status_code == 303
    receipt = text_of(desk.client.get(answer.headers["Location"]).get_data(as_text=True))
    assert "Pengajuan ditarik" in receipt
    assert "Salah lampiran" in receipt
    assert "Tarik pengajuan" not in receipt
    assert "Belum mengirim" in text_of(desk.page("pengajuan"))
    assert desk.send(window, round=2).status_code == 303
    fresh_world.drain()
    page = fresh_world.client(f"pusat@{region}").get(f"/{region}/pusat/pengajuan/{sent.id}")
    assert "Ditarik kembali oleh unit" in page.get_data(as_text=True)


def test_repairs_stand_beside_their_field_and_go_again(fresh_world: World, region: str) -> None:
    who, window = f"petugas.dinkes@{region}", walk.open_collection(fresh_world, region)
    ids = walk.fill(fresh_world, who)
    sent = walk.send(fresh_world, who, window)
    verdicts = [
        Verdict(ids[0], "returned", "Akibatnya terlalu umum.", "harm"),
        Verdict(ids[1], "returned", "Mengapa lima tahun?", "period"),
    ]
    with fresh_world.acting(f"pusat@{region}"):
        central_verbs.answer_all(sent.id, verdicts, accept_rest=True, close=True)
    fresh_world.drain()
    desk = Desk(fresh_world, who)
    page = desk.page("perbaikan")
    said = text_of(page)
    assert walk.TITLES[2] not in said
    assert "2 butir belum diubah." in said
    assert re.search(r'<label[^>]*for="value-1"[^>]*>Akibat bila dibuka', page)
    assert 'butir/2/ubah#f-period.kind"' in page
    form = desk.page("butir/2/ubah")
    assert "Mengapa lima tahun?" in form
    assert (
        form.index("Jangka waktu pengecualian")
        < form.index("Mengapa lima tahun?")
        < form.index("f-period.kind")
    )
    assert "terlalu umum" not in form
    assert "Kembali ke perbaikan" in desk.page("butir/2")
    assert desk.post("perbaikan/2", "perbaikan", value="x", version=1).status_code == 404
    stale = desk.post("perbaikan/1", "perbaikan", value="Tertulis", version=7)
    assert stale.status_code == 409
    assert "Tertulis" in stale.get_data(as_text=True)
    assert desk.post("perbaikan/1", "perbaikan", value="a\x01", version=1).status_code == 422
    saved = desk.post("perbaikan/1", "perbaikan", value="Pasien dikenali dan dikucilkan.", version=1)
    assert saved.headers["Location"].endswith("#butir-1")
    said = text_of(desk.page("perbaikan"))
    assert "1 butir belum diubah." in said
    with fresh_world.acting(who):
        before, mended = walk.body(walk.TITLES[0]), register.item(1).body
        assert mended["harm"] == "Pasien dikenali dan dikucilkan."
        assert mended["interest"] == before["interest"]
    answer = desk.send(window, round=2)
    assert answer.status_code == 303
    assert "Putaran" in desk.client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Tidak ada yang perlu diperbaiki" in desk.page("perbaikan")
