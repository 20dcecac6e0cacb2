"""An import from file to items and back, as a browser without JavaScript makes it."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from ppid_saas.access.errors import NotFoundError
from ppid_saas.documents import service as documents
from ppid_saas.intake import queries, service
from ppid_saas.register import queries as register
from ppid_saas.register import rules
from ppid_saas.register import service as items
from tenants.db import transaction
from tests.fixtures.forms import post, text_of, token_of
from tests.fixtures.world import World

SAMPLE = Path(__file__).parents[1] / "samples" / "contoh-daftar.xlsx"
TABLE = (
    "No\tInformasi\tDasar Hukum\tAkibat bila dibuka\tKepentingan bila ditutup\tJangka Waktu\n"
    "1\tIdentitas pelapor dugaan pelanggaran\tPasal 17 huruf a UU 14/2008\tPelapor terancam\tKeselamatan pelapor\t5 tahun\n"
    "2\tNilai penawaran sebelum dibuka\tUU KIP\tPersaingan rusak\tPersaingan sehat\t1 tahun\n"
    "3\tRincian harga perkiraan sendiri\tUU KIP\tHarga diatur\tPersaingan sehat\t1 tahun\n"
    "4\tArsip surat keputusan\tPasal 17 huruf i UU 14/2008\tKebijakan terganggu\tPerumusan kebijakan\tpermanen\n"
    "5\tIdentitas pelapor dugaan pelanggaran\tPasal 17 huruf a UU 14/2008\tPelapor terancam\tKeselamatan pelapor\t5 tahun\n"
)


class Officer:
    """One unit's officer with a browser, and the worker behind her."""

    def __init__(self, world: World, who: str) -> None:
        self.world, self.who, self.client = world, who, world.client(who)
        self.at = f"{world.path(who)}/impor"

    def send(self, **data: Any) -> str:
        """Upload and let the worker read; returns the address of the import."""
        answer = post(self.client, self.at, data)
        assert answer.status_code == 303, text_of(answer)
        return self.wait(answer.location)

    def wait(self, job: str) -> str:
        waiting = text_of(self.client.get(job))
        assert "Muat ulang" in waiting
        assert 'http-equiv="refresh"' in waiting
        self.world.drain()
        ended = text_of(self.client.get(job))
        assert "Muat ulang" not in ended
        found = re.search(rf"({self.at}/[0-9a-f-]{{36}})/(kolom|periksa)", ended)
        assert found, ended
        return found[1]

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.location}"
        return text_of(answer)

    def go(self, page: str, data: dict[str, Any], action: str = "") -> str:
        answer = post(self.client, page, data, action)
        assert answer.status_code == 303, text_of(answer)
        return str(answer.location)

    def titles(self) -> list[str]:
        with self.world.acting(self.who):
            return [item.title for item in register.items_for_submission()]


@pytest.fixture
def officer(fresh_world: World) -> Officer:
    region = next(iter(fresh_world.tenants))[0]
    return Officer(fresh_world, f"petugas.dinkes@{region}")


def id_of(address: str) -> Any:
    from uuid import UUID

    return UUID(address.rsplit("/", 1)[1])


