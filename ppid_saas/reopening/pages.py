"""Reopening on screen: the queue, its three ways out, what was opened, what nobody decided in time. Parses, calls, renders."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation.models import Entry
from ppid_saas.determinations import schemas as letters
from ppid_saas.documents import examining
from ppid_saas.documents.service import Staged
from ppid_saas.reopening import opening, queries, rules, schemas, service
from ppid_saas.web.addresses import stay
from ppid_saas.web.forms import boxes, first_messages, load, read_date
from ppid_saas.web.marks import needs
from tenants import clock

bp = Blueprint("reopening_pages", __name__, url_prefix="/<region>/pusat/pembukaan")
bp.url_defaults(stay)

PAPERS = {"application/pdf", "image/jpeg", "image/png"}
NOT_A_PAPER = say("Unggah sebagai PDF atau gambar.")
DONE = {
    "dilihat": say("Pemberitahuan ditandai sudah dilihat."),
    "uji": say("Butir dikembalikan untuk diuji ulang. Unit diberi tahu; masa habisnya tetap berjalan."),
    "tinjau": say("Peninjauan dicatat."),
    "dibuka": say("Pembukaan dicatat. Unit diberi tahu dan menyiapkan salinan yang dapat diminta publik."),
    "dip": say("Isian daftar informasi publik disimpan."),
    "catat": say("Catatan disimpan."),
}
GOES = {
    "tetapkan": "reopening_pages.letter",
    "uji": "reopening_pages.retest",
    "putusan": "reopening_pages.order",
}


def notice_asked() -> dict[str, str] | None:
    said = DONE.get(request.args.get("hasil", ""))
    return {"tone": "aman", "text": said} if said else None


@bp.get("")
def queue(**_: str) -> ResponseReturnValue:
    """What nears its end, group by group."""
    groups, wanted = queries.queue(), request.args.get("kelompok", "")
    shown = (
        {wanted: groups[wanted]}
        if wanted in groups
        else {n: rows[: queries.SHOWN] for n, rows in groups.items()}
    )
    return render_template(
        "reopening/queue.html", groups=groups, shown=shown, names=rules.GROUPS, wanted=wanted, notice=notice_asked(),
        missed=len(queries.missed()),
    )  # fmt: skip


@bp.post("/pilih")
@needs("reopening.work")
def choose(**_: str) -> ResponseReturnValue:
    """Go on with the chosen items, or note that their notices were seen."""
    chosen = ids_of(request.form.getlist("butir"))
    go = request.form.get("go", "")
    if not chosen:
        return _back("queue", pilih=1)
    if go in GOES:
        return redirect(url_for(GOES[go], butir=[str(one) for one in chosen]), 303)
    duties = queries.unseen_notices(chosen)
    if duties:
        service.acknowledge(duties)
    return _back("queue", hasil="dilihat")


def _back(page: str, **values: Any) -> ResponseReturnValue:
    return redirect(url_for(f"reopening_pages.{page}", **values), 303)


def ids_of(written: Sequence[str]) -> list[UUID]:
    """Read ids from an address or a form; what is none leads nowhere."""
    try:
        return list(dict.fromkeys(UUID(one) for one in written))
    except ValueError:
        raise NotFoundError from None


def _chosen() -> Sequence[Entry]:
    """Return the entries the address or the form names; a foreign one is not found."""
    ids = ids_of(request.values.getlist("butir"))
    found = consolidation.entries(ids)
    if not found or len(found) != len(ids):
        raise NotFoundError
    return found


Fail = Callable[[dict[str, str], dict[str, str] | None], str]


def tried(act: Callable[[], ResponseReturnValue], fail: Fail) -> ResponseReturnValue:
    """Do it; what stands in its way is said on the same page."""
    try:
        return act()
    except InvalidError as error:
        return fail(first_messages(error), None), 422
    except ConflictError as error:
        errors = {name: messages[0] for name, messages in error.fields.items()}
        return fail(errors, None if errors else {"tone": "perhatian", "text": error.message}), 409


@bp.get("/tetapkan")
@needs("reopening.decide")
def letter(**_: str) -> ResponseReturnValue:
    """The letter that determines items open, with what the public list needs of each."""
    today = clock.today(actor().zone)
    dated = {"day": str(today.day), "month": str(today.month), "year": str(today.year)}
    values = {"title": say("Penetapan Informasi Terbuka"), "dated_on": dated, "when": "now"}
    return _letter_page({}, None, values)


def _letter_page(
    errors: dict[str, str], notice: dict[str, str] | None, values: dict[str, Any] | None = None
) -> str:
    entries = _chosen()
    typed = dict(request.form) | {"dated_on": boxes(request.form, "dated_on")}
    return render_template(
        "reopening/letter.html", entries=entries, errors=errors, notice=notice, values=values or typed,
        dips={entry.item_id: rules.dip_from(entry.body, _dip_of(entry.item_id)) for entry in entries},
        dip_fields=rules.DIP_FIELDS,
    )  # fmt: skip


def _dip_of(item_id: UUID) -> dict[str, str]:
    return {name: request.form.get(f"dip.{item_id}.{name}", "") for name in rules.DIP_FIELDS}


@bp.post("/tetapkan")
@needs("reopening.decide")
def determine(**_: str) -> ResponseReturnValue:
    """Determine the items open."""
    return tried(_determine, _letter_page)


def _determine() -> ResponseReturnValue:
    entries = _chosen()
    typed = {name: request.form.get(name, "") for name in letters.TEXTS}
    said = load(letters.DeterminationIn(), typed | {"dated_on": read_date(request.form, "dated_on")})
    with ExitStack() as stack:
        about = opening.Said(
            request.form.get("opinion", "")[:300],
            {entry.item_id: _dip_of(entry.item_id) for entry in entries},
            request.form.get("when") == "end",
            paper("opinion_file", stack),
        )
        ids = [entry.item_id for entry in entries]
        made = opening.determine_open(said["letter"], ids, about, paper("letter", stack))
    address = url_for("determinations_pages.determination", determination_id=made.id, hasil="dibuka")
    return redirect(address, 303)


def paper(name: str, stack: ExitStack) -> Staged | None:
    """Take a paper that came with the form, examined; None when there is none."""
    file = request.files.get(name)
    if not file or not file.filename:
        return None
    if file.mimetype not in PAPERS:
        raise InvalidError(NOT_A_PAPER, {name: [NOT_A_PAPER]})
    held = examining.receiving("letter", file.filename, cast("BinaryIO", file.stream), field=name)
    return stack.enter_context(held)


@bp.get("/uji-ulang")
@needs("reopening.work")
def retest(**_: str) -> ResponseReturnValue:
    """Ask why the items are tested anew, the reasons they were closed with beside it."""
    return _retest_page({}, None)


def _retest_page(errors: dict[str, str], notice: dict[str, str] | None) -> str:
    return render_template(
        "reopening/retest.html",
        lines=queries.closed_so_far(_chosen()),
        errors=errors,
        notice=notice,
        values=request.form,
    )


@bp.post("/uji-ulang")
@needs("reopening.work")
def ask_retest(**_: str) -> ResponseReturnValue:
    """Send the items back to the test."""

    def act() -> ResponseReturnValue:
        said = load(schemas.RetestIn(), {"reason": request.form.get("reason", "")})
        service.ask_retest([entry.item_id for entry in _chosen()], said["reason"])
        return _back("queue", hasil="uji")

    return tried(act, _retest_page)


@bp.get("/putusan")
@needs("reopening.decide")
def order(**_: str) -> ResponseReturnValue:
    """The form for a decision or a consent that opens items."""
    return _order_page({}, None)


def _order_page(errors: dict[str, str], notice: dict[str, str] | None) -> str:
    values = dict(request.form) | {"opens_on": boxes(request.form, "opens_on")}
    return render_template(
        "reopening/order.html", entries=_chosen(), errors=errors, notice=notice, values=values
    )


@bp.post("/putusan")
@needs("reopening.decide")
def open_by_order(**_: str) -> ResponseReturnValue:
    """Open the items by it."""

    def act() -> ResponseReturnValue:
        typed = {name: request.form.get(name, "") for name in ("how", "basis")}
        said = load(schemas.OrderIn(), typed | {"opens_on": read_date(request.form, "opens_on")})
        with ExitStack() as stack:
            made = opening.Order(**said, paper=paper("paper", stack))
            opening.open_by_order([entry.item_id for entry in _chosen()], made)
        return redirect(url_for("opened_pages.opened", hasil="dibuka"), 303)

    return tried(act, _order_page)


@bp.get("/butir/<uuid:item_id>")
@needs("reopening.read")
def item(item_id: UUID, **_: str) -> ResponseReturnValue:
    """One item in the queue: what moves it up, and its review where it has no end."""
    return _item_page(item_id, {}, None)


def _item_page(item_id: UUID, errors: dict[str, str], notice: dict[str, str] | None) -> str:
    entry = consolidation.entry(item_id)
    return render_template(
        "reopening/item.html", entry=entry, lines=queries.closed_so_far([entry]), noted=queries.noted(item_id), errors=errors,
        duties=queries.duties_of(item_id), notice=notice or notice_asked(), words=rules.KIND_WORDS,
        values=dict(request.form) | {"next_on": boxes(request.form, "next_on")}, closed=entry.state in rules.CLOSED,
    )  # fmt: skip


@bp.post("/butir/<uuid:item_id>")
@needs("reopening.work")
def note(item_id: UUID, **_: str) -> ResponseReturnValue:
    """Note what moves it up."""

    def act() -> ResponseReturnValue:
        asked = request.form.get("requests", "").strip() or "0"
        said = load(
            schemas.NotedIn(),
            {
                "requests": int(asked)
                if asked.isascii() and asked.isdecimal() and len(asked) < 10
                else asked,
                "matters": "matters" in request.form,
                "note": request.form.get("note", ""),
            },
        )
        service.note(item_id, service.Noted(**said))
        return _back("item", item_id=item_id, hasil="catat")

    return tried(act, lambda errors, notice: _item_page(item_id, errors, notice))


@bp.post("/butir/<uuid:item_id>/tinjau")
@needs("reopening.work")
def review(item_id: UUID, **_: str) -> ResponseReturnValue:
    """Keep an item without an end closed until another review."""

    def act() -> ResponseReturnValue:
        typed = {"reason": request.form.get("reason", ""), "next_on": read_date(request.form, "next_on")}
        said = load(schemas.ReviewIn(), typed)
        service.review_again(item_id, said["next_on"], said["reason"])
        return _back("item", item_id=item_id, hasil="tinjau")

    return tried(act, lambda errors, notice: _item_page(item_id, errors, notice))
