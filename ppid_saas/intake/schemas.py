"""What may be sent about an import, for page and API alike: columns, cells, ticks; and what the API answers."""

from typing import Any, get_args

from flask_smorest.fields import Upload
from marshmallow import Schema, ValidationError, fields, validate
from werkzeug.datastructures import FileStorage, MultiDict

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.intake.rules import Field
from ppid_saas.intake.rules.bodies import EDITED
from ppid_saas.intake.workbooks.refusals import MAX_BYTES
from ppid_saas.register.schemas import SUMMARY, UNKNOWN, Strict, one_of, words

FIELDS: tuple[str, ...] = get_args(Field)
LAST_ROW = 1_048_576
MOST_ROWS = 500
NOT_A_ROW = say("Isi nomor baris lembar, mulai dari 1.")


def _row_number(least: int = 1, **more: Any) -> fields.Integer:
    within = validate.Range(least, LAST_ROW, error=NOT_A_ROW)
    return fields.Integer(
        validate=within, error_messages={"invalid": NOT_A_ROW, "required": NOT_A_ROW}, **more
    )


class ImportFileSchema(Strict):
    """The file itself."""

    file = Upload(
        required=True, metadata={"description": ".xlsx, .xls, .ods, .csv, atau .docx; paling besar 10 MB."}
    )


class ImportColumnSchema(Strict):
    """One column of the file and what it holds; null leaves it out."""

    index = fields.Integer(
        required=True, validate=validate.Range(0, 49), error_messages={"invalid": say("Isi nomor kolom.")}
    )
    field = one_of(FIELDS)


class ImportColumnsSchema(Strict):
    """Which sheet, where its headings are, and what its columns hold. What is left out stays as it is."""

    sheet = words(255, load_default=None, allow_none=True)
    header_top = _row_number(0, load_default=None, allow_none=True)
    header_depth = fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(0, 10, error=say("Isi 0 sampai 10.")),
        error_messages={"invalid": say("Isi 0 sampai 10.")},
    )  # fmt: skip
    columns = fields.List(
        fields.Nested(ImportColumnSchema), load_default=list, validate=validate.Length(max=50)
    )


class ImportCellsSchema(Strict):
    """The cells of one row that a person may rewrite."""

    title = words(1_000)
    document = words()
    part = words(200)
    open_part = words()
    ground = words()
    harm = words()
    benefit = words()
    interest = words()
    loss = words()
    period = words()
    review = words(100)
    release = words()
    holder = words()
    note = words()


class ImportRowSchema(Strict):
    """One row: new cells, and whether it is taken."""

    n = _row_number(required=True)
    take = fields.Boolean(load_default=None, allow_none=True)
    cells = fields.Nested(ImportCellsSchema, load_default=dict)


class ImportDecisionSchema(ImportRowSchema):
    """One row for programs: besides, which cells the register keeps, and whether a look-alike is the item or a new one."""

    keep = fields.List(fields.String(validate=validate.OneOf(EDITED)), load_default=None, allow_none=True)
    settle = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(("update", "new")))


class ImportDecisionsSchema(Strict):
    """Words on rows, taken together or not at all."""

    rows = fields.List(
        fields.Nested(ImportDecisionSchema), required=True, validate=validate.Length(max=MOST_ROWS)
    )


class ImportRowsSchema(Strict):
    """Changes to rows."""

    rows = fields.List(fields.Nested(ImportRowSchema), required=True, validate=validate.Length(max=MOST_ROWS))


class ImportSameSchema(Strict):
    """One text for every row that holds the same words."""

    field = one_of(EDITED)
    before = words(load_default="")
    after = words(load_default="")


class ImportSettleSchema(Strict):
    """A person's word for a look-alike row."""

    n = _row_number(required=True)
    go = fields.String(required=True, validate=validate.OneOf(("update", "new")))


class ImportPagingSchema(Strict):
    """How to walk through the rows of an import."""

    cursor = fields.Integer(load_default=0, validate=validate.Range(0, LAST_ROW))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))


class ImportProblemOut(Schema):
    field = fields.String(required=True)
    code = fields.String(required=True)
    severity = fields.String(required=True, validate=validate.OneOf(("block", "warn", "double")))
    message = fields.String(required=True)


class ImportChangeOut(Schema):
    """One cell: what the register says, what the file says, and whether the register's words stay."""

    field = fields.String(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)
    keep = fields.Boolean(required=True)


class ImportRowOut(Schema):
    """One row. `fate` is what it is to the register, `ref` the item it speaks of, `changes` what it would change in it."""

    n = fields.Integer(required=True)
    take = fields.Boolean(required=True)
    fate = fields.String(
        required=True, validate=validate.OneOf(("new", "alike", "changed", "same", "locked", "skipped"))
    )
    ref = fields.Integer(required=True, allow_none=True)
    changes = fields.List(fields.Nested(ImportChangeOut), required=True)
    cells = fields.Dict(required=True)
    body = fields.Dict(required=True)
    problems = fields.List(fields.Nested(ImportProblemOut), required=True)
    item = fields.UUID(required=True, allow_none=True)