def test_a_workbook_becomes_items_and_goes_again(officer: Officer) -> None:
    at = officer.send(file=(io.BytesIO(SAMPLE.read_bytes()), "Daftar kami 2026.xlsx"))
    columns = officer.page(f"{at}/kolom")
    for words in ("Daftar kami 2026.xlsx", "Langkah 2 dari 4", "Yakin", "judul bagian", "Dasar hukum"):
        assert words in columns
    assert officer.go(f"{at}/kolom", {}) == f"{at}/periksa"
    grid = officer.page(f"{at}/periksa?tampil=semua")
    assert "Hasil pemeriksaan kesehatan pegawai" in grid
    assert "tanda tangan" in officer.page(f"{at}/periksa?tampil=dilewati")
    with officer.world.acting(officer.who):
        counts = queries.counts(id_of(at))
        expected = [row.cells["title"] for row in queries.rows(id_of(at), "semua", 1)]
    assert f"{counts['diambil']} butir akan dibuat" in officer.page(f"{at}/simpan")
    assert officer.go(f"{at}/simpan", {}) == f"{at}/hasil"
    assert sorted(officer.titles()) == sorted(expected)
    with officer.world.acting(officer.who):
        opened = documents.open_document(queries.batch(id_of(at)).document_id)
        with opened.stream as stream:
            assert stream.read() == SAMPLE.read_bytes()
    assert "Batalkan impor ini" in officer.page(f"{at}/hasil")
    assert officer.go(f"{at}/hasil", {}, f"{at}/batalkan") == f"{at}/hasil"
    assert f"{counts['diambil']} butir dihapus" in officer.page(f"{at}/hasil")
    assert officer.titles() == []
    assert "Dibatalkan" in officer.page(officer.at)


def test_pasted_rows_are_checked_mended_and_taken_apart(officer: Officer) -> None:
    at = officer.send(rows=TABLE)
    assert officer.go(f"{at}/kolom", {}) == f"{at}/periksa"
    grid = officer.page(f"{at}/periksa")
    for tab in ("Semua 5", "Siap 1", "Perlu perbaikan 3", "Kemungkinan ganda 1", "Dilewati 1"):
        assert tab in grid
    assert "Jangka waktu ini tidak bertanggal akhir. Isi tanggal peninjauan." in grid
    assert "Sebutkan pasal dan huruf. Contoh: Pasal 17 huruf a." in grid
    assert "“UU KIP” di 2 baris" in grid
    same = {"field": "ground", "before": "UU KIP", "after": "Pasal 17 huruf b UU 14/2008"}
    officer.go(f"{at}/periksa", same, f"{at}/periksa/sama")
    assert "Perlu perbaikan 1" in officer.page(f"{at}/periksa")
    assert 'name="cell.5.review"' in officer.page(f"{at}/periksa")
    officer.go(
        f"{at}/periksa", {"row": "5", "take.5": "1", "cell.5.review": "2 Januari 2030"}, f"{at}/periksa"
    )
    assert "Perlu perbaikan 0" in officer.page(f"{at}/periksa")
    edit = officer.page(f"{at}/periksa?tampil=semua&ubah=3")
    assert 'name="cell.3.title"' in edit
    sent = {
        "row": ["2", "3", "4", "5", "6"],
        "take.2": "1",
        "take.3": "1",
        "take.4": "1",
        "cell.3.title": "Nilai penawaran peserta",
    }
    assert officer.go(f"{at}/periksa?tampil=semua", sent | {"go": "next"}, f"{at}/periksa") == f"{at}/simpan"
    officer.go(f"{at}/simpan", {})
    assert sorted(officer.titles()) == [
        "Identitas pelapor dugaan pelanggaran",
        "Nilai penawaran peserta",
        "Rincian harga perkiraan sendiri",
    ]
    with officer.world.acting(officer.who):
        body = next(
            item for item in register.items_for_submission() if item.title == "Nilai penawaran peserta"
        ).body
        assert body["grounds"][0]["code"] == "17b"
        assert (body["period"]["value"], body["period"]["text"]) == (1, "1 tahun")
        assert (body["harm"], body["interest"]) == ("Persaingan rusak", "Persaingan sehat")


def test_what_is_known_already_is_not_proposed(officer: Officer) -> None:
    first = officer.send(rows=TABLE)
    officer.go(f"{first}/simpan", {})
    made = len(officer.titles())
    again = officer.send(rows=TABLE)
    assert "Sama 4" in officer.page(f"{again}/periksa")
    assert "0 perubahan" in officer.page(f"{again}/simpan")
    answer = post(officer.client, f"{again}/simpan", {})
    assert answer.status_code == 422
    assert service.NOTHING_TAKEN in text_of(answer)
    assert len(officer.titles()) == made


