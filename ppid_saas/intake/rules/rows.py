"""What each row below the heading is: an item, or something the list carries beside its items.

Item rows come out whole: merged cells filled downward, and an item spread over several rows joined into one.
Nothing is dropped: a row that is no item keeps its place and says why.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ppid_saas.intake.rules.headings import normal
from ppid_saas.intake.rules.sheets import SEEN, Field, Row, RowKind, Sheet, is_blank, one_line, unrepeated
from ppid_saas.intake.rules.tables import Block, heading_parts, is_numbering, vertical_origins
from ppid_saas.register.cells import MARK

MONTHS = (
    "januari|februari|pebruari|maret|april|mei|juni|juli|agustus|september|oktober|november|nopember|desember"
)
SIGNING = re.compile(
    r"di(tetapkan|sahkan)\b|mengetahui\b|mengesahkan\b|menyetujui\b|pada tanggal\b|tanggal\s*:|nip\b|tembusan\b"
    r"|a\.\s?n\.?\s|plt\b|plh\b|pj\.|tertanda\b|ttd\b|disusun oleh|dibuat oleh|diperiksa oleh",
    re.IGNORECASE,
)
OFFICE = re.compile(
    r"(kepala|sekretaris|ketua|wakil|direktur|bupati|wali ?kota|gubernur|inspektur|camat|lurah|rektor|dekan|ppid"
    r"|pejabat|atasan|pembina|penata|selaku)\b",
    re.IGNORECASE,
)
PLACE_AND_DATE = re.compile(
    rf"[A-Z][A-Za-z. ]{{2,30}},\s*(tanggal\s*)?[\d. _…-]*\s*({MONTHS})?[\d. _…-]*", re.IGNORECASE
)
TOTAL = re.compile(
    r"(sub ?)?(jumlah|total)( (informasi|butir|item|data|seluruh\w*|keseluruhan))*\s*:?\s*[\d.]*",
    re.IGNORECASE,
)
REMARK = re.compile(r"(keterangan|catatan|sumber|note|ket\.?)\s*:|\*+\)?\s*\w", re.IGNORECASE)
ITEM_NUMBER = re.compile(r"[(]?\d{1,5}([.\-/ ]?[a-z]|(\.\d{1,3})+)?\s*[.)]*", re.IGNORECASE)
CHILD_NUMBER = re.compile(r"[(]?[a-z]\s*[.)]?|\d{1,5}[.\-]?([a-z]|\d{1,3})\s*[.)]*", re.IGNORECASE)
SECTION_MARK = re.compile(
    r"([A-Z]|[IVXL]{1,6})\s*[.)]\s*\S|(B(idang|agian|ab)|BIDANG|BAGIAN|BAB|K(elompok|ELOMPOK)|SKPD|OPD|Unit|UNIT)\b"
)


NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the decisive columns stand, and what the heading says over each column.

    `valued` are the columns that describe an item, `apart` those of them that tell one item from the next.
    """

    number: int | None
    code: int | None
    title: int | None
    valued: frozenset[int]
    apart: frozenset[int]
    headings: tuple[frozenset[str], ...]
    numbered: bool
    wide: frozenset[int]


class Line(NamedTuple):
    """One row on its way: `own` as it stands in the sheet, `cells` with merged values filled in, `written` what is in it.

    Its number and its title, on one line each, are asked for again and again and repeat in no other row.
    """

    n: int
    own: tuple[str, ...]
    cells: tuple[str, ...]
    filled: frozenset[int]
    written: list[str]
    number: str
    title: str

    def owns(self, column: int | None) -> bool:
        return column is not None and bool(self.own[column])


def read_rows(sheet: Sheet, block: Block, fields: Mapping[int, Field]) -> list[Row]:
    """Every row of the sheet with what it is; `fields` says what the columns mean."""
    lines = list(lines_below(sheet, block, fields))
    layout = layout_of(sheet, block, fields, lines)
    rows = [before(sheet, block, n) for n in range(block.end)]
    return rows + join_items(sectioned(kinds_of(lines, layout)))


def before(sheet: Sheet, block: Block, index: int) -> Row:
    cells = sheet.rows[index]
    kind: RowKind = "heading" if index >= block.top else "letterhead"
    return Row(index + 1, cells, "empty" if all(map(is_blank, cells)) else kind)


def lines_below(sheet: Sheet, block: Block, fields: Mapping[int, Field]) -> Iterator[Line]:
    where = {field: index for index, field in fields.items()}
    number, title = where.get("number"), where.get("title")
    origins = vertical_origins(sheet, block.end)
    covered: dict[int, dict[int, int]] = {}
    for (row, column), source in origins.items():
        covered.setdefault(row, {})[column] = source
    for index in range(block.end, len(sheet.rows)):
        own = sheet.rows[index]
        written = [cell for cell in own if cell and (cell[0] in SEEN or not is_blank(cell))]
        if len(written) + own.count("") < len(own):
            own = tuple("" if is_blank(cell) else cell for cell in own)
        if index not in covered:
            yield Line(index + 1, own, own, NONE, written, at(own, number), at(own, title))
            continue
        cells, filled = list(own), set()
        for column, source in covered[index].items():
            if column < len(cells) and not cells[column] and not is_blank(sheet.rows[source][column]):
                cells[column] = sheet.rows[source][column]
                filled.add(column)
        yield Line(
            index + 1, own, tuple(cells), frozenset(filled), written, at(cells, number), at(cells, title)
        )


