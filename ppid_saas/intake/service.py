"""The verbs of an import: take a file, keep what was understood of it, mend rows, save them as items, take that back.

A batch moves uploaded -> understood -> checked -> saved -> undone, or ends unreadable; each verb asks for the state
under the batch's lock, so that repeating it changes nothing. Reading the file is the effect's work, see `jobs`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, text, update

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError, TooLargeError
from ppid_saas.access.verbs import actor, command
from ppid_saas.documents import queries as document_queries
from ppid_saas.documents import service as documents
from ppid_saas.events.service import record, start_job
from ppid_saas.intake.models import ImportBatch, ImportRow
from ppid_saas.intake.queries import TABS
from ppid_saas.intake.rules.bodies import (
    EDITED,
    KNOWN,
    SAME_ROW,
    body_of,
    is_worth_taking,
    problem,
    problems_of,
    sameness,
)
from ppid_saas.intake.workbooks import MAX_BYTES
from ppid_saas.register import queries as register_queries
from ppid_saas.register import service as register
from ppid_saas.register.models import Item
from ppid_saas.register.rules import likeness
from tenants import clock, context
from tenants.db import db, new_id

PASTED = "text/tab-separated-values"
PASTED_NAME = "tempelan.tsv"
EMPTY = "Pilih berkas, atau tempel baris dari Excel."
TOO_BIG = (
    "Berkas ini terlalu besar: paling banyak 10 MB. Bagi menjadi beberapa berkas, lalu unggah satu per satu."
)
STILL_READING = "Berkas ini masih dibaca. Tunggu sampai selesai."
SETTLED = "Impor ini sudah disimpan, jadi tidak dapat diubah lagi."
NOTHING_TAKEN = "Belum ada baris yang dipakai. Centang paling sedikit satu baris."
NOT_SAVED = "Impor ini belum disimpan, jadi tidak ada yang dibatalkan."
STOPPED = "Impor ini dihentikan sebelum berkasnya selesai dibaca. Unggah lagi bila masih perlu."
OPEN = frozenset({"understood", "checked"})
CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What the effect is to read, and how a person wants it read."""

    document_id: UUID
    filename: str
    sheet: str
    header: tuple[int, int] | None
    fields: dict[int, str | None] | None


@dataclass(frozen=True, slots=True)
class Found:
    """What reading gave: where the table begins, its columns, a picture of its top, and the rows to keep."""

    sheet: str
    header_top: int
    header_depth: int
    columns: list[dict[str, Any]]
    preview: dict[str, Any]
    rows: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of an undone import."""

    removed: int
    kept: Sequence[Item]


def take_file(filename: str, data: bytes, media_type: str, asked: UUID | None = None) -> ImportBatch:
    """Keep the original and start reading it. The same for a pasted table, which is kept as the text it was.

    `asked` is the id that a page proposed: whoever sends its form twice comes to the same import.
    """
    if not data:
        raise InvalidError(EMPTY, {"file": [EMPTY]})
    if len(data) > MAX_BYTES:
        raise TooLargeError(TOO_BIG, {"file": [TOO_BIG]})
    with documents.staging("import", filename, data, media_type) as staged:
        return _begin(staged, asked)


@command("import.run")
def _begin(staged: documents.Staged, asked: UUID | None) -> ImportBatch:
    before = _begun_before(asked) if asked else None
    if before is not None and before.state != "undone" and _holds(before, staged):
        return before
    batch = ImportBatch(
        id=asked if asked and before is None else new_id(), document_id=documents.keep(staged), filename=staged.name, state="uploaded", columns=[], preview={},
        created_at=clock.now(), created_by=actor().person_id,
    )  # fmt: skip
    db.session.add(batch)
    _start_reading(batch, "import.uploaded", "kolom")
    return batch


def _begun_before(asked: UUID) -> ImportBatch | None:
    """Return the import of this id, after any click that is just making it."""
    key = f"{context.tenant_id()}:{asked}"
    db.session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 7434))"), {"key": key})
    return db.session.get(ImportBatch, (context.tenant_id(), asked), populate_existing=True)


def _holds(batch: ImportBatch, staged: documents.Staged) -> bool:
    """Say whether an import began with these very bytes; a page gone back to may send another file."""
    return document_queries.version(batch.document_id).sha_plain == staged.stored.sha_plain


def _start_reading(batch: ImportBatch, kind: str, following: str) -> None:
    who = actor()
    path = f"/{who.region}/u/{who.slug}/impor/{batch.id}/{following}"
    job = start_job("import.read", batch.id, path)
    batch.job_id, batch.state = job.id, "uploaded"
    record(kind, batch.id, {"job": str(job.id)})


@command("import.run")
def plan(batch_id: UUID, job_id: UUID) -> Plan | None:
    """Return what a job has still to read, or None when its work is done or no longer wanted."""
    batch = _locked(batch_id)
    if batch.state != "uploaded" or batch.job_id != job_id:
        return None
    fields = {column["index"]: column["field"] for column in batch.columns} or None
    header = (batch.header_top, batch.header_depth) if batch.header_top else None
    return Plan(batch.document_id, batch.filename, batch.sheet, header, fields)


def _locked(batch_id: UUID) -> ImportBatch:
    chosen = select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update()
    found = db.session.execute(chosen.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return found


def _open(batch_id: UUID) -> ImportBatch:
    """Return the locked batch while its rows may still change."""
    batch = _locked(batch_id)
    if batch.state not in OPEN:
        raise ConflictError(STILL_READING if batch.state == "uploaded" else batch.problem or SETTLED)
    return batch


@command("import.run")
def keep_found(batch_id: UUID, job_id: UUID, found: Found) -> bool:
    """Replace the batch's rows by what was read, all or nothing; False when the batch moved on meanwhile."""
    batch = _locked(batch_id)
    if batch.state != "uploaded" or batch.job_id != job_id:
        return False
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch_id))
    for start in range(0, len(found.rows), CHUNK):
        chunk = found.rows[start : start + CHUNK]
        db.session.execute(
            insert(ImportRow), [{"batch_id": batch_id, "item_id": None, **row} for row in chunk]
        )
    batch.sheet, batch.header_top, batch.header_depth = found.sheet, found.header_top, found.header_depth
    batch.columns, batch.preview = found.columns, found.preview
    batch.state, batch.problem = "understood", None
    record("import.understood", batch_id, {"rows": len(found.rows)})
    return True


