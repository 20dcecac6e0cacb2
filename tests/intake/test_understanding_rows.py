"""Rows of one sheet: which are items, which are something else, and what an item row is made of."""

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from ppid_saas.intake.rules import Field, Merge, Sheet, best_sheet, data_rows, row_values, understand
from ppid_saas.intake.rules import rows as row_rules
from ppid_saas.intake.rules.sheets import Workbook
from ppid_saas.intake.rules.tables import Block

HEAD = "No|Informasi|Dasar Hukum|Dibuka|Ditutup|Jangka Waktu"
ITEM = "{}|Judul {}|Pasal 17 huruf a|rugi|lindung|5 Tahun"


def sheet(*lines: str, merges: tuple[Merge, ...] = (), name: str = "DIK", hidden: bool = False) -> Sheet:
    rows = [line.replace("\\n", "\n").split("|") for line in lines]
    width = max(map(len, rows), default=0)
    return Sheet(name, tuple((*row, *[""] * (width - len(row))) for row in rows), merges, hidden)


def items(first: int, last: int) -> list[str]:
    return [ITEM.format(n, n) for n in range(first, last + 1)]


def kinds(*below: str, merges: tuple[Merge, ...] = (), head: str = HEAD) -> list[str]:
    return [row.kind for row in understand(sheet(head, *below, merges=merges)).rows][1:]


def titles(of: Sheet) -> list[str]:
    return [values["title"] for values in row_values(understand(of))]


@pytest.mark.parametrize(
    "numbers",
    ["1|2|3|4|5|6", "(1)|(2)|(3)|(4)|(5)|(6)", "1.|2.|3.|4.|5.|6.", "a|b|c|d|e|f", "1|2|3|4|5|6 = 3 + 4"],
)
def test_column_numbers_are_no_item_wherever_they_stand(numbers: str):
    assert kinds(numbers, *items(1, 2), numbers, *items(3, 3)) == [
        "numbering",
        "data",
        "data",
        "numbering",
        "data",
    ]


@pytest.mark.parametrize(
    "section",
    ["A. SEKRETARIAT|||||", "A|SEKRETARIAT||||", "II|Bidang Pelayanan||||", "|Bidang Pelayanan||||", "Sekretariat|||||", "|Informasi yang menghambat penyidikan||||"],
)  # fmt: skip
def test_sections_head_the_rows_below_them(section: str):
    found = understand(sheet(HEAD, *items(1, 1), section, *items(2, 3)))
    assert [row.kind for row in found.rows] == ["heading", "data", "section", "data", "data"]
    name = " ".join(part for part in section.split("|") if part)
    assert [row.section for row in data_rows(found)] == ["", name, name]


def test_a_numbered_title_over_lettered_rows_is_a_section():
    assert kinds("1|Kepegawaian||||", ITEM.format("1.a", 1), ITEM.format("1.b", 2), "2|Keuangan||||", ITEM.format("2.a", 3)) == [
        "section", "data", "data", "section", "data",
    ]  # fmt: skip


def test_an_incomplete_item_stays_an_item():
    assert kinds(*items(1, 1), "2|Hanya judul||||", "3||Pasal 17 huruf b||5 Tahun|") == [
        "data",
        "data",
        "data",
    ]


def test_a_line_of_the_form_nobody_filled_in_is_empty():
    assert kinds(*items(1, 1), "2|||||", "|||||") == ["data", "empty", "empty"]


def test_a_repeated_heading_is_left_out():
    assert kinds(*items(1, 1), "NO.|INFORMASI|DASAR  HUKUM|DIBUKA|DITUTUP|JANGKA WAKTU", *items(2, 2)) == [
        "data",
        "heading",
        "data",
    ]


def test_both_rows_of_a_repeated_heading_are_left_out():
    head = ("No|Informasi|Dasar Hukum|Konsekuensi||Jangka Waktu", "|||Dibuka|Ditutup|")
    found = understand(sheet(*head, *items(1, 2), *head, *items(3, 4)))
    assert [row.kind for row in found.rows][2:] == ["data", "data", "heading", "heading", "data", "data"]


