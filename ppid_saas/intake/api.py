"""Imports for programs: send a file, ask what was understood, say what the columns are, save. Parses, calls, answers."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Response, jsonify, request, url_for
from flask.views import MethodView
from flask_smorest import Blueprint

from ppid_saas.access.errors import InvalidError
from ppid_saas.intake import queries, service
from ppid_saas.intake.models import ImportBatch, ImportRow
from ppid_saas.intake.rules.comparing import changes_of
from ppid_saas.intake.schemas import (
    ImportColumnsSchema,
    ImportDecisionsSchema,
    ImportFileSchema,
    ImportOut,
    ImportPagingSchema,
    received,
)
from ppid_saas.register import queries as register
from ppid_saas.register.schemas import UNKNOWN
from ppid_saas.web.addresses import stay
from ppid_saas.web.marks import needs

bp = Blueprint("intake_api", __name__, description="Impor daftar dari Excel, Word, atau CSV.")
bp.url_defaults(stay)

AT = "/api/v1/<region>/u/<unit>/imports"
FIRST_ROWS = 100


def _answer(batch: ImportBatch, cursor: int = 0, limit: int = FIRST_ROWS, status: int = 200) -> Response:
    rows = queries.rows_after(batch.id, cursor, limit + 1)
    response = jsonify(_shape(batch, rows[:limit], rows[limit - 1].n if len(rows) > limit else None))
    response.status_code = status
    return response


def _shape(batch: ImportBatch, rows: Sequence[ImportRow], following: int | None) -> dict[str, Any]:
    counts = queries.counts(batch.id)
    changes = _changes(batch, rows)
    return {
        "id": str(batch.id),
        "filename": batch.filename,
        "state": batch.state,
        "problem": batch.problem,
        "job": batch.job_id and str(batch.job_id),
        "sheet": batch.sheet,
        "sheets": batch.preview.get("sheets", []),
        "header_top": batch.header_top,
        "header_depth": batch.header_depth,
        "columns": batch.columns,
        "counts": {
            "rows": counts["semua"], "ready": counts["siap"], "faulty": counts["perbaiki"], "double": counts["ganda"],
            "skipped": counts["dilewati"], "taken": counts["diambil"],
            "new": counts["baru"], "changed": counts["berubah"], "same": counts["sama"], "locked": counts["terkunci"],
            "absent": queries.absent(batch.id, per_page=1)[0] if counts["cocok"] else 0,
        },
        "rows": [_row(row, row.became(batch)) | {"changes": changes.get(row.n, [])} for row in rows],
        "next": following,
    }  # fmt: skip


def _changes(batch: ImportBatch, rows: Sequence[ImportRow]) -> dict[int, list[dict[str, Any]]]:
    """Return, for rows that would change an item or may not, the cells that differ."""
    differing = [row for row in rows if row.fate in ("changed", "locked")]
    items, mapped = register.by_ids([UUID(row.match["item"]) for row in differing]), service.mapped_of(batch)
    return {
        row.n: [
            change._asdict() | {"keep": change.field in row.match["keep"]}
            for change in changes_of(items[UUID(row.match["item"])].body, row.cells, mapped)
        ]
        for row in differing
    }


def _row(row: ImportRow, item_id: UUID | None) -> dict[str, Any]:
    return {
        "n": row.n, "take": row.take, "fate": row.fate, "ref": row.match.get("ref"), "cells": row.cells, "body": row.body, "problems": row.problems,
        "item": item_id and str(item_id),
    }  # fmt: skip


@bp.route(AT)
class Imports(MethodView):
    """New imports."""

    @bp.arguments(ImportFileSchema, location="files")
    @bp.response(202, ImportOut)
    @needs("import.run")
    def post(self, files: Mapping[str, Any], **_: str) -> Response:
        """Send a file; it is read in the background. Ask for it until `state` is no longer `uploaded`."""
        if request.form:
            raise InvalidError(UNKNOWN, {name: [UNKNOWN] for name in request.form})
        batch = service.take_file(*received(files["file"]))
        response = _answer(batch, status=202)
        response.headers["Location"] = url_for("intake_api.OneImport", batch_id=batch.id)
        return response


@bp.route(f"{AT}/<uuid:batch_id>")
class OneImport(MethodView):
    """One import."""

    @bp.arguments(ImportPagingSchema, location="query")
    @bp.response(200, ImportOut)
    def get(self, paging: Mapping[str, int], batch_id: UUID, **_: str) -> Response:
        """State, columns, and a page of rows with their problems."""
        return _answer(queries.batch(batch_id), paging["cursor"], paging["limit"])


@bp.route(f"{AT}/<uuid:batch_id>/columns")
class Columns(MethodView):
    """What the columns hold."""

    @bp.arguments(ImportColumnsSchema)
    @bp.response(200, ImportOut)
    def put(self, chosen: Mapping[str, Any], batch_id: UUID, **_: str) -> Response:
        """Set sheet, heading or columns; a change is read again in the background."""
        return _answer(choose(batch_id, chosen))


def choose(batch_id: UUID, chosen: Mapping[str, Any]) -> ImportBatch:
    """Fill what was left out with what is, and pass it on."""
    batch = queries.batch(batch_id)
    top, depth = chosen["header_top"], chosen["header_depth"]
    header = (batch.header_top if top is None else top, batch.header_depth if depth is None else depth)
    fields = {column["index"]: column["field"] for column in chosen["columns"]}
    sheet = chosen["sheet"] if chosen["sheet"] is not None else batch.sheet
    return service.choose_columns(batch_id, sheet, header, fields)


@bp.route(f"{AT}/<uuid:batch_id>/rows")
class Rows(MethodView):
    """Rows before they become items."""

    @bp.arguments(ImportDecisionsSchema)
    @bp.response(200, ImportOut)
    @needs("import.run")
    def patch(self, change: Mapping[str, Any], batch_id: UUID, **_: str) -> Response:
        """Rewrite cells, take rows or leave them out, keep cells of the register, settle look-alikes; all or nothing."""
        service.decide(batch_id, change["rows"])
        return _answer(queries.batch(batch_id))


@bp.route(f"{AT}/<uuid:batch_id>/save")
class Save(MethodView):
    """The end of an import."""

    @bp.response(200, ImportOut)
    def post(self, batch_id: UUID, **_: str) -> Response:
        """Make an item of every taken row; repeating it makes nothing twice."""
        return _answer(service.save(batch_id))


@bp.route(f"{AT}/<uuid:batch_id>/undo")
class Undo(MethodView):
    """The way back."""

    @bp.response(200, ImportOut)
    def post(self, batch_id: UUID, **_: str) -> Response:
        """Delete the items nobody touched since; the others stay."""
        service.undo(batch_id)
        return _answer(queries.batch(batch_id))