@command("import.run")
def refuse(batch_id: UUID, job_id: UUID, message: str) -> None:
    """Note why a file could not be read; the original stays where it is."""
    batch = _locked(batch_id)
    if batch.state == "uploaded" and batch.job_id == job_id:
        batch.state, batch.problem = "unreadable", message
        record("import.unreadable", batch_id)


@command("import.run")
def choose_columns(
    batch_id: UUID, sheet: str, header: tuple[int, int], fields: Mapping[int, str | None]
) -> ImportBatch:
    """Take a person's word for sheet, heading and columns. Another sheet or heading is understood afresh.

    The batch comes back `checked` when nothing changed, else `uploaded` with a new job that reads it again.
    """
    batch = _open(batch_id)
    if sheet not in batch.preview["sheets"]:
        raise InvalidError(
            "Pilih lembar yang ada di berkas.", {"sheet": ["Pilih lembar yang ada di berkas."]}
        )
    same_table = (sheet, header) == (batch.sheet, (batch.header_top, batch.header_depth))
    chosen = {column["index"]: fields.get(column["index"], column["field"]) for column in batch.columns}
    if same_table and all(chosen[column["index"]] == column["field"] for column in batch.columns):
        batch.state = "checked"
        return batch
    if same_table:
        _refuse_doubles(chosen, batch)
        batch.columns = [
            column | {"field": chosen[column["index"]], "confidence": "sure"} for column in batch.columns
        ]
        _start_reading(batch, "import.mapped", "periksa")
        return batch
    new_sheet = sheet != batch.sheet
    batch.sheet, batch.columns = sheet, []
    batch.header_top, batch.header_depth = (0, 0) if new_sheet else header
    _start_reading(batch, "import.mapped", "kolom")
    return batch


def _refuse_doubles(chosen: Mapping[int, str | None], batch: ImportBatch) -> None:
    """Two columns may share a field only where their texts can stand below each other; a list needs one title."""
    fields = [field for field in chosen.values() if field]
    if "title" not in fields:
        message = "Pilih kolom yang memuat judul informasi."
        raise InvalidError(message, {f"column.{batch.columns[0]['index']}": [message]})
    for index, field in chosen.items():
        if field in ("title", "period") and fields.count(field) > 1:
            message = "Kolom ini dipilih dua kali. Pilih satu saja."
            raise InvalidError(message, {f"column.{index}": [message]})


@command("import.run")
def mend(batch_id: UUID, cells: Mapping[int, Mapping[str, str]], takes: Mapping[int, bool]) -> None:
    """Write changed cells and ticks of some rows, and judge those rows again."""
    batch = _open(batch_id)
    wanted = set(cells) | set(takes)
    rows = _rows(batch_id, wanted)
    if len(rows) != len(wanted):
        raise InvalidError("Baris ini tidak ada di berkas.", {"row": ["Baris ini tidak ada di berkas."]})
    for row in rows:
        changed = {
            name: text for name, text in cells.get(row.n, {}).items() if text != row.cells.get(name, "")
        }
        if changed:
            _judge_again(row, row.cells | changed)
        if row.n in takes:
            row.take = takes[row.n] and bool(row.body["title"])
    batch.state = "checked"


