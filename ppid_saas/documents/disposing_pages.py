"""Destroying on screen: what stands in the way, the proposal, its decision, and the list of what is gone."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.documents import disposal_queries, disposing, filing_queries
from ppid_saas.documents.filing_pages import CENTRAL, ONE, UNIT, to_document
from ppid_saas.documents.filing_schemas import DisposalIn, MinutesIn, NoteIn
from ppid_saas.web.addresses import number_asked, stay
from ppid_saas.web.forms import first_messages, load
from ppid_saas.web.marks import needs

bp = Blueprint("disposing_pages", __name__)
bp.url_defaults(stay)

WORD = "musnahkan"
WRONG_WORD = say("Ketik %(word)s untuk memastikan.", word=WORD)


@bp.get(f"{UNIT}/musnah")
@bp.get(f"{CENTRAL}/musnah")
def disposals(**_: str) -> ResponseReturnValue:
    """What waits for a decision, and what is gone."""
    total = disposal_queries.count("done")
    page, pages = number_asked("hal", 1), max(1, -(-total // disposal_queries.PER_PAGE))
    if not 1 <= page <= pages:
        raise NotFoundError
    return render_template(
        "documents/disposals.html", waiting=disposal_queries.in_state("asked"), gone=disposal_queries.in_state("done", page),
        page=page, pages=pages, total=total, per_page=disposal_queries.PER_PAGE,
    )  # fmt: skip


@bp.get(f"{UNIT}{ONE}/musnah")
@bp.get(f"{CENTRAL}{ONE}/musnah")
def disposal(document_id: UUID, **_: str) -> ResponseReturnValue:
    """Whether a document may go, and the next step."""
    return _page(document_id, {})


def _page(document_id: UUID, errors: Mapping[str, str], notice: Mapping[str, Any] | None = None) -> str:
    found = filing_queries.kept(document_id)
    return render_template(
        "documents/disposal.html", document=found, errors=errors, values=request.form, notice=notice,
        reasons=[] if found.destroyed_at else disposing.reasons_to_stay(document_id),
        asked=disposal_queries.asked(document_id), past=disposal_queries.of_document(document_id),
        versions=filing_queries.versions(document_id), word=WORD,
    )  # fmt: skip


def _do(document_id: UUID, act: Callable[[], None], done: str) -> ResponseReturnValue:
    """Do one step; what stands in its way is said on the same page."""
    try:
        act()
    except InvalidError as error:
        return _page(document_id, first_messages(error)), 422
    except ConflictError as error:
        return _page(document_id, {}, {"tone": "perhatian", "text": error.message}), 409
    return to_document(document_id, hasil=done)


def _said(schema: Schema, name: str) -> str:
    return str(load(schema, {name: request.form.get(name, "")})[name])


@bp.post(f"{UNIT}{ONE}/musnah")
@bp.post(f"{CENTRAL}{ONE}/musnah")
@needs("document.dispose")
def ask(document_id: UUID, **_: str) -> ResponseReturnValue:
    """Propose that it go."""

    def act() -> None:
        disposing.ask(document_id, _said(DisposalIn(), "reason"))

    return _do(document_id, act, "usul")


@bp.post(f"{UNIT}{ONE}/musnah/batal")
@bp.post(f"{CENTRAL}{ONE}/musnah/batal")
@needs("document.dispose")
def withdraw(document_id: UUID, **_: str) -> ResponseReturnValue:
    """Take the proposal back."""
    return _do(document_id, lambda: disposing.withdraw(document_id), "batal")


@bp.post(f"{UNIT}{ONE}/musnah/tolak")
@bp.post(f"{CENTRAL}{ONE}/musnah/tolak")
@needs("document.approve")
def refuse(document_id: UUID, **_: str) -> ResponseReturnValue:
    """Keep it after all."""

    def act() -> None:
        disposing.refuse(document_id, _said(NoteIn(), "note"))

    return _do(document_id, act, "tolak")


@bp.post(f"{UNIT}{ONE}/musnah/setuju")
@bp.post(f"{CENTRAL}{ONE}/musnah/setuju")
@needs("document.approve")
def destroy(document_id: UUID, **_: str) -> ResponseReturnValue:
    """Destroy it, when the word was typed."""

    def act() -> None:
        minutes = _said(MinutesIn(), "minutes")
        if request.form.get("confirmation", "").strip().lower() != WORD:
            raise InvalidError(WRONG_WORD, {"confirmation": [WRONG_WORD]})
        disposing.destroy(document_id, minutes)

    return _do(document_id, act, "musnah")