def test_saving_twice_makes_nothing_twice(officer: Officer) -> None:
    at = officer.send(rows=TABLE)
    token = token_of(officer.client, f"{at}/simpan")
    answers = [officer.client.post(f"{at}/simpan", data={"csrf_token": token}) for _ in range(2)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, f"{at}/hasil")] * 2
    assert len(officer.titles()) == 4
    assert post(officer.client, f"{at}/hasil", {"row": "2"}, f"{at}/periksa").location == f"{at}/hasil"
    with officer.world.acting(officer.who):
        batch = queries.batch(id_of(at))
        made = {row.became(batch) for row in queries.rows(id_of(at), "semua", 1)}
        assert made == {item.id for item in register.items_for_submission()} | {None}


def test_a_row_is_an_item_once_it_is_saved_and_only_if_it_was_taken(officer: Officer) -> None:
    at = officer.send(rows=TABLE)

    def became() -> list[bool]:
        with officer.world.acting(officer.who):
            batch, past = queries.batch(id_of(at)), queries.history()[0]
            found = [row.became(batch) is not None for row in queries.rows(id_of(at), "semua", 1)]
            assert past.kept == sum(found)
        return found

    with officer.world.acting(officer.who):
        first, *others = queries.rows(id_of(at), "semua", 1)
        service.mend(id_of(at), {}, {first.n: False})
        taken = [False, *(row.take for row in others)]
    assert became() == [False] * len(taken)
    officer.go(f"{at}/simpan", {})
    assert became() == taken
    officer.go(f"{at}/hasil", {}, f"{at}/batalkan")
    with officer.world.acting(officer.who), pytest.raises(NotFoundError):
        service.put_back(id_of(at), first.n)


def test_undo_keeps_what_someone_touched(officer: Officer) -> None:
    at = officer.send(rows=TABLE)
    officer.go(f"{at}/simpan", {})
    with officer.world.acting(officer.who):
        changed, sent, *_ = register.items_for_submission()
        items.save_item(rules.whole_body(changed.body | {"holder": "Sekretaris"}), changed.ref, 1)
        items.mark_submitted([sent.id])
    officer.go(f"{at}/hasil", {}, f"{at}/batalkan")
    officer.go(f"{at}/hasil", {}, f"{at}/batalkan")
    assert sorted(officer.titles()) == sorted([changed.title, sent.title])
    page = officer.page(f"{at}/hasil")
    assert "2 butir dihapus" in page
    assert changed.title in page


def test_columns_chosen_by_a_person_are_read_again_and_remembered(officer: Officer) -> None:
    table = "Kolom satu\tKolom dua\tKolom tiga\nIdentitas pelapor\tPasal 17 huruf a UU 14/2008\tPelapor terancam\n"
    more = "Denah ruang arsip\tPasal 17 huruf c UU 14/2008\tRuang dapat dibobol\n"
    at = officer.send(rows=table + more)
    refused = post(officer.client, f"{at}/kolom", {"column.0": "", "column.1": "ground", "column.2": "harm"})
    assert refused.status_code == 422
    assert "Pilih kolom yang memuat judul informasi." in text_of(refused)
    job = officer.go(f"{at}/kolom", {"header_top": "1", "header_depth": "1"})
    assert officer.wait(job) == at
    job = officer.go(f"{at}/kolom", {"column.0": "title", "column.1": "ground", "column.2": "harm"})
    assert officer.wait(job) == at
    assert "Denah ruang arsip" in officer.page(f"{at}/periksa?tampil=semua")
    officer.go(f"{at}/simpan", {})
    assert officer.titles() == ["Identitas pelapor", "Denah ruang arsip"]
    later = officer.send(rows=table.replace("pelapor", "saksi"))
    with officer.world.acting(officer.who):
        before, after = queries.batch(id_of(at)), queries.batch(id_of(later))
    if [c["heading"] for c in before.columns] == [c["heading"] for c in after.columns]:
        assert "Memakai susunan kolom" in officer.page(f"{later}/kolom")
        assert [c["field"] for c in after.columns] == ["title", "ground", "harm"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("gambar.png", b"\x89PNG\r\n\x1a\n" + b"0" * 100, "gambar"),
        ("surat.pdf", b"%PDF-1.7 rusak", "PDF"),
        ("acak.xlsx", b"PK\x03\x04" + bytes(range(256)) * 8, "rusak"),
        ("kosong.csv", b"\n\n \n", "Tidak ada tabel"),
    ],
)
def test_an_unreadable_file_is_kept_and_explained(
    officer: Officer, name: str, data: bytes, words: str
) -> None:
    at = officer.send(file=(io.BytesIO(data), name))
    page = officer.page(f"{at}/kolom")
    assert words in page
    assert "Berkas aslinya tetap tersimpan" in page
    with officer.world.acting(officer.who):
        batch = queries.batch(id_of(at))
        assert batch.state == "unreadable"
        with documents.open_document(batch.document_id).stream as stream:
            assert stream.read() == data
    assert officer.client.get(f"{at}/hasil").status_code == 303
    assert "Tidak terbaca" in officer.page(officer.at)


