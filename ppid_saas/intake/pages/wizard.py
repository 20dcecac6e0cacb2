"""The import wizard: file, columns, rows, saving, and the way back. One page per step, each working without JavaScript."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError, TooLargeError
from ppid_saas.access.verbs import actor, require
from ppid_saas.intake import queries, schemas, service
from ppid_saas.intake.models import ImportBatch
from ppid_saas.intake.pages.shown import (
    COMPARED,
    CONFIDENCE,
    KINDS,
    STATES,
    TABS,
    changed_rows,
    grid_row,
    left_rows,
)
from ppid_saas.intake.rules.bodies import SHOWN, WORDS, problem_words
from ppid_saas.intake.workbooks.refusals import MAX_BYTES
from ppid_saas.register.queries import of_batch
from ppid_saas.register.schemas import UNKNOWN
from ppid_saas.web.addresses import number_asked, stay
from tenants.db import new_id

bp = Blueprint("intake_pages", __name__, url_prefix="/<region>/u/<unit>/impor")
bp.url_defaults(stay)

LAST_PAGE = 10_000
NEXT_PAGE = {
    "uploaded": "",
    "understood": "columns",
    "checked": "check",
    "saved": "result",
    "undone": "result",
}


def _start_page(errors: Mapping[str, str], status: int = 200) -> tuple[str, int]:
    past = [
        {
            "import": found,
            "status": STATES[found.state],
            "url": url_for("intake_pages.go_on", batch_id=found.id),
        }
        for found in queries.history()
    ]
    page = render_template(
        "intake/start.html",
        errors=errors,
        past=past,
        timezone=actor().zone,
        pasted=request.form.get("rows", ""),
        batch_id=new_id(),
        most_bytes=MAX_BYTES,
        too_big=service.TOO_BIG,
    )
    return page, status


@bp.get("")
def start(**_: str) -> ResponseReturnValue:
    """Choose a file or paste rows; earlier imports below."""
    return _start_page({})


@bp.post("")
def upload(**_: str) -> ResponseReturnValue:
    """Keep the file and go to its progress."""
    require("import.run")
    sent, pasted = request.files.get("file"), request.form.get("rows", "")
    if unknown := (set(request.form) - {"csrf_token", "rows", "batch"}) | (set(request.files) - {"file"}):
        raise InvalidError(UNKNOWN, {name: [UNKNOWN] for name in unknown})
    try:
        if sent and sent.filename:
            batch = service.take_file(*schemas.received(sent), _asked())
        else:
            table = pasted.encode("utf-8", "replace") if pasted.strip() else b""
            batch = service.take_file(service.PASTED_NAME, table, service.PASTED, _asked())
    except InvalidError as error:
        return _start_page({"file": error.message}, 422)
    except TooLargeError as error:
        return _start_page({"file": error.message}, 413)
    return _to_job(batch)


def _asked() -> UUID | None:
    """Return the id the page proposed for its import; a form made by hand may do without."""
    written = request.form.get("batch", "")
    try:
        return UUID(written) if written else None
    except ValueError:
        raise InvalidError(UNKNOWN, {"batch": [UNKNOWN]}) from None


def _to_job(batch: ImportBatch) -> ResponseReturnValue:
    return redirect(url_for("job_pages.job", job_id=batch.job_id), 303)


def to(step: str, batch_id: UUID, **more: Any) -> ResponseReturnValue:
    return redirect(url_for(f"intake_pages.{step}", batch_id=batch_id, **more), 303)


@bp.get("/<uuid:batch_id>")
def go_on(batch_id: UUID, **_: str) -> ResponseReturnValue:
    """Lead back to where an import was left."""
    batch = queries.batch(batch_id)
    if batch.state == "uploaded":
        return _to_job(batch)
    return to("columns", batch_id) if batch.state == "unreadable" else to(NEXT_PAGE[batch.state], batch_id)


def _elsewhere(batch: ImportBatch) -> ResponseReturnValue | None:
    """Return where a batch belongs that is not open for changes; the file that cannot be read has a page of its own."""
    if batch.state in service.OPEN:
        return None
    if batch.state == "unreadable":
        return render_template("intake/unreadable.html", batch=batch)
    return go_on(batch.id)


def _columns_page(batch: ImportBatch, errors: Mapping[str, str]) -> str:
    options = [(name, words) for name, words in WORDS.items() if name in schemas.FIELDS]
    return render_template(
        "intake/columns.html", batch=batch, options=options, confidence=CONFIDENCE, kinds=KINDS, errors=errors,
        sheets=[(name, name) for name in batch.preview["sheets"]], chosen=request.form,
    )  # fmt: skip


@bp.get("/<uuid:batch_id>/kolom")
def columns(batch_id: UUID, **_: str) -> ResponseReturnValue:
    """What we made of sheet, heading and columns."""
    batch = queries.batch(batch_id)
    passed = batch.preview.get("passed") and "ubah" not in request.args
    if batch.state in service.OPEN and (passed or batch.document_id is None):
        return to("check", batch_id)
    return _elsewhere(batch) or _columns_page(batch, {})


@bp.post("/<uuid:batch_id>/kolom")
def choose_columns(batch_id: UUID, **_: str) -> ResponseReturnValue:
    """Take the person's word; read again when it differs."""
    before = queries.batch(batch_id)
    try:
        chosen = schemas.columns_of_form(request.form)
        top, depth = chosen["header_top"], chosen["header_depth"]
        header = (before.header_top if top is None else top, before.header_depth if depth is None else depth)
        fields = {column["index"]: column["field"] for column in chosen["columns"]}
        batch = service.choose_columns(batch_id, chosen["sheet"] or before.sheet, header, fields)
    except InvalidError as error:
        return _columns_page(
            queries.batch(batch_id), {name: found[0] for name, found in error.fields.items()}
        ), 422
    except ConflictError:
        return go_on(batch_id)
    return to("check", batch_id) if batch.state == "checked" else _to_job(batch)


