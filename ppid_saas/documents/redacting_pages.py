"""Copies for the public on screen: making one, approving it after a look, taking it back."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError, TooLargeError
from ppid_saas.access.verbs import require
from ppid_saas.documents import filing_queries, redacting, redaction_queries
from ppid_saas.documents.filing_pages import CENTRAL, ONE, UNIT, at_file, to_document
from ppid_saas.documents.filing_schemas import NoteIn
from ppid_saas.web.addresses import LARGEST, stay
from ppid_saas.web.forms import first_messages, load
from ppid_saas.web.marks import needs

bp = Blueprint("redacting_pages", __name__)
bp.url_defaults(stay)


@bp.get(f"{UNIT}{ONE}/salinan")
@bp.get(f"{CENTRAL}{ONE}/salinan")
@needs("document.write")
def copy_form(document_id: UUID, **_: str) -> ResponseReturnValue:
    """The form by which a copy of a document comes in."""
    require("document.write")
    return render_template("documents/copy.html", document=filing_queries.kept(document_id), errors={})


@bp.post(f"{UNIT}{ONE}/salinan")
@bp.post(f"{CENTRAL}{ONE}/salinan")
@needs("document.write")
def make_copy(document_id: UUID, **_: str) -> ResponseReturnValue:
    """Keep the copy and lead to it."""
    try:
        made = redacting.make(document_id, request.files.get("file"))
    except (InvalidError, TooLargeError) as error:
        errors, status = at_file(error)
        page = render_template(
            "documents/copy.html", document=filing_queries.kept(document_id), errors=errors
        )
        return page, status
    return to_document(made, hasil="salinan")


@bp.get(f"{UNIT}{ONE}/persetujuan")
@bp.get(f"{CENTRAL}{ONE}/persetujuan")
def decision(document_id: UUID, **_: str) -> ResponseReturnValue:
    """What a copy was made from, what was decided, and what may be decided next."""
    return _page(document_id, {}, "")


def _page(document_id: UUID, errors: dict[str, str], problem: str) -> str:
    found = redaction_queries.copy(document_id)
    return render_template(
        "documents/copy_decision.html", document=filing_queries.kept(document_id), copy=found, errors=errors,
        original=filing_queries.kept(found.original_id), looked=redaction_queries.was_looked_at(document_id, found.latest),
        values=request.form, notice={"tone": "perhatian", "text": problem} if problem else None,
    )  # fmt: skip


def _do(document_id: UUID, act: Callable[[], None], done: str) -> ResponseReturnValue:
    try:
        act()
    except InvalidError as error:
        return _page(document_id, first_messages(error), ""), 422
    except ConflictError as error:
        return _page(document_id, {}, error.message), 409
    return to_document(document_id, hasil=done)


@bp.post(f"{UNIT}{ONE}/persetujuan")
@bp.post(f"{CENTRAL}{ONE}/persetujuan")
@needs("document.approve")
def approve(document_id: UUID, **_: str) -> ResponseReturnValue:
    """Approve the version the page showed."""
    written = request.form.get("version", "")
    n = int(written) if written.isascii() and written.isdecimal() and len(written) < len(str(LARGEST)) else 0
    return _do(document_id, lambda: redacting.approve(document_id, n), "setuju")


@bp.post(f"{UNIT}{ONE}/persetujuan/tarik")
@bp.post(f"{CENTRAL}{ONE}/persetujuan/tarik")
@needs("document.withdraw")
def withdraw(document_id: UUID, **_: str) -> ResponseReturnValue:
    """Take it back, with the reason."""

    def act() -> None:
        note = load(NoteIn(), {"note": request.form.get("note", "")})["note"]
        redacting.withdraw(document_id, note)

    return _do(document_id, act, "tarik")
