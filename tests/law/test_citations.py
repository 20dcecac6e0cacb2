"""Legal bases as officers write them, against what they mean."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppid_saas.law import acts
from ppid_saas.law.citations import Citation, parse_citation

HOME = "UU 14/2008"


def codes(text: str):
    return [c.code for c in parse_citation(text) if c.code]


def pairs(text: str):
    return [(c.law, c.article) for c in parse_citation(text) if not c.code]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UU No 14 Tahun 2008 Pasal 17 huruf b", ["17b"]),
        ("Pasal 17 (g), (h) angka 3", ["17g", "17h.3"]),
        ("17 (h) angka 3", ["17h.3"]),
        ("Huruf H", ["17h"]),
        ("butir g", ["17g"]),
        ("Pasal 17 Huruf g UU KIP", ["17g"]),
        ("Pasal 17 huruf j jo. UU No. 27 Tahun 2022", ["17j"]),
        ("pasal 17 huruf h angka 1, angka 3, dan angka 5 UU 14/2008", ["17h.1", "17h.3", "17h.5"]),
        ("Ps. 17 hrf. (h) angka 2 dan 4", ["17h.2", "17h.4"]),
        ("psl 17 h", ["17h"]),
        ("17h.3", ["17h.3"]),
        ("Pasal 17 huruf h butir 4", ["17h.4"]),
        ("Pasal 17 huruf a, c dan huruf e angka 7", ["17a", "17c", "17e.7"]),
        ("Pasal 17 huruf a s.d. huruf c", ["17a", "17b", "17c"]),
        ("Pasal 17 huruf b angka 2", ["17b"]),
        ("UU KIP Pasal 17\nhuruf i", ["17i"]),
        ("UU 27 Tahun 2022\nPasal 17 huruf h", ["17h"]),
        ("Pasal 17 ayat (1) huruf i UU Nomor 14 Tahun 2008", ["17i"]),
        ("Pasal 17 huruf h\n2. UU No. 43 Tahun 2009", ["17h"]),
    ],
)
def test_grounds_are_found_in_every_form(text: str, expected: Any):
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UU No. 27 Tahun 2022", [("UU 27/2022", None)]),
        ("Undang-Undang Nomor 8 Tahun 1997 tentang Dokumen Perusahaan", [("UU 8/1997", None)]),
        (
            "Undang-undang RI Nomor: 9 Th. 1999 Pasal 4 ayat (2) huruf c",
            [("UU 9/1999", "Pasal 4 ayat (2) huruf c")],
        ),
        ("PP No 12 Tahun 2001 Pasal 5", [("PP 12/2001", "Pasal 5")]),
        ("Peraturan Menteri Dalam Negeri Nomor 3 Tahun 2017", [("Permendagri 3/2017", None)]),
        (
            "Peraturan Menteri Kesehatan Nomor 11/MENKES/PER/III/2008",
            [("Permenkes 11/MENKES/PER/III/2008", None)],
        ),
        ("UUD 1945 Pasal 28G", [("UUD 1945", "Pasal 28G")]),
        ("UUD Republik Indonesia 1944 Pasal 30 B", [("UUD 1945", "Pasal 30 B")]),
        ("UU PDP Pasal 4", [("UU 27/2022", "Pasal 4")]),
        ("Perbup Nomor 07 Tahun 2020", [("Perbup 7/2020", None)]),
        ("Pasal 6 ayat (3) UU KIP", [(HOME, "Pasal 6 ayat (3)")]),
        ("UU KIP", [(HOME, None)]),
        ("UU 14/2008 Pasal 17", [(HOME, "Pasal 17")]),
        ("Pasal 17", [(HOME, "Pasal 17")]),
        ("UU No. 9/2004 tentang Contoh (Pasal 17 ayat 1)", [("UU 9/2004", "Pasal 17 ayat 1")]),
        ("Keputusan Sekjen Nomor AB-CDE 8 Tahun 2026", [("Keputusan AB-CDE 8/2026", None)]),
        ("UU 11/2008 jo. UU Nomor 1 Tahun 2024", [("UU 11/2008", None), ("UU 1/2024", None)]),
    ],
)
def test_other_regulations_come_to_one_short_form(text: str, expected: Any):
    assert pairs(text) == expected


def test_each_article_goes_to_its_own_act():
    assert pairs("UU 14/2008 Pasal 17 huruf b UU 5/1999 Pasal 3") == [("UU 5/1999", "Pasal 3")]
    assert pairs("UU 14/2008 Pasal 17 huruf h dan Pasal 4 UU 27/2022") == [("UU 27/2022", "Pasal 4")]
    both = parse_citation("Pasal 6 ayat (3) dan Pasal 17 huruf h angka 5 UU 14/2008")
    assert [(c.code, c.law) for c in both] == [(None, HOME), ("17h.5", HOME)]


def test_prose_names_no_act():
    assert parse_citation("sesuai undang-undang yang berlaku") == [
        Citation(None, None, None, "sesuai undang-undang yang berlaku")
    ]
    assert pairs("undang-undang yang berlaku serta PP No 45 Tahun 2012") == [("PP 45/2012", None)]
    assert parse_citation(" \n ") == []


def test_a_basis_named_twice_counts_once_and_keeps_its_wording():
    text = "UU No 14 Tahun 2008 Pasal 17 huruf h; Pasal 17 huruf h UU KIP"
    (only,) = parse_citation(text)
    assert only.text == "UU No 14 Tahun 2008 Pasal 17 huruf h"
    assert only.as_ground() == {
        "code": "17h",
        "law": HOME,
        "article": "Pasal 17 huruf h",
        "text": "UU No 14 Tahun 2008 Pasal 17 huruf h",
    }


@pytest.mark.parametrize(
    ("law", "expected"),
    [("UU 1/2000", True), ("Perppu 1/2020", True), ("UUD 1945", True), ("PP 1/2000", False), ("Permen 2/2001", False),
     ("Perbup 1/2000", False), ("Keputusan 1/2000", False), (None, False)],
)  # fmt: skip
def test_rank(law: str | None, expected: Any):
    assert acts.is_act(law) is expected


def test_repeal_counts_from_its_day():
    repeal = acts.repeal_of("UU 43/1999", date(2026, 1, 1))
    assert repeal is not None
    assert repeal.by == "UU 20/2023"
    assert acts.repeal_of("Perpres 54/2010", date(2026, 1, 1)) is not None
    assert acts.repeal_of("UU 1/1946", date(2026, 1, 1)) is None
    assert acts.repeal_of("UU 1/1946", date(2026, 1, 2)) is not None
    assert acts.repeal_of("UU 14/2008", date(2026, 1, 1)) is None


PIECES = ("UU", "Pasal", "17", "huruf", "h", "(a)", "angka 3", "No.", "14", "Tahun", "2008", "/", ",", "dan", "jo.", "\n", "s.d.",
          "Undang-Undang", "KIP", "Perpres", "54", "2010", "(", ")", "28 A", "ayat (1)", "1234567890" * 9)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES)).map(" ".join) | st.text())
def test_any_text_gives_an_answer_and_loses_nothing(text: str):
    found = parse_citation(text)
    assert bool(found) == bool(text.strip())
    assert all(c.text in text for c in found)
    assert all(c.law == HOME and c.article for c in found if c.code)
