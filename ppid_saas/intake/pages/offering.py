"""The headings of a central's form, said once for all its units: bring the form, check its columns, tell the units."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError, TooLargeError
from ppid_saas.access.sayings import counted, say
from ppid_saas.access.verbs import actor
from ppid_saas.intake import queries, schemas, service
from ppid_saas.intake.pages.shown import CONFIDENCE
from ppid_saas.intake.rules.bodies import WORDS
from ppid_saas.web.addresses import number_asked, stay
from ppid_saas.web.marks import needs

bp = Blueprint("offering_pages", __name__, url_prefix="/<region>/pusat/pengumpulan/kolom")
bp.url_defaults(stay)

NO_FILE = say("Pilih berkas formulir Anda.")
MOST_COLUMNS = 60
LONGEST_NAME = 200


@bp.get("")
def start(**_: str) -> ResponseReturnValue:
    """Bring a form; what the units were told before is below."""
    return _start_page({})


def _start_page(errors: Mapping[str, str]) -> str:
    return render_template(
        "intake/offer_start.html", errors=errors, offers=queries.offers(), words=WORDS, zone=actor().zone, notice=_notice()
    )  # fmt: skip


def _notice() -> dict[str, str] | None:
    units = number_asked("ditawarkan")
    if not units:
        return None
    return {
        "tone": "aman",
        "title": counted("Susunan kolom dikirim ke %(num)s unit.", units),
        "text": say("Impor dengan judul kolom yang sama langsung terbaca. Unit tetap dapat mengubahnya."),
    }


@bp.post("")
@needs("columns.offer")
def bring(**_: str) -> ResponseReturnValue:
    """Read the headings of a form and ask whether they are understood rightly; keeps nothing."""
    sent = request.files.get("file")
    if not sent or not sent.filename:
        return _start_page({"file": NO_FILE}), 422
    try:
        filename, data, _media_type = schemas.received(sent)
        columns = service.read_headings(data, filename)
    except (InvalidError, TooLargeError) as error:
        return _start_page({"file": error.message}), 422
    rows = [
        {
            "heading": each.heading,
            "field": each.field or "",
            "samples": each.samples,
            "confidence": each.confidence,
        }
        for each in columns[:MOST_COLUMNS]
    ]
    return _columns_page(filename, rows, {})


def _columns_page(filename: str, rows: Sequence[Mapping[str, Any]], errors: Mapping[str, str]) -> str:
    options = [(name, words) for name, words in WORDS.items() if name in schemas.FIELDS]
    return render_template(
        "intake/offer_columns.html",
        filename=filename,
        rows=rows,
        errors=errors,
        options=options,
        confidence=CONFIDENCE,
    )


@bp.post("/tawarkan")
def offer(**_: str) -> ResponseReturnValue:
    """Tell every unit what the headings mean."""
    filename = request.form.get("filename", "").strip()[:LONGEST_NAME]
    columns = list(_chosen())
    try:
        units = service.offer_columns(filename, columns)
    except (ConflictError, InvalidError) as error:
        rows = [
            {"heading": each.heading, "field": each.field or "", "samples": (), "confidence": ""}
            for each in columns
        ]
        return _columns_page(filename, rows, error.by_field or {"": error.message}), 422
    return redirect(url_for("offering_pages.start", ditawarkan=units), 303)


def _chosen() -> list[service.Named]:
    """Return the headings of the form in order with the field chosen for each; an unknown field counts as none."""
    headings = request.form.getlist("heading")[:MOST_COLUMNS]
    fields = [request.form.get(f"column.{n}", "") for n in range(len(headings))]
    return [
        service.Named(heading, field if field in schemas.FIELDS else None)
        for heading, field in zip(headings, fields, strict=True)
    ]
