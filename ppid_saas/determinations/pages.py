"""Determinations on screen: the list, the form that records one, and what one froze. Parses, calls, renders."""

from contextlib import AbstractContextManager, ExitStack
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.consolidation.queries import accepted_entries
from ppid_saas.determinations import queries, schemas, service
from ppid_saas.determinations.models import Determination
from ppid_saas.determinations.rules import STATES
from ppid_saas.documents import examining
from ppid_saas.documents import service as documents
from ppid_saas.web.addresses import stay
from ppid_saas.web.forms import boxes, first_messages, load, read_date
from tenants import clock

bp = Blueprint("determinations_pages", __name__, url_prefix="/<region>/pusat/penetapan")
bp.url_defaults(stay)

MEDIA = {"application/pdf", "image/jpeg", "image/png"}
NOT_A_LETTER = say("Unggah surat sebagai PDF atau gambar.")


@bp.get("")
def determinations(**_: str) -> ResponseReturnValue:
    """Every determination, and how much waits for one."""
    return render_template(
        "determinations/list.html",
        rows=queries.determinations(),
        waiting=len(accepted_entries()),
        states=STATES,
    )


@bp.get("/buat")
def form(**_: str) -> ResponseReturnValue:
    """The form, with every accepted entry in it."""
    today = clock.today(actor().zone)
    dated = {"day": str(today.day), "month": str(today.month), "year": str(today.year)}
    values = {"title": "Penetapan Daftar Informasi yang Dikecualikan", "dated_on": dated}
    return _form_page(values, {}, None)


def _form_page(values: dict[str, Any], errors: dict[str, str], notice: dict[str, str] | None) -> str:
    return render_template(
        "determinations/form.html", values=values, errors=errors, notice=notice, entries=accepted_entries(),
        left_out=set(request.form.getlist("leave")),
    )  # fmt: skip


@bp.post("/buat")
def make(**_: str) -> ResponseReturnValue:
    """Record a determination over the entries shown, less those left out."""
    typed = {name: request.form.get(name, "") for name in schemas.TEXTS}
    try:
        made = _make(typed)
    except InvalidError as error:
        return _form_page(
            typed | {"dated_on": boxes(request.form, "dated_on")}, first_messages(error), None
        ), 422
    except ConflictError as error:
        errors = {name: messages[0] for name, messages in error.fields.items()}
        notice = (
            None if errors else {"tone": "perhatian", "title": say("Belum tercatat"), "text": error.message}
        )
        return _form_page(typed | {"dated_on": boxes(request.form, "dated_on")}, errors, notice), 409
    return redirect(url_for("determinations_pages.determination", determination_id=made.id, tercatat=1), 303)


def _make(typed: dict[str, str]) -> Determination:
    left_out = set(request.form.getlist("leave"))
    shown = [written for written in request.form.get("items", "").split(",") if written]
    said = load(
        schemas.DeterminationIn(),
        typed
        | {"dated_on": read_date(request.form, "dated_on"), "items": [i for i in shown if i not in left_out]},
    )
    with ExitStack() as stack:
        letter = request.files.get("letter")
        signed = stack.enter_context(_staging(letter)) if letter and letter.filename else None
        return service.make_determination(said["letter"], said["item_ids"], signed)


def _staging(letter: FileStorage) -> AbstractContextManager[documents.Staged]:
    if letter.mimetype not in MEDIA:
        raise InvalidError(NOT_A_LETTER, {"letter": [NOT_A_LETTER]})
    return examining.receiving(
        "letter", letter.filename or "surat", cast("BinaryIO", letter.stream), field="letter"
    )


@bp.get("/<uuid:determination_id>")
def determination(determination_id: UUID, **_: str) -> ResponseReturnValue:
    """One determination with what it covers."""
    notice = None
    if request.args.get("tercatat"):
        text = say(
            "Unit melihatnya pada pengajuan masing-masing. Langkah berikutnya: siapkan edisi dari penetapan ini."
        )
        notice = {"tone": "aman", "title": say("Penetapan tercatat"), "text": text}
    return render_template(
        "determinations/determination.html", made=queries.determination(determination_id),
        covered=queries.covered(determination_id), states=STATES, notice=notice,
    )  # fmt: skip
