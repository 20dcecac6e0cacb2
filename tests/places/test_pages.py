"""The register of places over HTTP: forms without scripts, filters in the address, who may do what, labels as PDF."""

import io
import re
from uuid import UUID

import pytest
from pypdf import PdfReader

from ppid_saas.accounts import provisioning
from tests.fixtures.forms import post, text_of
from tests.fixtures.world import World, email_of, platform
from tests.places.conftest import Archive


def test_the_empty_register_teaches(fresh_world: World):
    region = next(region for region, _ in fresh_world.tenants)
    who = f"petugas.disdik@{region}"
    page = fresh_world.client(who).get(f"{fresh_world.path(who)}/tempat").text
    assert "Belum ada tempat" in page
    assert "Mulai dari gedung atau ruang" in page
    assert "tempat/tambah" in page
    assert (
        "Belum ada kertas yang dicatat"
        in fresh_world.client(who).get(f"{fresh_world.path(who)}/tempat/kertas").text
    )


def test_a_place_is_added_by_form_with_a_code_proposed(archive: Archive):
    client = archive.world.client(archive.who)
    page = client.get(f"{archive.path}/tambah?di={archive.places['A-02']}").text
    assert 'value="A-02-01"' in page
    assert 'value="building"' not in page
    empty = post(client, f"{archive.path}/tambah", {"code": "", "kind": ""})
    assert empty.status_code == 422
    assert "Isi kode pendek" in text_of(empty)
    assert "Pilih jenis tempatnya." in text_of(empty)
    wrong = {"code": "a-02 / 1", "kind": "box", "within": "A-02", "count": "seribu"}
    answer = post(client, f"{archive.path}/tambah", wrong)
    assert answer.status_code == 422
    assert "Isi dengan angka 1 sampai 50." in text_of(answer)
    made = post(
        client, f"{archive.path}/tambah", {"code": "a-02-01", "kind": "box", "within": "a-02", "count": "3"}
    )
    assert made.status_code == 303
    page = client.get(made.location).text
    assert "3 tempat dicatat" in page
    assert "A-02-03" in page


def test_filters_live_in_the_address(archive: Archive):
    client = archive.world.client(archive.who)
    page = client.get(f"{archive.path}?jenis=box").text
    assert "A-01-01" in page
    assert "Ruang arsip</a>" not in page
    page = client.get(f"{archive.path}?q=peta").text
    assert "1 kertas cocok dengan pencarian ini" in page
    page = client.get(f"{archive.path}/kertas?q=peta").text
    assert "Lampiran peta" in page
    assert "Rekam medis" not in page
    page = client.get(f"{archive.path}/kertas?di={archive.places['A-01']}").text
    assert "Rekam medis" in page
    assert "Lampiran peta" not in page
    assert "Di A-01" in page


def test_a_label_s_code_leads_to_its_paper(archive: Archive):
    client = archive.world.client(archive.who)
    (code,) = set(re.findall(r"K-\d+", client.get(f"{archive.path}/kertas?q=peta").text))
    assert "1 kertas cocok dengan pencarian ini" in client.get(f"{archive.path}?q={code.lower()}").text
    page = client.get(f"{archive.path}/kertas?q={code}").text
    assert "Lampiran peta" in page
    assert "Rekam medis" not in page


def test_removing_a_full_place_is_refused_in_words_and_an_empty_one_can_be_undone(archive: Archive):
    client = archive.world.client(archive.who)
    at = f"{archive.path}/{archive.places['A-01-01']}"
    full = post(client, at, {}, f"{at}/hapus")
    assert full.status_code == 409
    assert "masih ada 2 kertas (K-1, K-2)" in text_of(full)
    moved = post(client, f"{archive.path}/kertas", {"kertas": [str(archive.papers[1]), str(archive.papers[2])], "where": "A-02"},
                 f"{archive.path}/kertas/pindah")  # fmt: skip
    assert moved.status_code == 303
    page = client.get(moved.location).text
    assert "2 kertas dipindahkan." in page
    assert "/urungkan" in page
    empty = post(client, at, {}, f"{at}/hapus")
    assert empty.status_code == 303
    page = client.get(empty.location).text
    assert "Tempat dihapus dari daftar." in page
    assert (
        post(client, archive.path + f"?dihapus={archive.places['A-01-01']}", {}, f"{at}/pulihkan").status_code
        == 303
    )
    assert client.get(at).status_code == 200
    undo = (
        f"{archive.path}/kertas/pindah/{moved.location.partition('dipindah=')[2].partition('&')[0]}/urungkan"
    )
    back = post(client, moved.location, {}, undo)
    assert "2 kertas dikembalikan" in client.get(back.location).text
    assert archive.where(1) == "A-01-01"


