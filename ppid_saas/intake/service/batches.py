"""One import from its file to its columns: take a file, tell the effect what to read, keep what it understood.

A batch moves uploaded -> understood -> checked -> saved -> undone, or ends unreadable; each verb asks for the state
under the batch's lock, so that repeating it changes nothing. Reading the file is the effect's work, see `jobs`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError, TooLargeError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.documents import queries as document_queries
from ppid_saas.documents import service as documents
from ppid_saas.events.service import record, start_job
from ppid_saas.intake.ahead import one_ahead
from ppid_saas.intake.models import ImportBatch, ImportRow
from ppid_saas.intake.workbooks.refusals import MAX_BYTES
from tenants import clock, context
from tenants.bulk import insert_lines, lines_of
from tenants.db import db, new_id

PASTED = "text/tab-separated-values"
PASTED_NAME = "tempelan.tsv"
EMPTY = say("Pilih berkas, atau tempel baris dari Excel.")
TOO_BIG = say(
    "Berkas ini terlalu besar: paling banyak 10 MB. Bagi menjadi beberapa berkas, lalu unggah satu per satu."
)
STILL_READING = say("Berkas ini masih dibaca. Tunggu sampai selesai.")
SETTLED = say("Impor ini sudah disimpan, jadi tidak dapat diubah lagi.")
NOTHING_TAKEN = say("Belum ada baris yang dipakai. Centang paling sedikit satu baris.")
NOT_SAVED = say("Impor ini belum disimpan, jadi tidak ada yang dibatalkan.")
STOPPED = say("Impor ini dihentikan sebelum berkasnya selesai dibaca. Unggah lagi bila masih perlu.")
NO_FILE = say("Baris ini diserahkan PPID Utama, jadi tidak ada kolom yang perlu dipilih.")
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
    held = document_queries.version(batch.document_id) if batch.document_id else None
    return held is not None and held.sha_plain == staged.stored.sha_plain


def _start_reading(batch: ImportBatch, kind: str, following: str) -> None:
    who = actor()
    path = f"/{who.region}/u/{who.slug}/impor/{batch.id}/{following}"
    job = start_job("import.read", batch.id, path)
    batch.job_id, batch.state = job.id, "uploaded"
    record(kind, batch.id, {"job": str(job.id)})


@command("import.run")
def plan(batch_id: UUID, job_id: UUID) -> Plan | None:
    """Return what a job has still to read, or None when its work is done or no longer wanted."""
    batch = locked(batch_id)
    if batch.state != "uploaded" or batch.job_id != job_id or batch.document_id is None:
        return None
    fields = {column["index"]: column["field"] for column in batch.columns} or None
    header = (batch.header_top, batch.header_depth) if batch.header_top else None
    return Plan(batch.document_id, batch.filename, batch.sheet, header, fields)


def locked(batch_id: UUID) -> ImportBatch:
    chosen = select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update()
    found = db.session.execute(chosen.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return found


def open_batch(batch_id: UUID) -> ImportBatch:
    """Return the locked batch while its rows may still change."""
    batch = locked(batch_id)
    refuse_closed(batch)
    return batch


def refuse_closed(batch: ImportBatch) -> None:
    if batch.state not in OPEN:
        raise ConflictError(STILL_READING if batch.state == "uploaded" else batch.problem or SETTLED)


@command("import.run")
def keep_found(batch_id: UUID, job_id: UUID, found: Found) -> bool:
    """Replace the batch's rows by what was read, all or nothing; False when the batch moved on meanwhile."""
    batch = locked(batch_id)
    if batch.state != "uploaded" or batch.job_id != job_id:
        return False
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch_id))
    parts = (found.rows[start : start + CHUNK] for start in range(0, len(found.rows), CHUNK))
    for lines in one_ahead(partial(lines_of, ImportRow), parts):
        insert_lines(ImportRow, lines, batch_id=batch_id)
    batch.sheet, batch.header_top, batch.header_depth = found.sheet, found.header_top, found.header_depth
    batch.columns, batch.preview = found.columns, found.preview
    batch.state, batch.problem = "checked" if found.preview.get("passed") else "understood", None
    record("import.understood", batch_id, {"rows": len(found.rows)})
    return True


@command("import.run")
def refuse(batch_id: UUID, job_id: UUID, message: str) -> None:
    """Note why a file could not be read; the original stays where it is."""
    batch = locked(batch_id)
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
    batch = open_batch(batch_id)
    if batch.document_id is None:
        raise ConflictError(NO_FILE)
    if sheet not in batch.preview["sheets"]:
        raise InvalidError(
            "Pilih lembar yang ada di berkas.", {"sheet": [say("Pilih lembar yang ada di berkas.")]}
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
        message = say("Pilih kolom yang memuat judul informasi.")
        raise InvalidError(message, {f"column.{batch.columns[0]['index']}": [message]})
    for index, field in chosen.items():
        if field in ("title", "period") and fields.count(field) > 1:
            message = say("Kolom ini dipilih dua kali. Pilih satu saja.")
            raise InvalidError(message, {f"column.{index}": [message]})
