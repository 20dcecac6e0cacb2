"""One file of each hostile family, through the reader; the whole set is the proof `bad_files`."""

import pytest
from bad_files import READ, Bad, bad_files

from ppid_saas.intake.rules import best_sheet, row_values, understand
from ppid_saas.intake.workbooks.reading import read_workbook
from ppid_saas.intake.workbooks.refusals import UnreadableFile


def outcome(bad: Bad) -> str:
    try:
        row_values(understand(best_sheet(read_workbook(bad.data, bad.name))))
    except UnreadableFile as refusal:
        return refusal.code if refusal.message.endswith(".") else f"no sentence: {refusal.message}"
    return READ


@pytest.mark.parametrize("bad", list(bad_files(most=2)), ids=lambda bad: bad.name)
def test_a_hostile_file_is_refused_in_words_or_read(bad: Bad):
    assert outcome(bad) in (bad.allowed or {READ, "bomb", "damaged", "empty", "not_a_workbook"})