def test_moving_nothing_or_nowhere_says_so(archive: Archive):
    client = archive.world.client(archive.who)
    action = f"{archive.path}/kertas/pindah"
    none = post(client, f"{archive.path}/kertas", {"where": "A-02"}, action)
    assert (none.status_code, "Pilih paling sedikit satu kertas." in text_of(none)) == (422, True)
    nowhere = post(client, f"{archive.path}/kertas", {"where": "Z", "kertas": str(archive.papers[1])}, action)
    assert (nowhere.status_code, "Tempat ini tidak ada." in text_of(nowhere)) == (422, True)


def test_an_item_leads_to_its_papers_and_back(archive: Archive):
    client = archive.world.client(archive.who)
    root = archive.world.path(archive.who)
    assert f"{archive.path}/butir/3" in client.get(f"{root}/butir/3").text
    page = client.get(f"{archive.path}/butir/3").text
    assert "Lampiran peta" in page
    assert "A-02" in page
    made = post(
        client,
        f"{archive.path}/kertas/tambah?butir=3",
        {"ref": "3", "where": "A-01", "title": "Salinan", "sheets": "4"},
    )
    assert made.status_code == 303
    assert "Kertas dicatat." in client.get(made.location).text
    lost = post(client, f"{archive.path}/kertas/tambah", {"ref": "77", "where": "A-01"})
    assert lost.status_code == 422
    assert "Butir ini tidak ada" in text_of(lost)


def test_lending_and_giving_back_by_form(archive: Archive):
    client = archive.world.client(archive.who)
    at = f"{archive.path}/kertas/{archive.papers[1]}"
    assert "Isi siapa yang meminjam." in text_of(post(client, at, {"days": "5"}, f"{at}/pinjam"))
    assert post(client, at, {"borrower": "Sekretariat", "days": "0"}, f"{at}/pinjam").status_code == 422
    assert post(client, at, {"borrower": "Sekretariat", "days": "3"}, f"{at}/pinjam").status_code == 303
    page = client.get(at).text
    assert "dipinjam Sekretariat" in page
    assert "Catat pengembalian" in page
    assert "1 kertas sedang dipinjam" in client.get(archive.path).text
    assert post(client, at, {}, f"{at}/pinjam").status_code == 422
    assert post(client, at, {"borrower": "Lain"}, f"{at}/pinjam").status_code == 409
    assert post(client, at, {}, f"{at}/kembali").status_code == 303
    assert post(client, at, {}, f"{at}/kembali").status_code == 409
    assert "Dikembalikan Sekretariat" in client.get(at).text


def test_an_inventory_without_scripts(archive: Archive):
    client = archive.world.client(archive.who)
    begun = post(client, f"{archive.path}/inventaris", {"where": "a-01"})
    at = begun.location.partition("?")[0]
    assert client.get(at).headers["Permissions-Policy"].startswith("camera=(self)")
    assert "camera=()" in client.get(archive.path).headers["Permissions-Policy"]
    strange = post(client, begun.location, {"code": "<b>", "here": ""}, f"{at}/pindai")
    assert strange.status_code == 422
    assert "Kode &lt;b&gt; tidak dikenal" in text_of(strange)
    here = post(client, at, {"code": archive.label("A-01-01")}, f"{at}/pindai")
    page = client.get(here.location).text
    assert "Anda di A-01-01" in page
    assert "autofocus" in page
    seen = post(
        client, here.location, {"code": "K-1", "here": str(archive.places["A-01-01"])}, f"{at}/pindai"
    )
    assert "K-1 ada." in client.get(seen.location).text
    assert post(client, at, {}, f"{at}/selesai").status_code == 303
    page = client.get(at).text
    assert "Tidak ditemukan (1)" in page
    assert "Ada di tempatnya (1)" in page
    assert "camera=()" in client.get(at).headers["Permissions-Policy"]
    assert "1 tidak ditemukan" in client.get(f"{archive.path}/inventaris").text


