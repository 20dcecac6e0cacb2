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
from ppid_saas.cases import queries as cases
from ppid_saas.cases.rules import Chip
from ppid_saas.consolidation.queries import accepted_entries
from ppid_saas.determinations import draft_queries, filing, handed_queries, queries, schemas, service, shown
from ppid_saas.determinations.models import Determination
from ppid_saas.determinations.rules import (
    DRAFT_STATES,
    KINDS,
    OPENS,
    REVOCABLE,
    STATES,
    VERDICTS,
    signature_words,
    signed_at,
)
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
        drafts=draft_queries.drafts(),
        waiting=len(accepted_entries()),
        draft_states=DRAFT_STATES,
        kinds=KINDS,
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


DONE = {
    "surat": say("Surat sedang dibuat. Muat ulang halaman ini sebentar lagi."),
    "diserahkan": say("Salinan surat dan daftar diserahkan ke unit yang bersangkutan."),
    "kembali": say("Salinan bertanda tangan disimpan."),
    "dibuka": say("Pembukaan dicatat. Unit diberi tahu dan menyiapkan salinan yang dapat diminta publik."),
    "dicabut": say("Pencabutan tercatat. Butirnya keluar dari daftar terbit."),
}


@bp.get("/<uuid:determination_id>")
def determination(determination_id: UUID, **_: str) -> ResponseReturnValue:
    """One determination with what it covers, its papers and what it changed."""
    return page(determination_id, {})


def page(determination_id: UUID, errors: dict[str, str]) -> str:
    """Render one determination, with what was wrong in a form of it."""
    made = queries.determination(determination_id)
    files = queries.files(made.id)
    return render_template(
        "determinations/determination.html", made=made, covered=queries.covered(made.id), states=STATES, kinds=KINDS,
        notice=_notice(), errors=errors, letters=[one for one in files if one.kind == filing.LETTER],
        signed=[one for one in files if one.kind == filing.SIGNED], related=queries.related(made), zone=actor().zone,
        given=handed_queries.given(made.id), given_files=handed_queries.given_files(made.id), files_count=len(files),
        verdicts=VERDICTS, signature_words=signature_words, signed_at=signed_at, chip=_handover_chip(made),
        revocable=made.kind not in OPENS and any(one.resting and one.state in REVOCABLE for one in queries.covered(made.id)),
    )  # fmt: skip


def _handover_chip(made: Determination) -> Chip:
    return cases.duty_chip(cases.duties([made.id], "determination.handover").get(made.id))


def _notice() -> dict[str, str] | None:
    if request.args.get("tercatat"):
        text = say(
            "Unit melihatnya pada pengajuan masing-masing. Langkah berikutnya: siapkan edisi dari penetapan ini."
        )
        return {"tone": "aman", "title": say("Penetapan tercatat"), "text": text}
    done = request.args.get("hasil", "")
    return {"tone": "aman", "title": DONE[done], "text": ""} if done in DONE else None


def _to(determination_id: UUID, done: str) -> ResponseReturnValue:
    address = url_for("determinations_pages.determination", determination_id=determination_id, hasil=done)
    return redirect(address, 303)


@bp.get("/<uuid:determination_id>/surat.<ending>")
def letter(determination_id: UUID, ending: str, **_: str) -> ResponseReturnValue:
    """The letter as its frozen contents say it, as PDF or Word."""
    return shown.sent(filing.volumes(queries.determination(determination_id)), ending, "penetapan")


@bp.post("/<uuid:determination_id>/surat")
def ask_letter(determination_id: UUID, **_: str) -> ResponseReturnValue:
    """Have the letter made and kept."""
    filing.ask_letter(determination_id)
    return _to(determination_id, "surat")
