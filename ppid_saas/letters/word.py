"""The same paper as a Word file, for offices that must finish it by their own rules of correspondence.

Real headings, tables whose head row repeats, page numbers as fields. Looks are close to the PDF, not equal to it.
"""

import io
from collections.abc import Callable, Sequence
from typing import Any, cast

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from ppid_saas.letters import paper as parts

MILLIMETRES = {"a4": (210, 297), "f4": (215, 330)}
FONT = "Bookman Old Style"
INDENT, SIGNED_FROM = Mm(12), Mm(80)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def as_word(paper: parts.Paper) -> bytes:
    """Return a paper as DOCX."""
    word = Document()
    word.core_properties.title, word.core_properties.author = paper.frame.title, paper.frame.author
    word.core_properties.language = "id-ID"
    _speak_indonesian(word)
    _lay_out(word.sections[0], paper.frame, flipped=paper.frame.flipped)
    _surround(word.sections[0], paper.frame)
    for block in paper.blocks:
        if isinstance(block, parts.Annex):
            _lay_out(word.add_section(WD_SECTION.NEW_PAGE), paper.frame, flipped=True)
        _WRITERS[type(block)](word, block)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _speak_indonesian(word: Word) -> None:
    style = cast("Any", word.styles["Normal"])
    style.font.name, style.font.size = FONT, Pt(11)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), "id-ID")
    style.element.get_or_add_rPr().append(spoken)


def _lay_out(section: Section, frame: parts.Frame, *, flipped: bool) -> None:
    short, long = MILLIMETRES[frame.paper]
    section.orientation = WD_ORIENT.LANDSCAPE if flipped else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(long), Mm(short)) if flipped else (Mm(short), Mm(long))
    section.left_margin, section.right_margin = (Mm(18), Mm(18)) if flipped else (Mm(28), Mm(22))
    section.top_margin = section.bottom_margin = Mm(22)


def _surround(section: Section, frame: parts.Frame) -> None:
    if frame.draft:
        banner = section.header.paragraphs[0]
        banner.add_run(frame.draft).bold = True
        banner.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot = section.footer.paragraphs[0]
    foot.add_run(f"{frame.foot} · Halaman ").font.size = Pt(8)
    _field(foot, "PAGE")
    foot.add_run(" dari ").font.size = Pt(8)
    _field(foot, "NUMPAGES")


