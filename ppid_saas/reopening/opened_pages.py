"""What became public on screen and as files: the list of what was opened, and the report of what nobody decided in time."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.sayings import counted
from ppid_saas.reopening import files, opening, queries, rules
from ppid_saas.reopening.pages import notice_asked, tried
from ppid_saas.reopening.queries import Public
from ppid_saas.web.addresses import stay
from ppid_saas.web.marks import needs

bp = Blueprint("opened_pages", __name__, url_prefix="/<region>/pusat/pembukaan")
bp.url_defaults(stay)


@bp.get("/dibuka")
def opened(**_: str) -> ResponseReturnValue:
    """The list of what became public."""
    return render_template(
        "reopening/opened.html", rows=queries.opened_items(), how=rules.HOW_WORDS, notice=notice_asked()
    )


@bp.get("/dibuka/berkas.<any(xlsx, csv, json):kind>")
def opened_file(kind: str, **_: str) -> ResponseReturnValue:
    """The same list as a file."""
    rows = queries.opened_items()
    if kind == "json":
        return jsonify(items=[_told(row) for row in rows])
    headings = (*files.OPENED_HEADINGS, *rules.DIP_FIELDS.values())
    cells = [
        (*_public_cells(row), *(row.opened.dip.get(name, "") for name in rules.DIP_FIELDS)) for row in rows
    ]
    return _file(kind, "informasi-dibuka", files.table(kind, files.OPENED, headings, cells))


def _public_cells(row: Public) -> tuple[Any, ...]:
    one = row.opened
    return (
        row.entry.code,
        row.entry.title,
        row.entry.sender_name,
        rules.HOW_WORDS[one.how],
        one.opens_on,
        one.basis,
    )


def _told(row: Public) -> dict[str, Any]:
    one = row.opened
    return {
        "code": row.entry.code, "title": row.entry.title, "unit": row.entry.sender_slug, "how": one.how,
        "opens_on": one.opens_on.isoformat(), "basis": one.basis, "dip": one.dip,
    }  # fmt: skip


def _file(kind: str, name: str, data: bytes) -> Response:
    answer = Response(data, mimetype=files.MEDIA[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


@bp.get("/dibuka/<uuid:item_id>")
def public_item(item_id: UUID, **_: str) -> ResponseReturnValue:
    """One opened item with its row of the public list."""
    return _public_page(item_id, {}, None)


def _public_page(item_id: UUID, errors: dict[str, str], notice: dict[str, str] | None) -> str:
    row = queries.opened_item(item_id)
    typed = {name: request.form.get(name, row.opened.dip.get(name, "")) for name in rules.DIP_FIELDS}
    return render_template(
        "reopening/public_item.html", row=row, errors=errors, notice=notice or notice_asked(), values=typed, how=rules.HOW_WORDS,
        dip_fields=rules.DIP_FIELDS, suggested=rules.dip_from(row.entry.body, {}),
    )  # fmt: skip


@bp.post("/dibuka/<uuid:item_id>")
@needs("reopening.work")
def describe(item_id: UUID, **_: str) -> ResponseReturnValue:
    """Complete the row of the public list."""

    def act() -> ResponseReturnValue:
        opening.complete_dip(item_id, {name: request.form.get(name, "") for name in rules.DIP_FIELDS})
        return redirect(url_for("opened_pages.public_item", item_id=item_id, hasil="dip"), 303)

    return tried(act, lambda errors, notice: _public_page(item_id, errors, notice))


@bp.get("/lewat")
def missed(**_: str) -> ResponseReturnValue:
    """What opened by law because nobody decided in time."""
    rows = queries.missed()
    lead = counted("%(num)s butir terbuka tanpa penetapan.", len(rows))
    return render_template("reopening/missed.html", rows=rows, lead=lead)


@bp.get("/lewat/berkas.<any(xlsx, csv):kind>")
def missed_file(kind: str, **_: str) -> ResponseReturnValue:
    """The same report as a file."""
    rows = queries.missed()
    cells = [
        (row.entry.code, row.entry.title, row.entry.sender_name, row.opened.ended_on, row.opened.decide_by,
         row.opened.opens_on, row.notices, row.seen)
        for row in rows
    ]  # fmt: skip
    return _file(kind, "terbuka-demi-hukum", files.table(kind, files.MISSED, files.MISSED_HEADINGS, cells))