@pytest.mark.parametrize(
    "block",
    [
        ("|||||", "||||Ditetapkan di Kota Contoh|", "||||pada tanggal 1 Mei 2026|", "||||KEPALA DINAS,|", "||||NAMA|", "||||NIP. 19|"),
        ("||||Kota Contoh, 3 Februari 2026|", "||||Plt. Kepala Badan|", "||||NAMA|"),
        ("|||||", "|Mengetahui,|||Kota Contoh, 3 Maret 2026|", "|Sekretaris Daerah|||Kepala Dinas|", "|NAMA A|||NAMA B|"),
        ("|||||", "|||Kepala Dinas Contoh||", "|||||", "|||NAMA||"),
    ],
)  # fmt: skip
def test_the_signature_block_is_left_out(block: tuple[str, ...]):
    assert {*kinds(*items(1, 3), *block)[3:]} <= {"signature", "empty"}
    assert "signature" in kinds(*items(1, 3), *block)


def test_items_below_a_signature_on_every_page_are_still_found():
    page = ("||||Mengetahui,|", "||||NAMA|", HEAD)
    assert titles(sheet(HEAD, *items(1, 2), "|||||", *page, *items(3, 4))) == [
        "Judul 1",
        "Judul 2",
        "Judul 3",
        "Judul 4",
    ]


def test_an_item_about_a_head_of_office_is_no_signature():
    rows = (
        "1|Kepala Dinas: nilai kinerja|Pasal 17 huruf h|rugi|lindung|5 Tahun",
        "2|Ditetapkan tersangka: identitas|Pasal 17|a|b|c",
    )
    assert kinds(*rows) == ["data", "data"]


@pytest.mark.parametrize(
    "foot",
    [
        "Jumlah|12||||",
        "|Total informasi: 12||||",
        "Catatan: disusun tahun 2026|||||",
        "Keterangan :|||||",
        "*) lihat lampiran|||||",
    ],
)
def test_totals_and_notes_are_no_items(foot: str):
    assert kinds(*items(1, 2), foot)[2:] == ["footnote"]
    assert kinds(*items(1, 2), foot, *items(3, 3))[2:] == ["footnote", "data"]


def test_a_merged_ground_fills_all_its_rows_and_says_so():
    of = sheet(
        HEAD,
        *items(1, 1),
        "2|Judul 2||rugi|lindung|1 Tahun",
        "3|Judul 3||rugi|lindung|2 Tahun",
        *items(4, 4),
        merges=(Merge(1, 2, 3, 2),),
    )
    found = understand(of)
    assert [values["ground"] for values in row_values(found)] == ["Pasal 17 huruf a"] * 4
    assert [row.filled for row in data_rows(found)] == [(), (2,), (2,), ()]


def test_a_blank_that_is_not_merged_stays_blank():
    found = row_values(understand(sheet(HEAD, *items(1, 1), "2|Judul 2||rugi|lindung|")))
    assert (found[1]["ground"], found[1]["period"]) == ("", "")


def test_an_item_over_several_rows_is_one():
    of = sheet(
        HEAD,
        "1|Judul 1|UU 14/2008|rugi|lindung|5 Tahun",
        "||UU 27/2022|||",
        *items(2, 2),
        merges=(Merge(1, 0, 2, 0), Merge(1, 1, 2, 1)),
    )
    found = understand(of)
    assert [row.kind for row in found.rows] == ["heading", "data", "continuation", "data"]
    assert [values["ground"] for values in row_values(found)] == [
        "UU 14/2008\nUU 27/2022",
        "Pasal 17 huruf a",
    ]


def test_an_item_cut_by_a_page_break_is_joined_across_the_repeated_heading():
    found = row_values(understand(sheet(HEAD, *items(1, 1), HEAD, "||dan Pasal 17 huruf b|||", *items(2, 2))))
    assert [values["ground"] for values in found] == [
        "Pasal 17 huruf a\ndan Pasal 17 huruf b",
        "Pasal 17 huruf a",
    ]


def test_one_title_over_items_with_numbers_of_their_own():
    of = sheet(HEAD, *items(1, 1), "2||Pasal 17 huruf b|r|l|1 Tahun", merges=(Merge(1, 1, 2, 1),))
    assert titles(of) == ["Judul 1", "Judul 1"]