def test_nothing_and_too_much_are_refused_at_once(officer: Officer) -> None:
    nothing = post(officer.client, officer.at, {"rows": "  "})
    assert (nothing.status_code, service.EMPTY in text_of(nothing)) == (422, True)
    large = post(officer.client, officer.at, {"file": (io.BytesIO(b"a," * 5_300_000), "besar.csv")})
    assert (large.status_code, service.TOO_BIG in text_of(large)) == (413, True)
    odd = post(officer.client, officer.at, {"rows": TABLE, "tenant_id": "x"})
    assert odd.status_code == 422
    assert "Belum ada impor" in officer.page(officer.at)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("kolom", {"column.0": "evil"}),
        ("kolom", {"column.x": "title"}),
        ("kolom", {"column.99": "title"}),
        ("kolom", {"evil": "1"}),
        ("kolom", {"header_top": "abc"}),
        ("kolom", {"header_depth": "99"}),
        ("kolom", {"sheet": "Lembar lain"}),
        ("kolom", {"column.1": "title", "column.2": "title"}),
        ("periksa", {"row": "2", "cell.2.evil": "x"}),
        ("periksa", {"row": "2", "cell.3.title": "x"}),
        ("periksa", {"row": "2", "evil.2": "x"}),
        ("periksa", {"row": "abc"}),
        ("periksa", {"row": "999"}),
        ("periksa", {"row": "2", "cell.2.harm": "nol \x00"}),
        ("periksa/sama", {"field": "evil", "before": "", "after": ""}),
        ("periksa/sama", {"field": "ground", "before": "", "after": "", "evil": "1"}),
    ],
)
def test_hostile_fields_are_refused(officer: Officer, path: str, data: dict[str, str]) -> None:
    at = officer.send(rows=TABLE)
    answer = post(officer.client, f"{at}/periksa", data, f"{at}/{path}")
    assert answer.status_code == 422, text_of(answer)
    assert "Ada yang perlu diperbaiki" in text_of(answer)


def test_a_sibling_sees_a_404_everywhere(officer: Officer) -> None:
    at = officer.send(rows=TABLE)
    sibling: FlaskClient = officer.world.client(officer.who.replace("dinkes", "disdik"))
    theirs = officer.at.replace("dinkes", "disdik")
    token = token_of(sibling, theirs)
    batch = at.rsplit("/", 1)[1]
    with officer.world.acting(officer.who):
        job = queries.batch(id_of(at)).job_id
    for path in ("", "/kolom", "/periksa", "/simpan", "/hasil"):
        assert sibling.get(at + path).status_code == 404
        assert sibling.get(f"{theirs}/{batch}{path}").status_code == 404
    for path in ("/kolom", "/periksa", "/periksa/sama", "/periksa/siap", "/simpan", "/batalkan"):
        for base in (at, f"{theirs}/{batch}"):
            answer = sibling.post(base + path, data={"csrf_token": token, "field": "ground", "row": "2"})
            assert answer.status_code == 404, base + path
    for path in ("", "/langkah"):
        assert sibling.get(theirs.replace("/impor", f"/pekerjaan/{job}") + path).status_code == 404
    head = officer.world.client(officer.who.replace("petugas", "kepala"))
    assert head.get(officer.at).status_code == 404
    assert officer.titles() == []