def at(cells: Sequence[str], column: int | None) -> str:
    return "" if column is None else unrepeated(cells[column])


def layout_of(sheet: Sheet, block: Block, fields: Mapping[int, Field], lines: Sequence[Line]) -> Layout:
    where = {field: index for index, field in fields.items()}
    number, title = where.get("number"), where.get("title")
    titled = [line for line in lines if line.owns(title)]
    numbered = sum(bool(ITEM_NUMBER.fullmatch(line.number)) for line in titled)
    headings = heading_parts(sheet, block)
    headed = {index for index, parts in enumerate(headings) if parts} | set(fields)
    return Layout(
        number,
        where.get("code"),
        title,
        frozenset(headed - {number, title, where.get("code")}),
        frozenset(index for index, field in fields.items() if field in ("content", "unit")),
        tuple(frozenset(map(normal, parts)) for parts in headings) or (frozenset(),) * len(sheet.rows[0]),
        numbered * 2 >= len(titled) > 0,
        frozenset(m.top + 1 for m in sheet.merges if (m.right - m.left + 1) * 2 > len(sheet.rows[0])),
    )


def kinds_of(lines: Sequence[Line], layout: Layout) -> list[tuple[Line, RowKind]]:
    """Kinds from top to bottom; behind the first signature line only a new heading or a full item counts again."""
    full = {line.n for line in lines if is_full(line, layout)}
    last_full = max(full, default=0)
    found: list[tuple[Line, RowKind]] = []
    signing = False
    for line, following in zip(lines, followers(lines), strict=True):
        past = line.n > last_full
        kind = kind_of(line, layout)
        if kind == "data" and following is not None and leads(line, following, layout):
            kind = "section"
        elif kind == "continuation" and line.written:
            kind = remainder(found, past=past)
        if line.n in full or kind in ("heading", "numbering"):
            signing = False
        elif kind != "empty":
            signing = signing or is_signing(line, kind, past=past)
            kind = "signature" if signing else kind
        found.append((line, kind))
    return ending(found, last_full)


def followers(lines: Sequence[Line]) -> list[Line | None]:
    """For each line the next one with anything in it."""
    result: list[Line | None] = []
    following = None
    for line in reversed(lines):
        result.append(following)
        following = line if line.written else following
    return result[::-1]


def kind_of(line: Line, layout: Layout) -> RowKind:
    """What a row is by itself."""
    if not line.written:
        return "continuation" if line.filled else "empty"
    if is_marked(line, layout):
        return "data"
    if is_numbering(line.own):
        return "numbering"
    if is_plain_item(line, layout):
        return "heading" if is_heading_again(line, layout) else "data"
    return next((kind for test, kind in TESTS if test(line, layout)), "data")


def is_marked(line: Line, layout: Layout) -> bool:
    """A row of our own export says by its code that it is an item, whatever else it looks like."""
    return (
        line.owns(layout.code)
        and line.owns(layout.title)
        and bool(MARK.fullmatch(at(line.cells, layout.code)))
    )


def is_plain_item(line: Line, layout: Layout) -> bool:
    """What most rows are: a number, a title and more. Only a heading can look like that; no other test need ask."""
    return (
        len(line.written) > 3
        and line.owns(layout.number)
        and line.owns(layout.title)
        and line.number != line.title
        and line.n not in layout.wide
        and bool(ITEM_NUMBER.fullmatch(line.number))
    )


def is_remark(line: Line, _: Layout) -> bool:
    """A total or a note: "Jumlah: 12 informasi", "Catatan: ..."."""
    if len(line.written) > 3:
        return False
    first = one_line(line.written[0])
    return bool(TOTAL.fullmatch(first) or REMARK.match(first))


def is_bare_number(line: Line, layout: Layout) -> bool:
    """A numbered line of the form that nobody filled in."""
    alone = line.owns(layout.number) and len(line.written) == 1 and not line.filled
    return alone and bool(ITEM_NUMBER.fullmatch(line.number))


def is_heading_again(line: Line, layout: Layout) -> bool:
    """The heading repeated where a page began: every cell says what the heading of its column says.

    From the last cell backwards, for those repeat their words and are known already; numbers and titles are new in each row.
    """
    for cell, words in zip(reversed(line.own), reversed(layout.headings), strict=True):
        if cell and normal(cell) not in words:
            return False
    return True


def is_full(line: Line, layout: Layout) -> bool:
    """Surely an item: it has a title, the number of an item where items are numbered, and something said about it."""
    if is_marked(line, layout):
        return True
    if not line.owns(layout.title) or SIGNING.match(line.title):
        return False
    if layout.numbered and ITEM_NUMBER.fullmatch(line.number):
        return True
    described = sum(line.owns(column) for column in layout.valued)
    return described >= min(2, len(layout.valued)) and not is_heading_again(line, layout)


