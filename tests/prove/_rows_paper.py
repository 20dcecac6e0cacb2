"""The record of the walks: docs/rows.md, one table a SOP and walk, made anew from the figures by every run."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from ppid_saas.settings import ROOT

PAPER = ROOT / "docs" / "rows.md"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
TITLES = {"03/SOP-PPID": 5, "01/SOP-PPID": 6, "74/ORT.06/3604/2022": 4}
COLUMNS = "| Row | Day | Who | Screen | What the screen said | What was done | What it said then | Who received what |"
MOST_RECEIVED = 12
# What the rest of the regency is late with on the same days; said after what belongs to the row.
OF_OTHERS = re.compile(
    "Butir yang masanya menjelang habis|Sebuah pengajuan menunggu|Butir perlu ditinjau|Masa pengecualian (segera|menjelang) habis"
    "|Salinan butir yang terbuka|Penetapan menunggu diserahkan"
)
HEAD = """# The fifteen rows, walked

Each row of the three forms ([sop.md](sop.md)), walked in a browser by the person it names, on the demo regency, with the
clock moved by `./ppid demo clock`: once with everything on time, once with every step after its limit. Nothing was done by a
call into the code, by SQL or by an API. Words of the screen are quoted as they stood there. A step to which the form gives no
limit cannot be late: it was taken after three idle weeks, and its screen must count no days. `./ppid prove rows` walks
again and writes this page; its figures are in [figures/rows.json](figures/rows.json), with every notice. Here the notices that
belong to the row come first, those that the rest of the regency brought on the same days after them, twelve in all. Forms may be
walked one after another on one demo, so that time stands further on with each.
"""


def write(walks: Sequence[Mapping[str, Any]], missing: Sequence[str], path: Path = PAPER) -> None:
    """Write the record of whatever was walked."""
    path.write_text("\n".join(_lines(walks, missing)) + "\n", encoding="utf-8")


def _lines(walks: Sequence[Mapping[str, Any]], missing: Sequence[str]) -> Iterator[str]:
    yield HEAD
    yield from _summary(walks, missing)
    for one in walks:
        yield f"## {one['sop']}, {'late' if one['late'] else 'on time'}\n"
        yield COLUMNS
        yield "|" + "---|" * 8
        yield from map(_line, one["rows"])
        yield ""


def _summary(walks: Sequence[Mapping[str, Any]], missing: Sequence[str]) -> Iterator[str]:
    yield "| SOP | Rows | Walked on time | Walked late |"
    yield "|---|---|---|---|"
    for sop, rows in TITLES.items():
        done = {one["late"]: len(walked_rows(one["rows"])) for one in walks if one["sop"] == sop}
        yield f"| {sop} | {rows} | {done.get(False, 0)} | {done.get(True, 0)} |"
    yield ""
    yield "Missing: " + ("nothing." if not missing else "")
    yield from (f"- {_cell(words)}" for words in missing)
    yield ""


def walked_rows(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the rows of the form of which every turn was walked to its end."""
    turns = [one for one in rows if one["row"].isdecimal()]
    return {one["row"] for one in turns} - {one["row"] for one in turns if not one["ended"]}


def _line(row: Mapping[str, Any]) -> str:
    cells = (
        row["row"], _day(row["day"]), row["who"], f"`{row['screen']}`", row["before"], "; ".join(row["did"]), row["after"],
        "<br>".join(_together(row["received"])),
    )  # fmt: skip
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _together(received: Sequence[str]) -> list[str]:
    """Say once what several were told, and how often one person was told the same."""
    told = [line.partition(", ")[::2] for line in received]
    lines = []
    told.sort(key=lambda pair: (bool(OF_OTHERS.search(pair[1])), pair[1]))
    for what, group in groupby(told, key=lambda pair: pair[1]):
        who = ", ".join(dict.fromkeys(name for name, _ in group))
        lines.append(f"{who}: {what}")
    shown, left = lines[:MOST_RECEIVED], len(lines) - MOST_RECEIVED
    return [*shown, f"and {left} more"] if left > 0 else shown


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ") or "–"


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
