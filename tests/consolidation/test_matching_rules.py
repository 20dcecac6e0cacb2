"""Which titles say the same, which do not, and what is said about two that do."""

from datetime import date
from typing import Any

import pytest

from ppid_saas.consolidation.matching_rules import Likeness, compare, read
from ppid_saas.consolidation.matching_wording import reasons_words
from ppid_saas.consolidation.matching_words import keys, title_words

TODAY = date(2026, 3, 2)


def item(title: str, harm: str = "", code: str = "17h", **more: Any) -> dict[str, Any]:
    return {
        "title": title, "harm": harm, "part": "whole", "grounds": [{"code": code, "law": "UU 14/2008"}],
        "period": {"kind": "fixed", "value": 5, "unit": "year"},
    } | more  # fmt: skip


def compared(a: dict[str, Any], b: dict[str, Any], *, states: tuple[str, str] = ("", "")) -> Likeness | None:
    return compare(read(a, TODAY, states[0]), read(b, TODAY, states[1]))


def words(found: Likeness | None) -> list[str]:
    return [] if found is None else reasons_words([reason.as_data() for reason in found.reasons])


SAME = (
    ("Gaji pegawai", "DATA GAJI PEGAWAI"),
    ("Data-data gaji pegawai tahun 2024", "Daftar penghasilan ASN"),
    ("Rincian HPS pengadaan alat kesehatan", "Harga perkiraan sendiri pengadaan alat kesehatan"),
    ("Rekam medis pasien", "Rekam Medik penderita"),
    ("Topologi jaringan pusat data", "Topologi jarigan pusat data"),
    ("Identitas pelapor pengaduan masyarakat", "Data pribadi pelapor aduan warga"),
    ("Denah ruang simpan Kemuningsari", "Denah ruang simpan di Kemunigsari"),
    ("Jadwal mutasi antarjabatan eselon", "Jadwal mutasi antar jabatan eselon"),
    ("Berkas tera PKL alun-alun", "Berkas tera pedagang kaki lima alun-alun"),
    ("Nilai tera timbangan pasar", "Inforamsi tera timbangan pasar"),
    ("Pengaduan peserta didik berprestasi", "Keluhan siswa berprestasi"),
    ("Tunggakan sewa rusunawa", "Tunggakan sewa rusunawa warga"),
)
OTHERS = (
    ("Data gaji pegawai", "Data cuti pegawai"),
    ("Rekam medis pasien", "Rekening pasien"),
    ("Dokumen penawaran paket 3", "Dokumen penawaran paket 4"),
    ("Soal ujian sekolah", "Kunci jawaban ujian sekolah"),
    ("Denah gedung arsip", "Denah gedung rekam medis"),
    ("Rekap pengaduan alat tulis", "Rekap pengadaan alat tulis"),
    ("Tagihan pelanggan parkir", "Tagihan pelanggaran parkir"),
    ("Tunggakan sewa rusunawa siswa", "Tunggakan sewa rusunawa warga"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_wording_does_not_make_another_information(one: str, other: str) -> None:
    assert compared(item(one), item(other))
    assert {key.value for key in keys(title_words(one))} & {key.value for key in keys(title_words(other))}


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_what_each_names_alone_makes_two_of_them(one: str, other: str) -> None:
    copied = "Kerugian bagi yang bersangkutan tidak dapat dipulihkan."
    assert compared(item(one, copied), item(other, copied)) is None


def test_a_word_of_one_title_may_stand_in_the_body_of_the_other() -> None:
    plain = item("Denah ruang simpan arsip vital", "Letak brankas diketahui orang.")
    assert compared(plain, item("Denah ruang brankas arsip vital", "Ruang simpan dapat dibobol."))


def test_a_word_that_only_one_of_two_long_titles_has_is_let_pass_with_a_body_alike() -> None:
    harm = "Rekening dipakai orang lain untuk mengambil bantuan."
    one = item("Nomor rekening penerima bantuan sosial tunai", harm)
    assert compared(one, item("Nomor rekening penerima bantuan sosial tunai lansia", harm))
    assert (
        compared(one, item("Nomor rekening penerima bantuan sosial tunai lansia", "Lain sama sekali."))
        is None
    )


def test_a_name_that_stands_for_another_word_makes_another_information() -> None:
    harm = "Kerja dan kinerja pegawai dinilai orang luar."
    one = item("Penilaian kinerja pegawai Kemuningsari", harm)
    assert compared(one, item("Penilaian kinerja dan prestasi kerja pegawai", harm)) is None


def test_a_mistyped_name_meets_the_right_one_however_common_the_rest_is() -> None:
    shared = _values("Denah ruang Kemuningsari") & _values("Denah ruang Kemunigsari")
    assert shared - _values("Denah ruang Ngadirejo") - _values("Denah ruang")


def _values(title: str) -> set[int]:
    return {key.value for key in keys(title_words(title))}


def test_other_words_for_the_same_are_named() -> None:
    found = compared(item("Gaji karyawan"), item("Daftar honor pegawai"))
    assert words(found) == ["Judul sama dengan kata lain: “gaji karyawan” di sini, “honor pegawai” di sana."]
    assert words(compared(item("Kontrak sewa"), item("Kontrak sewa"))) == ["Judul sama."]
    found = compared(item("Kontrak sewa"), item("Dokumen kontrak sewa"))
    assert (found.kinds[0], words(found)) == ("same", ["Judul sama dalam pokoknya."])


def test_the_own_name_of_an_office_tells_nothing() -> None:
    mine = read(item("Data gaji pegawai Dinas Kesehatan"), TODAY, names=("Dinas Kesehatan",))
    theirs = read(item("Data gaji pegawai pada Dinas Pendidikan"), TODAY, names=("Dinas Pendidikan",))
    found = compare(mine, theirs)
    assert found is not None
    assert found.kinds[0] == "same"


def test_differences_are_named_with_both_sides() -> None:
    one = item("Data gaji pegawai 2024")
    other = item(
        "Data gaji pegawai", code="17j.", period={"kind": "fixed", "value": 2, "unit": "year"}, part="part"
    )
    found = compared(one, other, states=("published", "opened"))
    assert found is not None
    assert found.kinds == ("same", "ground", "period", "state", "part")
    assert found.contradicts
    assert words(found) == [
        "Di sini dikecualikan, di sana sudah terbuka.",
        "Dasar berbeda: huruf h di sini, huruf j di sana.",
        "Jangka waktu berbeda: 5 tahun di sini, 2 tahun di sana.",
        "Bagian berbeda: Seluruhnya di sini, Sebagian di sana.",
        "Judul sama.",
        "Tahun berbeda: 2024 di sini, tanpa tahun di sana.",
    ]


def test_reasons_turn_with_the_side_they_are_read_from() -> None:
    found = compared(item("Data gaji pegawai"), item("Data gaji pegawai", code="17j"))
    assert found is not None
    assert (
        reasons_words([reason.as_data() for reason in found.reasons], turned=True)[0]
        == "Dasar berbeda: huruf j di sini, huruf h di sana."
    )


def test_a_wrong_citation_copied_along_is_named() -> None:
    wrong = [{"code": "17h", "law": "Perpres 54/2010", "article": "Pasal 66", "text": ""}]
    harm = "Persaingan antarpenyedia menjadi tidak sehat dan harga tidak lagi wajar."
    found = compared(item("Rincian HPS", harm, grounds=wrong), item("Rincian HPS", harm, grounds=wrong))
    assert found is not None
    assert "fault" in found.kinds
    assert "Kutipan keliru yang sama: Perpres 54/2010." in words(found)
    assert not compared(item("Rincian HPS", harm), item("Rincian HPS", harm)).kinds[1:]  # type: ignore[union-attr]


def test_periods_that_end_in_other_ways_contradict() -> None:
    dated = {"kind": "until_date", "ends_on": "2030-12-31"}
    endless = {"kind": "unlimited"}
    assert "period" in compared(item("Rincian HPS", period=dated), item("Rincian HPS", period=endless)).kinds  # type: ignore[union-attr]
    assert words(compared(item("Rincian HPS", period=dated), item("Rincian HPS", period=endless)))[0] == (
        "Masa berakhir dengan cara lain: sampai suatu tanggal di sini, tanpa batas di sana."
    )
    near = {"kind": "until_date", "ends_on": "2031-01-10"}
    assert "period" not in compared(item("Rincian HPS", period=dated), item("Rincian HPS", period=near)).kinds  # type: ignore[union-attr]


def test_titles_of_light_words_alone_still_have_a_key() -> None:
    assert keys(title_words("Dokumen administrasi"))
    assert not keys(title_words("  "))
    assert compared(item(""), item("")) is None
