"""What a row of a file would change in the item it speaks of, cell by cell, and the item with those changes made. Pure.

A cell that says what our own export says of the item changes nothing, whatever reading it again would give; a column
the file does not have says nothing at all.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from ppid_saas.intake.rules.bodies import NOTED, Cells, body_of, note_of
from ppid_saas.intake.rules.sheets import one_line, tidy
from ppid_saas.law.wording import parse_period
from ppid_saas.register.cells import CELL_LIMIT, cells_of, neutral, plain
from ppid_saas.register.rules import Body, whole_body

COMPARED = (
    "title", "document", "part", "open_part", "ground", "harm", "benefit", "interest", "loss", "period", "review",
    "release", "holder", "note",
)  # fmt: skip
IN_PERIOD = frozenset({"period", "review", "release"})


class Change(NamedTuple):
    """One cell: what stands in the register, and what the file says."""

    field: str
    before: str
    after: str


def said(mapped: Collection[str], cells: Cells) -> frozenset[str]:
    """Return the fields a row speaks of: those of the file's columns, and what a person wrote beside it."""
    names = frozenset(mapped) | cells.keys()
    return names | {"note"} if names & {"part", *NOTED} and note_of(cells) else names


def changes_of(body: Body, cells: Cells, mapped: Collection[str]) -> list[Change]:
    """Return the cells in which the file differs from the item, in the order of the form."""
    speaks = said(mapped, cells)
    mine, theirs = _values(body), _values(whole_body(body_of(cells)))
    found = []
    for field, before in _written(body).items():
        after = _cell(field, cells)
        if field in speaks and after != before and mine[field] != theirs[field] and not _unread(field, cells):
            found.append(Change(field, before, after))
    return found


def merged(body: Body, cells: Cells, mapped: Collection[str], keep: Collection[str]) -> Body:
    """Return the item with the file's cells in it, but for those a person keeps."""
    fields = [change.field for change in changes_of(body, cells, mapped) if change.field not in keep]
    new = whole_body(body_of(cells))
    taken = {("grounds" if field == "ground" else field) for field in fields if field not in IN_PERIOD}
    return body | {name: new[name] for name in taken} | {"period": _period(body, new, cells, fields, mapped)}


def _period(
    body: Body, new: Body, cells: Cells, fields: Collection[str], mapped: Collection[str]
) -> dict[str, Any]:
    period = dict(body["period"])
    if "period" in fields:
        read, before = parse_period(cells.get("period", "")).to_dict(), parse_period(period["text"]).release
        others = [line for line in period["release"] if line not in before and line not in read["release"]]
        period = read | {"review_on": period["review_on"], "release": [*read["release"], *others]}
    if "release" in fields or ("period" in fields and "release" in said(mapped, cells)):
        period["release"] = new["period"]["release"]
    if "review" in fields:
        period["review_on"] = new["period"]["review_on"]
    return period


def _written(body: Body) -> dict[str, str]:
    """Return the item's cells as they come back from a file of ours."""
    cells = cells_of(body)
    there = {name: plain(tidy(neutral(cells[name])[:CELL_LIMIT])) for name in COMPARED}
    return there | {"title": one_line(there["title"])}


def _cell(field: str, cells: Cells) -> str:
    if field == "note":
        return tidy(note_of(cells))
    text = tidy(cells.get(field, ""))
    return one_line(text) if field == "title" else text


def _values(body: Body) -> dict[str, Any]:
    """Return what each field means, so that equal meanings in other words are told from changes."""
    period: Mapping[str, Any] = body["period"]
    rest = {name: value for name, value in period.items() if name not in ("release", "review_on")}
    own = {name: body[name] for name in COMPARED if name not in IN_PERIOD | {"ground"}}
    return own | {
        "ground": body["grounds"],
        "period": rest,
        "review": period["review_on"],
        "release": period["release"],
    }


def _unread(field: str, cells: Cells) -> bool:
    """A date that could not be read says nothing; the row's problem says so."""
    return field == "review" and bool(cells.get("review")) and body_of(cells)["period"]["review_on"] is None
