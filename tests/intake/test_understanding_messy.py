"""The messy list and its twin in Word: the items and nothing else, each column where it belongs."""

from ppid_saas.intake.rules import best_sheet, row_values, understand
from ppid_saas.intake.workbooks.reading import read_workbook
from tests.intake import messy

FIELDS = ("number", "title", "ground", "harm", "interest", "period", "retention", "holder")


def meant() -> list[tuple[str, ...]]:
    rows = [messy.item(n) for n in range(1, messy.ITEMS + 1)]
    return [(*row[:2], messy.GROUND, *row[3:]) for row in rows]


def understood(data: bytes):
    found = understand(best_sheet(read_workbook(data, "messy-03.xlsx")))
    return found, [tuple(row.get(field, "") for field in FIELDS) for row in row_values(found)]


def test_the_items_and_nothing_of_what_stands_around_them():
    found, rows = understood(messy.workbook())
    assert rows == meant()
    kinds = {row.kind for row in found.rows}
    assert {"letterhead", "heading", "numbering", "section", "signature"} <= kinds


def test_the_period_of_closing_and_that_of_keeping_are_two():
    found, _ = understood(messy.workbook())
    fields = {column.heading: column.field for column in found.columns}
    assert fields["Jangka Waktu Pengecualian"] == "period"
    assert fields["Jangka Waktu Penyimpanan"] == "retention"


def test_its_twin_in_word_gives_the_same_items():
    assert understood(messy.document())[1] == understood(messy.workbook())[1]