def test_one_title_over_unnumbered_contents_stays_several_items():
    of = sheet(
        "Judul|Rincian|Dasar Hukum",
        "Data pribadi|Alamat|Pasal 17",
        "|Telepon|Pasal 18",
        "Rancangan|Semua|Pasal 19",
        merges=(Merge(1, 0, 2, 0),),
    )
    assert [(v["title"], v["content"]) for v in row_values(understand(of))] == [
        ("Data pribadi", "Alamat"),
        ("Data pribadi", "Telepon"),
        ("Rancangan", "Semua"),
    ]


def test_spaces_are_tidied_and_words_kept():
    found = row_values(
        understand(
            sheet(
                HEAD,
                "1|  Data   pribadi \\n\\n pegawai\u00a0tetap_x000D_|UU  14/2008|—|'=1+1|5 (lima)  tahun",
            )
        )
    )
    assert found[0]["title"] == "Data pribadi\npegawai tetap"
    assert (found[0]["harm"], found[0]["interest"], found[0]["period"]) == ("—", "=1+1", "5 (lima) tahun")


def test_a_person_corrects_heading_and_columns():
    of = sheet("Daftar kami||", "Nr|Butirnya|Lamanya", "1|Data A|5 Tahun", "2|Data B|1 Tahun")
    assert understand(of).header_depth == 0
    found = understand(of, header=(2, 1), mapping={0: "number", 1: "title", 2: "period"})
    assert (found.header_top, found.header_depth) == (2, 1)
    assert row_values(found) == [
        {"number": "1", "title": "Data A", "period": "5 Tahun"},
        {"number": "2", "title": "Data B", "period": "1 Tahun"},
    ]


def test_a_heading_of_four_rows_is_held_together_by_its_merges():
    rows = (
        "No|Informasi|Konsekuensi||Jangka Waktu",
        "||bagi publik bila||",
        "||Dibuka|Ditutup|",
        "||||",
        *items(1, 2),
    )
    merges = (
        Merge(0, 0, 3, 0),
        Merge(0, 1, 3, 1),
        Merge(0, 2, 0, 3),
        Merge(1, 2, 1, 3),
        Merge(2, 2, 3, 2),
        Merge(2, 3, 3, 3),
        Merge(0, 4, 3, 4),
    )
    found = understand(sheet(*rows, merges=merges))
    assert (found.header_top, found.header_depth) == (1, 4)
    assert [column.field for column in found.columns[:5]] == ["number", "title", "harm", "interest", "period"]
    assert found.columns[3].heading == "Konsekuensi / bagi publik bila / Ditutup"


def test_a_group_that_lost_its_merge_reaches_over_the_blanks_beside_it():
    rows = ("No|Informasi|Jika dibuka||Jika ditutup|", "||Akibat|Manfaat|Manfaat|Kerugian", *items(1, 2))
    fields = [column.field for column in understand(sheet(*rows)).columns]
    assert fields == ["number", "title", "harm", "benefit", "interest", "loss"]


def test_a_field_chosen_for_one_column_leaves_the_other():
    found = understand(sheet(HEAD, *items(1, 2)), mapping={3: "interest"})
    assert [column.field for column in found.columns][3:5] == ["interest", None]


def test_a_section_straight_under_the_heading_is_no_part_of_it():
    rows = ("Alasan|Judul Informasi|Dasar Hukum", "Keterangan||", "x|Data A|Pasal 17", "y|Data B|Pasal 17")
    found = understand(sheet(*rows, merges=(Merge(1, 0, 1, 2),)))
    assert [column.field for column in found.columns] == [None, "title", "ground"]
    assert [row.kind for row in found.rows] == ["heading", "section", "data", "data"]


def test_a_choice_takes_the_field_from_the_column_it_was_proposed_for():
    found = understand(sheet(HEAD, *items(1, 2)), mapping={3: "interest", 4: None})
    assert [(c.field, c.confidence) for c in found.columns][3:5] == [("interest", "sure"), (None, "unknown")]


def test_two_columns_given_one_field_are_both_kept():
    found = understand(sheet(HEAD, *items(1, 1)), mapping={3: "note", 4: "note"})
    assert row_values(found)[0]["note"] == "rugi\nlindung"


@pytest.mark.parametrize("header", [(0, 0), (99, 3), (-4, 2), (1, 99), (2, -1)])
def test_a_heading_outside_the_sheet_does_no_harm(header: tuple[int, int]):
    assert len(understand(sheet(HEAD, *items(1, 2)), header=header).rows) == 3


