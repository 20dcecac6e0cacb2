"""The shapes an imported list takes on its way to becoming rows: what was read, and what was understood.

Plain values only. Reading bytes belongs to `intake.workbooks`, deciding to the modules beside this one.
"""

import re
import string
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

Field = Literal[
    "code",
    "number",
    "unit",
    "title",
    "content",
    "document",
    "part",
    "open_part",
    "ground",
    "harm",
    "benefit",
    "interest",
    "loss",
    "period",
    "review",
    "retention",
    "holder",
    "form",
    "release",
    "note",
]
Confidence = Literal["sure", "check", "unknown"]
RowKind = Literal[
    "letterhead",
    "heading",
    "numbering",
    "section",
    "data",
    "continuation",
    "footnote",
    "signature",
    "empty",
]

# Each cell is looked at many times while its row is being understood, and lists repeat their words.
REMEMBERED = 4096
SPACES = re.compile(r"[^\S\n]+")
# What a cell mostly begins with, and which never belongs to an invisible mark.
SEEN = frozenset(string.ascii_letters + string.digits)
INVISIBLE = re.compile(r"_x000D_|[\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range; rows and columns counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as it was found: rows of equal width, merged cells empty but for their first."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    sheets: tuple[Sheet, ...]
    has_macros: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    index: int
    heading: str
    field: Field | None
    confidence: Confidence
    samples: tuple[str, ...]


class Row(NamedTuple):
    """A row of the sheet, `n` counted from 1 as Excel does; `filled` are columns taken from a merged cell above."""

    n: int
    cells: tuple[str, ...]
    kind: RowKind
    section: str = ""
    filled: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Understanding:
    """`header_top` is a sheet row counted from 1; a depth of 0 says that no heading was found."""

    header_top: int
    header_depth: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def _tidied(text: str) -> str:
    if text.isascii() and text.isprintable() and "  " not in text and "_x" not in text:
        return text.strip(" ")
    visible = INVISIBLE.sub("", re.sub(r"\r\n?|\x0b|\u2028|\u2029", "\n", text))
    lines = (SPACES.sub(" ", line).strip() for line in unicodedata.normalize("NFC", visible).split("\n"))
    return "\n".join(line for line in lines if line)


@lru_cache(maxsize=REMEMBERED)
def tidy(text: str) -> str:
    """Remove what only the layout put there: double spaces, blank lines, invisible marks. Words stay as written."""
    return _tidied(text)


def is_blank(text: str) -> bool:
    """Whether nothing of a cell can be seen."""
    return not text or (text[0] not in SEEN and not INVISIBLE.sub("", text).strip())


@lru_cache(maxsize=REMEMBERED)
def one_line(text: str) -> str:
    return tidy(text).replace("\n", " ")


def unrepeated(text: str) -> str:
    """Return the same of a number or a title: no other cell says it, so it is not worth remembering."""
    return _tidied(text).replace("\n", " ")
