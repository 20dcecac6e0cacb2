"""Headings as published lists really word them, and the pairs that must never be confused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppid_saas.intake.rules.headings import propose
from ppid_saas.intake.rules.vocabulary import PHRASES


def columns(line: str) -> list[tuple[str, ...]]:
    """One heading per bar; a group and what stands under it parted by ">"."""
    return [tuple(part.strip() for part in heading.split(">")) for heading in line.split("|")]


def proposed(line: str) -> list[str]:
    marks = {"sure": "", "check": "?", "unknown": ""}
    return [f"{p.field or '-'}{marks[p.confidence]}" for p in propose(columns(line))]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("No.|Informasi|Dasar Hukum Pengecualian Informasi|Konsekuensi / Pertimbangan Bagi Publik>Dibuka|Konsekuensi / Pertimbangan Bagi Publik>Ditutup|Jangka Waktu", "number title ground harm interest period"),
        ("No|Informasi|Konsekuensi/Pertimbangan Dibuka bagi Publik|Konsekuensi/Pertimbangan Ditutup bagi Publik|Penanggung Jawab", "number title harm interest holder"),
        ("NO|JUDUL INFORMASI|BATAS WAKTU PENGECUALIAN|KONSEKUENSI>AKIBAT BILA INFO DIBUKA|KONSEKUENSI>AKIBAT BILA INFO DITUTUP", "number title period harm interest"),
        ("No|ESENSI INFORMASI|KONTEN INFORMASI|KONSEKUENSI>AKIBAT BILA INFORMASI DIBUKA|KONSEKUENSI>MANFAAT BILA INFORMASI DITUTUP", "number title content harm interest"),
        ("NO.|KONTEN INFORMASI|PERTIMBANGAN SESUAI INDIKATOR KONSEKUENSI|KONSEKUENSI>dibuka|KONSEKUENSI>ditutup", "number title - harm interest"),
        ("NO|DASAR|HASIL UJI KONSEKUENSI|JANGKA WAKTU|KETERANGAN", "number ground harm? period note"),
        ("judul|deskripsi|tanggal|dasar_hukum|konsekuensi_dibuka|konsekuensi_ditutup|jangka_waktu|file", "title content - ground harm interest period -"),
        ("kelompok|judul|rincian|status Ketat/Terbatas|dasar hukum", "- title content - ground"),
        ("No|Perangkat Daerah|Judul|Ringkasan Isi Informasi|Penanggung Jawab Pembuatan|Bentuk Informasi", "number unit title content holder form"),
        ("Kode|Judul|Unit|Syarat dibuka|Dokumen yang memuat", "code title unit release document"),
    ],
)  # fmt: skip
def test_headings_of_published_lists(line: str, expected: str):
    assert proposed(line) == expected.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Judul|Jangka Waktu Pengecualian|Jangka Waktu Penyimpanan", "title period retention"),
        ("Judul|Jangka Waktu Penyimpanan|Jangka Waktu Pengecualian", "title retention period"),
        ("Judul|Jangka Waktu>Penyimpanan|Jangka Waktu>Pengecualian", "title retention period"),
        ("Judul|Waktu Pengecualian|Waktu Simpan", "title period retention"),
        ("Judul|Masa berlaku|Retensi Arsip (JRA)", "title period retention"),
    ],
)
def test_exemption_and_storage_periods_never_mix(line: str, expected: str):
    assert proposed(line) == expected.split()


@pytest.mark.parametrize(
    "heading", ["Jangka Waktu Penyimpanan", "Penyimpanan", "Masa Retensi", "Penyimpanan>Jangka Waktu"]
)
def test_the_only_period_column_is_proposed_and_must_be_checked(heading: str):
    assert proposed(f"No|Informasi|{heading}") == ["number", "title", "period?"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Informasi|Jika dibuka>Akibat buruk|Jika dibuka>Manfaat|Jika ditutup>Kepentingan|Jika ditutup>Kerugian", "title harm benefit interest loss"),
        ("Informasi|Kerugian bila ditutup|Manfaat bila ditutup|Manfaat bila dibuka|Kerugian bila dibuka", "title loss interest benefit harm"),
        ("Informasi|Akibat bila ditutup|Manfaat bila ditutup", "title loss? interest"),
        ("Informasi|Ditutup|Dibuka", "title interest harm"),
        ("Informasi|Bila di tutup|Bila di buka", "title interest harm"),
        ("Informasi|Dampak jika informasi publik dibukka|Dampak jika informasi publik ditutp", "title harm interest"),
        ("Informasi|Konsekuensi dibuka/ditutup", "title -"),
        ("Informasi|Tanggal dibuka|Waktu pembuatan", "title release -"),
    ],
)  # fmt: skip
def test_the_sides_of_a_consequence_are_told_apart(line: str, expected: str):
    assert proposed(line) == expected.split()


def test_a_field_is_given_once_and_a_tie_asks_to_be_checked():
    assert proposed("No|Jenis Informasi|Judul Informasi") == ["number", "title?", "-"]


def test_contents_stand_in_for_a_missing_title():
    assert proposed("No|Uraian Informasi|Dasar Hukum") == ["number", "title", "ground"]
    assert proposed("No|Nama Dokumen|Dasar Hukum") == ["number", "title?", "ground"]


@pytest.mark.parametrize(
    "foreign",
    ["Nomor SK", "Waktu pembuatan informasi", "Lokasi Penyimpanan", "Alasan Pengecualian", "Manfaat"],
)
def test_columns_of_others_are_left_alone(foreign: str):
    assert proposed(f"No|Judul|{foreign}|Jangka Waktu")[2] == "-"


@given(
    st.lists(
        st.lists(st.one_of(st.text(max_size=30), st.sampled_from(sum(PHRASES.values(), ()))), max_size=3).map(
            tuple
        ),
        max_size=9,
    )
)
def test_any_headings_get_each_field_at_most_once(headings: list[tuple[str, ...]]):
    fields = [proposal.field for proposal in propose(headings) if proposal.field]
    assert len(fields) == len(set(fields))