def test_cells_betray_columns_without_a_telling_heading_and_ask_to_be_checked():
    rows = [f"{n}|Judul {n}|Pasal 17 huruf a UU KIP|{n} tahun" for n in range(1, 5)]
    found = understand(sheet("|Informasi|Pertimbangan|Lamanya", *rows))
    assert [(c.field, c.confidence) for c in found.columns] == [
        ("number", "check"),
        ("title", "sure"),
        ("ground", "check"),
        ("period", "check"),
    ]


def test_samples_show_what_would_be_taken():
    found = understand(sheet(HEAD, "1|2|3|4|5|6", "A|BIDANG||||", *items(1, 9)))
    assert found.columns[1].samples == ("Judul 1", "Judul 2", "Judul 3")
    assert found.columns[5].samples == ("5 Tahun",)


def test_the_list_is_found_among_other_sheets():
    recap = sheet("Perangkat Daerah|Jumlah", *[f"Dinas {n}|{n}" for n in range(50)], name="Rekap")
    wanted, hidden = sheet(HEAD, *items(1, 3)), sheet(HEAD, *items(1, 9), name="Lama", hidden=True)
    assert best_sheet(Workbook((recap, hidden, wanted))) is wanted


def test_a_letterhead_is_no_heading_even_where_none_is_found():
    rows = ("DAFTAR INFORMASI YANG DIKECUALIKAN||", "Xa|Xb|Xc", "1|Data A|5", "2|Data B|1")
    assert understand(sheet(*rows)).header_depth == 0


def test_a_sheet_without_a_list_is_still_answered():
    found = understand(sheet("halo||", "apa kabar|ya|"))
    assert (found.header_top, found.header_depth) == (0, 0)
    assert {column.field for column in found.columns} == {None}
    assert row_values(understand(Sheet("kosong", ()))) == []


CELLS = (
    "",
    "",
    "1",
    "2.",
    "1.a",
    "a",
    "No",
    "Informasi",
    "Dasar Hukum",
    "Judul",
    "judul",
    "Pasal 17",
    "SEKRETARIAT",
    "Catatan: x",
    "12",
)
HEADINGS = {6: tuple(HEAD.split("|")), 3: ("Informasi", "No", "Dasar Hukum", "", "", "")}
NUMBER_FIRST: dict[int, Field] = {0: "number", 1: "title", 2: "ground", 3: "harm", 4: "interest", 5: "period"}
TITLE_FIRST: dict[int, Field] = {0: "title", 1: "number", 2: "ground"}


@given(
    st.sampled_from((NUMBER_FIRST, TITLE_FIRST)),
    st.lists(st.tuples(*[st.sampled_from(CELLS)] * 6), min_size=1, max_size=6),
    st.lists(
        st.tuples(st.integers(1, 5), st.integers(0, 4), st.integers(0, 2), st.integers(0, 5)), max_size=2
    ),
)
@example(NUMBER_FIRST, [("12", "12", "12", "12", "12", "12")], [])
@example(NUMBER_FIRST, [("1", "", "1", "1", "1", "1")], [])
@example(NUMBER_FIRST, [("1", "Judul", "x", "", "", ""), ("", "x", "x", "x", "x", "x")], [(1, 0, 1, 0)])
@example(NUMBER_FIRST, [("1", "Judul", "Judul", "1", "Judul", "")], [(1, 1, 0, 4)])
@example(TITLE_FIRST, [("SEKRETARIAT", "x", "", "1", "1", "1")], [])
@example(TITLE_FIRST, [("Catatan: x", "1", "Pasal 17", "", "", "")], [])
def test_what_is_taken_for_an_item_at_first_sight_is_what_the_longer_look_would_find(
    columns: dict[int, Field], below: list[tuple[str, ...]], merged: list[tuple[int, int, int, int]]
):
    merges = tuple(Merge(top, left, top + down, min(5, left + across)) for top, left, down, across in merged)
    found = Sheet("DIK", (HEADINGS[len(columns)], *below), merges)
    lines = list(row_rules.lines_below(found, Block(0, 1), columns))
    layout = row_rules.layout_of(found, Block(0, 1), columns, lines)
    for line in lines:
        if row_rules.is_plain_item(line, layout):
            event("at first sight")
            longer = next((kind for test, kind in row_rules.TESTS if test(line, layout)), "data")
            assert longer == ("heading" if row_rules.is_heading_again(line, layout) else "data")
