"""Collections and submissions on screen: a unit's check, receipt and repairs; the central's board. Parses, calls, renders."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.policy import may
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.cases import queries as cases
from ppid_saas.submissions import board, schemas, service
from ppid_saas.submissions.models import Collection
from ppid_saas.submissions.queries import central, unit
from ppid_saas.submissions.rules import SHOWN, STANDINGS, TURNS
from ppid_saas.web.addresses import stay
from ppid_saas.web.forms import boxes, first_messages, load, read_date
from ppid_saas.web.marks import needs
from tenants import clock

bp = Blueprint("submissions_pages", __name__)
bp.url_defaults(stay)

UNIT = "/<region>/u/<unit>"
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
    handed, window = unit.submissions(), _newest_open()
    latest = next((one for one in handed if window and one.submission.collection_id == window.id), None)
    return render_template(
        "submissions/submissions.html", handed=handed, window=window, latest=latest, zone=actor().zone,
        due=_window_chip(window) if window else None, upcoming=_upcoming() if window is None else None,
    )  # fmt: skip


def _newest_open() -> Collection | None:
    today = clock.today(actor().zone)
    return next((window for window in unit.collections() if window.opens_on <= today), None)


def _upcoming() -> Collection | None:
    return next(iter(unit.collections()), None)


def _window_chip(window: Collection) -> Any:
    return cases.due_chip(window.due_on, since=window.opens_on)


@bp.get(f"{UNIT}/pengajuan/periksa")
def check(**_: str) -> ResponseReturnValue:
    """Everything once more before it is handed in."""
    window = _chosen_window(request.args.get("masa", ""))
    if window is None:
        return redirect(url_for("submissions_pages.submissions"), 303)
    return _check_page(window.id, {}, None)


def _chosen_window(written: str) -> Collection | None:
    return unit.collection(_uuid(written)) if written else _newest_open()


def _uuid(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise NotFoundError from None


def _check_page(collection_id: UUID, errors: dict[str, str], notice: dict[str, str] | None) -> str:
    handing = unit.handing(collection_id)
    return render_template(
        "submissions/check.html", handing=handing, errors=errors, notice=notice, who=actor(),
        due=_window_chip(handing.collection),
        same=len(handing.items) - handing.new - handing.changed,
    )  # fmt: skip


@bp.post(f"{UNIT}/pengajuan/periksa")
@needs("submission.send")
def send(**_: str) -> ResponseReturnValue:
    """Hand in; whoever clicks twice comes to the same receipt."""
    said = load(schemas.SendIn(), {key: value for key, value in request.form.items() if key not in META})
    try:
        sent = service.send(said["collection"], said["round"], declared=said["declared"])
    except InvalidError as error:
        errors = {name: text for name, text in first_messages(error).items() if name == "declared"}
        notice = (
            None if errors else {"tone": "lewat", "title": say("Belum dapat dikirim"), "text": error.message}
        )
        return _check_page(said["collection"], errors, notice), 422
    except ConflictError as error:
        notice = {"tone": "perhatian", "title": say("Belum terkirim"), "text": error.message}
        return _check_page(said["collection"], {}, notice), 409
    return redirect(url_for("submissions_pages.submission", submission_id=sent.id, terkirim=1), 303)


@bp.get(f"{UNIT}/pengajuan/<uuid:submission_id>")
def submission(submission_id: UUID, **_: str) -> ResponseReturnValue:
    """The receipt: number, what happens next and by when, how far each item is."""
    handed, items = unit.submission(submission_id), unit.handed_items(submission_id)
    told = unit.statuses([item.item_id for item in items])
    review_due = next((s.due_on for s in told.values() if s.state == "received"), None)
    return render_template(
        "submissions/receipt.html", handed=handed, items=items, told=told, review_due=review_due, zone=actor().zone,
        fresh=bool(request.args.get("terkirim")), chip=cases.due_chip,
    )  # fmt: skip


@bp.get(f"{UNIT}/perbaikan")
def repairs(**_: str) -> ResponseReturnValue:
    """Only what came back, each with its note."""
    returned = unit.to_mend()
    told = unit.statuses([one.item.id for one in returned])
    days = [status.due_on for status in told.values() if status.due_on]
    return render_template(
        "submissions/repairs.html", returned=returned, due=cases.due_chip(min(days)) if days else None
    )


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
