"""Checking and handing in on screen: what changed, what is unfinished, the files, the declaration, the head's confirmation.

The officer and the head look at the same page; it ends with what each of them may do. Parses, calls, renders.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError, TooLargeError
from ppid_saas.access.policy import may
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, require
from ppid_saas.cases import queries as cases
from ppid_saas.register.models import Item
from ppid_saas.submissions import confirming, files, schemas, service
from ppid_saas.submissions.models import Collection
from ppid_saas.submissions.queries import preparing, unit
from ppid_saas.submissions.rules import ENCLOSED, word_changes
from ppid_saas.web.addresses import stay
from ppid_saas.web.forms import first_messages, load
from ppid_saas.web.marks import needs
from tenants import clock

bp = Blueprint("submissions_pages", "ppid_saas.submissions.pages")
bp.url_defaults(stay)

UNIT = "/<region>/u/<unit>"
META = frozenset({"csrf_token"})
SHOWN_ITEMS = 50
UNIT_TEST = "sop.test_at_unit"
Notice = dict[str, Any] | None


def newest_open() -> Collection | None:
    """Return the newest window that is open today."""
    today = clock.today(actor().zone)
    return next((window for window in unit.collections() if window.opens_on <= today), None)


def window_chip(window: Collection) -> Any:
    """Return until when a unit hands in, to be drawn: its own test, where one runs, ends with that and mostly earlier.

    Source: SOP 01/SOP-PPID baris 1.
    """
    test = cases.duties([window.id], UNIT_TEST).get(window.id)
    if test is not None and test.settled_at is None and test.due_on < window.due_on:
        return cases.duty_chip(test)
    return cases.due_chip(window.due_on, since=window.opens_on)


def _uuid(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise NotFoundError from None


@bp.get(f"{UNIT}/pengajuan/periksa")
@bp.get(f"{UNIT}/pengajuan/konfirmasi", endpoint="confirmation")
def check(**_: str) -> ResponseReturnValue:
    """Everything once more before it is handed in; the head comes here by the short link in her mail."""
    asked = request.args.get("masa", "")
    window = unit.collection(_uuid(asked)) if asked else newest_open()
    if window is None:
        return redirect(url_for("submissions_pages.submissions"), 303)
    return check_page(window.id, {}, _done_notice())


def _done_notice() -> Notice:
    """Say what was just done beside the list, and offer the way back."""
    if request.args.get("diminta"):
        text = say("Pimpinan unit dikabari lewat surel. Daftar terkirim begitu ia mengonfirmasi.")
        return {"tone": "aman", "title": say("Konfirmasi diminta"), "text": text}
    if request.args.get("dilampirkan"):
        return {"tone": "aman", "text": say("Berkas ikut dikirim bersama daftar ini.")}
    return _detached_notice(request.args.get("dilepas", ""))


def _detached_notice(written: str) -> Notice:
    if not written:
        return None
    url = url_for("submissions_pages.attach_again", document_id=_uuid(written))
    action = {"label": say("Urungkan"), "url": url, "post": True}
    text = say("Berkas tidak ikut dikirim. Berkasnya tetap tersimpan di unit Anda.")
    return {"tone": "aman", "text": text, "actions": [action]}


def check_page(collection_id: UUID, errors: dict[str, str], notice: Notice) -> str:
    """Render the page with what was wrong on it."""
    handing = unit.handing(collection_id)
    told = preparing.differences(handing)
    asked = preparing.confirmation(collection_id, handing.round)
    return render_template(
        "submissions/check.html", handing=handing, errors=errors, notice=notice, who=actor(), told=told,
        due=window_chip(handing.collection), changed=_changed(handing.changed, told), shown=SHOWN_ITEMS,
        unchanged=bool(told.earlier and not (handing.new or handing.changed or told.removed)),
        enclosed=preparing.enclosed(collection_id), enclosed_words=ENCLOSED, needs_head=preparing.needs_head(),
        is_head=may(actor().roles, "submission.confirm"), confirmation=asked, mark=confirming.fingerprint(handing),
        zone=actor().zone,
    )  # fmt: skip


def _changed(items: list[Item], told: preparing.Differences) -> list[dict[str, Any]]:
    return [
        {"ref": item.ref, "title": item.title, "changes": word_changes(told.bodies[item.id], item.body)}
        for item in items[:SHOWN_ITEMS]
    ]


@bp.post(f"{UNIT}/pengajuan/periksa")
@needs("submission.send")
def send(**_: str) -> ResponseReturnValue:
    """Hand in, or ask the head first; whoever clicks twice comes to the same receipt."""
    form = {key: value for key, value in request.form.items() if key not in META}
    said = load(schemas.SendFormIn(), form)
    try:
        return _send(said)
    except InvalidError as error:
        errors = {name: text for name, text in first_messages(error).items() if name in ("declared", "note")}
        title = say("Belum dapat dikirim")
        notice = None if errors else {"tone": "lewat", "title": title, "text": error.message}
        return check_page(said["collection"], errors, notice), 422
    except ConflictError as error:
        notice = {"tone": "perhatian", "title": say("Belum terkirim"), "text": error.message}
        return check_page(said["collection"], {}, notice), 409


def _send(said: dict[str, Any]) -> ResponseReturnValue:
    window, round_, go = said["collection"], said["round"], said["go"]
    if go == "ask":
        confirming.ask(window, round_, declared=said["declared"])
        return _to_check(window, diminta=1)
    if go == "cancel":
        confirming.cancel(window, round_)
        return _to_check(window)
    if go == "decline":
        confirming.decline(window, round_, said["note"])
        return redirect(url_for("submissions_pages.submissions"), 303)
    if go == "confirm":
        sent = confirming.confirm(window, round_, said["mark"], declared=True)
    else:
        sent = service.send(window, round_, declared=said["declared"])
    return redirect(url_for("submissions_pages.submission", submission_id=sent.id, terkirim=1), 303)


def _to_check(window: UUID, **more: Any) -> ResponseReturnValue:
    return redirect(url_for("submissions_pages.check", masa=window, **more), 303)


@bp.post(f"{UNIT}/pengajuan/periksa/berkas")
@needs("document.write")
def attach(**_: str) -> ResponseReturnValue:
    """Keep a file that goes along with the list."""
    require("document.write")
    window = unit.collection(_uuid(request.form.get("collection", ""))).id
    try:
        files.attach(window, request.form.get("kind", ""), request.files.get("file"))
    except (InvalidError, TooLargeError) as error:
        errors = error.by_field if isinstance(error, InvalidError) else {"file": error.message}
        return check_page(window, errors, None), 422
    return _to_check(window, dilampirkan=1)


@bp.post(f"{UNIT}/pengajuan/periksa/berkas/<uuid:document_id>/lepas")
def detach(document_id: UUID, **_: str) -> ResponseReturnValue:
    """Let a file stay at home; the next page offers the way back."""
    return _to_check(files.detach(document_id), dilepas=document_id)


@bp.post(f"{UNIT}/pengajuan/periksa/berkas/<uuid:document_id>/lampirkan")
def attach_again(document_id: UUID, **_: str) -> ResponseReturnValue:
    """Let it go along after all."""
    return _to_check(files.detach(document_id, back=True), dilampirkan=1)


@bp.post(f"{UNIT}/pengajuan/aturan")
def set_rule(**_: str) -> ResponseReturnValue:
    """Say whether the head confirms before anything is sent."""
    confirming.set_rule(needs_head=bool(request.form.get("needs_head")))
    return redirect(url_for("submissions_pages.submissions", aturan=1), 303)
