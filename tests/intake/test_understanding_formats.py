"""One list in every format gives the same rows; text tables in every encoding and delimiter found in offices."""

import io
from datetime import date, datetime

import pytest
import xlsxwriter
from foreign_files import Merges, Rows, docx, ods, repacked, word_row, xls

from ppid_saas.intake.rules import Merge, best_sheet, row_values, understand
from ppid_saas.intake.workbooks.reading import read_pasted, read_workbook

HEAD = ("No", "Informasi", "Dasar Hukum", "Konsekuensi", "", "Jangka Waktu")
SIDES = ("", "", "", "Dibuka", "Ditutup", "")
ROWS = (
    HEAD,
    SIDES,
    (1.0, "Data pasien", "Pasal 17 huruf h", "merugikan", "melindungi", "Tidak terbatas"),
    (2.0, "Rekam medis", "", "merugikan", "melindungi", "25 tahun"),
    (3.0, "Kunci\naplikasi", "Pasal 17 huruf j", "diretas", "aman", 2030.0),
)
MERGES = ((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 4), (0, 5, 1, 5), (2, 2, 3, 2))
MEANT = [
    ("1", "Data pasien", "Pasal 17 huruf h", "merugikan", "melindungi", "Tidak terbatas"),
    ("2", "Rekam medis", "Pasal 17 huruf h", "merugikan", "melindungi", "25 tahun"),
    ("3", "Kunci\naplikasi", "Pasal 17 huruf j", "diretas", "aman", "2030"),
]
FIELDS = ("number", "title", "ground", "harm", "interest", "period")


def xlsx(rows: Rows = ROWS, merges: Merges = MERGES) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("DIK")
    for top, left, bottom, right in merges:
        sheet.merge_range(top, left, bottom, right, "")
    for n, row in enumerate(rows):
        for column, value in enumerate(row):
            if value:
                sheet.write(n, column, value)
    book.close()
    return buffer.getvalue()


def word() -> bytes:
    return docx(
        word_row("V:No", "V:Informasi", "V:Dasar Hukum", ">Konsekuensi", "V:Jangka Waktu")
        + word_row("v", "v", "v", "Dibuka", "Ditutup", "v")
        + word_row("1", "Data pasien", "V:Pasal 17 huruf h", "merugikan", "melindungi", "Tidak terbatas")
        + word_row("2", "Rekam medis", "v", "merugikan", "melindungi", "25 tahun")
        + word_row("3", "Kunci\naplikasi", "Pasal 17 huruf j", "diretas", "aman", "2030")
    )


def values(data: bytes, name: str = "daftar"):
    found = row_values(understand(best_sheet(read_workbook(data, name))))
    return [tuple(row.get(field, "") for field in FIELDS) for row in found]


@pytest.mark.parametrize(
    "data", [xlsx(), xls(ROWS, MERGES), ods(ROWS, MERGES), word()], ids=["xlsx", "xls", "ods", "docx"]
)
def test_every_format_gives_the_same_rows_whatever_its_name(data: bytes):
    assert values(data, "salah-nama.csv") == MEANT


def test_merges_are_kept():
    expected = {Merge(*merge) for merge in MERGES}
    for data in (xlsx(), xls(ROWS, MERGES), ods(ROWS, MERGES)):
        assert set(read_workbook(data, "").sheets[0].merges) == expected


def csv_text(delimiter: str) -> str:
    lines = [
        ["No", "Informasi", "Dasar Hukum", "Jangka Waktu"],
        ["1", "Data “pribadi” pegawai", "UU 14/2008, Pasal 17; huruf h", "5 tahun"],
    ]
    lines.append(["2", "Rancangan\nkebijakan – awal", "UU 14/2008, Pasal 17 huruf i", "1 tahun"])
    return "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_text_tables(delimiter: str, encoding: str):
    sheet = read_workbook(csv_text(delimiter).encode(encoding), "daftar.csv").sheets[0]
    assert sheet.name == "daftar.csv"
    assert [values["title"] for values in row_values(understand(sheet))] == [
        "Data “pribadi” pegawai",
        "Rancangan\nkebijakan – awal",
    ]