def is_section(line: Line, layout: Layout) -> bool:
    """A title over the rows that follow: one text, or a mark and a text, and nothing in the describing columns."""
    last = one_line(line.written[-1])
    alone = all(one_line(cell) == last for cell in reversed(line.written))
    if (alone and len(line.written) > 1) or (
        line.n in layout.wide and len(set(map(one_line, line.written))) <= 2
    ):
        return True
    if is_described(line, layout):
        return alone and bool(line.own[0]) and not line.filled and not last[0].islower()
    number = line.number
    if ITEM_NUMBER.fullmatch(number):
        return False
    if number:
        return layout.numbered or bool(layout.valued) or alone
    return is_unnumbered_section(line, layout)


def is_described(line: Line, layout: Layout) -> bool:
    return any(line.cells[column] for column in layout.valued)


def is_unnumbered_section(line: Line, layout: Layout) -> bool:
    text = one_line(line.written[0])
    if not line.owns(layout.title):
        return len(line.written) == 1 and bool(SECTION_MARK.match(text))
    if layout.numbered:
        return not text[0].islower()
    return bool(layout.valued) and (bool(SECTION_MARK.match(text)) or text.isupper())


def is_continuation(line: Line, layout: Layout) -> bool:
    """The rest of the item above: its number and title are merged with that row's, or left blank."""
    if layout.title is None or line.owns(layout.number):
        return False
    if line.owns(layout.title):
        return layout.numbered and line.title[0].islower() and len(line.written) == 1
    if layout.number is None and layout.title in line.filled:
        return not any(line.owns(column) for column in layout.apart)
    return True


TESTS: tuple[tuple[Callable[[Line, Layout], bool], RowKind], ...] = (
    (is_heading_again, "heading"),
    (is_remark, "footnote"),
    (is_bare_number, "empty"),
    (is_section, "section"),
    (is_continuation, "continuation"),
)


def remainder(above: Sequence[tuple[Line, RowKind]], *, past: bool) -> RowKind:
    """What only the rows above can tell of a row that goes on: what it goes on with. `past` says that no full item follows."""
    skipped = ("heading", "numbering") if past else ("heading", "numbering", "empty")
    last = next((kind for _, kind in reversed(above) if kind not in skipped), "section")
    if last in ("data", "continuation"):
        return "continuation"
    return "data" if last == "section" else "footnote"


def leads(line: Line, following: Line, layout: Layout) -> bool:
    """Whether this row only names a group: number and title, above a row with a number one step lower."""
    if not layout.valued or is_described(line, layout) or is_marked(line, layout):
        return False
    number, child = line.number.rstrip(".) "), following.number.rstrip(".) ")
    if not number.isdigit():
        return False
    lower = child.startswith((f"{number}.", f"{number}a", f"{number}-")) or child.lower() in ("a", "(a")
    return lower and bool(CHILD_NUMBER.fullmatch(child))


def is_signing(line: Line, kind: RowKind, *, past: bool) -> bool:
    """Whether the signature block begins here; `past` says that no full item follows."""
    texts = [one_line(cell) for cell in line.written]
    if not texts or len(texts) > 3 or ITEM_NUMBER.fullmatch(line.number):
        return False
    if any(SIGNING.match(text) for text in texts):
        return past or kind in ("section", "footnote")
    if past and any(PLACE_AND_DATE.fullmatch(text) for text in texts):
        return True
    return past and kind in ("section", "footnote") and any(OFFICE.match(text) for text in texts)


def ending(found: list[tuple[Line, RowKind]], last_full: int) -> list[tuple[Line, RowKind]]:
    """Behind the last item a section heads nothing: it is a remark at the foot."""
    last_item = max([last_full, *(line.n for line, kind in found if kind == "data")])
    return [(line, "footnote" if kind == "section" and line.n > last_item else kind) for line, kind in found]


def sectioned(found: Sequence[tuple[Line, RowKind]]) -> Iterator[tuple[Line, Row]]:
    section = ""
    for line, kind in found:
        if kind == "section":
            section = " ".join(dict.fromkeys(map(one_line, line.written)))
        belongs = section if kind in ("section", "data", "continuation") else ""
        yield line, Row(line.n, line.cells, kind, belongs, tuple(sorted(line.filled)) if line.filled else ())


def join_items(found: Iterator[tuple[Line, Row]]) -> list[Row]:
    """The rows of one item made one: what a further row adds goes under what stands above it."""
    rows: list[Row] = []
    item: int | None = None
    for line, row in found:
        if row.kind == "continuation" and item is not None:
            rows[item] = rows[item]._replace(cells=joined(rows[item].cells, line.own))
        if row.kind in ("data", "section", "signature", "footnote"):
            item = len(rows) if row.kind == "data" else None
        rows.append(row)
    return rows


def joined(above: tuple[str, ...], below: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{a}\n{b}" if a and b else a or b for a, b in zip(above, below, strict=True))
