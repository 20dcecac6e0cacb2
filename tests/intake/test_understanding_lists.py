"""Published lists, read from the folder of samples where there is one; and our own sample always."""

import json
import os
import sys
from pathlib import Path

import pytest

from ppid_saas.intake.rules import Field, Understanding, best_sheet, data_rows, row_values, understand
from ppid_saas.intake.workbooks.reading import read_workbook

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
FOLDER = Path(os.environ.get("PPID_SAMPLE_LISTS") or ROOT.parent / "shared" / "data")
EXPECTED = sorted(FOLDER.glob("lists/*.expected.json"))
NAMES: dict[str, Field] = {
    "title": "title",
    "basis": "ground",
    "opened": "harm",
    "closed": "interest",
    "duration": "period",
    "holder": "holder",
    "detail": "content",
    "unit": "unit",
    "form": "form",
}


def understood(path: Path) -> Understanding:
    return understand(best_sheet(read_workbook(path.read_bytes(), path.name)))


@pytest.mark.skipif(not EXPECTED, reason=f"no published lists in {FOLDER}: set PPID_SAMPLE_LISTS")
@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.name)
def test_a_published_list_is_understood_exactly(expected: Path):
    wanted = json.loads(expected.read_text(encoding="utf-8"))
    found = row_values(understood(expected.with_name(expected.name.removesuffix(".expected.json"))))
    assert [{name: row.get(NAMES[name], "") for name in wanted[0]} for row in found] == wanted


def test_our_sample_is_understood_without_a_question(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(SAMPLES)
    import make

    found = understood(SAMPLES / "contoh-daftar.xlsx")
    assert (found.header_top, found.header_depth) == (5, 2)
    assert {column.confidence for column in found.columns} == {"sure"}
    fields = ("title", "ground", "harm", "interest", "period", "holder")
    wanted = [row for rows in make.SECTIONS.values() for row in rows]
    assert [tuple(row[field] for field in fields) for row in row_values(found)] == wanted
    assert [row.section for row in data_rows(found)] == [
        name for name, rows in make.SECTIONS.items() for _ in rows
    ]
    sys.modules.pop("make")


def test_our_sample_is_what_its_script_makes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.syspath_prepend(SAMPLES)
    import make

    make.make(tmp_path / "again.xlsx")
    sys.modules.pop("make")
    again = read_workbook((tmp_path / "again.xlsx").read_bytes(), "again.xlsx")
    assert again == read_workbook((SAMPLES / "contoh-daftar.xlsx").read_bytes(), "contoh-daftar.xlsx")
