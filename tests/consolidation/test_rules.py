"""What a reviewer is told of a change before she reads its words, and what is never told of one that is none."""

from datetime import date
from typing import Any

import pytest

from ppid_saas.consolidation.rules import OPENED, Base, added, changes, flags, has_name, kind_of, next_of
from ppid_saas.register.rules import whole_body
from tests.fixtures import walk

TODAY = date(2026, 11, 20)


def body(title: str = "Rekam medis pasien", **more: Any) -> dict[str, Any]:
    return whole_body(walk.body(title, **more))


def base(*, accepted: bool = True, **more: Any) -> Base:
    return Base(body(**more), date(2025, 11, 20), accepted)


def fixed(years: int) -> dict[str, Any]:
    return {"period": {"kind": "fixed", "value": years, "unit": "year"}}


def until(day: str) -> dict[str, Any]:
    return {"period": {"kind": "until_date", "ends_on": day}}


@pytest.mark.parametrize(
    ("before", "after", "label", "flag"),
    [
        ({}, {"document": "Lain"}, "Dokumen yang memuat", ""),
        (fixed(5), fixed(7), "Jangka waktu", "Masa pengecualian diperpanjang 24 bulan. Minta uji ulang?"),
        (fixed(7), fixed(5), "Jangka waktu", "Masa pengecualian dipersingkat 24 bulan."),
        (until("2027-10-31"), until("2028-12-31"), "Jangka waktu", "diperpanjang 14 bulan"),
        (until("2027-01-01"), {"period": {"kind": "unlimited", "review_on": "2030-01-01"}}, "Jangka waktu", "tanpa tanggal akhir"),
        ({"period": {"kind": "unlimited"}}, until("2027-01-01"), "Jangka waktu", "kini bertanggal akhir"),
        # five years counted from the hand-in a year ago are as long as the date written out
        (fixed(5), until("2030-11-20"), "Jangka waktu", ""),
        (fixed(5), until("2031-11-20"), "Jangka waktu", "diperpanjang 12 bulan"),
        ({}, {"grounds": [{"code": "17a"}]}, "Dasar hukum", "Dasar hukum berubah."),
        ({}, {"harm": "Rugi."}, "Akibat bila dibuka", "Uraian konsekuensi dipersingkat."),
        ({}, {"interest": "Rahasia."}, "Kepentingan yang dilindungi", "Uraian konsekuensi dipersingkat."),
        ({"part": "part", "open_part": "x"}, {"part": "whole", "open_part": "x"}, "Bagian yang dikecualikan", "Kini seluruhnya dikecualikan"),
    ],
)  # fmt: skip
def test_a_change_that_weighs_is_flagged_and_no_other(
    before: dict[str, Any], after: dict[str, Any], label: str, flag: str
) -> None:
    old, new = base(**before), body(**after)
    assert [change.label for change in changes(old.body, new)] == [label]
    found = flags(old, new, TODAY)
    assert len(found) == bool(flag)
    assert flag in "".join(found)


def test_the_words_of_a_change_are_marked() -> None:
    found = changes(body(**until("2027-10-31")), body(**until("2028-12-31")))
    assert ("-", "Oktober") in found[0].parts or any(op == "-" for op, _ in found[0].parts)
    assert {op for op, _ in found[0].parts} == {"=", "-", "+"}


@pytest.mark.parametrize(
    "title",
    [
        "Data pegawai a.n. Suparlan", "Hasil pemeriksaan atas nama Kartika", "Rekam medis Sdr. Wiryo", "Aduan Bapak Prasojo",
        "Riwayat cuti Ibu Lestari", "Perjanjian kerja Ny. Marni", "Honor narasumber dr. Hamid", "Gaji Rahmat, S.Pd",
        "Penilaian kinerja Sutejo S.Sos.", "Berkas Hj. Zubaidah",
    ],
)  # fmt: skip
def test_a_title_that_names_someone_is_asked_about(title: str) -> None:
    assert has_name(title)
    assert flags(None, body(title), TODAY) == ["Judul tampaknya memuat nama orang."]
    assert flags(base(title=title), body(title, harm="Akibat yang lain sama sekali. " * 9), TODAY) == []


@pytest.mark.parametrize(
    "title",
    [
        "Rekam medis pasien puskesmas", "Data Ibu Hamil dan Bayi", "Rencana tata Ibu Kota", "Rincian HPS alat kesehatan",
        "Data penerima bantuan atas nama sendiri", "Topologi jaringan pusat data", "Daftar saudara kandung pegawai",
        "Berita acara BAP Inspektorat", "Soal ujian CPNS", "Denah Gedung S. Parman",
    ],
)  # fmt: skip
def test_a_title_without_a_person_is_left_alone(title: str) -> None:
    assert not has_name(title)


def test_new_changed_and_same() -> None:
    assert kind_of(None, body()) == "new"
    assert kind_of(base(), body()) == "same"
    assert kind_of(base(), body(note="x")) == "changed"


def test_what_came_back_and_is_sent_again_as_it_was_is_not_unchanged() -> None:
    returned = base(accepted=False)
    assert kind_of(returned, body()) == "changed"
    assert flags(returned, body(), TODAY) == ["Dikirim ulang tanpa perubahan."]


@pytest.mark.parametrize("was", OPENED)
def test_what_was_opened_is_never_unchanged(was: str) -> None:
    assert kind_of(base(), body(), was) == "changed"
    assert "sudah dibuka" in flags(base(), body(), TODAY, was)[0]


def test_a_sentence_is_added_once() -> None:
    assert added("", "Satu.") == "Satu."
    assert added(" Nol. ", "Satu.") == "Nol.\nSatu."
    assert added("Nol.\nSatu.", "Satu.") == "Nol.\nSatu."


def test_the_next_of_a_row() -> None:
    assert [next_of("abc", one) for one in "abcd"] == ["b", "c", None, None]
