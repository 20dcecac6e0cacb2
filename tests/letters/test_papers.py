"""Letters as files: every content the law asks for, tagged and in Indonesian, on A4 and F4, the draft said on each page."""

import io
from datetime import date

import pikepdf
import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from pypdf import PdfReader

from ppid_saas.determinations import papers
from ppid_saas.determinations.papers import Facts, Row, Style
from ppid_saas.letters import as_pdf, as_word, wording
from ppid_saas.letters.paper import DRAFT, VOLUME_LETTERS, VOLUME_ROWS
from tests.fixtures.walk import body

HEAD = ("PEMERINTAH KABUPATEN CONTOH", "DINAS KOMUNIKASI DAN INFORMATIKA", "Jalan Contoh Nomor 1")
POSITION = "Sekretaris Daerah selaku Atasan PPID"
NUMBER, CODE, EARLIER = "500.12/17/2026", "7KQ2-9XMD-41TB", "Nomor 3/2025 tanggal 4 Maret 2025"
POINTS_PER_MM = 72 / 25.4
HOSTILE = '#panic("x") $x$ *tebal* [a](b) <b> \\ {nomor} ```'


def facts(kind: str = "exemption", **more: object) -> Facts:
    said = {
        "kind": kind, "title": papers.TITLES[kind], "body": "PPID Utama Kabupaten Contoh", "region": "Kabupaten Contoh",
        "signatory": "Pejabat Contoh", "position": POSITION, "place": "Kota Contoh", "number": NUMBER,
        "dated_on": date(2026, 11, 22), "code": CODE, "tests": "Berita Acara Nomor 7",
        "earlier": "" if kind == "exemption" else EARLIER,
        "reason": "pengecualiannya tidak lagi diperlukan" if kind in papers.OPENS else "",
    }  # fmt: skip
    return Facts(**said | more)  # type: ignore[arg-type]


def rows(count: int = 3, **more: object) -> list[Row]:
    units = ("Dinas Kesehatan", "Dinas Pendidikan")
    return [Row(units[n % 2], body(f"Informasi ke-{n}", **more), date(2031, 11, 22)) for n in range(count)]


def style(**more: object) -> Style:
    return Style.from_dict(
        {"head": HEAD, "signatory": "Pejabat Contoh", "position": POSITION, "number": "19700101 199001 1 001"}
        | more
    )


