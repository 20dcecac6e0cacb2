"""Collections and submissions on screen: a unit's list and receipts; the central's board. Parses, calls, renders.

Checking and sending are in `checking`, mending what came back in `repairing`.
"""

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.policy import may
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.cases import queries as cases
from ppid_saas.documents.schemas import attachment
from ppid_saas.submissions import board, files, repairing, schemas, service, withdrawing
from ppid_saas.submissions.checking import UNIT, bp, newest_open, window_chip
from ppid_saas.submissions.models import Collection
from ppid_saas.submissions.queries import central, preparing, unit
from ppid_saas.submissions.rules import ENCLOSED, SHOWN, STANDINGS, TURNS
from ppid_saas.web.forms import boxes, first_messages, load, read_date
from ppid_saas.web.marks import needs
from tenants import clock

__all__ = ["bp", "repairing"]

CENTRAL = "/<region>/pusat/pengumpulan"
META = frozenset({"csrf_token"})


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"progress_words": SHOWN, "standing_words": STANDINGS, "turn_words": TURNS, "allowed": _allowed}


def _allowed(permission: str) -> bool:
    return may(actor().roles, permission)


@bp.get(f"{UNIT}/pengajuan")
def submissions(**_: str) -> ResponseReturnValue:
    """What the unit handed in, and what it is asked for now."""
    handed, window = unit.submissions(), newest_open()
    latest = next(
        (
            one
            for one in handed
            if window and one.submission.collection_id == window.id and not one.withdrawal
        ),
        None,
    )
    return render_template(
        "submissions/submissions.html", handed=handed, window=window, latest=latest, zone=actor().zone,
        due=window_chip(window) if window else None, rule=preparing.needs_head(), upcoming=_upcoming() if window is None else None,
    )  # fmt: skip


def _upcoming() -> Collection | None:
    return next(iter(unit.collections()), None)


@bp.get(f"{UNIT}/pengajuan/<uuid:submission_id>")
def submission(submission_id: UUID, **_: str) -> ResponseReturnValue:
    """The receipt: number, what happens next and by when, how far each item is."""
    return _receipt(submission_id, None)


def _receipt(submission_id: UUID, notice: dict[str, str] | None) -> str:
    handed, items = unit.submission(submission_id), unit.handed_items(submission_id)
    told = unit.statuses([item.item_id for item in items])
    waits = handed.standing == "sent"
    review_due = next((s.due_on for s in told.values() if s.state == "received"), None) if waits else None
    review_due = review_due or (unit.review_day(handed.submission) if waits else None)
    return render_template(
        "submissions/receipt.html", handed=handed, items=items, told=told, review_due=review_due, zone=actor().zone,
        fresh=bool(request.args.get("terkirim")), chip=cases.due_chip, notice=notice or _withdrawn_notice(handed),
        files=preparing.files_of(handed.submission), enclosed_words=ENCLOSED,
        openings=preparing.openings(handed.submission),
        may_withdraw=handed.standing == "sent" and not unit.is_begun(submission_id),
    )  # fmt: skip


def _withdrawn_notice(handed: unit.Handed) -> dict[str, Any] | None:
    if not handed.withdrawal or not request.args.get("ditarik"):
        return None
    text = say("Butirnya dapat diubah lagi. PPID Utama melihat bahwa pengajuan ini ditarik.")
    return {"tone": "aman", "title": say("Pengajuan ditarik"), "text": text}


@bp.post(f"{UNIT}/pengajuan/<uuid:submission_id>/tarik")
@needs("submission.send")
def withdraw(submission_id: UUID, **_: str) -> ResponseReturnValue:
    """Take a submission back before anyone began with it."""
    try:
        said = load(schemas.WithdrawIn(), {"reason": request.form.get("reason", "")})
        withdrawing.withdraw(submission_id, said["reason"])
    except ConflictError as error:
        return _receipt(submission_id, {"tone": "perhatian", "text": error.message}), 409
    return redirect(url_for("submissions_pages.submission", submission_id=submission_id, ditarik=1), 303)


@bp.post("/<region>/pusat/pengajuan/<uuid:submission_id>/lampiran/<int:n>")
def open_file(submission_id: UUID, n: int, **_: str) -> ResponseReturnValue:
    """Send a file that came along with a submission; that it was opened is recorded for both sides."""
    return attachment(files.open_received(submission_id, n), "review.read")


@bp.get(CENTRAL)
def collections(**_: str) -> ResponseReturnValue:
    """The newest window's board."""
    opened = central.opened()
    return _board_page(opened[0].id) if opened else render_template("submissions/board.html", window=None)


@bp.get(f"{CENTRAL}/<uuid:collection_id>")
def collection(collection_id: UUID, **_: str) -> ResponseReturnValue:
    """The board of one window."""
    return _board_page(collection_id)


def _board_page(collection_id: UUID, notice: dict[str, str] | None = None) -> str:
    return render_template(
        "submissions/board.html", notice=notice, **board.values(collection_id, request.args)
    )


@bp.get(f"{CENTRAL}/buka")
def open_form(**_: str) -> ResponseReturnValue:
    """An empty form for a new window."""
    today = clock.today(actor().zone)
    opens = {"day": str(today.day), "month": str(today.month), "year": str(today.year)}
    title = f"Pengumpulan daftar tahun {today.year}"
    return render_template(
        "submissions/open.html", values={"title": title, "opens_on": opens, "due_on": {}}, errors={}
    )


@bp.post(f"{CENTRAL}/buka")
def open_window(**_: str) -> ResponseReturnValue:
    """Open a window for every unit."""
    form = request.form
    typed = {
        "title": form.get("title", ""),
        "opens_on": boxes(form, "opens_on"),
        "due_on": boxes(form, "due_on"),
    }
    data = {
        "title": form.get("title"),
        "opens_on": read_date(form, "opens_on"),
        "due_on": read_date(form, "due_on"),
    }
    try:
        collection_id = service.open_collection(**load(schemas.CollectionIn(), data))
    except InvalidError as error:
        return render_template("submissions/open.html", values=typed, errors=first_messages(error)), 422
    return redirect(url_for("submissions_pages.collection", collection_id=collection_id), 303)


@bp.post(f"{CENTRAL}/<uuid:collection_id>/langkah")
def take_step(collection_id: UUID, **_: str) -> ResponseReturnValue:
    """Take a step of the collection's SOP."""
    step = request.form.get("step", "")
    try:
        service.take_step(collection_id, step)
    except ConflictError as error:
        return _board_page(collection_id, {"tone": "perhatian", "text": error.message}), 409
    return redirect(url_for("submissions_pages.collection", collection_id=collection_id), 303)
