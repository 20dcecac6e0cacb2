"""Nine fields, blocks and warnings: each rule seen alone on an item that is otherwise whole."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ppid_saas.law.checks import check_item, completeness
from ppid_saas.law.messages import MESSAGES
from ppid_saas.law.periods import Period, PeriodKind

TODAY = date(2026, 3, 2)
REVIEW = date(2027, 3, 2)
K = PeriodKind


def ground(code: str | None, law: str | None = None):
    return {"code": code, "law": law, "article": None, "text": ""}


def period(kind: PeriodKind, **rest: Any):
    return Period(kind, **rest).to_dict()


def body(**changes: Any):
    whole = {
        "title": "Rekam medis pasien puskesmas",
        "document": "Berkas rekam medis",
        "part": "whole",
        "open_part": "",
        "grounds": [ground("17h.2", "UU 14/2008")],
        "harm": "Pasien dapat dikucilkan.",
        "benefit": "Warga dapat menilai mutu layanan.",
        "interest": "Melindungi kehidupan pribadi pasien.",
        "loss": "",
        "period": period(K.FIXED, value=5, unit="year"),
        "holder": "Kepala puskesmas",
        "note": "",
    }
    return whole | changes


def found(**changes: Any):
    return {(f.field, f.code, f.severity) for f in check_item(body(**changes), TODAY)}


def test_a_whole_item_has_nothing_to_find():
    assert found() == set()
    assert completeness(body()) == (9, 9, [])


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"title": " "}, ("title", "judul.kosong", "block")),
        ({"title": "Arsip"}, ("title", "judul.pendek", "warn")),
        ({"title": "Data pasien 3604 0112 3456 0001"}, ("title", "judul.bocor", "block")),
        ({"title": "Data warga NIK 3604011234560001"}, ("title", "judul.bocor", "block")),
        ({"title": "Data pegawai 198001012005011001"}, ("title", "judul.bocor", "warn")),
        ({"title": "Kebijakan pelayanan rumah sakit"}, ("title", "judul.wajib_terbuka", "warn")),
        ({"title": "Salinan putusan pengadilan"}, ("title", "judul.pasal_18", "warn")),
        ({"harm": "Pasien 3604011234560001 rugi"}, ("harm", "teks.bocor", "warn")),
        ({"document": ""}, ("document", "dokumen.kosong", "warn")),
        ({"part": ""}, ("part", "bagian.kosong", "warn")),
        ({"part": "part"}, ("open_part", "bagian.tanpa_uraian", "warn")),
        ({"grounds": []}, ("grounds", "dasar.tanpa_pasal", "block")),
        ({"grounds": [ground(None, "UU 14/2008")]}, ("grounds", "dasar.tanpa_pasal", "block")),
        ({"grounds": [ground("17k")]}, ("grounds", "dasar.tanpa_pasal", "block")),
        ({"grounds": [ground("17j", "UU 14/2008")]}, ("grounds", "dasar.j_tanpa_uu", "block")),
        ({"grounds": [ground("17h"), ground(None, "UU 43/1999")]}, ("grounds", "dasar.dicabut", "warn")),
        (
            {"grounds": [ground("17h"), ground(None, "Permenkes 1/2020")]},
            ("grounds", "dasar.bukan_uu", "warn"),
        ),
        ({"title": "Realisasi belanja puskesmas"}, ("grounds", "dasar.keuangan_lembaga", "warn")),
        (
            {"title": "Berkas pegawai puskesmas", "grounds": [ground("17g")]},
            ("grounds", "dasar.kepegawaian_g", "warn"),
        ),
        ({"harm": ""}, ("harm", "kons.dibuka_kosong", "block")),
        ({"benefit": ""}, ("benefit", "kons.manfaat_kosong", "warn")),
        ({"interest": ""}, ("interest", "kons.ditutup_kosong", "block")),
        ({"harm": "Sama  saja", "interest": "sama saja"}, ("interest", "kons.sama", "warn")),
        ({"holder": ""}, ("holder", "penguasa.kosong", "warn")),
        ({"period": None}, ("period", "jw.kosong", "block")),
        ({"period": period(K.FIXED)}, ("period", "jw.kosong", "block")),
        ({"period": period(K.UNSPECIFIED, review_on=REVIEW)}, ("period", "jw.tidak_jelas", "warn")),
        ({"period": period(K.UNTIL_EVENT)}, ("period", "jw.peristiwa_tanpa_tinjau", "block")),
        ({"period": period(K.UNTIL_EVENT, event="x")}, ("period", "jw.tanpa_tinjau", "block")),
        ({"period": period(K.UNTIL_CONSENT, release=("x",))}, ("period", "jw.tanpa_tinjau", "block")),
        ({"period": period(K.UNLIMITED, release=("izin",))}, ("period", "jw.tanpa_tinjau", "block")),
        ({"period": period(K.UNLIMITED, review_on=REVIEW)}, ("period", "jw.tanpa_syarat", "warn")),
        ({"period": period(K.UNTIL_DATE, ends_on=date(2026, 3, 1))}, ("period", "jw.lampau", "block")),
        (
            {"period": period(K.UNTIL_DATE, starts_on=REVIEW, ends_on=TODAY)},
            ("period", "jw.terbalik", "block"),
        ),
        (
            {"period": period(K.UNTIL_EVENT, event="x", review_on=date(2026, 3, 1))},
            ("period", "jw.tinjau_lampau", "warn"),
        ),
    ],
)
def test_one_fault_one_finding(changes: dict[str, Any], finding: tuple[str, str, str]):
    assert found(**changes) == {finding}


UNLIMITED = {"period": period(K.UNLIMITED, release=("izin",), review_on=REVIEW)}


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        *[([f"17{letter}"], {("jw.permanen", "block")}) for letter in "abcdef"],
        (["17a.2", "17c"], {("jw.permanen", "block")}),
        (["17g"], set()),
        (["17h.3"], set()),
        (["17i"], {("jw.permanen_periksa", "warn")}),
        (["17b", "17h"], {("jw.permanen_sebagian", "warn")}),
    ],
)
def test_without_an_end_only_where_the_letter_lasts(codes: list[str], expected: Any):
    grounds = [ground(code) for code in codes]
    assert found(grounds=grounds, **UNLIMITED) == {("period", *pair) for pair in expected}


def test_letter_j_stands_on_an_undang_undang_and_its_own_period():
    by_decree = [ground("17j"), ground(None, "Perpres 39/2019")]
    by_act = [ground("17j"), ground(None, "UU 27/2022")]
    assert ("grounds", "dasar.j_tanpa_uu", "block") in found(grounds=by_decree)
    assert found(grounds=by_act) == set()
    assert found(grounds=by_act, **UNLIMITED) == {("period", "jw.menurut_uu", "warn")}


@pytest.mark.parametrize(
    ("codes", "days", "blocked"),
    [
        (["17a"], period(K.FIXED, value=30, unit="year"), False),
        (["17a"], period(K.FIXED, value=31, unit="year"), True),
        (["17a.1"], period(K.FIXED, value=361, unit="month"), True),
        (["17a"], period(K.UNTIL_DATE, ends_on=date(2056, 3, 2)), False),
        (["17a"], period(K.UNTIL_DATE, ends_on=date(2056, 3, 3)), True),
        (["17a"], period(K.UNTIL_DATE, starts_on=date(2020, 1, 1), ends_on=date(2050, 1, 2)), True),
        (["17a", "17h"], period(K.FIXED, value=31, unit="year"), False),
        (["17b"], period(K.FIXED, value=31, unit="year"), False),
    ],
)
def test_thirty_years_is_the_most_under_a(codes: list[str], days: Any, blocked: Any):
    expected = {("period", "jw.lebih_lama", "block")} if blocked else set()
    assert found(grounds=[ground(code) for code in codes], period=days) == expected


def test_an_event_under_a_needs_a_last_date_too():
    event = {"event": "Sampai putusan", "review_on": REVIEW}
    assert found(grounds=[ground("17a")], period=period(K.UNTIL_EVENT, **event)) == {
        ("period", "jw.perlu_tanggal_akhir", "block")
    }
    capped = period(K.UNTIL_EVENT, ends_on=date(2040, 1, 1), **event)
    assert found(grounds=[ground("17a")], period=capped) == set()
    assert found(grounds=[ground("17b")], period=period(K.UNTIL_EVENT, **event)) == set()


def test_sentences_carry_what_they_speak_of():
    (lapsed,) = check_item(body(period=period(K.UNTIL_DATE, ends_on=date(2025, 12, 31))), TODAY)
    assert (lapsed.message_id % lapsed.params).startswith("Masa pengecualian sudah habis 31 Des 2025.")
    (repealed,) = check_item(body(grounds=[ground("17h"), ground(None, "UU 43/1999")]), TODAY)
    assert "UU 20/2023" in repealed.message_id % repealed.params


def test_the_last_closed_day_itself_is_not_past():
    assert found(period=period(K.UNTIL_DATE, ends_on=TODAY)) == set()
    assert found(period=period(K.UNTIL_EVENT, event="x", review_on=TODAY)) == set()


def test_an_empty_item_lacks_all_nine_and_is_stopped_on_five():
    assert completeness({}) == (
        0,
        9,
        ["title", "document", "part", "grounds", "harm", "benefit", "interest", "period", "holder"],
    )
    blocked = {f.field for f in check_item({}, TODAY) if f.severity == "block"}
    assert blocked == {"title", "grounds", "harm", "interest", "period"}


def test_completeness_asks_more_than_presence():
    assert completeness(body(part="part"))[2] == ["part"]
    assert completeness(body(grounds=[ground("17j")]))[2] == ["grounds"]
    assert completeness(body(period=period(K.UNTIL_EVENT, event="x")))[2] == ["period"]


def test_every_sentence_is_said_somewhere():
    code_files = Path(check_item.__code__.co_filename).parent.glob("*checks.py")
    said = "".join(path.read_text(encoding="utf-8") for path in code_files)
    assert [code for code in MESSAGES if f'"{code}"' not in said] == []
