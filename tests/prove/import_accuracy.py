"""Proof: workbooks nobody tuned the finder for are understood, and what is not is asked about.

Headings come from a grammar of its own. Draw a seed after the finder's last change: a seed once looked at is spent.
"""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "intake"))

from layouts import Layout, make_layout

from ppid_saas.intake.rules import Understanding, best_sheet, row_values, understand
from ppid_saas.intake.workbooks.reading import read_workbook
from tests.prove._headings import composed

WORKBOOKS = 400
BARS = {"header_block_percent": 99.0, "wrong_columns_percent": 0.5}
SHOWN = 25


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Make the workbooks of a seed and count, over all of them, what was found, mistaken and asked."""
    count = WORKBOOKS if seconds is None else max(10, int(seconds * 8))
    totals: Counter[str] = Counter()
    mistaken: Counter[str] = Counter()
    for n in range(count):
        layout = make_layout(f"{seed}-{n}", composed)
        judge(layout, understood(layout), totals, mistaken)
    columns = totals["columns"]
    return {
        "workbooks": count,
        "columns": columns,
        "header_block_percent": share(totals["blocks"], count),
        "wrong_columns_percent": share(totals["wrong"], columns),
        "wrong_in_silence_percent": share(totals["silent"], columns),
        "asked_percent": share(totals["asked"], columns),
        "right_and_sure_percent": share(totals["right"], columns),
        "rows_exact_where_columns_are_percent": share(totals["exact"], totals["readable"]),
        "bars": BARS,
        "mistaken": [f"{words}: {times}" for words, times in mistaken.most_common(SHOWN)],
    }


def share(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 100.0


def understood(layout: Layout) -> Understanding:
    return understand(best_sheet(read_workbook(layout.data, "daftar.xlsx")))


def judge(layout: Layout, found: Understanding, totals: Counter[str], mistaken: Counter[str]) -> None:
    """Wrong is a column proposed for a field it does not hold; silent, when it was not even marked for checking."""
    totals["blocks"] += (found.header_top, found.header_depth) == (layout.top, layout.depth)
    totals["columns"] += len(layout.fields)
    for column, meant in zip(found.columns, layout.fields, strict=False):
        is_wrong = column.field not in (None, meant)
        is_asked = column.confidence != "sure" and (meant is not None or column.field is not None)
        totals["wrong"] += is_wrong
        totals["silent"] += is_wrong and not is_asked
        totals["asked"] += is_asked and not is_wrong
        totals["right"] += not is_wrong and not is_asked
        if is_wrong:
            mistaken[
                f"{' '.join(column.heading.split()).lower()} | {meant} -> {column.field} ({column.confidence})"
            ] += 1
    if [column.field for column in found.columns] == layout.fields:
        totals["readable"] += 1
        totals["exact"] += row_values(found) == layout.items
