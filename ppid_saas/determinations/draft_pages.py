"""Drafts of decisions on screen: prepare, preview, send; the superior reads and answers; then number and day.

Parses, calls, renders. Letters are drawn from the same blocks as the PDF, so that they can be read on a phone.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.consolidation.queries import accepted_entries
from ppid_saas.determinations import draft_queries as queries
from ppid_saas.determinations import drafting, papers, schemas, shown, styling
from ppid_saas.determinations.capping import past_cap
from ppid_saas.determinations.models import DeterminationDraft
from ppid_saas.determinations.rules import DRAFT_STATES, DRAFTED, EDITABLE, KINDS
from ppid_saas.web.addresses import stay
from ppid_saas.web.forms import boxes, first_messages, load, read_date
from ppid_saas.web.marks import needs
from tenants import clock

bp = Blueprint("draft_pages", __name__, url_prefix="/<region>/pusat")
bp.url_defaults(stay)

DRAFT = "/penetapan/draf/<uuid:draft_id>"
APPROVAL = "/telaah/persetujuan"
DONE = {
    "disimpan": say("Draf disimpan."),
    "dikirim": say("Draf dikirim ke Atasan PPID."),
    "disetujui": say("Draf disetujui. PPID Utama mencatat nomor dan tanggalnya."),
    "dikembalikan": say("Draf dikembalikan ke PPID Utama beserta catatan Anda."),
    "dibatalkan": say("Draf dibatalkan. Butirnya dapat ditetapkan dengan draf lain."),
}


@bp.get("/penetapan/draf/baru")
@needs("determination.make")
def new(**_: str) -> ResponseReturnValue:
    """The form of a new draft, with every entry that can be determined."""
    style = styling.current()
    kind = request.args.get("jenis", "exemption")
    values = {
        "kind": kind if kind in DRAFTED else "exemption", "title": papers.TITLES[kind if kind in DRAFTED else "exemption"],
        "signatory": style.signatory, "signatory_position": style.position, "place": style.place, "tests": "",
    }  # fmt: skip
    return _form(values, {})


def _form(values: dict[str, Any], errors: dict[str, str], draft: DeterminationDraft | None = None) -> str:
    entries = queries.entries_of(draft.id) if draft else accepted_entries()
    return render_template(
        "determinations/draft_form.html", values=values, errors=errors, entries=entries, draft=draft,
        kinds=[(kind, KINDS[kind]) for kind in DRAFTED], left_out=set(request.form.getlist("leave")),
    )  # fmt: skip


@bp.post("/penetapan/draf/baru")
@needs("determination.make")
def make(**_: str) -> ResponseReturnValue:
    """Begin a draft over the entries shown, less those left out."""
    typed = _typed()
    try:
        said = load(schemas.DraftIn(), typed | {"items": _chosen()})
        draft = drafting.prepare(said["head"], said["item_ids"])
    except InvalidError as error:
        return _form(typed, first_messages(error)), 422
    except ConflictError as error:
        return _form(typed, {"items": error.message}), 409
    return _to(draft.id, "disimpan")


def _typed() -> dict[str, Any]:
    """Return what was written; a title that ships for another kind was not written, but stood there before the kind was chosen."""
    typed = {name: request.form.get(name, "") for name in schemas.DRAFTED_TEXTS}
    if typed["title"] in {papers.TITLES[kind] for kind in DRAFTED}:
        typed["title"] = papers.TITLES.get(typed["kind"], typed["title"])
    return typed


def _chosen() -> list[str]:
    left_out = set(request.form.getlist("leave"))
    return [one for one in request.form.get("items", "").split(",") if one and one not in left_out]


def _to(draft_id: UUID, done: str) -> ResponseReturnValue:
    return redirect(url_for("draft_pages.draft", draft_id=draft_id, hasil=done), 303)


@bp.get(DRAFT)
def draft(draft_id: UUID, **_: str) -> ResponseReturnValue:
    """One draft: where it is, what it would say, and what may be done with it."""
    return _page(draft_id, {})


def _page(draft_id: UUID, errors: dict[str, str]) -> str:
    found = queries.draft(draft_id)
    today = clock.today(actor().zone)
    dated = {"day": str(today.day), "month": str(today.month), "year": str(today.year)}
    if request.method == "POST":
        dated = boxes(request.form, "dated_on")
    entries = queries.entries_of(draft_id)
    return render_template(
        "determinations/draft.html", draft=found, state=DRAFT_STATES[found.state], chip=queries.chip(found),
        summary=queries.summary(found), entries=entries, kinds=KINDS, errors=errors,
        too_long=past_cap(entries, today) if found.state in queries.OPEN else {},
        editable=found.state in EDITABLE, notice=_notice(), zone=actor().zone, pattern=styling.current().pattern,
        values={"number": request.form.get("number", ""), "dated_on": dated},
    )  # fmt: skip


def _notice() -> dict[str, str] | None:
    done = request.args.get("hasil", "")
    return {"tone": "aman", "title": DONE[done], "text": ""} if done in DONE else None


@bp.get(f"{DRAFT}/ubah")
@needs("determination.make")
def edit(draft_id: UUID, **_: str) -> ResponseReturnValue:
    """The form of a draft that may still change."""
    found = queries.draft(draft_id)
    values = {name: getattr(found, name) for name in schemas.DRAFTED_TEXTS}
    return _form(values, {}, found)


@bp.post(f"{DRAFT}/ubah")
@needs("determination.make")
def change(draft_id: UUID, **_: str) -> ResponseReturnValue:
    """Write a draft anew."""
    typed = _typed()
    try:
        said = load(schemas.DraftIn(), typed | {"items": request.form.getlist("leave")})
        drafting.change(draft_id, said["head"], said["item_ids"] or ())
    except InvalidError as error:
        return _form(typed, first_messages(error), queries.draft(draft_id)), 422
    except ConflictError as error:
        return _form(typed, {"items": error.message}, queries.draft(draft_id)), 409
    return _to(draft_id, "disimpan")


@bp.post(f"{DRAFT}/kirim")
def send(draft_id: UUID, **_: str) -> ResponseReturnValue:
    """Send it to the superior."""
    try:
        drafting.send(draft_id)
    except ConflictError as error:
        return _page(draft_id, {"items": error.message}), 409
    return _to(draft_id, "dikirim")


@bp.post(f"{DRAFT}/batal")
def cancel(draft_id: UUID, **_: str) -> ResponseReturnValue:
    """Give it up."""
    drafting.cancel(draft_id)
    return _to(draft_id, "dibatalkan")


@bp.post(f"{DRAFT}/catat")
@needs("determination.make")
def issue(draft_id: UUID, **_: str) -> ResponseReturnValue:
    """Record number and day of what was approved and signed."""
    typed = {"number": request.form.get("number", ""), "dated_on": read_date(request.form, "dated_on")}
    try:
        said = load(schemas.IssueIn(), typed)
        made = drafting.issue(draft_id, said["number"], said["dated_on"])
    except InvalidError as error:
        return _page(draft_id, first_messages(error)), 422
    except ConflictError as error:
        return _page(draft_id, error.by_field or {"items": error.message}), 409
    return redirect(url_for("determinations_pages.determination", determination_id=made.id, tercatat=1), 303)


@bp.get(f"{DRAFT}/surat.<ending>")
def preview(draft_id: UUID, ending: str, **_: str) -> ResponseReturnValue:
    """What the letter would be, as PDF or Word, each page saying that it is a draft."""
    facts, rows, style = queries.contents(queries.draft(draft_id))
    return shown.sent(papers.determination(facts, rows, style, draft=True), ending, "konsep-penetapan")


@bp.get(APPROVAL)
@needs("determination.approve")
def approvals(**_: str) -> ResponseReturnValue:
    """What waits for the superior."""
    waiting = [one for one in queries.drafts() if one.draft.state == drafting.WAITING]
    return render_template("determinations/approvals.html", rows=waiting, notice=_notice())


@bp.get(f"{APPROVAL}/<uuid:draft_id>")
@needs("determination.approve")
def approval(draft_id: UUID, **_: str) -> ResponseReturnValue:
    """One decision on one screen: what it is, what is out of the ordinary, the letter, two answers."""
    return _approval(draft_id, {})


def _approval(draft_id: UUID, errors: dict[str, str]) -> str:
    found = queries.draft(draft_id)
    facts, rows, style = queries.contents(found)
    letter, *others = papers.determination(facts, rows, style, draft=True)
    return render_template(
        "determinations/approval.html", draft=found, state=DRAFT_STATES[found.state], chip=queries.chip(found),
        summary=queries.summary(found), mark=queries.mark(found), letter=shown.drawn(letter), more=len(others), errors=errors,
        note=request.form.get("note", ""), waiting=found.state == drafting.WAITING, kinds=KINDS, zone=actor().zone,
    )  # fmt: skip


@bp.post(f"{APPROVAL}/<uuid:draft_id>")
@needs("determination.approve")
def answer(draft_id: UUID, **_: str) -> ResponseReturnValue:
    """Approve what was read, or send it back with a note."""
    given = request.form.get("answer")
    try:
        if given == "approve":
            drafting.approve(draft_id, request.form.get("mark", ""))
        elif given == "return":
            drafting.send_back(draft_id, request.form.get("note", ""))
        else:
            raise NotFoundError
    except InvalidError as error:
        return _approval(draft_id, first_messages(error)), 422
    except ConflictError as error:
        return _approval(draft_id, {"letter": error.message}), 409
    done = "disetujui" if given == "approve" else "dikembalikan"
    return redirect(url_for("draft_pages.approvals", hasil=done), 303)
