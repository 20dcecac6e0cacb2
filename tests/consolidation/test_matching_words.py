"""What remains of words and titles beneath their wording."""

import pytest

from ppid_saas.consolidation.matching_stems import stem
from ppid_saas.consolidation.matching_words import plain


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
