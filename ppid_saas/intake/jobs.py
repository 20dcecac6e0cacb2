"""The effect that reads an uploaded file and keeps what it understood. It may die anywhere and run again.

Nothing is written but progress until everything is read; then all rows at once, under the batch's lock.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from time import monotonic
from typing import Any
from uuid import UUID

from ppid_saas.access.sayings import say
from ppid_saas.documents import service as documents
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.events.service import progress
from ppid_saas.intake import queries, service
from ppid_saas.intake.pausing import uncollected
from ppid_saas.intake.rules import (
    Column,
    Field,
    Row,
    Sheet,
    Understanding,
    Workbook,
    best_sheet,
    data_rows,
    mapped_columns,
    tidy,
    understand,
    values_of,
)
from ppid_saas.intake.service import PASTED, STOPPED, Found, Plan
from ppid_saas.intake.workbooks.reading import read_pasted, read_workbook
from ppid_saas.intake.workbooks.refusals import UnreadableFile
from ppid_saas.register.exports import HEADINGS
from tenants.db import transaction

Tell = Callable[[str, int, int], None]

LEASE_SECONDS = 540
TELL_EVERY = 10_000
PAUSE_SECONDS = 0.3
PICTURED = 12
PICTURED_TEXT = 60
SKIPPED_TEXT = 300
NO_TABLE = say(
    "Tidak ada baris yang dapat dibaca sebagai daftar. Periksa lembar dan baris judul kolomnya di Excel, lalu unggah lagi."
)


class _StoppedError(Exception):
    """The person who waits asked to stop."""


@handles("import.uploaded", "intake.read", transactional=False, seconds=LEASE_SECONDS, watched=True)
def read_upload(event: Event) -> None:
    """Read a new file."""
    _read(event)


@handles("import.mapped", "intake.reread", transactional=False, seconds=LEASE_SECONDS, watched=True)
def read_again(event: Event) -> None:
    """Read a file as a person said it is to be read."""
    _read(event)


@uncollected()
def _read(event: Event) -> None:
    batch_id, job_id = UUID(str(event.subject)), UUID(event.data["job"])
    plan = service.plan(batch_id, job_id)
    if plan is None:
        progress(job_id, state="done", step=say("Selesai"))
        return
    try:
        found = _found(batch_id, job_id, plan)
    except UnreadableFile as refusal:
        service.refuse(batch_id, job_id, refusal.message)
        progress(job_id, state="failed", step=say("Berkas tidak dapat dibaca"), error=refusal.message)
    except _StoppedError:
        service.refuse(batch_id, job_id, STOPPED)
        progress(job_id, state="cancelled", step=say("Dibatalkan"), error=STOPPED)
    else:
        service.keep_found(batch_id, job_id, found)
        n = sum(row["kind"] == "data" for row in found.rows)
        progress(job_id, state="done", step=say("Selesai"), done=n, total=n)


def _teller(job_id: UUID) -> Tell:
    """Return what tells the person who waits how far it is, not more often than she looks, and hears whether to go on."""
    next_at = 0.0

    def tell(step: str, done: int, total: int) -> None:
        nonlocal next_at
        if monotonic() < next_at:
            return
        if not progress(job_id, step=step, done=done, total=total):
            raise _StoppedError
        next_at = monotonic() + PAUSE_SECONDS

    return tell


def _found(batch_id: UUID, job_id: UUID, plan: Plan) -> Found:
    tell = _teller(job_id)
    tell(say("Membuka berkas"), 0, 0)
    workbook = _workbook(plan)
    tell(say("Mengenali kolom"), 0, 0)
    sheet = next((sheet for sheet in workbook.sheets if sheet.name == plan.sheet), None) or best_sheet(
        workbook
    )
    understood = understand(sheet, plan.header, _fields(plan))
    told: dict[str, str] = {}
    if plan.fields is None:
        understood, told = _as_told_before(batch_id, sheet, plan, understood)
    rows = list(_rows(tell, understood))
    tell(say("Membandingkan dengan daftar Anda"), len(rows), len(rows))
    service.compare_rows(rows, {column.field for column in understood.columns if column.field})
    if not rows and plan.header is None:
        raise UnreadableFile("empty", NO_TABLE)
    return Found(
        sheet.name, understood.header_top, understood.header_depth, [_column(c) for c in understood.columns],
        _preview(workbook, sheet, understood, told), rows + _skipped(understood),
    )  # fmt: skip


def _fields(plan: Plan) -> dict[int, Field | None] | None:
    return plan.fields  # type: ignore[return-value]  # schemas let only fields in


def _workbook(plan: Plan) -> Workbook:
    opened = documents.open_document(plan.document_id)
    with opened.stream as stream:
        data = stream.read()
    if opened.version.media_type == PASTED:
        return read_pasted(data.decode("utf-8", "replace"))
    return read_workbook(data, plan.filename)


def _as_told_before(
    batch_id: UUID, sheet: Sheet, plan: Plan, understood: Understanding
) -> tuple[Understanding, dict[str, str]]:
    """Read the columns as they were confirmed the last time the same headings came, else as the central says they mean.

    Says when that was, or which form of the central's it is.
    """
    headings = [column.heading for column in understood.columns]
    with transaction():
        before = queries.remembered(headings, batch_id) if any(headings) else None
        offer = queries.offered(headings) if before is None and any(headings) else None
    said = before or offer
    if said is None:
        return understood, {}
    mapping: dict[int, Field | None] = {n: column["field"] for n, column in enumerate(said.columns)}
    told = (
        {"offered": offer.filename}
        if offer
        else {"remembered": before.created_at.isoformat()}
        if before
        else {}
    )
    return understand(sheet, plan.header, mapping), told


@handles("unit.added", "intake.tell_newcomer")
def tell_newcomer(event: Event) -> None:
    """Tell a unit that joined late what the headings of the central's forms mean."""
    if event.subject is not None:
        service.offer_to_newcomer(event.subject)