class ImportColumnOut(Schema):
    index = fields.Integer(required=True)
    heading = fields.String(required=True)
    field = fields.String(required=True, allow_none=True)
    confidence = fields.String(required=True, validate=validate.OneOf(("sure", "check", "unknown")))
    samples = fields.List(fields.String(), required=True)


class ImportCountsOut(Schema):
    rows = fields.Integer(required=True)
    ready = fields.Integer(required=True)
    faulty = fields.Integer(required=True)
    double = fields.Integer(required=True)
    new = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    same = fields.Integer(required=True)
    locked = fields.Integer(required=True)
    absent = fields.Integer(required=True)
    skipped = fields.Integer(required=True)
    taken = fields.Integer(required=True)


class ImportOut(Schema):
    """One import. `rows` come in pages: `next` is the cursor of the following one."""

    id = fields.UUID(required=True)
    filename = fields.String(required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(("uploaded", "understood", "checked", "saved", "undone", "unreadable")),
    )
    problem = fields.String(required=True, allow_none=True)
    job = fields.UUID(required=True, allow_none=True)
    sheet = fields.String(required=True)
    sheets = fields.List(fields.String(), required=True)
    header_top = fields.Integer(required=True)
    header_depth = fields.Integer(required=True)
    columns = fields.List(fields.Nested(ImportColumnOut), required=True)
    counts = fields.Nested(ImportCountsOut, required=True)
    rows = fields.List(fields.Nested(ImportRowOut), required=True)
    next = fields.Integer(required=True, allow_none=True)


def received(sent: FileStorage) -> tuple[str, bytes, str]:
    """Return name, bytes and media type of what was sent; of more than may be only enough to see that it is too much."""
    with sent.stream as stream:
        data = stream.read(MAX_BYTES + 1)
    return sent.filename or "", data, sent.mimetype or "application/octet-stream"


def load(schema: Schema, data: Any) -> dict[str, Any]:
    """Pass a form's data through a schema; InvalidError carries the first sentence of each fault."""
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        raise InvalidError(
            _first(error.messages) or SUMMARY, {"form": [_first(error.messages) or SUMMARY]}
        ) from None
    return loaded


def _first(messages: Any) -> str:
    if isinstance(messages, dict):
        return next((found for value in messages.values() if (found := _first(value))), "")
    if isinstance(messages, list):
        return next((found for value in messages if (found := _first(value))), "")
    return str(messages)


def columns_of_form(form: MultiDict[str, str]) -> dict[str, Any]:
    """Read the page of columns: `sheet`, `header_top`, `header_depth`, and `column.<index>` each."""
    data: dict[str, Any] = {"columns": []}
    for name, value in form.items():
        if name.startswith("column."):
            data["columns"].append({"index": name.removeprefix("column."), "field": value or None})
        elif name != "csrf_token":
            data[name] = value
    return load(ImportColumnsSchema(), data)


def plain_form(form: MultiDict[str, str]) -> dict[str, str]:
    """Return a form without what belongs to the page: its token."""
    return {name: value.replace("\r\n", "\n") for name, value in form.items() if name != "csrf_token"}


def kept_of_form(form: MultiDict[str, str]) -> dict[int, set[str]]:
    """Read the page of changes: every row shown in `row`, and `use.<n>.<field>` as `file` or `keep`."""
    rows = [{"n": n} for n in form.getlist("row")]
    keep: dict[int, set[str]] = {row["n"]: set() for row in load(ImportRowsSchema(), {"rows": rows})["rows"]}
    for name, value in form.items():
        kind, _, rest = name.partition(".")
        n, _, field = rest.partition(".")
        if name in {"csrf_token", "row", "go"}:
            continue
        if (
            kind != "use"
            or not n.isdecimal()
            or int(n) not in keep
            or field not in EDITED
            or value not in {"file", "keep"}
        ):
            raise InvalidError(UNKNOWN, {"form": [UNKNOWN]})
        if value == "keep":
            keep[int(n)].add(field)
    return keep


def rows_of_form(form: MultiDict[str, str]) -> list[dict[str, Any]]:
    """Read one page of the grid: every row shown in `row`, ticks as `take.<n>`, cells as `cell.<n>.<field>`."""
    changes: dict[str, dict[str, Any]] = {
        n: {"n": n, "take": False, "cells": {}} for n in form.getlist("row")
    }
    for name, value in form.items():
        kind, _, rest = name.partition(".")
        n, _, field = rest.partition(".")
        if name in {"csrf_token", "row", "go"}:
            continue
        if n not in changes or kind not in {"take", "cell"}:
            raise InvalidError(UNKNOWN, {"form": [UNKNOWN]})
        if kind == "take":
            changes[n]["take"] = value == "1"
        else:
            changes[n]["cells"][field] = value.replace("\r\n", "\n").strip()
    rows: list[dict[str, Any]] = load(ImportRowsSchema(), {"rows": list(changes.values())})["rows"]
    return rows
