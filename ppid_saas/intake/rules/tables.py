"""Where the table of a sheet begins: the block of heading rows, found by what its cells mean.

It neither reads rows nor settles columns for good; a person may point at another block.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ppid_saas.intake.rules.headings import BRACKETED, Proposal, propose
from ppid_saas.intake.rules.sheets import Merge, Sheet, is_blank, one_line

LAST_START = 40
DEEPEST = 5
TRIED_DEPTHS = (1, 2, 3)
LONG_TEXT = 90
EXACT = 100.0
DIGITS = 0.3
FILL_LIMIT = 2_000_000

SMALL_NUMBER = re.compile(r"\d{1,3}[.)]?")
NUMBERED = re.compile(r"\d")
NUMBERING = re.compile(r"[(\[]?\s*(\d{1,2}|[a-z])\s*[)\].]?(\s*=.*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """Heading rows, counted from 0."""

    top: int
    depth: int

    @property
    def end(self) -> int:
        return self.top + self.depth


def is_numbering(cells: Sequence[str]) -> bool:
    """The row of column numbers under a heading: 1 2 3, (1) (2) (3), or a b c, one step apart.

    From the last cell backwards: an item's first cells are its number and its title, which no other row has.
    """
    labels = []
    for cell in reversed(cells):
        mark = None if is_blank(cell) else NUMBERING.fullmatch(one_line(cell))
        if mark:
            labels.append(mark[1].lower())
        elif not is_blank(cell):
            return False
    if len(labels) < 2 or len(labels) * 5 < len(cells) * 3:
        return False
    steps = [int(label) if label.isdigit() else ord(label) for label in labels]
    return all(after - before == 1 for after, before in pairwise(steps))


def vertical_origins(sheet: Sheet, first: int) -> dict[tuple[int, int], int]:
    """For each cell covered by a merge from above: the row its value stands in. Merges above `first` do not count."""
    origins: dict[tuple[int, int], int] = {}
    height = len(sheet.rows)
    for merge in sheet.merges:
        if merge.top < first or merge.top >= height:
            continue
        for row in range(merge.top + 1, min(merge.bottom, height - 1) + 1):
            origins.setdefault((row, merge.left), merge.top)
        if len(origins) > FILL_LIMIT:
            break
    return origins


def heading_parts(sheet: Sheet, block: Block) -> list[tuple[str, ...]]:
    """The heading over each column from top to bottom, merged and merely blank cells filled from their group."""
    grid = [list(map(one_line, row)) for row in sheet.rows[block.top : block.end]]
    for merge in touching(sheet, block):
        spread(grid, merge, block)
    for above, below in pairwise(grid):
        carry_group(above, below)
    columns = zip(*grid, strict=True) if grid else iter(())
    return [tuple(dict.fromkeys(part for part in column if part)) for column in columns]


def touching(sheet: Sheet, block: Block) -> Iterator[Merge]:
    return (m for m in sheet.merges if m.top < block.end and m.bottom >= block.top)


def spread(grid: list[list[str]], merge: Merge, block: Block) -> None:
    if merge.top < block.top:
        return
    text = grid[merge.top - block.top][merge.left] if merge.left < len(grid[0]) else ""
    for row in range(merge.top, min(merge.bottom + 1, block.end)):
        for column in range(merge.left, min(merge.right + 1, len(grid[0]))):
            grid[row - block.top][column] = text


def carry_group(above: list[str], below: list[str]) -> None:
    """A group heading whose cells were never merged, or lost it in a CSV, reaches over the blanks to its right."""
    for column in range(1, len(above)):
        group = above[column - 1]
        if not above[column] and below[column] and below[column - 1] not in ("", group):
            above[column] = group


def grown(sheet: Sheet, block: Block) -> Block:
    """The block with every row that a vertical merge ties to it."""
    top, end = block.top, block.end
    for _ in range(DEEPEST):
        tied = [m for m in sheet.merges if m.bottom > m.top and m.top < end and m.bottom >= top]
        wider = min([top, *(m.top for m in tied)]), max([end, *(m.bottom + 1 for m in tied)])
        if wider == (top, end) or wider[1] - wider[0] > DEEPEST:
            break
        top, end = wider
    return Block(top, min(end, len(sheet.rows)) - top)


def candidates(sheet: Sheet) -> Iterator[Block]:
    starts = range(min(LAST_START, len(sheet.rows)))
    blocks = (Block(top, depth) for top in starts for depth in TRIED_DEPTHS if top + depth <= len(sheet.rows))
    return iter(dict.fromkeys(grown(sheet, block) for block in blocks))


def plausible(sheet: Sheet, block: Block) -> bool:
    """Neither blank rows, nor column numbers, nor titles across the table, nor prose belong to a heading."""
    rows = sheet.rows[block.top : block.end]
    if any(len(cell) > 4 * LONG_TEXT for row in rows for cell in row):
        return False
    if is_repeat(sheet, block):
        return False
    inside = range(block.top, block.end)
    if any(is_counted(sheet, index) or (block.depth > 1 and is_lone(sheet, index)) for index in inside):
        return False
    return not any(
        is_numbering(sheet.rows[index]) or is_banner(sheet, index) or is_gap(sheet, index)
        for index in range(block.top, block.end)
    )


def is_repeat(sheet: Sheet, block: Block) -> bool:
    """A heading printed again where a page began: most of a row stands the same further above."""
    for index in range(block.top, block.end):
        row = written_in(sheet.rows[index])
        if len(row) > 2 and any(
            2 * len(row & written_in(sheet.rows[above])) > len(row) for above in range(block.top)
        ):
            return True
    return False


@lru_cache(maxsize=4 * LAST_START)
def written_in(row: tuple[str, ...]) -> frozenset[str]:
    return frozenset(one_line(cell).casefold() for cell in row if not is_blank(cell))


def is_lone(sheet: Sheet, index: int) -> bool:
    """A line of the letterhead or a section: alone in the first column, tied to nothing."""
    row = sheet.rows[index]
    alone = len(row) > 1 and not is_blank(row[0]) and all(map(is_blank, row[1:]))
    return alone and not any(m.top <= index <= m.bottom and m.left == 0 for m in sheet.merges)


def is_counted(sheet: Sheet, index: int) -> bool:
    """An item begins here: no heading is a bare small number."""
    return any(SMALL_NUMBER.fullmatch(one_line(cell)) for cell in sheet.rows[index])


def is_gap(sheet: Sheet, index: int) -> bool:
    """A blank row that no merged cell reaches into from above."""
    blank = all(map(is_blank, sheet.rows[index]))
    return blank and not any(m.top < index <= m.bottom for m in sheet.merges)


def is_banner(sheet: Sheet, index: int) -> bool:
    """One text over more than half of the columns: a title or a section, not a heading."""
    if len(sheet.rows[index]) < 3 or sum(not is_blank(cell) for cell in sheet.rows[index]) > 1:
        return False
    return any(
        m.top <= index <= m.bottom and (m.right - m.left + 1) * 2 > len(sheet.rows[index])
        for m in sheet.merges
    )


def worth(proposals: Sequence[Proposal], parts: Sequence[tuple[str, ...]], block: Block) -> float:
    """Fields recognised, each by its likeness; less for prose, repeated headings and needless rows."""
    matched = sum(proposal.score / 100 for proposal in proposals if proposal.field)
    texts = [" ".join(part) for part in parts if part]
    prose = sum(len(text) > LONG_TEXT for text in texts)
    repeated = len(texts) - len(set(texts))
    figures = sum(bool(NUMBERED.search(BRACKETED.sub("", text))) for text in texts) if block.depth > 1 else 0
    return matched - DIGITS * figures - 0.5 * prose - 0.3 * repeated - 0.15 * (block.depth - 1)


def is_enough(proposals: Sequence[Proposal], parts: Sequence[tuple[str, ...]], width: int) -> bool:
    """Two fields; or one beyond doubt among other headings. Column numbers and remarks alone make no list."""
    fields = {proposal.field for proposal in proposals} - {None}
    if fields <= {"number", "note"}:
        return False
    headings = len(set(parts) - {()})
    return len(fields) >= min(2, width) or (headings > 1 and any(p.score >= EXACT for p in proposals))


def beginning(sheet: Sheet) -> Sheet:
    last = LAST_START + DEEPEST
    return Sheet(sheet.name, sheet.rows[:last], tuple(m for m in sheet.merges if m.top < last))


def find_block(sheet: Sheet) -> tuple[Block, float]:
    """The best block and its worth; a depth of 0 when nothing looks like a heading. Of equals the first."""
    best, best_worth = Block(0, 0), 0.0
    sheet = beginning(sheet)
    width = sum(not all(map(is_blank, column)) for column in zip(*sheet.rows, strict=True))
    for block in candidates(sheet):
        if not plausible(sheet, block):
            continue
        parts = heading_parts(sheet, block)
        proposals = propose(parts)
        value = worth(proposals, parts, block)
        if value > best_worth + 1e-9 and is_enough(proposals, parts, width):
            best, best_worth = block, value
    return best, best_worth
