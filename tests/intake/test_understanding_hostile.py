"""Files that are broken, foreign or malicious: a refusal in the officer's words or a sane answer, never anything else."""

import io
import os
import random
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter
from foreign_files import Rows, docx, ods, packed, repacked, word_row, xls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ppid_saas.access.errors import AwayError
from ppid_saas.intake.rules import Merge, Sheet, best_sheet, row_values, understand
from ppid_saas.intake.workbooks import apart, formats
from ppid_saas.intake.workbooks.child import lines_of
from ppid_saas.intake.workbooks.reading import read_pasted, read_workbook
from ppid_saas.intake.workbooks.refusals import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, MESSAGES, UnreadableFile
from ppid_saas.limited import lender

ROWS = (
    ("No", "Informasi", "Dasar Hukum"),
    (1.0, "Data pasien", "Pasal 17 huruf h"),
    (2.0, "Rekam medis", "Pasal 17"),
)


def xlsx(rows: Rows = ROWS) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC)})
    sheet = book.add_worksheet("DIK")
    for n, row in enumerate(rows):
        sheet.write_row(n, 0, row)
    book.close()
    return buffer.getvalue()


def refusal(data: bytes, name: str = "daftar.xlsx") -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_workbook(data, name)
    assert caught.value.message.endswith(".")
    return caught.value.code


def sheet_xml(rows: str, dimension: str = "A1:C3") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{space}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'.encode()


def with_sheet(xml: bytes) -> bytes:
    return repacked(xlsx(), {"xl/worksheets/sheet1.xml": xml})


def noise(size: int) -> str:
    return random.Random(7).randbytes(size // 2).hex()


def test_every_refusal_says_what_happened_and_what_to_do():
    assert all(message.count(".") >= 2 or ":" in message for message in MESSAGES.values())
    assert all("!" not in message for message in MESSAGES.values())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \r\n",
        b"\x00" * 40,
        xlsx(()),
        xlsx((("", " "),)),
        docx(),
        docx(word_row("a", "b")),
        ods(()),
        b";;;\r\n;;;\r\n",
    ],
)
def test_nothing_in_it(data: bytes):
    assert refusal(data) == "empty"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 x",
        b"\x89PNG\r\n",
        b"\xff\xd8\xff\xe0",
        b"<!DOCTYPE html><table></table>",
        b"\xef\xbb\xbf <HTML>",
        b"{\\rtf1 x}",
    ],
)
def test_other_kinds_of_file_are_named(data: bytes):
    assert refusal(data, "daftar.xlsx") == "not_a_workbook"


@pytest.mark.parametrize(
    "data",
    [
        packed({"a.txt": "x"}),
        b"No;Judul\n1;a\x00b\n",
        random.Random(1).randbytes(5000),
        b"\x01\x02\x03\x04;abc\n",
    ],
)
def test_no_table_at_all(data: bytes):
    assert refusal(data) == "not_a_workbook"


