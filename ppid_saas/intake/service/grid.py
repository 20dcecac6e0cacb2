"""The rows of an import before they are saved: judged, compared with the register, mended, settled by a person."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.intake.models import ImportBatch, ImportRow
from ppid_saas.intake.queries import TABS
from ppid_saas.intake.rules.bodies import (
    ALIKE,
    EDITED,
    SAME_ROW,
    STRANGE_CODE,
    body_of,
    is_worth_taking,
    judged,
    problem,
    problems_of,
)
from ppid_saas.intake.rules.comparing import changes_of
from ppid_saas.intake.rules.matching import Asked, Match, match_all
from ppid_saas.intake.service.batches import open_batch
from ppid_saas.register import queries as register_queries
from ppid_saas.register.cells import MARK
from ppid_saas.register.models import Item
from tenants import clock
from tenants.db import db, new_id, new_ids

CHUNK = 500
NO_ROW = say("Baris ini tidak ada di berkas.")
NO_FIELD = say("Kolom ini tidak dikenal.")
NOT_ASKED = say("Baris ini tidak menunggu pilihan.")


def judged_rows(items: Iterable[tuple[int, dict[str, str]]]) -> Iterator[dict[str, Any]]:
    """Yield the columns of item rows: cells, problems, whether proposed; doubles found in the file."""
    today = clock.today(actor().zone)
    seen: dict[tuple[str, tuple[str, ...]], int] = {}
    for n, cells in items:
        title, problems, sameness = judged(cells, today)
        if title:
            first = seen.setdefault(sameness, n)
            if first != n:
                problems.append(problem("title", "ganda.dalam_berkas", "double", say(SAME_ROW, n=first)))
        yield {
            "n": n, "kind": "data", "cells": cells, "problems": problems, "fate": "new", "match": {},
            "take": is_worth_taking(cells, problems),
        }  # fmt: skip


def compare_rows(rows: Sequence[dict[str, Any]], mapped: Collection[str]) -> None:
    """Say of each row what it is to the register; `mapped` are the fields that the file has a column for.

    What is new gets the id of the item it may become, so that saving need not come back to every row to note it.
    """
    known = register_queries.known()
    asked = (Asked(row["n"], row["cells"].get("code", ""), body_of(row["cells"])) for row in rows if known)
    matches = match_all([one for one in asked if one.body["title"]], known)
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        ids = [matches[row["n"]].item.id for row in chunk if row["n"] in matches]
        items = register_queries.by_ids(ids) if ids else {}
        for row in chunk:
            match = matches.get(row["n"])
            if match and match.item.id in items:
                row.update(_matched(row, match, items[match.item.id], mapped))
            elif (code := row["cells"].get("code")) and MARK.fullmatch(code):
                row["problems"].append(problem("title", "kode.asing", "warn", STRANGE_CODE))
    for row, item_id in zip(rows, new_ids(len(rows)), strict=True):
        row["item_id"] = item_id if row["fate"] == "new" else None


def _matched(row: Mapping[str, Any], match: Match, item: Item, mapped: Collection[str]) -> dict[str, Any]:
    """Return the columns of a row that speaks of an item we have; a look-alike waits for a person's word."""
    found = {"item": str(item.id), "ref": item.ref, "how": match.how, "version": item.version, "keep": []}
    problems = [one for one in row["problems"] if one["severity"] != "double"]
    if match.how == "alike":
        words = say(ALIKE, ref=item.ref, score=f"{match.score}%")
        problems.append(problem("title", "ganda.mirip", "double", words))
        return {"fate": "alike", "match": found, "problems": problems, "take": False}
    return _compared(row["cells"], found, problems, item, mapped)


def _compared(
    cells: Mapping[str, str],
    match: dict[str, Any],
    problems: list[dict[str, Any]],
    item: Item,
    mapped: Collection[str],
) -> dict[str, Any]:
    """Compare a row with its item. What the file leaves empty stays, unless the file is our own, where a gap was made."""
    changes = changes_of(item.body, cells, mapped)
    keep = [] if match["how"] == "code" else [change.field for change in changes if not change.after]
    fate = ("locked" if item.state == "submitted" else "changed") if changes else "same"
    take = fate == "changed" and len(keep) < len(changes) and is_worth_taking(cells, problems)
    seen = match | {"version": item.version, "keep": keep}
    return {"fate": fate, "match": seen, "problems": problems, "take": take}


def mapped_of(batch: ImportBatch) -> frozenset[str]:
    """Return the fields that a file has a column for."""
    return frozenset(column["field"] for column in batch.columns if column["field"])


@command("import.run")
def mend(batch_id: UUID, cells: Mapping[int, Mapping[str, str]], takes: Mapping[int, bool]) -> None:
    """Write changed cells and ticks of some rows, and judge those rows again."""
    batch = open_batch(batch_id)
    rows = _rows(batch_id, set(cells) | set(takes))
    changed = {}
    for row in rows:
        new = {name: text for name, text in cells.get(row.n, {}).items() if text != row.cells.get(name, "")}
        if new:
            changed[row] = row.cells | new
    _judge_again(changed, batch)
    for row in rows:
        if row.n in takes:
            row.take = takes[row.n] and bool(row.body["title"]) and row.fate in ("new", "changed")
    batch.state = "checked"


