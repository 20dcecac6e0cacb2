"""A list brought in again: compared with the register by code and text, never by place, and never deleting."""

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

import pytest
from test_import_walk import SAMPLE, TABLE, Officer, id_of

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.intake import queries, service
from ppid_saas.intake.models import ImportRow
from ppid_saas.register import queries as register
from ppid_saas.register import service as items
from ppid_saas.register.models import Item
from tests.fixtures.forms import post, token_of
from tests.fixtures.world import World


@pytest.fixture
def officer(fresh_world: World) -> Officer:
    """An officer whose register holds the four items of TABLE."""
    region = next(iter(fresh_world.tenants))[0]
    officer = Officer(fresh_world, f"petugas.dinkes@{region}")
    officer.go(f"{officer.send(rows=TABLE)}/simpan", {})
    return officer


def live(officer: Officer) -> dict[str, Item]:
    with officer.world.acting(officer.who):
        return {item.title: item for item in register.items_for_submission()}


def downloaded(officer: Officer, kind: str, query: str = "") -> bytes:
    answer = officer.client.get(f"{officer.at.removesuffix('/impor')}/butir/unduh.{kind}{query}")
    assert answer.status_code == 200
    return answer.get_data()


def table(officer: Officer) -> list[list[str]]:
    return list(
        csv.reader(io.StringIO(downloaded(officer, "csv").decode("utf-8-sig"), newline=""), delimiter=";")
    )


