"""What remains of words and titles beneath their wording."""

from datetime import date

import pytest

from ppid_saas.consolidation.matching_rules import compare, read
from ppid_saas.consolidation.matching_stems import stem
from ppid_saas.consolidation.matching_words import keys, plain, title_words

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "word", ["dishub", "setda", "disdukcapil", "terorisme", "diagram", "security", "kemuningsari"]
)
def test_a_name_or_loan_word_that_begins_like_a_prefix_stays_whole(word: str) -> None:
    assert stem(word) == word


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("dikonsultasikan", "konsultasi"), ("penginputan", "input"), ("mendownload", "download"),
        ("pengunggahan", "unggah"), ("pensertifikatan", "sertifikat"), ("terupdate", "update"),
    ],
)  # fmt: skip
def test_a_form_of_a_word_loses_what_hangs_on_it(word: str, plain: str) -> None:
    assert stem(word) == plain


@pytest.mark.parametrize("word", ["yg", "dgn", "beserta", "selaku", "seluruhnya", "ditetapkan", "ditangani"])
def test_a_particle_however_written_and_a_state_of_handling_tell_nothing(word: str) -> None:
    assert plain(word)[0] == ""


@pytest.mark.parametrize("word", ["perolehan", "pendapat", "penghasilan", "peruntukan"])
def test_a_word_made_of_a_particle_tells_what_it_is_about(word: str) -> None:
    assert plain(word)[0] == "own"


@pytest.mark.parametrize(
    ("glued", "apart"),
    [
        ("Data RKA-SKPD", "RKA SKPD"), ("Gambar as-built jalan", "Gambar as built jalan"),
        ("Berkas KUA/PPAS", "KUA-PPAS"), ("Denah alun-alun", "Denah alun"), ("Hotel non-aktif", "Hotel nonaktif"),
        ("Hasil pra-audit", "Hasil praaudit"), ("Data e-KTP", "Data KTP"),
    ],
)  # fmt: skip
def test_words_put_together_are_read_each_unless_they_are_one(glued: str, apart: str) -> None:
    assert title_words(glued).own == title_words(apart).own


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("PKPT Inspektorat", "Program kerja pengawasan tahunan Inspektorat"),
        ("Arsip Disdukcapil", "Arsip Dinas Kependudukan dan Pencatatan Sipil"),
        ("Aset Bapenda", "Aset Badan Pendapatan Daerah"), ("Notulen Banmus", "Notulen Badan Musyawarah"),
        ("RAPBD perubahan", "Rancangan Anggaran Pendapatan dan Belanja Daerah perubahan"),
        ("Nilai UTS", "Nilai ujian tengah semester"), ("Formasi BKPSDM", "Formasi Badan Kepegawaian dan Pengembangan SDM"),
        ("Kontrak Dishub", "Kontrak Dinas Perhubungan"), ("Nomor akun bank guru", "Nomor rekening guru"),
    ],
)  # fmt: skip
def test_what_offices_shorten_is_read_in_full(short: str, long: str) -> None:
    assert title_words(short).own == title_words(long).own


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("Denah RAPK kabupaten", "Denah rencana aksi pencegahan kebakaran"),
        ("Posko FKPR", "Posko forum komunikasi pemuda rawa"),
        ("Notulen forum komunikasi pemuda rawa (FKPR)", "Notulen forum komunikasi pemuda rawa"),
    ],
)
def test_initials_stand_for_the_words_they_begin(short: str, long: str) -> None:
    assert compare(read({"title": short}, TODAY), read({"title": long}, TODAY))
    assert {key.value for key in keys(title_words(short))} & {key.value for key in keys(title_words(long))}


def test_other_initials_are_another_thing() -> None:
    one, other = {"title": "Posko FKPR"}, {"title": "Posko forum pemuda rawa"}
    assert not compare(read(one, TODAY), read(other, TODAY))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NIK pelanggan", "Nomor utama pelanggan"), ("Konsep APBD", "Konsep gaji belanja"),
        ("Rapat badan anggaran", "Rapat badan kehormatan"), ("DPA puskesmas pembantu", "Dokumen puskesmas pembantu"),
        ("Target pendapatan daerah", "Target gaji"),
    ],
)  # fmt: skip
def test_a_name_of_several_words_does_not_mean_what_each_of_them_may(one: str, other: str) -> None:
    assert title_words(one).own != title_words(other).own
    assert not compare(read({"title": one}, TODAY), read({"title": other}, TODAY))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cadangan sandi server", "Backup password peladen"), ("Alamat surel mantan bupati", "Alamat email bekas bupati"),
        ("Kontrak pengembang perangkat lunak", "Kontrak developer software"), ("Peta sebaran hewan", "Peta habitat satwa"),
        ("Pemantauan situs", "Monitoring website"), ("NIP guru", "Nomor induk pegawai guru"),
    ],
)  # fmt: skip
def test_what_has_several_names_is_one_thing(one: str, other: str) -> None:
    assert title_words(one).own == title_words(other).own


@pytest.mark.parametrize("said", ["Ringkasan temuan jembatan rawa", "Temuan jembatan rawa panitia"])
def test_the_form_of_a_record_and_who_keeps_it_may_stay_unsaid(said: str) -> None:
    assert compare(read({"title": "Temuan jembatan rawa"}, TODAY), read({"title": said}, TODAY))