def _rows(batch_id: UUID, numbers: Collection[int]) -> Sequence[ImportRow]:
    chosen = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.kind == "data")
    rows = db.session.execute(chosen.where(ImportRow.n.in_(numbers))).scalars().all()
    if len(rows) != len(numbers):
        raise InvalidError(NO_ROW, {"row": [NO_ROW]})
    return rows


def _judge_again(changed: Mapping[ImportRow, dict[str, str]], batch: ImportBatch) -> None:
    """Make the rows' bodies anew; what was said of doubles stands until the file is read again."""
    today, mapped = clock.today(actor().zone), mapped_of(batch)
    items = register_queries.by_ids([UUID(row.match["item"]) for row in changed if _is_settled(row)])
    for row, cells in changed.items():
        row.cells = cells
        doubles = [found for found in row.problems if found["severity"] == "double"]
        row.problems = [*problems_of(cells, today), *doubles]
        if _is_settled(row):
            _settle(row, items[UUID(row.match["item"])], mapped)


def _is_settled(row: ImportRow) -> bool:
    return row.fate in ("changed", "same", "locked")


def _settle(row: ImportRow, item: Item, mapped: Collection[str]) -> None:
    for name, value in _compared(row.cells, row.match, row.problems, item, mapped).items():
        setattr(row, name, value)


@command("import.run")
def mend_same(batch_id: UUID, field: str, before: str, after: str) -> int:
    """Write one text into every taken row whose cell holds `before` and is at fault; returns how many rows that mended."""
    batch = open_batch(batch_id)
    if field not in EDITED:
        raise InvalidError(NO_FIELD, {"field": [NO_FIELD]})
    chosen = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.kind == "data", ImportRow.take)
    rows = [
        row
        for row in db.session.execute(chosen).scalars()
        if row.cells.get(field, "") == before and _is_faulty(row, field)
    ]
    _judge_again({row: row.cells | {field: after} for row in rows}, batch)
    batch.state = "checked"
    return len(rows)


def _is_faulty(row: ImportRow, field: str) -> bool:
    return any(found["field"] == field and found["severity"] == "block" for found in row.problems)


@command("import.run")
def take_ready(batch_id: UUID) -> None:
    """Tick every row without a fault, and only those."""
    batch = open_batch(batch_id)
    mine = ImportRow.batch_id == batch_id
    db.session.execute(update(ImportRow).where(mine).values(take=False))
    db.session.execute(update(ImportRow).where(mine, TABS["siap"]).values(take=True))
    batch.state = "checked"


@command("import.run")
def choose_cells(batch_id: UUID, keep: Mapping[int, Collection[str]]) -> None:
    """Note, for rows that change an item, the cells in which the register stays as it is; all other cells follow the file."""
    batch = open_batch(batch_id)
    rows = _rows(batch_id, keep.keys())
    items = register_queries.by_ids([UUID(row.match["item"]) for row in rows if row.fate == "changed"])
    for row in rows:
        if row.fate != "changed":
            raise InvalidError(NOT_ASKED, {"row": [NOT_ASKED]})
        fields = [
            change.field
            for change in changes_of(items[UUID(row.match["item"])].body, row.cells, mapped_of(batch))
        ]
        kept = [field for field in fields if field in keep[row.n]]
        row.match, row.take = row.match | {"keep": kept}, len(kept) < len(fields)
    batch.state = "checked"


@command("import.run")
def decide(batch_id: UUID, rows: Sequence[Mapping[str, Any]]) -> None:
    """Take several rows' words at once, all or none: look-alikes settled, then cells and ticks, then what is kept."""
    for row in rows:
        if row["settle"]:
            settle(batch_id, row["n"], update_item=row["settle"] == "update")
    cells = {row["n"]: row["cells"] for row in rows if row["cells"]}
    mend(batch_id, cells, {row["n"]: row["take"] for row in rows if row["take"] is not None})
    choose_cells(batch_id, {row["n"]: row["keep"] for row in rows if row["keep"] is not None})


@command("import.run")
def settle(batch_id: UUID, n: int, *, update_item: bool) -> None:
    """Take a person's word for a look-alike: it is that item, or a new one."""
    batch = open_batch(batch_id)
    (row,) = _rows(batch_id, [n])
    if row.fate != "alike":
        raise ConflictError(NOT_ASKED)
    row.problems = [found for found in row.problems if found["code"] != "ganda.mirip"]
    if update_item:
        item_id = UUID(row.match["item"])
        row.match = row.match | {"how": "confirmed"}
        _settle(row, register_queries.by_ids([item_id])[item_id], mapped_of(batch))
    else:
        row.fate, row.match, row.item_id = "new", {}, new_id()
        row.take = is_worth_taking(row.cells, row.problems)
    batch.state = "checked"
