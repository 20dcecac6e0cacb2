"""Documents of an item: put in and linked at once, found from both sides, taken away and given back."""

from uuid import UUID

import pytest

from ppid_saas.access.errors import ConflictError, NotFoundError
from ppid_saas.documents import queries as documents
from ppid_saas.register import link_queries, linking
from ppid_saas.register import service as register
from tests.documents.filing import Office, pdf, post_file
from tests.fixtures import walk
from tests.fixtures.forms import post, text_of
from tests.fixtures.world import World
from tests.vault.storage import Outside, own, store

__all__ = ["own", "store"]


@pytest.fixture
def office(own: World, store: Outside) -> Office:
    office = Office(own, next(region for region, _ in own.tenants))
    walk.fill(own, office.officer, ("Denah gudang senjata", "Daftar pelapor"))
    return office


def test_a_file_is_kept_and_linked_at_once(office: Office, store: Outside) -> None:
    client, at = office.client(), f"{office.path}/butir/1"
    assert "Berkasnya" in text_of(client.get(at))
    assert "Belum ada berkas untuk butir ini" in text_of(client.get(f"{at}/berkas"))
    answer = post_file(client, f"{at}/berkas", "denah.pdf", pdf("denah"), exempt_part="Lampiran II")
    page = text_of(client.get(answer.location))
    assert "Berkas disimpan tertutup dan ditautkan ke butir ini." in page
    assert "Lampiran II" in page
    assert "Berkasnya (1)" in text_of(client.get(at))
    again = post_file(client, f"{office.path}/butir/2/berkas", "lain nama.pdf", pdf("denah"))
    assert "Isi berkas itu sudah tersimpan" in text_of(client.get(again.location))
    assert len(store.objects(office.unit)) == 1
    with office.world.acting(office.officer):
        [document] = documents.documents()
        assert [one.ref for one in link_queries.items(document.document_id)] == [1, 2]


def test_what_fails_keeps_neither_file_nor_link(office: Office, store: Outside) -> None:
    client, at = office.client(), f"{office.path}/butir/1/berkas"
    answer = post_file(client, at, "denah.pdf", pdf("denah"), exempt_part="x" * 1001)
    assert answer.status_code == 422
    assert "Paling banyak 1.000 huruf." in text_of(answer)
    assert post_file(client, at, "denah.exe", b"MZ").status_code == 422
    assert (
        post_file(client, at, "denah.pdf", pdf(), action=f"{office.path}/butir/99/berkas").status_code == 404
    )
    assert (store.objects(office.unit), store.figures(office.unit)) == (set(), (0, 0))


def test_both_sides_link_and_let_go_and_each_can_be_undone(office: Office) -> None:
    document_id = office.keep("denah.pdf")
    client, files = office.client(), f"{office.path}/butir/1/berkas"
    document = f"{office.path}/berkas/{document_id}"
    choose = f"{office.path}/butir/untuk-berkas/{document_id}"
    assert "Daftar pelapor" in text_of(client.get(f"{choose}?q=pelapor"))
    assert "Denah gudang" not in text_of(client.get(f"{choose}?q=pelapor"))
    assert "Denah gudang senjata" in text_of(client.get(f"{choose}?q=1"))
    linked = post(client, choose, {"go": "document"}, f"{files}/{document_id}")
    assert linked.location.endswith(document)
    assert "Denah gudang senjata" in text_of(client.get(document))
    freed = post(client, document, {"go": "document"}, f"{files}/{document_id}/lepas")
    page = text_of(client.get(freed.location))
    assert "Tautan ke butir 1 dilepas." in page
    assert "Belum ditautkan ke butir mana pun." in page
    back = f"{files}/{document_id}/lepas?kembali=1&go=document"
    assert back.replace("&", "&amp;") in page
    assert post(client, document, {}, back).location.endswith(document)
    assert "Belum ditautkan" not in text_of(client.get(document))
    freed = post(client, files, {}, f"{files}/{document_id}/lepas")
    page = text_of(client.get(freed.location))
    assert "Tautan dilepas. Berkasnya tetap tersimpan." in page
    assert "Belum ada berkas untuk butir ini" in page
    assert post(client, files, {}, f"{files}/{document_id}/lepas?kembali=1").status_code == 303
    changed = post(client, files, {"exempt_part": "Halaman 3"}, f"{files}/{document_id}")
    assert "Halaman 3" in text_of(client.get(changed.location))


def test_who_reads_sees_and_who_does_not_sees_nothing(office: Office) -> None:
    with office.world.acting(office.officer):
        linking.link(1, office.keep(), "Lampiran II")
    at = f"{office.path}/butir/1/berkas"
    page = text_of(office.client(office.head).get(at))
    assert "Lampiran II" in page
    assert "Lepas" not in page
    admin = office.client(f"admin.dinkes@{office.region}")
    assert "Berkasnya" not in text_of(admin.get(f"{office.path}/butir/1"))
    assert admin.get(at).status_code == 404


def test_nothing_is_linked_across_tenants_or_to_what_is_gone(office: Office, store: Outside) -> None:
    document_id, other = office.keep(), f"petugas.disdik@{office.region}"
    with office.world.acting(other):
        register.save_item(walk.body("Milik dinas lain"))
        for act in (lambda: linking.link(1, document_id, ""), lambda: linking.unlink(1, document_id)):
            with pytest.raises(NotFoundError):
                act()
    with office.world.acting(office.officer):
        with pytest.raises(NotFoundError):
            linking.unlink(1, document_id)
        register.delete_item(2)
        with pytest.raises(NotFoundError):
            linking.link(2, document_id, "")
    store.sql("update work.document set destroyed_at = now() where id = %s", document_id)
    with office.world.acting(office.officer), pytest.raises(ConflictError, match="sudah dimusnahkan"):
        linking.link(1, document_id, "")


def test_programs_link_and_let_go(office: Office) -> None:
    document_id, key = office.keep("denah.pdf"), office.world.key(office.officer)
    client, at = office.world.client(None), f"/api/v1{office.path}/items/1/documents"
    assert client.get(at, headers=key).json == {"documents": []}
    answer = client.put(f"{at}/{document_id}", json={"exempt_part": "Lampiran II"}, headers=key)
    assert answer.status_code == 200
    [found] = client.get(at, headers=key).json["documents"]
    assert (found["id"], found["name"], found["exempt_part"]) == (
        str(document_id),
        "denah.pdf",
        "Lampiran II",
    )
    assert client.delete(f"{at}/{document_id}", headers=key).status_code == 204
    assert client.delete(f"{at}/{UUID(int=7)}", headers=key).status_code == 404
    assert client.put(f"{at}/{document_id}", json={"part": ""}, headers=key).status_code == 422
