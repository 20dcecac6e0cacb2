"""The catalogue of grounds against the article's own structure."""

from collections import Counter

import pytest

from ppid_saas.law import grounds

NUMBERS = {"a": 5, "b": 0, "c": 7, "d": 0, "e": 7, "f": 4, "g": 0, "h": 5, "i": 0, "j": 0}
GROUNDS = grounds.catalogue().grounds


def test_ten_letters_with_their_numbers():
    assert Counter(g.letter for g in GROUNDS.values()) == {k: n + 1 for k, n in NUMBERS.items()}
    assert all(code == f"17{g.letter}" + (f".{g.number}" if g.number else "") for code, g in GROUNDS.items())


@pytest.mark.parametrize("letter", "abcdefghij")
def test_what_a_letter_allows_without_an_end(letter: str):
    expected = {"i": "warn"} | dict.fromkeys("abcdef", "block") | dict.fromkeys("ghj", "allow")
    assert GROUNDS[f"17{letter}"].unlimited == expected[letter]


def test_numbers_inherit_from_their_letter_and_speak_for_themselves():
    number, letter = GROUNDS["17h.3"], GROUNDS["17h"]
    assert (number.unlimited, number.unlimited_needs) == (letter.unlimited, "release")
    assert number.label != letter.label
    assert number.question == letter.question


def test_only_a_has_a_number_of_years_and_only_j_needs_another_act():
    assert {g.letter: g.cap_years for g in GROUNDS.values() if g.cap_years} == {"a": 30}
    assert {g.letter for g in GROUNDS.values() if g.needs_other_law} == {"j"}
    assert {g.letter for g in GROUNDS.values() if g.event_needs == "end_date"} == {"a"}


def test_every_ground_has_its_words_and_its_article():
    for ground in GROUNDS.values():
        assert all((ground.label, ground.name))
        assert ground.question.endswith("?")
        assert f"Ps 17 huruf {ground.letter}" in ground.source


def test_an_unknown_code_is_no_ground():
    assert grounds.find("17k") is grounds.find("17b.1") is grounds.find(None) is None
    assert grounds.find("17h.5") is GROUNDS["17h.5"]
