"""What leaves the house and what does not; the status of an item on a day."""

import json
from datetime import date
from typing import Any

import pytest

from ppid_saas.publication import rules
from ppid_saas.publication.differences import differences, word_diff
from ppid_saas.register.rules import LABELS
from tests.fixtures.determined import item_body

DETERMINATION = {
    "number": "188/1",
    "dated_on": "2026-11-20",
    "signatory_position": "Sekretaris Daerah",
    "title": "Penetapan",
    "signatory": "RAHASIA-nama",
}


def body(code: str = "DIK-2026-0001", title: str = "Data pribadi pegawai", **more: Any) -> dict[str, Any]:
    item = item_body(title, **more)
    return rules.public_body(code, item, date(2031, 11, 20), ("bkpsdm", "Badan Kepegawaian"), DETERMINATION)


def test_public_body_holds_the_allow_list_and_nothing_else():
    made = body()
    assert tuple(made) == rules.PUBLIC_FIELDS
    assert rules.is_public_body(made)
    assert "RAHASIA" not in str(made)
    assert made["grounds"] == [
        {
            "code": "17h.4",
            "label": made["grounds"][0]["label"],
            "law": "UU 14/2008",
            "article": "Pasal 17 huruf h angka 4",
        }
    ]
    assert made["ends_on"] == "2031-11-20"


def test_a_wider_body_is_not_public():
    assert not rules.is_public_body(body() | {"note": ""})
    assert not rules.is_public_body(
        body() | {"period": {"kind": "fixed", "text": "", "review_on": None, "event": ""}}
    )


def test_what_stays_open_is_told_only_for_a_part():
    assert body(part="whole")["open_part"] == ""
    assert body()["open_part"] == "Nama jabatan dan golongan"


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ({"kind": "fixed", "value": 3, "unit": "month"}, "3 bulan"),
        ({"kind": "until_event", "event": "kontrak ditandatangani"}, "sampai kontrak ditandatangani"),
        ({"kind": "unlimited"}, "tanpa batas waktu"),
        ({"kind": "fixed", "value": 3, "unit": "month", "text": " tiga   bulan "}, "tiga bulan"),
    ],
)
def test_period_in_words(period: dict[str, Any], words: str):
    assert body(period=period)["period"]["text"] == words


@pytest.mark.parametrize(
    ("today", "status"),
    [
        (date(2026, 9, 1), "exempt"),
        (date(2026, 10, 2), "soon"),
        (date(2026, 12, 31), "soon"),
        (date(2027, 1, 1), "opened"),
    ],
)
def test_status_by_the_clock(today: date, status: str):
    """Source: PP 61/2010 Ps 10(2)."""
    assert rules.status_on(date(2026, 12, 31), today) == status


def test_without_an_end_it_stays_exempt():
    assert rules.status_on(None, date(2090, 1, 1)) == "exempt"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("NIK 3604010101800001 tercatat", "NIK"),
        ("3604.0101.0180.0001", "NIK"),
        ("NIP 198001012005011001", "NIP"),
        ("kirim ke petugas@contoh.go.id", "alamat surel"),
        ("hubungi 0812-3456-7890", "nomor telepon"),
        ("WA +62 812 3456 7890", "nomor telepon"),
        ("telepon (0254) 200123", "nomor telepon"),
    ],
)
def test_personal_data_is_found_wherever_it_stands(text: str, kind: str):
    for field in ("title", "harm", "interest", "holder", "open_part"):
        found = rules.find_leaks([body(**{field: f"Data {text} pegawai"})])
        assert found == [rules.Leak("DIK-2026-0001", field, kind)]
        assert text not in str(found[0])


@pytest.mark.parametrize(
    "text",
    [
        "Nomor 800/1234/2026",
        "UU 14/2008 Pasal 17",
        "tahun 2026-2031",
        "Perda 12 Tahun 2020",
        "anggaran 1.250.000.000",
    ],
)
def test_numbers_of_letters_and_laws_are_no_leak(text: str):
    assert rules.find_leaks([body(harm=text)]) == []


def test_differences_name_added_changed_and_removed():
    before = [body("A-1"), body("A-2"), body("A-3")]
    after = [body("A-1"), body("A-2", harm="Rahasia pribadi guru terungkap"), body("A-4", title="Baru")]
    found = differences(before, after)
    assert found.summary == "1 baru, 1 berubah, 1 tidak lagi tercantum"
    assert found.changed[0].fields == (
        (
            "akibat bila dibuka",
            (("=", "Rahasia pribadi "), ("-", "pegawai "), ("+", "guru "), ("=", "terungkap")),
        ),
    )


def test_a_new_determination_alone_is_no_change():
    later = body() | {"determination": {**body()["determination"], "number": "188/2"}}
    assert not differences([body()], [later])


def test_word_diff_of_nothing():
    assert word_diff("", "lima tahun") == (("+", "lima tahun"),)


def test_no_field_of_an_item_becomes_public_by_being_added():
    """Whatever a unit can write is planted; only what the public body names comes out."""
    planted = {name: f"kanari-{name}" for name in LABELS if name not in {"part", "grounds", "period"}}
    lists = {"participants": ["kanari-participants"], "forms": ["kanari-forms"]}
    item = item_body("x") | planted | lists | {"period": {"release": ["kanari-release"]}}
    out = json.dumps(rules.public_body("DIK-2026-0001", item, None, ("dinkes", "Dinas"), DETERMINATION))
    told = {name for name in LABELS if f"kanari-{name}" in out}
    assert told == {"title", "open_part", "harm", "interest", "holder"}
    assert "kanari-release" not in out