def _field(paragraph: Paragraph, code: str) -> None:
    run = paragraph.add_run()
    run.font.size = Pt(8)
    for kind, words in (("begin", ""), ("", code), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = words
        run._r.append(part)  # noqa: SLF001  # the library has no fields


def _centred(word: Word, words: str, *, bold: bool = True, size: int = 11) -> None:
    line = word.add_paragraph()
    run = line.add_run(words)
    run.bold, run.font.size = bold, Pt(size)
    line.alignment, line.paragraph_format.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(2)


def _heading(word: Word, words: str, level: int, *, centred: bool = False) -> None:
    line = word.add_heading(level=level)
    run = line.add_run(words)
    run.font.size, run.font.name = Pt(11), FONT
    if centred:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _head(word: Word, block: parts.Head) -> None:
    for n, line in enumerate(block.lines):
        _centred(word, line, bold=n < 2, size=13 if n < 2 else 9)


def _title(word: Word, block: parts.Title) -> None:
    _heading(word, "\n".join(block.lines), 1, centred=True)


def _text(word: Word, block: parts.Text) -> None:
    for line in block.words.splitlines():
        if line.strip():
            word.add_paragraph(line)


def _fields(word: Word, block: parts.Fields) -> None:
    table = word.add_table(rows=0, cols=2)
    for name, said in block.rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, f": {said}"
        cells[0].width, cells[1].width = Mm(50), Mm(110)


def _reasons(word: Word, block: parts.Reasons) -> None:
    table = word.add_table(rows=0, cols=2)
    for reason in block.rows:
        cells = table.add_row().cells
        cells[0].text = f"{reason.label} :"
        cells[0].width, cells[1].width = Mm(32), Mm(128)
        _fill(cells[1], _marked(reason.items, reason.mark))


def _marked(items: Sequence[str], mark: str) -> list[str]:
    if len(items) == 1:
        return list(items)
    return [f"{LETTERS[n % 26] if mark == 'a.' else n + 1}. {item}" for n, item in enumerate(items)]


def _fill(cell: _Cell, lines: Sequence[str]) -> None:
    cell.text = lines[0] if lines else ""
    for line in lines[1:]:
        cell.add_paragraph(line)


def _items(word: Word, block: parts.Items) -> None:
    for line in _marked(block.items, "1."):
        word.add_paragraph(line)


def _table(word: Word, block: parts.Table | parts.Annex) -> None:
    table = word.add_table(rows=1, cols=len(block.columns))
    table.style = "Table Grid"
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        _small(cell, column.label, bold=True)
    _mark_row(table.rows[0], "w:tblHeader")
    for group in block.groups:
        if group.label:
            cells = table.add_row().cells
            _small(cells[0].merge(cells[-1]), group.label, bold=True)
        for row in group.rows:
            added = table.add_row()
            _mark_row(added, "w:cantSplit")
            for cell, words in zip(added.cells, row, strict=True):
                _small(cell, words)


def _small(cell: _Cell, words: str, *, bold: bool = False) -> None:
    run = cell.paragraphs[0].add_run(words)
    run.font.size, run.bold = Pt(8.5), bold


def _mark_row(row: _Row, mark: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(mark))  # noqa: SLF001  # nor marks of rows


def _signature(word: Word, block: parts.Signature) -> None:
    _signed(word, block.one)


def _signed(word: Word, one: parts.Signatory) -> None:
    lines = [
        f"Ditetapkan di {one.place}" if one.place else "", f"pada tanggal {one.day}" if one.day else "",
        f"{one.position.upper()},", "\n\n", one.name, f"NIP {one.number}" if one.number else "",
    ]  # fmt: skip
    kept = [line for line in lines if line]
    for n, line in enumerate(kept):
        paragraph = word.add_paragraph(line)
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.space_after = SIGNED_FROM, Pt(0)
        paragraph.paragraph_format.keep_with_next = n < len(kept) - 1


def _signatures(word: Word, block: parts.Signatures) -> None:
    table = word.add_table(rows=0, cols=3)
    for n, one in enumerate(block.rows, start=1):
        row = table.add_row()
        _mark_row(row, "w:cantSplit")
        row.cells[0].text, row.cells[1].text = f"{n}.", f"{one.name}\n{one.position}"
        row.cells[2].text = one.mark or "\n______________________"
        row.cells[0].width, row.cells[1].width, row.cells[2].width = Mm(10), Mm(90), Mm(60)


def _copies(word: Word, block: parts.Copies) -> None:
    word.add_paragraph().add_run(block.label).bold = True
    _items(word, parts.Items(block.items))


def _annex(word: Word, block: parts.Annex) -> None:
    _heading(word, block.label, 1)
    _fields(word, parts.Fields(block.rows))
    _heading(word, block.caption, 2, centred=True)
    _table(word, block)
    if block.signature:
        word.add_paragraph()
        _signed(word, block.signature)


_WRITERS: dict[type, Callable[[Word, Any], None]] = {
    parts.Head: _head,
    parts.Title: _title,
    parts.Heading: lambda word, block: _heading(word, block.words, 2),
    parts.Text: _text,
    parts.Centred: lambda word, block: _centred(word, block.words),
    parts.Fields: _fields,
    parts.Reasons: _reasons,
    parts.Items: _items,
    parts.Table: _table,
    parts.Signature: _signature,
    parts.Signatures: _signatures,
    parts.Copies: _copies,
    parts.Annex: _annex,
}