def _rows(tell: Tell, understood: Understanding) -> Iterator[dict[str, Any]]:
    rows, mapped = data_rows(understood), mapped_columns(understood)
    cells = ((row.n, values_of(row, mapped)) for row in rows)
    for done, row in enumerate(service.judged_rows(cells)):
        if done % TELL_EVERY == 0:
            step = say(
                "Memeriksa baris %(done)s dari %(total)s",
                done=f"{done:,}".replace(",", "."),
                total=f"{len(rows):,}".replace(",", "."),
            )
            tell(step, done, len(rows))
        yield row


def _skipped(understood: Understanding) -> list[dict[str, Any]]:
    return [
        {
            "n": row.n,
            "kind": row.kind,
            "cells": {"text": _text(row)},
            "problems": [],
            "fate": "skipped",
            "match": {},
            "take": False,
            "item_id": None,
        }
        for row in understood.rows
        if row.kind not in ("data", "empty")
    ]


def _text(row: Row) -> str:
    cells = dict.fromkeys(tidy(cell).replace("\n", " ") for cell in row.cells if cell.strip())
    return " | ".join(cells)[:SKIPPED_TEXT]


def _column(column: Column) -> dict[str, Any]:
    return {
        "index": column.index, "heading": column.heading, "field": column.field, "confidence": column.confidence,
        "samples": [sample[:200] for sample in column.samples],
    }  # fmt: skip


def is_our_export(understood: Understanding) -> bool:
    """Say whether the headings are those of the register's own file, so that nothing about them needs asking."""
    ours = [heading for heading, _ in HEADINGS.values()]
    return [column.heading for column in understood.columns][: len(ours)] == ours


def _preview(
    workbook: Workbook, sheet: Sheet, understood: Understanding, told: Mapping[str, str]
) -> dict[str, Any]:
    """Return the names of the sheets and a picture of the table's top with what was understood of each row."""
    top = max(0, understood.header_top - 4)
    shown = understood.rows[top : top + PICTURED]
    rows = [
        {
            "n": row.n,
            "kind": row.kind,
            "cells": [tidy(c).replace("\n", " ")[:PICTURED_TEXT] for c in sheet.rows[row.n - 1]],
        }
        for row in shown
    ]
    return {
        "sheets": [s.name for s in workbook.sheets], "rows": rows, "macros": workbook.has_macros,
        **told, "kinds": dict(Counter(row.kind for row in understood.rows)),
        "passed": bool(understood.header_depth) and (bool(told) or is_our_export(understood)),
    }  # fmt: skip
