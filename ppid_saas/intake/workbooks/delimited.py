"""Text tables: CSV as Excel saves it here (semicolons, a Windows encoding) or as others do, and cells pasted from Excel."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator

from charset_normalizer import from_bytes

from ppid_saas.intake.workbooks.refusals import MAX_ROWS, UnreadableFile, refuse

DELIMITERS = (";", "\t", ",", "|")
SNIFFED = 60
LIKELY = ["cp1252", "latin_1", "utf_16", "utf_16_le", "utf_16_be", "mac_roman"]
CONTROLS = bytes(set(range(32)) - {7, 9, 10, 11, 12, 13, 27})
MOST_CONTROLS = 0.01
LONGEST_FIELD = 1_000_000

csv.field_size_limit(LONGEST_FIELD)


def read_text_table(data: bytes) -> list[list[str]]:
    return parse(decoded(data))


def decoded(data: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\x00" in data:
        return decoded_wide(data)
    if sum(map(data.count, map(bytes, zip(CONTROLS)))) > MOST_CONTROLS * len(data):
        refuse("not_a_workbook")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return guessed(data)


def decoded_wide(data: bytes) -> str:
    """Two-byte text without its mark: every other byte is nearly always zero. Other zeros mean that it is no text."""
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = data[start::2]
        if half and half.count(0) > 0.8 * len(half) and data[1 - start :: 2].count(0) == 0:
            return data.decode(encoding, errors="replace")
    raise UnreadableFile("not_a_workbook")


def guessed(data: bytes) -> str:
    best = from_bytes(data, cp_isolation=LIKELY).best()
    encoding = best.encoding if best else "cp1252"
    return data.decode("cp1252" if encoding in ("latin_1", "ascii") else encoding, errors="replace")


def parse(text: str) -> list[list[str]]:
    delimiter, text = announced(text)
    delimiter = delimiter or sniffed(text)
    try:
        return list(limited(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    except csv.Error:
        raise UnreadableFile("not_a_workbook") from None


def limited(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    for count, row in enumerate(rows, start=1):
        if count > 2 * MAX_ROWS:
            refuse("too_big")
        yield row


def announced(text: str) -> tuple[str, str]:
    """Excel's first line "sep=;" names the delimiter and is no row."""
    first, _, rest = text.partition("\n")
    mark = first.strip().strip('"').lower()
    return (mark[4], rest) if mark.startswith("sep=") and len(mark) == 5 else ("", text)


def sniffed(text: str) -> str:
    """The delimiter that cuts most records into the same number of cells."""
    return max(DELIMITERS, key=lambda delimiter: (evenness(text, delimiter), -DELIMITERS.index(delimiter)))


def evenness(text: str, delimiter: str) -> float:
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        widths = [
            len(row)
            for row, _ in zip(reader, range(SNIFFED), strict=False)
            if any(cell.strip() for cell in row)
        ]
    except csv.Error:
        return 0.0
    width, times = max(Counter(widths).items(), key=lambda pair: (pair[0] > 1, pair[1]), default=(1, 0))
    return times / len(widths) + width / 1000 if width > 1 else 0.0
