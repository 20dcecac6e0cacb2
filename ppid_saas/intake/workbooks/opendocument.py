"""Where an OpenDocument sheet has merged cells; the native parser reads its values but not these."""

import io
import zipfile
from xml.etree import ElementTree as ET

Merges = list[tuple[int, int, int, int]]

MOST_MERGES = 200_000


def merges_of(data: bytes) -> dict[str, Merges]:
    """For each sheet its merges as (top, left, bottom, right)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("content.xml") as content:
        found: dict[str, Merges] = {}
        for _, element in ET.iterparse(content):  # noqa: S314  # DTDs refused, memory limited
            if element.tag.endswith("}table"):
                found[attribute(element, "name")] = table_merges(element)
                element.clear()
        return found


def attribute(element: ET.Element, name: str) -> str:
    return next((text for key, text in element.attrib.items() if key.rpartition("}")[2] == name), "")


def count(element: ET.Element, name: str) -> int:
    text = attribute(element, name)
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def table_merges(table: ET.Element) -> Merges:
    merges: Merges = []
    row = 0
    for element in table.iter():
        if element.tag.endswith("}table-row"):
            if len(merges) < MOST_MERGES:
                merges += row_merges(element, row)
            row += count(element, "number-rows-repeated")
    return merges


def row_merges(element: ET.Element, row: int) -> Merges:
    merges: Merges = []
    column = 0
    for cell in element:
        down, across = count(cell, "number-rows-spanned"), count(cell, "number-columns-spanned")
        if down > 1 or across > 1:
            merges.append((row, column, row + down - 1, column + across - 1))
        column += count(cell, "number-columns-repeated")
    return merges