def pages(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def made(kind: str = "exemption", *, draft: bool = False, count: int = 3, **said: object) -> bytes:
    (volume,) = papers.determination(facts(kind), rows(count), style(**said), draft=draft)
    return as_pdf(volume)


@pytest.mark.parametrize("instrument", ["surat", "keputusan"])
@pytest.mark.parametrize(("paper", "size"), [("a4", (210, 297)), ("f4", (215, 330))])
@pytest.mark.parametrize("kind", list(papers.TITLES))
def test_every_letter_is_tagged_indonesian_and_of_its_paper(
    kind: str, instrument: str, paper: str, size: tuple[int, int]
) -> None:
    pdf = made(kind, instrument=instrument, paper=paper)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.Root.Lang == "id"
        assert "/StructTreeRoot" in opened.Root
        assert bool(opened.Root.MarkInfo.Marked)
        box = [float(one) / POINTS_PER_MM for one in opened.pages[0].MediaBox]
    assert (round(box[2]), round(box[3])) == size
    text = " ".join(pages(pdf))
    assert papers.TITLES[kind].upper() in text
    assert papers.CAPTIONS[kind] in text
    if kind != "exemption":
        assert EARLIER in text


def test_the_letter_names_what_the_law_asks_for() -> None:
    first, *annex = pages(made())
    for name in (
        "Jenis klasifikasi : Informasi yang Dikecualikan", "Pejabat PPID yang menetapkan : Pejabat Contoh",
        "Badan Publik dan unit : PPID Utama", "Jangka waktu pengecualian :", "Alasan :", "Uraian informasi : 3 butir",
        "Tempat dan tanggal : Kota Contoh, 22 November 2026", f"NOMOR {NUMBER}", "Tembusan",
    ):  # fmt: skip
        assert name in first
    listed = " ".join(annex)
    for column in (
        "Dasar hukum",
        "Akibat bila dibuka",
        "Manfaat bila ditutup",
        "Jangka waktu",
        "22 November 2031",
    ):
        assert column in listed


def test_a_decree_has_its_anatomy_in_order() -> None:
    first = pages(made(instrument="keputusan"))[0]
    order = (
        "KEPUTUSAN SEKRETARIS", f"NOMOR {NUMBER}", "TENTANG", "Menimbang", "perlu menetapkan Keputusan", "Mengingat", "Memperhatikan", "Berita Acara Nomor 7",
        "MEMUTUSKAN", "KESATU", "KEDUA", "KETIGA", "KEEMPAT", "Ditetapkan di", "Pejabat Contoh", "Tembusan",
    )  # fmt: skip
    places = [first.index(word) for word in order]
    assert places == sorted(places)


def test_a_draft_says_so_on_every_page_and_a_letter_never() -> None:
    assert all(DRAFT in page for page in pages(made(draft=True, count=40)))
    assert not any("KONSEP" in page for page in pages(made(count=40)))


def test_every_page_of_the_annex_repeats_its_head_and_names_number_code_and_page() -> None:
    letter, *annex = pages(made(count=60))
    assert len(annex) > 2
    for n, page in enumerate(annex, start=2):
        assert "Manfaat bila ditutup" in page
        assert f"Nomor {NUMBER} · Kode verifikasi {CODE}" in page
        assert f"Halaman {n} dari {len(annex) + 1}" in page
    assert f"Halaman 1 dari {len(annex) + 1}" in letter
    assert [POSITION.upper() in page and "Pejabat Contoh" in page for page in annex] == [False] * (
        len(annex) - 1
    ) + [True]


@pytest.mark.parametrize("count", range(4, 12))
def test_the_signature_is_never_torn(count: int) -> None:
    *_, last = pages(made(count=count, paper="a4"))
    assert "Ditetapkan di Kota Contoh" in last
    assert "NIP 19700101 199001 1 001" in last


def test_long_lists_go_into_volumes_that_count_on() -> None:
    volumes = papers.determination(facts(), rows(VOLUME_ROWS + 2), style(), draft=False)
    assert len(volumes) == 2
    assert [len(paper.blocks) > 1 for paper in volumes] == [True, False]
    last = " ".join(pages(as_pdf(volumes[1])))
    assert "jilid 2 dari 2" in last
    assert str(VOLUME_ROWS + 2) in last
    assert "Pejabat Contoh" in last


def test_a_volume_holds_fewer_rows_when_they_argue_at_length() -> None:
    said = {"harm": "Kerugian. " * 90, "interest": "Rahasia. " * 100}
    long = papers.determination(facts(), rows(1_000, **said), style(), draft=False)
    held = [sum(len(group.rows) for group in volume.blocks[-1].groups) for volume in long]  # type: ignore[union-attr]
    assert sum(held) == 1_000
    assert len(held) == 3
    assert max(held) * (900 + 900) < VOLUME_LETTERS
    (short,) = papers.determination(facts(), rows(1_000), style(), draft=False)
    assert short.frame.title


def test_the_annex_is_grouped_by_unit_or_by_letter() -> None:
    by_unit, by_letter = (
        papers.determination(facts(), rows(), style(grouping=how), draft=False)[0].blocks[-1]
        for how in ("unit", "letter")
    )
    assert [group.label for group in by_unit.groups] == ["Dinas Kesehatan", "Dinas Pendidikan"]
    assert [group.label for group in by_letter.groups] == ["Pasal 17 huruf h"]


def test_what_people_write_is_printed_and_never_obeyed() -> None:
    (volume,) = papers.determination(
        facts(title=HOSTILE, reason=HOSTILE), rows(1, harm=HOSTILE), style(), draft=False
    )
    text = " ".join(pages(as_pdf(volume)))
    assert text.count('#panic("x") $x$ *tebal*') >= 2


def test_the_word_file_has_real_headings_repeating_heads_and_both_orientations() -> None:
    (volume,) = papers.determination(facts(), rows(), style(paper="f4"), draft=True)
    word = Document(io.BytesIO(as_word(volume)))
    assert word.core_properties.language == "id-ID"
    assert DRAFT in word.sections[0].header.paragraphs[0].text
    assert [section.orientation for section in word.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]
    assert any(one.style.name == "Heading 1" and NUMBER in one.text for one in word.paragraphs)
    table = word.tables[-1]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert "Informasi ke-0" in "".join(cell.text for row in table.rows for cell in row.cells)


def test_a_receipt_says_what_was_taken_and_by_whom() -> None:
    by = papers.parts.Signatory("Petugas PPID", "Petugas Contoh", "Kota Contoh", "23 November 2026")
    text = " ".join(pages(as_pdf(papers.receipt(facts(), style(), 2, by))))
    for words in ("TANDA TERIMA", NUMBER, "Butir unit ini : 2", "Petugas Contoh"):
        assert words in text


FIRST = next(part for part in wording.DECREE["exemption"] if part.name == "first")


@pytest.mark.parametrize(
    ("text", "kind", "field"),
    [
        ("Menetapkan {butir} butir oleh {bupati}.", "unknown", "bupati"), ("Menetapkan informasi.", "missing", "butir"),
        ("Menetapkan {butir", "braces", ""), ("Menetapkan {butir!r}", "braces", ""), ("Menetapkan {butir:>9}", "braces", ""),
        ("Menetapkan {butir.real} {butir}", "unknown", "butir.real"), ("  ", "empty", ""), ("x" * 7000, "long", ""),
    ],
)  # fmt: skip
def test_a_wording_that_cannot_stand_is_refused_and_the_shipped_one_used(
    text: str, kind: str, field: str
) -> None:
    assert wording.Fault(kind, field) in wording.faults(FIRST, text)
    assert wording.chosen("keputusan", "exemption", {"first": text})["first"] == FIRST.text


def test_every_shipped_wording_may_stand() -> None:
    found = [
        (kind, part.name)
        for kinds in wording.INSTRUMENTS.values()
        for kind, shipped in kinds.items()
        for part in shipped
        if wording.faults(part, part.text)
    ]
    assert found == []
    assert (
        wording.chosen("keputusan", "exemption", {"first": "Tetapkan {butir}."})["first"]
        == "Tetapkan {butir}."
    )
