"""Papers of a test to take along: test sheets, minutes and the board's opinion as PDF or Word, A4 or F4; and signed scans."""

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.consequence_tests import board, printing, queries
from ppid_saas.consequence_tests.pages.rounds import bp, round_page
from ppid_saas.consequence_tests.pages.sittings import staging
from ppid_saas.letters.paper import Paper
from ppid_saas.web.forms import first_messages
from ppid_saas.web.marks import needs

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
NOT_A_SCAN = say("Unggah lembar pertimbangan sebagai PDF atau gambar.")


def _size() -> str:
    return request.args.get("kertas", "")


def as_file(paper: Paper, form: str, name: str) -> Response:
    """Return a paper as an attachment."""
    made = printing.made(paper, "docx" if form == "docx" else "pdf")
    response = Response(made, mimetype=TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


@bp.get("/uji/<uuid:round_id>/lembar.<any(pdf, docx):form>")
def print_sheets(round_id: UUID, form: str, **_: str) -> ResponseReturnValue:
    """The test sheet over the whole round."""
    return as_file(printing.sheets_of_round(round_id, _size()), form, "lembar-uji-konsekuensi")


@bp.get("/uji/<uuid:round_id>/<uuid:item_id>/lembar.<any(pdf, docx):form>")
def print_sheet(round_id: UUID, item_id: UUID, form: str, **_: str) -> ResponseReturnValue:
    """The test sheet over one item."""
    return as_file(printing.sheets_of_round(round_id, _size(), item_id), form, "lembar-uji-konsekuensi")


@bp.get("/uji/<uuid:round_id>/pertimbangan.<any(pdf, docx):form>")
def print_opinion(round_id: UUID, form: str, **_: str) -> ResponseReturnValue:
    """The board's written opinion."""
    return as_file(printing.opinion_of(round_id, _size()), form, "lembar-pertimbangan")


@bp.get("/sidang/<uuid:sitting_id>/berita-acara.<any(pdf, docx):form>")
def print_minutes(sitting_id: UUID, form: str, **_: str) -> ResponseReturnValue:
    """The minutes."""
    return as_file(printing.minutes_of(sitting_id, _size()), form, "berita-acara-uji-konsekuensi")


@bp.get("/sidang/<uuid:sitting_id>/lembar.<any(pdf, docx):form>")
def print_sitting_sheets(sitting_id: UUID, form: str, **_: str) -> ResponseReturnValue:
    """The test sheet a sitting leaves."""
    return as_file(printing.sheets_of_sitting(sitting_id, _size()), form, "lembar-uji-konsekuensi")


@bp.post("/uji/<uuid:round_id>/pertimbangan")
@needs("test.write")
def upload_opinion(round_id: UUID, **_: str) -> ResponseReturnValue:
    """Keep the signed opinion that came back on paper."""
    queries.one(round_id)
    try:
        with staging(request.files.get("file"), "letter", NOT_A_SCAN) as staged:
            board.keep_signed(round_id, staged)
    except InvalidError as error:
        return round_page(round_id, errors=first_messages(error)), 422
    except ConflictError as error:
        return round_page(round_id, {"tone": "perhatian", "text": error.message}), 409
    return redirect(url_for("consequence_tests_pages.one_round", round_id=round_id, kabar="diunggah"), 303)