@pytest.mark.parametrize(
    "data", [xlsx(), ods(ROWS), docx(word_row("a", "b", "c"))], ids=["xlsx", "ods", "docx"]
)
def test_a_truncated_file_is_damaged(data: bytes):
    assert {refusal(data[:size]) for size in (len(data) // 3, len(data) // 2, len(data) - 30)} == {"damaged"}


def test_an_old_workbook_cut_short_is_damaged_and_old_word_is_named():
    assert refusal(xls(ROWS)[:1500]) == "damaged"
    assert refusal(xls(ROWS) + "WordDocument".encode("utf-16-le")) == "not_a_workbook"


def test_passwords():
    assert refusal(xls(ROWS) + "EncryptedPackage".encode("utf-16-le")) == "encrypted"
    locked = bytearray(xlsx())
    at = locked.find(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert refusal(bytes(locked)) == "encrypted"
    assert (
        refusal(repacked(ods(ROWS), {"META-INF/manifest.xml": b"<manifest:encryption-data/>"})) == "encrypted"
    )


def test_limits_of_size():
    assert refusal(b"x" * (MAX_BYTES + 1)) == "too_big"
    assert refusal(b"a;b\n" * (MAX_ROWS + 1)) == "too_big"
    assert len(read_workbook(b"a;b\n" * MAX_ROWS, "").sheets[0].rows) == MAX_ROWS
    wide = [";".join(f"k{n}" for n in range(count)).encode() for count in (MAX_COLUMNS, MAX_COLUMNS + 1)]
    assert len(read_workbook(wide[0], "").sheets[0].rows[0]) == MAX_COLUMNS
    assert refusal(wide[1]) == "too_many_columns"


def test_one_sheet_too_wide_does_not_spoil_the_others():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.add_worksheet("Lebar").write_row(0, 0, ["x"] * 80)
    for n, row in enumerate(ROWS):
        (book.get_worksheet_by_name("DIK") or book.add_worksheet("DIK")).write_row(n, 0, row)
    book.close()
    assert [sheet.name for sheet in read_workbook(buffer.getvalue(), "").sheets] == ["DIK"]


def test_a_packed_bomb_is_not_inflated():
    assert refusal(with_sheet(sheet_xml(" " * 100_000_000))) == "bomb"
    assert refusal(packed({"xl/workbook.xml": "<x/>", **{f"m{n}": b"" for n in range(10_001)}})) == "bomb"


def test_a_bomb_that_lies_about_its_size_meets_the_limits_of_the_child():
    data = bytearray(with_sheet(sheet_xml("<row/>" * 20_000_000)))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.find(mark)
        while at >= 0:
            struct.pack_into(
                "<I", data, at + offset, min(struct.unpack_from("<I", data, at + offset)[0], 2000)
            )
            at = data.find(mark, at + 4)
    assert refusal(bytes(data)) in ("bomb", "damaged", "empty")


@pytest.mark.parametrize("far", ["XFD1048576", "XFD900000", "ZZ1048576"])
def test_cells_at_the_far_corner_do_not_take_the_memory(far: str):
    row = far.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    cells = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{far}"><v>1</v></c></row>'
    assert refusal(with_sheet(sheet_xml(cells, f"A1:{far}"))) == "bomb"


def test_a_huge_dimension_alone_does_no_harm():
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>Judul</t></is></c></row>'
    assert read_workbook(with_sheet(sheet_xml(cells, "A1:XFD1048576")), "").sheets[0].rows == (("Judul",),)


def test_one_long_text_shared_by_a_million_cells():
    row, marks = '<c t="s"><v>0</v></c>' * 20, noise(1_600_000)
    cells = "".join(f'<row r="{n}" x="{marks[n * 32 - 32 : n * 32]}">{row}</row>' for n in range(1, 50_001))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = f'<sst xmlns="{space}" count="1" uniqueCount="1"><si><t>{noise(32_000)}</t></si></sst>'.encode()
    data = repacked(with_sheet(sheet_xml(cells)), {"xl/sharedStrings.xml": strings})
    assert formats.format_of(data) == "xlsx"
    assert refusal(data) == "bomb"


def test_an_opendocument_row_repeated_without_end():
    data = ods(ROWS)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml").replace(
            b"<table:table-row>", b'<table:table-row table:number-rows-repeated="900000000">', 2
        )
    assert refusal(repacked(data, {"content.xml": content})) in ("bomb", "too_big", "damaged")


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "hahaha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


def test_document_types_and_entities_are_refused():
    assert refusal(docx(word_row("a", "b", "&i;"), before=LAUGHS)) == "bomb"
    assert refusal(with_sheet(LAUGHS.encode() + sheet_xml(""))) == "bomb"
    wide = ('<?xml version="1.0" encoding="UTF-16"?>' + LAUGHS + "<x/>").encode("utf-16")
    assert refusal(packed({"word/document.xml": wide})) == "bomb"


def test_links_and_doubles_in_the_package_are_refused():
    link = zipfile.ZipInfo("xl/link.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    for member in (link, zipfile.ZipInfo("xl/workbook.xml")):
        buffer = io.BytesIO(xlsx())
        with warnings.catch_warnings(), zipfile.ZipFile(buffer, "a") as archive:
            warnings.simplefilter("ignore")
            archive.writestr(member, "x")
        assert refusal(buffer.getvalue()) == "bomb"


def test_a_word_file_nested_without_end():
    deep = "<w:tbl><w:tr><w:tc>" * 60_000 + "</w:tc></w:tr></w:tbl>" * 60_000
    data = repacked(docx(deep), {"media": noise(400_000).encode()})
    assert refusal(data) in ("bomb", "damaged", "empty")


def test_a_reader_that_ends_in_the_middle_has_judged_the_file():
    whole = b"".join(lines_of({"sheets": [{"name": "a", "rows": [["1", "2"]] * 700}]}))
    assert len(apart.told(io.BytesIO(whole))[0]["rows"]) == 700
    for kept in (0, 1, len(whole) // 2, len(whole) - 1):
        with pytest.raises(UnreadableFile) as caught:
            apart.told(io.BytesIO(whole[:kept]))
        assert caught.value.code == "bomb"


@pytest.fixture
def readers_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Have files read by another program than ours."""

    def put(program: str) -> None:
        (tmp_path / "other_reader.py").write_text(program)
        apart.READERS.stop()
        monkeypatch.setattr(apart.READERS, "module", "other_reader")

    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{lender.ROOT}")
    monkeypatch.setattr(lender, "KEPT", (*lender.KEPT, "PYTHONPATH"))
    yield put
    apart.READERS.stop()


def test_a_reader_that_dies_judges_its_own_file_alone(readers_of: Callable[[str], None]):
    readers_of(
        "from ppid_saas.limited import serve\nimport os\nserve(lambda line: os.kill(os.getpid(), 9))\n"
    )
    first = apart.READERS.warm_up()
    assert [refusal(xlsx()) for _ in range(2)] == ["bomb", "bomb"]
    assert apart.READERS.warm_up() == first


def test_readers_that_cannot_start_judge_no_file(readers_of: Callable[[str], None]):
    readers_of("raise SystemExit(1)\n")
    with pytest.raises(AwayError):
        read_workbook(xlsx(), "daftar.xlsx")


def test_the_reader_sees_no_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PPID_SECRET_KEY", "rahasia")
    apart.READERS.stop()
    with apart.READERS.borrowed():  # it runs: before that the system tells nothing of it
        seen = Path(f"/proc/{apart.READERS.warm_up()}/environ").read_bytes()
    assert b"PATH=" in seen
    assert b"rahasia" not in seen


WORKBOOK, OLD, OPEN, WORD = xlsx(), xls(ROWS), ods(ROWS), docx(word_row("a", "b", "c"))
PARTS = (
    ("xl/worksheets/sheet1.xml", WORKBOOK),
    ("xl/workbook.xml", WORKBOOK),
    ("content.xml", OPEN),
    ("word/document.xml", WORD),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_file_with_bytes_changed_is_refused_or_read(data: st.DataObject):
    original = data.draw(st.sampled_from((WORKBOOK, OLD, OPEN, WORD)))
    changed = bytearray(original)
    for _ in range(data.draw(st.integers(1, 12))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    answered(bytes(changed))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_part_with_bytes_changed_is_refused_or_read(data: st.DataObject):
    """Inside the package, so that the checksum is right and the parsers meet what was changed."""
    name, original = data.draw(st.sampled_from(PARTS))
    with zipfile.ZipFile(io.BytesIO(original)) as archive:
        part = bytearray(archive.read(name))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(part) - 1))
        part[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    answered(repacked(original, {name: bytes(part)}))


def answered(data: bytes) -> None:
    try:
        book = read_workbook(data, "daftar.xlsx")
    except UnreadableFile:
        return
    for sheet in book.sheets:
        row_values(understand(sheet))


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.binary(max_size=400), st.text(alphabet=';,\t|"\r\n\x00aé1“', max_size=200).map(str.encode))
)
def test_any_bytes_are_refused_or_read(data: bytes):
    if not data.startswith((formats.OLE, *formats.ZIP)):
        answered(data)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_pasted_text_is_refused_or_read(text: str):
    try:
        sheet = read_pasted(text).sheets[0]
    except UnreadableFile:
        return
    assert len(understand(sheet).rows) == len(sheet.rows)


cells = st.one_of(
    st.sampled_from(
        ("", "No", "Informasi", "Dasar Hukum", "1", "A", "Dibuka", "Ditetapkan di x", "Jumlah: 3")
    ),
    st.text(max_size=12),
)
spans = st.tuples(st.integers(0, 9), st.integers(0, 7), st.integers(0, 2**20), st.integers(0, 2**14))


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1, 6).flatmap(lambda width: st.lists(st.tuples(*[cells] * width), max_size=9)),
    st.lists(spans, max_size=6),
)
def test_any_sheet_is_understood_without_losing_a_row(
    rows: list[tuple[str, ...]], ranges: list[tuple[int, int, int, int]]
):
    merges = tuple(
        Merge(top, left, max(top, bottom), max(left, right)) for top, left, bottom, right in ranges
    )
    found = understand(Sheet("x", tuple(rows), merges))
    assert [row.n for row in found.rows] == list(range(1, len(rows) + 1))
    assert len(row_values(found)) <= len(rows)


def test_thousands_of_merges_over_everything_are_bounded():
    rows = (("No", "Informasi", "Dasar Hukum"), *[(str(n), f"Judul {n}", "Pasal 17") for n in range(1, 3001)])
    merges = tuple(Merge(n, c, 2**20, 2**14) for n in range(3000) for c in range(3))
    assert len(understand(Sheet("x", rows, merges)).rows) == 3001


def test_the_sheet_of_a_hostile_book_is_still_chosen():
    assert best_sheet(read_workbook(xlsx(), os.devnull)).name == "DIK"
