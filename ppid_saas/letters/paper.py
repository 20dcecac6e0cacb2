"""What a printed paper is made of, pure: a frame and blocks in order, the same for PDF and for Word.

A slice says what its form contains by building a `Paper`; how that looks is `paper.typ` and `word.py`. Not a place for
wording, which is `wording`'s, nor for any one form's contents.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

from ppid_saas.letters.typesetting import typeset

SOURCE = Path(__file__).with_name("paper.typ")
DRAFT = "KONSEP – belum ditetapkan"
PAPERS = ("a4", "f4")
# What typesetting takes grows with what is written: 57 KiB a row and 413 bytes a letter were seen. A volume stays below 512 MiB.
VOLUME_ROWS, VOLUME_LETTERS = 2000, 800_000
ROW_LETTERS = 140  # what a row takes besides its letters, in letters


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a paper: its title as a file, whose it is, size, draft words, footer, ISO day."""

    title: str
    author: str
    foot: str
    paper: str = "a4"
    draft: str = ""
    flipped: bool = False
    dated: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The letterhead."""

    type: ClassVar = "head"
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Title:
    """What the paper is, in centred lines."""

    type: ClassVar = "title"
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a paper."""

    type: ClassVar = "heading"
    words: str


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs, one a line."""

    type: ClassVar = "text"
    words: str


@dataclass(frozen=True, slots=True)
class Centred:
    """One centred line, as MEMUTUSKAN:."""

    type: ClassVar = "centred"
    words: str


@dataclass(frozen=True, slots=True)
class Fields:
    """Names and what is said under each."""

    type: ClassVar = "fields"
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the parts before and after the decision: Menimbang, KESATU. One item stands without a mark."""

    label: str
    items: Sequence[str]
    mark: str = "a."


@dataclass(frozen=True, slots=True)
class Reasons:
    """Those parts in order."""

    type: ClassVar = "reasons"
    rows: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class Items:
    """A numbered list."""

    type: ClassVar = "items"
    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; width is its share, 0 takes what it needs."""

    label: str
    width: float = 1


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under a line of their own; a label of "" draws none."""

    label: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head is repeated on every page."""

    type: ClassVar = "table"
    columns: Sequence[Column]
    groups: Sequence[Group]


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs one paper, where and when."""

    position: str
    name: str
    place: str = ""
    day: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """The signature block; it is never torn apart."""

    type: ClassVar = "signature"
    one: Signatory


@dataclass(frozen=True, slots=True)
class Signer:
    """One of several who sign; `mark` says how she signed inside the system, or "" for a line to sign on."""

    name: str
    position: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Everyone who signs, as under minutes."""

    type: ClassVar = "signatures"
    rows: Sequence[Signer]


@dataclass(frozen=True, slots=True)
class Copies:
    """Who else gets the paper (tembusan)."""

    type: ClassVar = "copies"
    items: Sequence[str]
    label: str = "Tembusan:"


@dataclass(frozen=True, slots=True)
class Annex:
    """A list on pages of its own, across: its head (number, date, about), table and the signature on its last page."""

    type: ClassVar = "annex"
    label: str
    rows: Sequence[tuple[str, str]]
    caption: str
    columns: Sequence[Column]
    groups: Sequence[Group]
    signature: Signatory | None


Block = (
    Head | Title | Heading | Text | Centred | Fields | Reasons | Items | Table | Signature | Signatures | Copies | Annex
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper."""

    frame: Frame
    blocks: Sequence[Block]


def as_data(paper: Paper) -> dict[str, Any]:
    """Return a paper as JSON values."""
    return {
        "frame": asdict(paper.frame),
        "blocks": [{"type": block.type, **asdict(block)} for block in paper.blocks],
    }


def as_pdf(paper: Paper) -> bytes:
    """Return a paper as tagged PDF/A; a long list takes hundreds of megabytes, in a process of its own."""
    return typeset(SOURCE, as_data(paper))


def volumes(rows: Sequence[Any], letters: Callable[[Any], int]) -> list[Sequence[Any]]:
    """Return the rows of a list in volumes small enough to be typeset, at least one; `letters` says how long a row is."""
    starts, taken = [0], 0
    for at, row in enumerate(rows):
        size = letters(row) + ROW_LETTERS
        if at > starts[-1] and (at - starts[-1] >= VOLUME_ROWS or taken + size > VOLUME_LETTERS):
            starts.append(at)
            taken = 0
        taken += size
    return [rows[start:end] for start, end in pairwise([*starts, len(rows)])]
