"""Where else an edition was made known: the list on a page of the edition, the form, taking a note back."""

import re
from contextlib import AbstractContextManager, ExitStack
from datetime import date
from typing import BinaryIO, cast
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.documents import examining
from ppid_saas.documents import service as documents
from ppid_saas.editions import queries as editions
from ppid_saas.reports import elsewhere, rules
from ppid_saas.web.addresses import stay
from ppid_saas.web.forms import boxes, read_date
from ppid_saas.web.marks import needs

bp = Blueprint("elsewhere_pages", __name__, url_prefix="/<region>/pusat/edisi/<int:n>/sarana-lain")
bp.url_defaults(stay)

FIELDS = ("medium", "place", "published_by", "url")
NOTICES = {"dicatat": say("Pengumuman dicatat."), "ditarik": say("Catatan ditarik; alasannya tetap tampil.")}


@bp.get("")
def listed(n: int, **_: str) -> ResponseReturnValue:
    """Where the edition was also made known, and the form to note one more."""
    return _page(n, {})


def _page(n: int, errors: dict[str, str], withdrawing: UUID | None = None) -> str:
    told = NOTICES.get(request.args.get("selesai", ""))
    return render_template(
        "reports/elsewhere.html", edition=editions.edition(n), notes=elsewhere.noted(n), media=rules.MEDIA, errors=errors,
        values=request.form, withdrawing=withdrawing, zone=actor().zone,
        day=boxes(request.form, "published_on"),
        notice={"tone": "aman", "text": told} if told else None,
    )  # fmt: skip


@bp.post("")
@needs("elsewhere.note")
def note(n: int, **_: str) -> ResponseReturnValue:
    """Note one more."""
    said = {name: _line(request.form.get(name, "")) for name in FIELDS}
    try:
        editions.edition(n)
        with ExitStack() as stack:
            sent = request.files.get("photo")
            photo = stack.enter_context(_staging(sent)) if sent and sent.filename else None
            elsewhere.note(n, said, _day(), photo)
    except InvalidError as error:
        return _page(n, error.by_field), 422
    return redirect(url_for("elsewhere_pages.listed", n=n, selesai="dicatat"), 303)


def _line(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())


def _day() -> date | None:
    try:
        return date.fromisoformat(read_date(request.form, "published_on") or "")
    except ValueError:
        return None


def _staging(sent: FileStorage) -> AbstractContextManager[documents.Staged]:
    stream = cast("BinaryIO", sent.stream)
    return examining.receiving("letter", sent.filename or "foto", stream, field="photo")


@bp.post("/<uuid:note_id>/tarik")
@needs("elsewhere.note")
def withdraw(n: int, note_id: UUID, **_: str) -> ResponseReturnValue:
    """Take a note back."""
    try:
        elsewhere.withdraw(n, note_id, request.form.get("reason", ""))
    except InvalidError as error:
        return _page(n, error.by_field, note_id), 422
    return redirect(url_for("elsewhere_pages.listed", n=n, selesai="ditarik"), 303)