@pytest.mark.parametrize(
    ("query", "codes"), [("di={A-01}", {"A-01", "A-01-01"}), ("isi=papers", {"K-1", "K-2", "K-3"})]
)
def test_labels_show_codes_and_places_and_never_a_title(archive: Archive, query: str, codes: set[str]):
    asked = query.replace("{A-01}", str(archive.places["A-01"]))
    answer = archive.world.client(archive.who).get(f"{archive.path}/label.pdf?{asked}&mulai=24")
    assert answer.mimetype == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.data))
    assert len(reader.pages) == 2, "the first label stands in the last field of a sheet begun before"
    words = " ".join(page.extract_text() for page in reader.pages)
    assert codes <= set(words.split())
    for secret in ("Rekam", "medis", "peta", "Topologi", "Dinas", "Kesehatan"):
        assert secret not in words
    assert "StructTreeRoot" in reader.trailer["/Root"].keys().__repr__()


def test_the_address_in_a_label_leads_members_alone(archive: Archive):
    world, label = archive.world, archive.label("A-01")
    answer = world.client(archive.who).get(f"/t/{label}")
    assert answer.location == f"{archive.path}/{archive.places['A-01']}"
    assert world.client(f"petugas.disdik@{archive.region}").get(f"/t/{label}").status_code == 404
    assert world.client(f"pusat@{archive.region}").get(f"/t/{label}").status_code == 404
    assert world.client(None).get(f"/t/{label}").status_code == 401


def test_too_many_labels_or_none_are_refused(archive: Archive):
    client = archive.world.client(archive.who)
    for first in range(5):
        post(
            client,
            f"{archive.path}/tambah",
            {"code": f"B{first}-01", "kind": "box", "within": "A", "count": "50"},
        )
    answer = client.get(f"{archive.path}/label.pdf")
    assert answer.status_code == 422
    assert "Paling banyak 240 label sekali cetak." in answer.text
    assert client.get(f"{archive.path}/label.pdf?isi=papers&di={archive.places['A']}").status_code == 200
    assert client.get(f"{archive.path}/label.pdf?isi=papers&di={UUID(int=1)}").status_code == 422


def test_the_head_and_the_auditor_read_and_others_find_nothing(archive: Archive):
    world = archive.world
    tenant = world.tenant(archive.who)
    with platform(world.settings) as connection:
        provisioning.add_member(
            connection, tenant, email_of(f"auditor@{archive.region}"), "Auditor", "auditor"
        )
    for reader in (f"kepala.dinkes@{archive.region}", f"auditor@{archive.region}"):
        client = world.client(reader)
        page = client.get(f"{archive.path}/{archive.places['A-01-01']}").text
        assert "Rekam medis" in page
        assert "Catat kertas di sini" not in page
        assert client.get(f"{archive.path}/tambah").status_code == 404
        csrf = post(client, f"{archive.path}", {}, f"{archive.path}/{archive.places['A-02']}/hapus")
        assert csrf.status_code == 404
    for stranger in (
        f"admin.dinkes@{archive.region}",
        f"pusat@{archive.region}",
        f"petugas.disdik@{archive.region}",
    ):
        assert world.client(stranger).get(archive.path).status_code == 404, stranger


def test_programs_read_places_and_papers_of_their_own_unit(archive: Archive):
    world = archive.world
    client, at, key = world.client(None), f"/api/v1{world.path(archive.who)}", world.key(archive.who)
    post(world.client(archive.who), f"{archive.path}/kertas/{archive.papers[2]}", {"borrower": "Sekretariat"},
         f"{archive.path}/kertas/{archive.papers[2]}/pinjam")  # fmt: skip
    places = client.get(f"{at}/places", headers=key).json["places"]
    assert [(one["code"], one["kind"], one["papers"]) for one in places] == [
        ("A", "room", 0), ("A-01", "shelf", 0), ("A-01-01", "box", 2), ("A-02", "shelf", 1),
    ]  # fmt: skip
    papers = client.get(f"{at}/papers", headers=key).json
    assert (papers["total"], [one["number"] for one in papers["papers"]]) == (3, [2, 1, 3])
    lent = client.get(f"{at}/papers?status=lent", headers=key).json["papers"]
    assert [(one["number"], one["borrower"], bool(one["due_on"])) for one in lent] == [
        (2, "Sekretariat", True)
    ]
    assert client.get(f"{at}/papers?status=x", headers=key).status_code == 422
    assert (
        client.get(f"{at}/places", headers=world.key(f"petugas.disdik@{archive.region}")).status_code == 404
    )
