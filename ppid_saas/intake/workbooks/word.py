"""The tables of a Word document, with their merged cells. Text outside tables is not read.

The caller has refused documents with a document type of their own, and limits the memory of this process.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

MAIN = "word/document.xml"
LEAST_COLUMNS = 3
BREAKS = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-"}
LEFT_OUT = frozenset({"del", "moveFrom", "Fallback", "instrText", "delText"})


@dataclass
class Table:
    """Rows as written, and merges as (top, left, bottom, right)."""

    rows: list[list[str]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    width: int = 0


def local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def child(element: ET.Element | None, name: str) -> ET.Element | None:
    return None if element is None else next((e for e in element if local(e) == name), None)


def value(element: ET.Element | None) -> str:
    """The `val` of a property, whatever its namespace (transitional and strict documents differ)."""
    if element is None:
        return ""
    return next((text for name, text in element.attrib.items() if name.rpartition("}")[2] == "val"), "")


def read_tables(data: bytes) -> list[Table]:
    """Tables of at least three columns; one that goes on where the last of the same width ended is one table."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = ET.fromstring(archive.read(MAIN))  # noqa: S314  # DTDs refused, memory limited
    found: list[Table] = []
    for element in outer_tables(root):
        table = read_table(element)
        if table.width < LEAST_COLUMNS:
            continue
        if found and found[-1].width == table.width:
            append(found[-1], table)
        else:
            found.append(table)
    return found


def outer_tables(root: ET.Element) -> Iterator[ET.Element]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if local(element) == "tbl":
            yield element
        elif local(element) not in LEFT_OUT:
            waiting.extend(reversed(element))


def append(table: Table, more: Table) -> None:
    offset = len(table.rows)
    table.rows += more.rows
    table.merges += [(top + offset, left, bottom + offset, right) for top, left, bottom, right in more.merges]


def rows_of(table: ET.Element) -> Iterator[ET.Element]:
    return wrapped(table, "tr")


def wrapped(element: ET.Element, name: str) -> Iterator[ET.Element]:
    """Children of a name, content controls and revisions around them looked through."""
    waiting = list(reversed(element))
    while waiting:
        part = waiting.pop()
        if local(part) == name:
            yield part
        elif local(part) in ("sdt", "sdtContent", "ins", "customXml", "smartTag"):
            waiting.extend(reversed(part))


def read_table(element: ET.Element) -> Table:
    table = Table()
    open_merges: dict[int, list[int]] = {}
    for n, row in enumerate(rows_of(element)):
        table.rows.append(read_row(row, n, table, open_merges))
    table.width = max(map(len, table.rows), default=0)
    table.merges += [tuple(merge) for merge in open_merges.values() if is_merge(merge)]  # type: ignore[misc]
    return table


def read_row(row: ET.Element, n: int, table: Table, open_merges: dict[int, list[int]]) -> list[str]:
    cells = [""] * skipped(row)
    for cell in wrapped(row, "tc"):
        properties = child(cell, "tcPr")
        left, right = len(cells), len(cells) + span(value(child(properties, "gridSpan"))) - 1
        down = child(properties, "vMerge")
        continues = down is not None and value(down) != "restart" and left in open_merges
        cells += ["" if continues else text_of(cell)] + [""] * (right - left)
        if continues:
            open_merges[left][2] = n
        else:
            close(table, open_merges, left)
            open_merges[left] = [n, left, n, right]
    return cells


def skipped(row: ET.Element) -> int:
    return span(value(child(child(row, "trPr"), "gridBefore")) or "0", least=0)


def span(text: str, least: int = 1) -> int:
    return min(max(int(text), least), 200) if text.isascii() and text.isdigit() and len(text) < 6 else least


def close(table: Table, open_merges: dict[int, list[int]], left: int) -> None:
    merge = open_merges.pop(left, None)
    if merge and is_merge(merge):
        table.merges.append((merge[0], merge[1], merge[2], merge[3]))


def is_merge(merge: list[int]) -> bool:
    return merge[0] < merge[2] or merge[1] < merge[3]


def text_of(cell: ET.Element) -> str:
    """A cell's text, one line a paragraph, of nested tables too; deleted words and doubles for old programs left out."""
    pieces: list[str] = []
    waiting: list[ET.Element | str] = list(reversed(cell))
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            pieces.append(part)
            continue
        name = local(part)
        if name == "t":
            pieces.append(part.text or "")
        elif name in BREAKS and not is_tab_stop(part):
            pieces.append(BREAKS[name])
        elif name not in LEFT_OUT and not name.endswith("Pr"):
            waiting.append("\n" if name in ("p", "tc") else "")
            waiting.extend(reversed(part))
    return "".join(pieces).strip("\n")


def is_tab_stop(part: ET.Element) -> bool:
    return local(part) == "tab" and bool(value(part))
