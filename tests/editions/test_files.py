"""The files of an edition: the same bytes for the same content, harmless in a spreadsheet, readable aloud."""

import csv
import io
import json
from hashlib import sha256
from typing import Any

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from ppid_saas.editions import files
from ppid_saas.letters import TypesettingError, paper, typeset
from ppid_saas.proofs import digest
from ppid_saas.publication.rules import public_body
from tests.fixtures.determined import ENDS, item_body

MADE = {
    "number": "188/1",
    "dated_on": "2026-11-20",
    "signatory_position": "Sekretaris Daerah",
    "title": "Penetapan",
}
NASTY = '=HYPERLINK("http://x";"y") #set text(red) $x$ *tebal* <b> "kutip", koma'


def bodies(count: int, **more: Any) -> list[dict[str, Any]]:
    return [
        public_body(
            f"DIK-2026-{n:04d}",
            item_body(f"Data pegawai {n}", **more),
            ENDS,
            ("dinkes", "Dinas Kesehatan"),
            MADE,
        )
        for n in range(1, count + 1)
    ]


def rendered(items: list[dict[str, Any]]) -> dict[str, files.Rendered]:
    content = files.document("sana", 3, MADE, items)
    return {file.format: file for file in files.render("Kabupaten Sana", content, digest(content))}


@pytest.fixture(scope="module")
def made() -> dict[str, files.Rendered]:
    return rendered(bodies(30, harm=NASTY))


def test_the_json_file_is_what_the_hash_is_over(made: dict[str, files.Rendered]):
    content = files.document("sana", 3, MADE, bodies(30, harm=NASTY))
    assert sha256(made["json"].data).hexdigest() == digest(content)
    assert json.loads(made["json"].data) == content


def test_one_object_a_line(made: dict[str, files.Rendered]):
    lines = made["jsonl"].data.splitlines()
    assert [json.loads(line)["code"] for line in lines] == [f"DIK-2026-{n:04d}" for n in range(1, 31)]


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(made: dict[str, files.Rendered]):
    data = made["csv"].data
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == 30
    assert rows[0]["Akibat bila dibuka"] == "'" + " ".join(NASTY.split())
    assert rows[0]["Masa pengecualian habis"] == "2031-12-31"


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_cells_that_would_run_are_text(start: str):
    assert files.neutral(start) == f"'{start}"
    assert files.neutral(f"a{start}") == f"a{start}"


def test_workbook_says_the_same_without_formulas(made: dict[str, files.Rendered]):
    sheet = CalamineWorkbook.from_object(io.BytesIO(made["xlsx"].data)).get_sheet_by_index(0).to_python()
    assert tuple(sheet[0]) == files.HEADINGS
    assert len(sheet) == 31
    assert sheet[1][8] == "'" + " ".join(NASTY.split())
    import zipfile

    with zipfile.ZipFile(io.BytesIO(made["xlsx"].data)) as book:
        sheet_xml = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet_xml
    assert b'state="frozen"' in sheet_xml
    assert b"mergeCell" not in sheet_xml


def test_data_files_are_the_same_twice(made: dict[str, files.Rendered]):
    again = rendered(bodies(30, harm=NASTY))
    for name in ("json", "jsonl", "csv", "xlsx"):
        assert again[name].data == made[name].data, name


def test_pdf_is_tagged_in_indonesian_and_numbered(made: dict[str, files.Rendered]):
    reader = PdfReader(io.BytesIO(made["pdf"].data))
    root = reader.trailer["/Root"]
    assert root["/Lang"].startswith("id")
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    first, last = reader.pages[0], reader.pages[-1]
    assert first.mediabox.width > first.mediabox.height
    pages = len(reader.pages)
    assert pages > 1
    assert f"Halaman 1 dari {pages}" in first.extract_text()
    assert f"Halaman {pages} dari {pages}" in last.extract_text()
    assert "Kode" in last.extract_text()
    assert "#settext(red)$x$*tebal*" in "".join(first.extract_text().split())


def test_long_lists_come_in_volumes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(paper, "VOLUME_ROWS", 2)
    made = rendered(bodies(5))
    assert [name for name in made if name.startswith("pdf")] == ["pdf", "pdf-2", "pdf-3"]
    assert files.count(bodies(5)) == len(made)
    text = PdfReader(io.BytesIO(made["pdf-3"].data)).pages[0].extract_text()
    assert "jilid 3 dari 3" in text
    assert "DIK-2026-0005" in text


def test_a_volume_holds_fewer_items_when_they_argue_at_length():
    long = bodies(900, harm="Kerugian. " * 90, interest="Rahasia. " * 100)
    assert files.count(long) == files.count(long[:1]) + 2
    assert files.count(bodies(900)) == files.count(bodies(1))


def test_an_empty_edition_still_has_its_files():
    assert set(rendered([])) == {"json", "jsonl", "csv", "xlsx", "pdf"}


def test_typesetting_fails_without_quoting(tmp_path: Any):
    source = tmp_path / "broken.typ"
    source.write_text('#panic(json("data.json").secret)', encoding="utf-8")
    with pytest.raises(TypesettingError) as failed:
        typeset(source, {"secret": "RAHASIA"})
    assert "RAHASIA" not in str(failed.value)