def _rows(batch_id: UUID, numbers: Iterable[int]) -> Sequence[ImportRow]:
    chosen = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.kind == "data")
    return db.session.execute(chosen.where(ImportRow.n.in_(list(numbers)))).scalars().all()


def _judge_again(row: ImportRow, cells: dict[str, str]) -> None:
    """Make the row's body anew; what was said of doubles stands until the file is read again."""
    row.cells, row.body = cells, body_of(cells)
    doubles = [found for found in row.problems if found["severity"] == "double"]
    row.problems = [*problems_of(row.body, cells, clock.today(actor().zone)), *doubles]


@command("import.run")
def mend_same(batch_id: UUID, field: str, before: str, after: str) -> int:
    """Write one text into every taken row whose cell holds `before` and is at fault; returns how many rows that mended."""
    batch = _open(batch_id)
    if field not in EDITED:
        raise InvalidError("Kolom ini tidak dikenal.", {"field": ["Kolom ini tidak dikenal."]})
    chosen = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.kind == "data", ImportRow.take)
    rows = [
        row
        for row in db.session.execute(chosen).scalars()
        if row.cells.get(field, "") == before and _is_faulty(row, field)
    ]
    for row in rows:
        _judge_again(row, row.cells | {field: after})
    batch.state = "checked"
    return len(rows)


def _is_faulty(row: ImportRow, field: str) -> bool:
    return any(found["field"] == field and found["severity"] == "block" for found in row.problems)


@command("import.run")
def take_ready(batch_id: UUID) -> None:
    """Tick every row without a fault, and only those."""
    batch = _open(batch_id)
    mine = ImportRow.batch_id == batch_id
    db.session.execute(update(ImportRow).where(mine).values(take=False))
    db.session.execute(update(ImportRow).where(mine, TABS["siap"]).values(take=True))
    batch.state = "checked"


@command("import.run")
def save(batch_id: UUID) -> ImportBatch:
    """Make an item of every taken row. A second call finds the batch saved and makes nothing."""
    batch = _locked(batch_id)
    if batch.state == "saved":
        return batch
    if batch.state not in OPEN:
        raise ConflictError(STILL_READING if batch.state == "uploaded" else batch.problem or SETTLED)
    chosen = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.kind == "data", ImportRow.take)
    rows = db.session.execute(chosen.order_by(ImportRow.n)).scalars().all()
    if not rows:
        raise InvalidError(NOTHING_TAKEN, {"row": [NOTHING_TAKEN]})
    ids = register.put_items([row.body for row in rows], batch_id)
    for row, item_id in zip(rows, ids, strict=True):
        row.item_id = item_id
    batch.state = "saved"
    record("import.saved", batch_id, {"items": len(ids)})
    return batch


@command("import.run")
def undo(batch_id: UUID) -> Undone:
    """Take an import back: untouched items go, changed or sent ones stay and are named. Repeating it changes nothing."""
    batch = _locked(batch_id)
    if batch.state == "undone":
        return Undone(0, [item for item in register_queries.of_batch(batch_id) if item.deleted_at is None])
    if batch.state != "saved":
        raise ConflictError(NOT_SAVED)
    removed, kept = register.take_back(batch_id)
    batch.state = "undone"
    record("import.undone", batch_id, {"removed": removed, "kept": len(kept)})
    return Undone(removed, kept)


def judged_rows(items: Iterable[tuple[int, dict[str, str]]]) -> Iterable[dict[str, Any]]:
    """Yield the columns of item rows: body, problems, whether proposed; doubles found in the file and in the register."""
    today = clock.today(actor().zone)
    known = register_queries.known()
    seen: dict[tuple[str, ...], int] = {}
    for n, cells in items:
        body = body_of(cells)
        problems = problems_of(body, cells, today)
        if body["title"]:
            first = seen.setdefault(sameness(cells), n)
            ref = known.get(likeness(body["title"], [row["code"] for row in body["grounds"] if row["code"]]))
            if first != n:
                problems.append(problem("title", "ganda.dalam_berkas", "double", SAME_ROW.format(n=first)))
            elif ref:
                problems.append(problem("title", "ganda.sudah_ada", "double", KNOWN.format(ref=ref)))
        yield {
            "n": n, "kind": "data", "cells": cells, "body": body, "problems": problems,
            "take": is_worth_taking(cells, problems),
        }  # fmt: skip