def sent(officer: Officer, rows: list[list[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    return officer.send(file=(io.BytesIO(out.getvalue().encode()), "daftar.csv"))


def changed_rows(officer: Officer, at: str) -> Sequence[ImportRow]:
    with officer.world.acting(officer.who):
        return queries.rows(id_of(at), "berubah", 1)


def counts(officer: Officer, at: str) -> dict[str, int]:
    with officer.world.acting(officer.who):
        return queries.counts(id_of(at))


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_downloaded_list_comes_back_as_no_change(officer: Officer, kind: str) -> None:
    before = {title: item.version for title, item in live(officer).items()}
    at = officer.send(file=(io.BytesIO(downloaded(officer, kind)), f"daftar.{kind}"))
    assert officer.client.get(f"{at}/kolom").location == f"{at}/periksa"
    page = officer.page(f"{at}/periksa")
    assert "sama dengan unduhan daftar Anda" in page
    assert "Sama 4" in page
    assert "0 perubahan" in officer.page(f"{at}/simpan")
    assert post(officer.client, f"{at}/simpan", {}).status_code == 422
    assert {title: item.version for title, item in live(officer).items()} == before


def test_a_changed_list_changes_adds_and_deletes_nothing(officer: Officer) -> None:
    head, first, second, third, fourth = table(officer)
    harm, title = head.index("Akibat bila dibuka"), head.index("Judul informasi")
    new = ["", "Denah ruang server", *[""] * (len(head) - 2)]
    first_before, second_before = first[harm], second[harm]
    first[harm], second[harm], third[title] = "Akibat yang baru", "Akibat lain", "Judul yang lain sama sekali"
    at = sent(officer, [head, third, new, second, first])
    page = officer.page(f"{at}/periksa?tampil=berubah")
    for words in ("Berubah 3", "Baru 1", "Tidak ada di berkas 1", ">Akibat</ins>", "Pertahankan"):
        assert words in page
    assert fourth[title] in officer.page(f"{at}/periksa?tampil=tiada")
    numbers = {row.cells["title"]: str(row.n) for row in changed_rows(officer, at)}
    choices = {f"use.{numbers[first[title]]}.harm": "file", f"use.{numbers[second[title]]}.harm": "keep"}
    sent_form = {"row": [*numbers.values()], **choices, "go": "next"}
    assert officer.go(f"{at}/periksa?tampil=berubah", sent_form, f"{at}/periksa/berubah") == f"{at}/simpan"
    assert "1 butir akan dibuat, 2 diperbarui" in officer.page(f"{at}/simpan")
    officer.go(f"{at}/simpan", {})
    after = live(officer)
    assert set(after) == {
        first[title],
        second[title],
        fourth[title],
        "Denah ruang server",
        "Judul yang lain sama sekali",
    }
    assert after[first[title]].body["harm"] == "Akibat yang baru"
    assert (after[second[title]].body["harm"], after[second[title]].version) == (second_before, 1)
    assert after[first[title]].version == 2
    assert "1 butir dibuat, 2 diperbarui" in officer.page(f"{at}/hasil")
    officer.go(f"{at}/hasil", {}, f"{at}/batalkan")
    assert "1 butir dihapus dari daftar, 2 dikembalikan" in officer.page(f"{at}/hasil")
    restored = live(officer)
    assert set(restored) == {row[title] for row in (first, second, fourth)} | {
        "Rincian harga perkiraan sendiri"
    }
    assert restored[first[title]].body["harm"] == first_before
    assert restored[first[title]].version == 3
    with officer.world.acting(officer.who):
        assert len(register.history(register.item(restored[first[title]].ref))) == 3


def test_an_item_edited_since_is_asked_about(officer: Officer) -> None:
    head, first, second, *_ = table(officer)
    harm, title = head.index("Akibat bila dibuka"), head.index("Judul informasi")
    before = live(officer)[first[title]].body
    first[harm] = second[harm] = "Dari berkas"
    new = ["", "Denah ruang server", *[""] * (len(head) - 2)]
    at = sent(officer, [head, first, second, new])
    officer.go(f"{at}/simpan", {})
    with officer.world.acting(officer.who):
        for name in (first[title], "Denah ruang server"):
            item = next(item for item in register.items_for_submission() if item.title == name)
            items.save_item(item.body | {"holder": "Sekretaris"}, item.ref, item.version)
    officer.go(f"{at}/hasil", {}, f"{at}/batalkan")
    page = officer.page(f"{at}/hasil")
    assert "diubah setelah impor" in page
    assert live(officer)[first[title]].body["holder"] == "Sekretaris"
    assert live(officer)[second[title]].body["harm"] != "Dari berkas"
    for action in re.findall(rf'action="({at}/batalkan/\d+)"', page):
        officer.go(f"{at}/hasil", {}, action)
        officer.go(f"{at}/hasil", {}, action)
    assert live(officer)[first[title]].body == before
    assert "Denah ruang server" not in live(officer)
    assert "/batalkan/" not in officer.page(f"{at}/hasil")


def test_a_sent_item_is_shown_as_locked(officer: Officer) -> None:
    head, first, *_ = table(officer)
    harm, title = head.index("Akibat bila dibuka"), head.index("Judul informasi")
    with officer.world.acting(officer.who):
        item = next(item for item in register.items_for_submission() if item.title == first[title])
        items.mark_submitted([item.id])
    first[harm] = "Akibat baru"
    at = sent(officer, [head, first])
    page = officer.page(f"{at}/periksa?tampil=terkunci")
    assert "Terkunci 1" in page
    assert "belum dapat diubah" in page
    with officer.world.acting(officer.who):
        service.mend(id_of(at), {}, {2: True})
        with pytest.raises(InvalidError):
            service.save(id_of(at))
    assert live(officer)[first[title]].version == 1


def test_what_changed_meanwhile_is_left_alone(officer: Officer) -> None:
    head, first, *_ = table(officer)
    harm, title = head.index("Akibat bila dibuka"), head.index("Judul informasi")
    first[harm] = "Dari berkas"
    at = sent(officer, [head, first])
    with officer.world.acting(officer.who):
        item = register.item(live(officer)[first[title]].ref)
        items.save_item(item.body | {"harm": "Dari rekan"}, item.ref, item.version)
    officer.go(f"{at}/simpan", {})
    assert live(officer)[first[title]].body["harm"] == "Dari rekan"
    assert "diubah orang lain sejak berkas dibaca" in officer.page(f"{at}/hasil")


def test_a_lookalike_waits_for_a_word(officer: Officer) -> None:
    changed = TABLE.replace(
        "Identitas pelapor dugaan pelanggaran", "Identitas pelapor dugaan pelanggaran.x"
    ).replace("Keselamatan pelapor", "Rasa aman")
    at = officer.send(rows=changed)
    page = officer.page(f"{at}/periksa?tampil=ganda")
    assert re.search(r"Mirip butir \d+ \(9\d%\)", page)
    with officer.world.acting(officer.who):
        row = next(row for row in queries.rows(id_of(at), "ganda", 1) if row.fate == "alike")
        assert (row.take, counts(officer, at)["baru"]) == (False, 1)
    answer = post(officer.client, f"{at}/periksa", {"n": str(row.n), "go": "evil"}, f"{at}/periksa/mirip")
    assert answer.status_code == 422
    officer.go(f"{at}/periksa?tampil=ganda", {"n": str(row.n), "go": "update"}, f"{at}/periksa/mirip")
    officer.go(f"{at}/simpan", {})
    assert live(officer)["Identitas pelapor dugaan pelanggaran.x"].version == 2
    assert len(live(officer)) == 4


def test_a_lookalike_may_be_new(officer: Officer) -> None:
    at = officer.send(rows=TABLE.replace("Arsip surat keputusan", "Arsip surat keputusan2"))
    with officer.world.acting(officer.who):
        row = next(row for row in queries.rows(id_of(at), "ganda", 1) if row.fate == "alike")
        service.settle(id_of(at), row.n, update_item=False)
        with pytest.raises(ConflictError):
            service.settle(id_of(at), row.n, update_item=True)
    officer.go(f"{at}/simpan", {})
    assert {"Arsip surat keputusan", "Arsip surat keputusan2"} < set(live(officer))


def test_a_code_of_another_list_is_no_match(officer: Officer) -> None:
    head, first, *_ = table(officer)
    title = head.index("Judul informasi")
    first[0] = first[0][:-4] + ("0000" if not first[0].endswith("0000") else "1111")
    first[title] = "Sesuatu yang lain"
    at = sent(officer, [head, first, first])
    assert counts(officer, at)["cocok"] == 0
    officer.go(f"{at}/simpan", {})
    assert len(live(officer)) == 5


def test_an_empty_cell_of_a_foreign_file_erases_nothing_by_itself(officer: Officer) -> None:
    at = officer.send(
        rows=TABLE[: TABLE.index("5\tId")].replace("Pelapor terancam", "").replace("\t1 tahun", "\t2 tahun")
    )
    with officer.world.acting(officer.who):
        kept = {row.n: row.match.get("keep") for row in queries.rows(id_of(at), "berubah", 1)}
    assert ["harm"] in kept.values()
    officer.go(f"{at}/simpan", {})
    assert live(officer)["Identitas pelapor dugaan pelanggaran"].body["harm"] == "Pelapor terancam"
    assert live(officer)["Rincian harga perkiraan sendiri"].body["period"]["value"] == 2


def test_faulty_rows_can_be_mended_in_excel(officer: Officer) -> None:
    at = officer.send(
        rows=TABLE.replace("Nilai penawaran", "=Nilai penawaran").replace("Rincian", "Perincian")
    )
    answer = officer.client.get(f"{at}/bermasalah.xlsx")
    assert answer.status_code == 200
    data = answer.get_data()
    assert b"<f>" not in data
    again = officer.send(file=(io.BytesIO(data), "bermasalah.xlsx"))
    with officer.world.acting(officer.who):
        columns = {column["heading"]: column for column in queries.batch(id_of(again)).columns}
        assert columns["Masalah"]["field"] is None
        assert {c["confidence"] for name, c in columns.items() if name != "Masalah"} == {"sure"}
        titles = [row.cells["title"] for row in queries.rows(id_of(again), "semua", 1)]
    assert "=Nilai penawaran sebelum dibuka" in titles


def test_the_second_import_passes_the_columns_and_says_so(officer: Officer) -> None:
    at = officer.send(rows=TABLE.replace("pelapor", "saksi"))
    assert officer.client.get(f"{at}/kolom").location == f"{at}/periksa"
    page = officer.page(f"{at}/periksa")
    assert "Memakai susunan kolom dari impor" in page
    assert f"{at}/kolom?ubah=1" in page
    assert "Langkah 2 dari 4" in officer.page(f"{at}/kolom?ubah=1")


def test_the_original_is_there_to_fetch(officer: Officer) -> None:
    at = officer.send(file=(io.BytesIO(SAMPLE.read_bytes()), "Daftar kami.xlsx"))
    officer.go(f"{at}/simpan", {})
    page = officer.page(f"{at}/hasil")
    action = re.search(r'action="([^"]+/unduh\?alasan=review)"', page)
    assert action
    assert post(officer.client, f"{at}/hasil", {}, action[1]).get_data() == SAMPLE.read_bytes()


def test_the_download_keeps_the_filters(officer: Officer) -> None:
    page = officer.page(f"{officer.at.removesuffix('/impor')}/butir?q=harga")
    assert "unduh.xlsx?q=harga" in page
    rows = list(
        csv.reader(io.StringIO(downloaded(officer, "csv", "?q=harga").decode("utf-8-sig")), delimiter=";")
    )
    assert [row[1] for row in rows[1:]] == ["Rincian harga perkiraan sendiri"]


def test_a_sibling_settles_nothing(officer: Officer) -> None:
    at = officer.send(rows=TABLE)
    sibling = officer.world.client(officer.who.replace("dinkes", "disdik"))
    token = token_of(sibling, officer.at.replace("dinkes", "disdik"))
    theirs = at.replace("dinkes", "disdik")
    form: dict[str, Any] = {"csrf_token": token, "row": "2", "n": "2", "go": "new"}
    for path in ("/periksa/berubah", "/periksa/mirip", "/batalkan/2"):
        for base in (at, theirs):
            assert sibling.post(base + path, data=form).status_code == 404
    assert sibling.get(f"{theirs}/bermasalah.xlsx").status_code == 404
    assert sibling.get(f"{at}/bermasalah.xlsx").status_code == 404
