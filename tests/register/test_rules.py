"""What follows from a body, without any database."""

import json
from datetime import date

import pytest

from ppid_saas.law.periods import Period, PeriodKind
from ppid_saas.proofs import canonical, digest
from ppid_saas.register import rules


def test_a_whole_body_is_stable() -> None:
    once = rules.whole_body({"title": "Rincian harga"})
    assert rules.whole_body(once) == once
    assert set(once) == set(rules.LABELS)
    assert once["period"]["kind"] == "unspecified"


@pytest.mark.parametrize("title", ["Rincian harga", 'Kata "asing"\n\\ é 😀 \x01', ""])
def test_a_body_made_from_its_two_sides_is_the_canonical_one(title: str) -> None:
    data = {
        "title": title,
        "summary": "sebelum",
        "trigger": "order",
        "note": "é",
        "made": "2024",
        "part": "part",
    }
    beside = rules.untitled(data | {"title": "lain"})
    made = rules.titled(beside, title)
    assert (beside.before + made.text + beside.after).encode() == canonical(rules.whole_body(data))
    assert json.loads(beside.text) | {"title": json.loads(made.text)} == rules.whole_body(data)
    assert made.hash == digest(rules.whole_body(data))
    assert made == rules.as_written(data)


def test_a_counted_period_has_no_end_before_the_determination() -> None:
    counted = rules.listed(
        rules.whole_body({"title": "X", "period": {"kind": "fixed", "value": 5, "unit": "year"}})
    )
    started = rules.listed(
        rules.whole_body(
            {"title": "X", "period": {"kind": "fixed", "value": 5, "unit": "year", "starts_on": "2024-02-29"}}
        )
    )
    assert (counted.ends_on, counted.sort_on) == (None, date.max)
    assert started.ends_on == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (Period(PeriodKind.FIXED, 5, "year"), "5 tahun sejak penetapan"),
        (Period(PeriodKind.FIXED, 6, "month", starts_on=date(2026, 3, 5)), "6 bulan sejak 5 Maret 2026"),
        (Period(PeriodKind.UNTIL_DATE, ends_on=date(2027, 12, 31)), "sampai 31 Desember 2027"),
        (Period(PeriodKind.UNTIL_EVENT, event="kontrak ditandatangani", ends_on=date(2027, 8, 1)),
         "kontrak ditandatangani, paling lambat 1 Agustus 2027"),
        (Period(PeriodKind.UNTIL_EVENT, 5, "year", event="masa kontrak berakhir"), "5 tahun setelah masa kontrak berakhir"),
        (Period(PeriodKind.UNLIMITED, review_on=date(2030, 1, 2)), "tanpa batas, ditinjau 2 Januari 2030"),
        (Period(text="sesuai ketentuan"), "sesuai ketentuan"),
        (Period(), ""),
    ],
)  # fmt: skip
def test_a_period_reads_like_a_sentence(period: Period, words: str) -> None:
    assert rules.period_words(period) == words


def test_a_difference_keeps_every_word() -> None:
    parts = rules.diff_words("paling lama lima tahun", "paling lama tujuh tahun lagi")
    assert ("-", "lima") in parts
    assert ("+", "tujuh") in parts
    assert "".join(text for op, text in parts if op != "+") == "paling lama lima tahun"
    assert "".join(text for op, text in parts if op != "-") == "paling lama tujuh tahun lagi"


def test_grounds_in_words() -> None:
    assert rules.code_words("17h.3") == "Pasal 17 huruf h angka 3"
    assert rules.letters_words(("17h.3", "17a", "17h.1")) == "17 a, h"
    assert rules.ground_words({"code": "17j", "law": "UU 36/2009"}) == "Pasal 17 huruf j UU 36/2009"
    assert (
        rules.ground_words({"code": None, "law": None, "article": None, "text": "sesuai aturan"})
        == "sesuai aturan"
    )


def test_changed_fields_come_in_the_order_of_the_form() -> None:
    before = rules.whole_body({"title": "A", "harm": "x"})
    after = rules.whole_body({"title": "B", "harm": "y"})
    assert rules.changed_fields(before, after) == ["title", "harm"]
