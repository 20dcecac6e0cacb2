"""What remains of words and titles beneath their wording."""

import pytest

from ppid_saas.consolidation.matching_stems import stem


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