def _tab() -> str:
    asked = request.args.get("tampil", "")
    return asked if asked in TABS or asked in COMPARED else ""


def _page(last: int) -> int:
    return min(max(number_asked("hal", 1), 1), last)


def check_page(batch: ImportBatch, error: str = "") -> str:
    """One tab of the grid, or of what the file would change in the register."""
    counts = queries.counts(batch.id)
    tab = _tab() or _first_tab(counts)
    shown: dict[str, Any] = {"rows": []}
    if tab == "tiada" or counts["cocok"]:
        counts["tiada"], shown["absent"] = queries.absent(batch.id, _page(LAST_PAGE))
    pages = max(1, -(-counts[tab] // queries.PER_PAGE))
    number = _page(pages)
    if tab in ("berubah", "terkunci"):
        shown["changed"] = changed_rows(batch, queries.rows(batch.id, tab, number))
    elif tab != "tiada":
        editing = number_asked("ubah")
        shown["rows"] = [grid_row(row, row.n == editing) for row in queries.rows(batch.id, tab, number)]
    return render_template(
        "intake/check.html", batch=batch, counts=counts, tab=tab, tabs=TABS, page=number, pages=pages,
        per_page=queries.PER_PAGE, words=WORDS, problem_words=problem_words, shown=SHOWN, compared=COMPARED if counts["cocok"] else {},
        heads=[WORDS[name] for name in SHOWN], faults=_faults(shown["rows"]), timezone=actor().zone, remembered=_remembered(batch),
        groups=queries.groups(batch.id) if tab == "perbaiki" else [], kinds=KINDS, problem=error,
        here=url_for("intake_pages.check", batch_id=batch.id, tampil=tab, hal=number), **shown,
    )  # fmt: skip


def _faults(rows: list[dict[str, Any]]) -> list[tuple[int, str]]:
    """Return where the faulty cells of a page stand: row and field, in the order of the page."""
    return [
        (row["n"], name)
        for row in rows
        for name, said in row["said"].items()
        if any(found["severity"] == "block" for found in said)
    ]


def _remembered(batch: ImportBatch) -> datetime | None:
    """When the import was made whose columns this one follows."""
    at = batch.preview.get("remembered")
    return datetime.fromisoformat(at) if at else None


def _first_tab(counts: Mapping[str, int]) -> str:
    """What a person must look at first: faults, doubts, changes; else everything."""
    return next((name for name in ("perbaiki", "ganda", "berubah") if counts[name]), "semua")


@bp.get("/<uuid:batch_id>/periksa")
def check(batch_id: UUID, **_: str) -> ResponseReturnValue:
    """The grid: rows, what is wrong in which cell, and what to take."""
    batch = queries.batch(batch_id)
    return _elsewhere(batch) or check_page(batch)


@bp.post("/<uuid:batch_id>/periksa")
def mend(batch_id: UUID, **_: str) -> ResponseReturnValue:
    """Save one page of the grid."""
    try:
        rows = schemas.rows_of_form(request.form)
        cells = {row["n"]: row["cells"] for row in rows if row["cells"]}
        service.mend(batch_id, cells, {row["n"]: row["take"] for row in rows})
    except InvalidError as error:
        return check_page(queries.batch(batch_id), error.message), 422
    except ConflictError:
        return go_on(batch_id)
    if request.form.get("go") == "next":
        return to("summary", batch_id)
    return to("check", batch_id, tampil=_tab() or None, hal=request.args.get("hal"))


@bp.post("/<uuid:batch_id>/periksa/sama")
def mend_same(batch_id: UUID, **_: str) -> ResponseReturnValue:
    """Put one text into every row that holds the same words."""
    try:
        same = schemas.load(schemas.ImportSameSchema(), schemas.plain_form(request.form))
        service.mend_same(batch_id, same["field"] or "", same["before"], same["after"])
    except InvalidError as error:
        return check_page(queries.batch(batch_id), error.message), 422
    except ConflictError:
        return go_on(batch_id)
    return to("check", batch_id, tampil="perbaiki")


@bp.post("/<uuid:batch_id>/periksa/siap")
def take_ready(batch_id: UUID, **_: str) -> ResponseReturnValue:
    """Tick every row without a fault, and only those."""
    try:
        service.take_ready(batch_id)
    except ConflictError:
        return go_on(batch_id)
    return to("check", batch_id, tampil="siap")


def _summary_page(batch: ImportBatch, error: str = "") -> str:
    counts = queries.counts(batch.id)
    absent, _ = queries.absent(batch.id) if counts["cocok"] else (0, [])
    return render_template("intake/summary.html", batch=batch, counts=counts, absent=absent, problem=error)


@bp.get("/<uuid:batch_id>/simpan")
def summary(batch_id: UUID, **_: str) -> ResponseReturnValue:
    """What saving will do."""
    batch = queries.batch(batch_id)
    return _elsewhere(batch) or _summary_page(batch)


@bp.post("/<uuid:batch_id>/simpan")
def save(batch_id: UUID, **_: str) -> ResponseReturnValue:
    """Make the items; a second click finds them made."""
    try:
        service.save(batch_id)
    except InvalidError as error:
        return _summary_page(queries.batch(batch_id), error.message), 422
    except ConflictError:
        return go_on(batch_id)
    return to("result", batch_id)


@bp.get("/<uuid:batch_id>/hasil")
def result(batch_id: UUID, **_: str) -> ResponseReturnValue:
    """What became of the import, and the way back."""
    batch = queries.batch(batch_id)
    if batch.state not in ("saved", "undone"):
        return go_on(batch_id)
    (made, live), counts, touched = of_batch(batch_id), queries.counts(batch_id), queries.touched(batch_id)
    return render_template(
        "intake/result.html", batch=batch, made=made, live=live, counts=counts,
        touched=[(row.n, item) for row, item in touched], timezone=actor().zone,
        updated_rows={row.n for row, _ in touched if "before" in row.match},
        updated=queries.updated_count(batch_id), restored=queries.restored_count(batch_id),
        left=left_rows(queries.left_alone(batch_id)),
    )  # fmt: skip


@bp.post("/<uuid:batch_id>/batalkan")
def undo(batch_id: UUID, **_: str) -> ResponseReturnValue:
    """Take the import back."""
    try:
        service.undo(batch_id)
    except ConflictError:
        return go_on(batch_id)
    return to("result", batch_id)
