"""Files by a plain form: what is taken, what is refused in words, versions, and that no content is stored twice."""

from uuid import UUID

import pytest

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.documents import filing_queries, incoming, queries, service
from tests.documents.filing import Office, pdf, post_file, sent
from tests.fixtures.forms import post, text_of
from tests.vault.storage import Outside


def test_a_file_is_kept_by_a_form(office: Office, store: Outside):
    client, at = office.client(), f"{office.path}/berkas/unggah"
    page = text_of(client.get(at))
    assert "tidak pernah tampil di portal" in page
    answer = post_file(client, at, "Denah gudang.pdf", pdf("satu"))
    assert answer.status_code == 303
    page = text_of(client.get(answer.location))
    assert "Berkas disimpan tertutup." in page
    assert "Denah gudang.pdf" in page
    [key] = store.objects(office.unit)
    assert b"satu" not in store.read(key)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("", b"", "Pilih berkasnya dulu."),
        ("denah.exe", b"MZ", "Jenis berkas ini tidak diterima."),
        ("denah.pdf", b"PK\x03\x04", "tidak cocok dengan akhiran namanya"),
        ("denah.pdf", b"", "Berkas ini kosong."),
        ("denah.pdf", pdf() + b"x" * incoming.MOST_BYTES, "lebih besar dari 10 MB"),
    ],
)
def test_what_is_no_document_is_refused_in_words(
    office: Office, store: Outside, name: str, data: bytes, words: str
):
    client = office.client()
    answer = post_file(client, f"{office.path}/berkas/unggah", name, data)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert store.objects(office.unit) == set()


def test_a_full_store_says_so_at_the_file(office: Office, store: Outside):
    store.set_cap(office.unit, 10)
    answer = post_file(office.client(), f"{office.path}/berkas/unggah", "denah.pdf", pdf())
    assert answer.status_code == 413
    assert "sisa kuota 10 B" in text_of(answer)


def read(document_id: UUID, n: int | None = None) -> bytes:
    with service.open_document(document_id, n).stream as stream:
        return stream.read()


def test_every_version_stays(office: Office, store: Outside):
    document_id = office.keep("denah.pdf", pdf("satu"))
    client, at = office.client(), f"{office.path}/berkas/{document_id}"
    answer = post_file(client, f"{at}/versi", "denah baru.txt", b"dua")
    assert answer.location.endswith(f"{document_id}?hasil=versi")
    page = text_of(client.get(at))
    assert "Petugas dinkes" in page
    assert "Versi 2" in page
    with office.world.acting(office.officer):
        assert [(one.n, one.name) for one in filing_queries.versions(document_id)] == [
            (2, "denah baru.txt"),
            (1, "denah.pdf"),
        ]
        assert read(document_id, 1) == pdf("satu")
        assert read(document_id) == b"dua"
    fetched = post(client, at, {"reason": "review", "version": "1"}, f"{at}/unduh")
    assert fetched.headers["Content-Disposition"] == "attachment; filename=denah.pdf"


def test_the_same_content_is_told_and_not_stored_again(office: Office, store: Outside):
    document_id = office.keep("denah.pdf", pdf("satu"))
    client, at = office.client(), f"{office.path}/berkas/{document_id}"
    post_file(client, f"{at}/versi", "denah.pdf", pdf("dua"))
    answer = post_file(client, f"{at}/versi", "lain nama.pdf", pdf("satu"))
    assert "Isinya sama dengan versi 1, jadi tidak disimpan lagi." in text_of(client.get(answer.location))
    answer = post_file(client, f"{office.path}/berkas/unggah", "lain lagi.pdf", pdf("dua"))
    assert f"{document_id}?hasil=sama&versi=2" in answer.location
    assert len(store.objects(office.unit)) == 2
    with office.world.acting(f"petugas.disdik@{office.region}"):
        assert incoming.take(sent("denah.pdf", pdf("dua"))).known is None


def test_what_came_with_an_import_keeps_its_one_version(office: Office):
    with office.world.acting(office.officer):
        with service.staging("import", "daftar.xlsx", b"isi", "text/csv") as staged:
            imported = service.keep(staged)
        with pytest.raises(ConflictError, match="disimpan seperti ketika dipakai"):
            incoming.take_version(imported, sent())
        with pytest.raises(InvalidError):
            incoming.take_version(office_document(), sent("denah.exe"))
    assert office.client().get(f"{office.path}/berkas/{imported}/versi").status_code == 409


def office_document() -> UUID:
    return incoming.take(sent()).document_id


def test_who_only_reads_sees_no_form(office: Office):
    document_id = office.keep()
    head, at = office.client(office.head), f"{office.path}/berkas/{document_id}"
    assert "Unggah versi baru" not in text_of(head.get(at))
    assert "Unggah versi baru" in text_of(office.client().get(at))
    for page in (f"{at}/versi", f"{at}/simpan", f"{at}/salinan", f"{office.path}/berkas/unggah"):
        assert head.get(page).status_code == 404
    assert office.world.client(f"petugas.disdik@{office.region}").get(f"{at}/versi").status_code == 404


def test_names_are_searched(office: Office):
    office.keep("Denah gudang.pdf", pdf("satu"))
    office.keep("Daftar pelapor.pdf", pdf("dua"))
    page = text_of(office.client().get(f"{office.path}/berkas?q=GUDANG denah"))
    assert "Denah gudang.pdf" in page
    assert "Daftar pelapor.pdf" not in page
    assert "Tidak ada yang cocok" in text_of(office.client().get(f"{office.path}/berkas?q=100%25"))
    with office.world.acting(office.officer):
        assert queries.count("denah") == 1


def test_programs_read_versions_and_write_retention(office: Office):
    document_id = office.keep("denah.pdf", pdf())
    client, key = office.world.client(None), office.world.key(office.officer)
    at = f"/api/v1{office.path}/documents/{document_id}"
    found = client.get(at, headers=key).json
    assert (found["id"], found["fate"], found["kept_until"]) == (str(document_id), "", None)
    assert [(one["version"], one["stored_by"]) for one in found["versions"]] == [(1, "Petugas dinkes")]
    said = {
        "security_class": "secret",
        "kept_from": "2024-08-05",
        "active_years": 2,
        "inactive_years": 3,
        "fate": "review",
    }
    answer = client.put(f"{at}/retention", json=said, headers=key)
    assert (answer.status_code, answer.json["kept_until"]) == (200, "2029-08-05")
    for wrong in (said | {"active_years": -1}, said | {"kept_from": None}, said | {"fate": "api"}):
        assert client.put(f"{at}/retention", json=wrong, headers=key).status_code == 422