def test_a_letterhead_and_commas_in_prose_do_not_mislead_the_delimiter():
    text = "PEMERINTAH KABUPATEN CONTOH, DINAS CONTOH\n\nNo;Informasi;Dasar Hukum\n1;Data, nama, alamat, telepon;Pasal 17\n2;Lain, lagi;Pasal 17\n"
    assert [
        row["title"] for row in row_values(understand(read_workbook(text.encode(), "a.csv").sheets[0]))
    ] == ["Data, nama, alamat, telepon", "Lain, lagi"]


def test_the_line_that_names_the_delimiter_is_no_row():
    sheet = read_workbook(b"sep=|\nNo|Judul\n1|Data; pribadi\n", "a.csv").sheets[0]
    assert sheet.rows == (("No", "Judul"), ("1", "Data; pribadi"))


def test_pasted_cells_keep_their_line_breaks():
    lines = [f'{n}\t"Data\nnomor {n}"\tPasal 17' for n in range(1, 21)]
    sheet = read_pasted("\n".join(["No\tInformasi\tDasar Hukum", *lines])).sheets[0]
    assert [row["title"] for row in row_values(understand(sheet))] == [
        f"Data\nnomor {n}" for n in range(1, 21)
    ]


def test_numbers_dates_and_truths_are_read_as_people_write_them():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    day = book.add_format({"num_format": "d mmmm yyyy"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, (25, 2.5, True, "01"))
    sheet.write_datetime(0, 4, date(2027, 12, 31), day)
    sheet.write_datetime(0, 5, datetime(2027, 5, 1, 8, 30), book.add_format({"num_format": "d/m/yyyy hh:mm"}))  # noqa: DTZ001
    book.close()
    expected = ("25", "2.5", "Ya", "01", "31 Desember 2027", "1 Mei 2027 08.30")
    assert read_workbook(buffer.getvalue(), "").sheets[0].rows == (expected,)


def test_rows_keep_their_numbers_and_blank_margins_go():
    data = xlsx(
        ((), (), ("", "", "Judul", "Dasar Hukum"), ("", "", "Data", "Pasal 17"), ("", "  ", "", "", " ")), ()
    )
    sheet = read_workbook(data, "").sheets[0]
    assert (len(sheet.rows), len(sheet.rows[0])) == (4, 4)
    assert [row.n for row in understand(sheet).rows if row.kind == "data"] == [4]


def test_hidden_sheets_say_so():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for name in ("Tampak", "Tersembunyi"):
        book.add_worksheet(name).write(0, 0, "x")
    book.get_worksheet_by_name("Tersembunyi").hide()
    book.close()
    assert [(s.name, s.hidden) for s in read_workbook(buffer.getvalue(), "").sheets] == [
        ("Tampak", False),
        ("Tersembunyi", True),
    ]


def test_macros_are_left_behind_and_said():
    data = repacked(xlsx(), {"xl/vbaProject.bin": b"x"})
    assert read_workbook(data, "").has_macros
    assert values(data) == MEANT
    assert not read_workbook(xlsx(), "").has_macros


def test_a_word_table_that_goes_on_after_a_break_is_one_list():
    head = word_row("No", "Informasi", "Dasar Hukum")
    book = read_workbook(
        docx(
            head + word_row("1", "A", "Pasal 17"), head + word_row("2", "B", "Pasal 17"), word_row("x", "y")
        ),
        "",
    )
    assert len(book.sheets) == 1
    assert [row["title"] for row in row_values(understand(book.sheets[0]))] == ["A", "B"]


def test_deleted_words_and_doubles_for_old_programs_are_not_read():
    nested = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>dalam</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    cell = f"<w:tc><w:p><w:ins><w:r><w:t>baru</w:t></w:r></w:ins><w:del><w:r><w:t>lama</w:t></w:r></w:del></w:p>{nested}</w:tc>"
    assert read_workbook(docx(f"<w:tr>{cell}{cell}{cell}</w:tr>"), "").sheets[0].rows == (
        ("baru\ndalam",) * 3,
    )
