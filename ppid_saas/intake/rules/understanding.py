"""A sheet understood as a whole: heading, columns, rows, and the values an item is made of.

It proposes; a person may correct the heading block and every column, and it then reads the rows again.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from ppid_saas.intake.rules.headings import NOTHING, Proposal, propose
from ppid_saas.intake.rules.rows import ITEM_NUMBER, read_rows
from ppid_saas.intake.rules.sheets import (
    Column,
    Field,
    Row,
    Sheet,
    Understanding,
    Workbook,
    is_blank,
    one_line,
    tidy,
)
from ppid_saas.intake.rules.tables import Block, find_block, heading_parts
from ppid_saas.register.cells import GUARD, plain

SAMPLES = 3
LOOKED_AT = 60

LAW = re.compile(r"\b(pasal|undang-undang|uu|peraturan|perda|perbup|permen\w*|pp|keputusan)\b", re.IGNORECASE)
SPAN = re.compile(
    r"\b(tahun|bulan|permanen|selama|selamanya|sampai|hingga|tidak terbatas|seterusnya|terbatas)\b",
    re.IGNORECASE,
)
SPAN_LENGTH = 120
MOST = 0.6


def understand(
    sheet: Sheet,
    header: tuple[int, int] | None = None,
    mapping: Mapping[int, Field | None] | None = None,
) -> Understanding:
    """Read a sheet; `header` is (first sheet row from 1, depth) and `mapping` column index to field, as a person set them."""
    block = find_block(sheet)[0] if header is None else chosen_block(sheet, header)
    parts = heading_parts(sheet, block) or [()] * width_of(sheet)
    proposals = corrected(by_contents(sheet, block, propose(parts), parts), mapping or {})
    fields = {index: proposal.field for index, proposal in enumerate(proposals) if proposal.field}
    rows = read_rows(sheet, block, fields) if sheet.rows else []
    columns = [
        Column(index, " / ".join(parts[index]), proposal.field, proposal.confidence, samples_of(rows, index))
        for index, proposal in enumerate(proposals)
    ]
    return Understanding(block.top + 1 if block.depth else 0, block.depth, tuple(columns), tuple(rows))


def chosen_block(sheet: Sheet, header: tuple[int, int]) -> Block:
    """The block a person pointed at, kept inside the sheet."""
    top = min(max(header[0] - 1, 0), len(sheet.rows))
    return Block(top, min(max(header[1], 0), len(sheet.rows) - top))


def width_of(sheet: Sheet) -> int:
    return len(sheet.rows[0]) if sheet.rows else 0


def corrected(proposals: Sequence[Proposal], mapping: Mapping[int, Field | None]) -> list[Proposal]:
    """A person's choice stands; a field so chosen is taken from the column it was proposed for."""
    taken = {field for field in mapping.values() if field}
    return [
        Proposal(mapping[index], "sure" if mapping[index] else "unknown")
        if index in mapping
        else (NOTHING if proposal.field in taken else proposal)
        for index, proposal in enumerate(proposals)
    ]


def by_contents(
    sheet: Sheet, block: Block, proposals: list[Proposal], parts: Sequence[tuple[str, ...]]
) -> list[Proposal]:
    """What the headings left open and the cells betray: running numbers, laws cited, spans of time. Always to be checked."""
    if not block.depth:
        return proposals
    given = {proposal.field for proposal in proposals}
    found = list(proposals)
    for index, proposal in enumerate(proposals):
        if proposal.field is None:
            cells = [
                one_line(row[index])
                for row in sheet.rows[block.end : block.end + LOOKED_AT]
                if not is_blank(row[index])
            ]
            field = betrayed(cells, has_heading=bool(parts[index]))
            if field and field not in given:
                found[index] = Proposal(field, "check")
                given.add(field)
    return found


def betrayed(cells: Sequence[str], *, has_heading: bool) -> Field | None:
    if len(cells) < 2:
        return None
    if not has_heading:
        return "number" if share(cells, ITEM_NUMBER.fullmatch) >= MOST else None
    if share(cells, LAW.search) >= MOST:
        return "ground"
    short = all(len(cell) <= SPAN_LENGTH for cell in cells)
    return "period" if short and share(cells, SPAN.search) >= MOST else None


def share(cells: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(cell)) for cell in cells) / len(cells)


def samples_of(rows: Sequence[Row], index: int) -> tuple[str, ...]:
    """The first different values of a column, as they would be taken over."""
    found: dict[str, None] = {}
    for row in rows:
        if row.kind == "data" and not is_blank(row.cells[index]):
            found.setdefault(tidy(row.cells[index]))
        if len(found) == SAMPLES:
            break
    return tuple(found)


def best_sheet(workbook: Workbook) -> Sheet:
    """The sheet that most likely is the list: the clearest heading, then the most rows; hidden sheets last."""
    return max(
        workbook.sheets, key=lambda sheet: (not sheet.hidden, round(find_block(sheet)[1]), len(sheet.rows))
    )


def data_rows(understanding: Understanding) -> list[Row]:
    return [row for row in understanding.rows if row.kind == "data"]


def row_values(understanding: Understanding) -> list[dict[str, str]]:
    """One dictionary per item row, in the order of `data_rows`: every mapped field, empty where the row says nothing."""
    mapped = mapped_columns(understanding)
    nothing = {str(field): "" for _, field in mapped}
    return [nothing | values_of(row, mapped) for row in data_rows(understanding)]


def mapped_columns(understanding: Understanding) -> list[tuple[int, Field]]:
    return [(column.index, column.field) for column in understanding.columns if column.field]


def values_of(row: Row, mapped: Sequence[tuple[int, Field]]) -> dict[str, str]:
    """What a row says, by field, tidied, its wording kept; columns that share a field stand below each other."""
    values: dict[str, str] = {}
    for index, field in mapped:
        text = tidy(row.cells[index])
        if not text:
            continue
        if text[0] == GUARD:
            text = plain(text)
        values[field] = f"{values[field]}\n{text}" if field in values else text
    return values
