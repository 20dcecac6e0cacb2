"""An item as the cells of one row of a file, and the code by which it is known again. Pure; files are made by `exports`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from ppid_saas.law.citations import parse_citation
from ppid_saas.law.periods import Period
from ppid_saas.law.wording import parse_period
from ppid_saas.register.rules import PARTS, Body, day_words, ground_words, period_words

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
GUARD = "'"
CELL_LIMIT = 32_767
MARK = re.compile(r"B\d{1,9}-[0-9A-F]{4}")


def mark_of(ref: int, item_id: UUID) -> str:
    """Return an item's code in files: its number, and enough of its id that no other list's number passes for it."""
    return f"B{ref}-{item_id.hex[-4:].upper()}"


def cells_of(body: Body) -> dict[str, str]:
    """Return an item as the cells of one row, by field."""
    period = Period.from_dict(body["period"])
    own = {
        name: str(body.get(name) or "").strip()
        for name in (
            "title",
            "document",
            "open_part",
            "harm",
            "benefit",
            "interest",
            "loss",
            "holder",
            "note",
        )
    }
    return own | {
        "part": PARTS.get(str(body.get("part")), ""),
        "ground": grounds_cell(body["grounds"]),
        "period": period_cell(period),
        "review": day_words(period.review_on),
        "release": "\n".join(period.release),
    }


def grounds_cell(grounds: Sequence[Mapping[str, Any]]) -> str:
    """Return the legal bases as written, where reading that again gives the same; else each in our words."""
    written = "\n".join(dict.fromkeys(str(row.get("text") or "").strip() for row in grounds)).strip()
    again = [(row.code, row.law, row.article) for row in parse_citation(written)]
    if again == [(row.get("code"), row.get("law"), row.get("article")) for row in grounds]:
        return written
    return "\n".join(dict.fromkeys(ground_words(row) for row in grounds))


def period_cell(period: Period) -> str:
    """Return the wording where reading it again gives the same period; else the period in our words."""
    bare = replace(period, review_on=None, release=())
    if replace(parse_period(period.text), release=()) == bare:
        return period.text.strip()
    return period_words(bare)


def neutral(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run; `plain` takes it away again."""
    return f"{GUARD}{cell}" if cell.lstrip(GUARD).startswith(FORMULA_STARTS) else cell


def plain(cell: str) -> str:
    """Return what `neutral` was given."""
    return cell[1:] if cell.startswith(GUARD) and cell.lstrip(GUARD).startswith(FORMULA_STARTS) else cell