def test_the_fragment_of_a_job_stops_asking_when_it_is_over(officer: Officer) -> None:
    answer = post(officer.client, officer.at, {"rows": TABLE})
    moving = text_of(officer.client.get(f"{answer.location}/langkah"))
    assert "<html" not in moving
    assert "hx-trigger" in moving
    officer.world.drain()
    ended = text_of(officer.client.get(f"{answer.location}/langkah"))
    assert "hx-trigger" not in ended
    assert "Selesai" in ended


def test_who_waited_for_a_job_is_led_to_what_came_of_it(officer: Officer) -> None:
    answer = post(officer.client, officer.at, {"rows": TABLE})
    step = f"{answer.location}/langkah"
    assert "HX-Redirect" not in officer.client.get(step).headers
    officer.world.drain()
    led = officer.client.get(step).headers["HX-Redirect"]
    assert re.fullmatch(rf"{officer.at}/[0-9a-f-]{{36}}/kolom", led)
    assert officer.client.get(led).status_code == 200


def test_a_cancelled_job_leaves_nothing_but_the_file(officer: Officer) -> None:
    answer = post(officer.client, officer.at, {"rows": TABLE})
    job = answer.location
    assert post(officer.client, job, {}, f"{job}/batal").status_code == 303
    officer.world.drain()
    page = text_of(officer.client.get(job))
    assert "Dibatalkan" in page
    assert service.STOPPED in page
    found = re.search(rf"({officer.at}/[0-9a-f-]{{36}})/kolom", page)
    assert found
    assert service.STOPPED in officer.page(f"{found[1]}/kolom")


def test_a_large_page_of_rows_is_paged(officer: Officer) -> None:
    rows = "".join(
        f"{n}\tBerkas nomor {n}\tPasal 17 huruf h UU 14/2008\tMalu\tPrivasi\t5 tahun\n" for n in range(1, 121)
    )
    at = officer.send(rows=TABLE.split("\n", 1)[0] + "\n" + rows)
    first = officer.page(f"{at}/periksa?tampil=semua")
    assert "Berkas nomor 50" in first
    assert "Berkas nomor 51" not in first
    assert "101–120 dari 120" in officer.page(f"{at}/periksa?tampil=semua&hal=3")
    with officer.world.acting(officer.who), transaction():
        service.save(id_of(at))
    assert len(officer.titles()) == 120


def test_one_date_mends_every_row_without_an_end_and_no_other(officer: Officer) -> None:
    head = TABLE.split("\n", 1)[0]
    row = (
        "{n}\tBerkas lelang {n}\tPasal 17 huruf b UU 14/2008\tPersaingan rusak\tPersaingan sehat\t{period}\n"
    )
    periods = ["Selama proses lelang", "5 tahun", "Sampai kontrak ditandatangani"]
    at = officer.send(
        rows=head + "\n" + "".join(row.format(n=n, period=p) for n, p in enumerate(periods, start=1))
    )
    assert "kosong di 2 baris" in officer.page(f"{at}/periksa")
    officer.go(
        f"{at}/periksa", {"field": "review", "before": "", "after": "31/12/2027"}, f"{at}/periksa/sama"
    )
    with officer.world.acting(officer.who):
        rows = queries.rows(id_of(at), "siap", 1)
        assert [row.body["period"]["review_on"] for row in rows] == ["2027-12-31", None, "2027-12-31"]
