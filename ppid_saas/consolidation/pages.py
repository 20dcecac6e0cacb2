"""The central's inbox, the review of a submission, and the consolidated list on screen. Parses, calls, renders."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2_fragments.flask import render_block

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.consolidation import exporting, listing, notes, queries, schemas, service
from ppid_saas.consolidation.queries import matches
from ppid_saas.consolidation.queries.inbox import inbox as read_inbox
from ppid_saas.consolidation.queries.reviews import LINES, Shown, desk, lines, reasons
from ppid_saas.consolidation.rules import KINDS, OPENED, TONES, VIEWS, Reason, added, grounds_words, next_of
from ppid_saas.law.grounds import catalogue
from ppid_saas.register.rules import LABELS, letter_words
from ppid_saas.submissions.files import files_received
from ppid_saas.submissions.queries import central
from ppid_saas.submissions.rules import ENCLOSED, VERDICTS
from ppid_saas.submissions.service import Verdict
from ppid_saas.web import charts
from ppid_saas.web.addresses import number_asked, stay
from ppid_saas.web.forms import first_messages, load
from tenants import clock

bp = Blueprint("consolidation_pages", __name__, url_prefix="/<region>/pusat")
bp.url_defaults(stay)

IDENTIFIER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Written:
    """What a refused or unfinished form had in it, to be shown again: for which item, the note, what is wrong."""

    item_id: str = ""
    note: str = ""
    error: str = ""
    reason_error: str = ""
    field: str = ""


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"entry_tones": TONES, "kind_words": KINDS, "verdict_words": VERDICTS, "grounds_of": grounds_words}


@bp.get("/pengajuan")
def inbox(**_: str) -> ResponseReturnValue:
    """What units handed in, most pressing first, and who has it."""
    rows = read_inbox()
    return render_template(
        "consolidation/inbox.html", waiting=[row for row in rows if not row.finished],
        finished=[row for row in rows if row.finished], zone=actor().zone,
    )  # fmt: skip


@bp.get("/pengajuan/<uuid:submission_id>")
def review(submission_id: UUID, **_: str) -> ResponseReturnValue:
    """One submission, item by item."""
    return _review_page(submission_id)


def _review_page(
    submission_id: UUID, notice: dict[str, str] | None = None, written: Written | None = None
) -> str:
    found = desk(submission_id)
    view, hide = request.args.get("tampil", ""), bool(request.args.get("sembunyi"))
    view = view if view in VIEWS else "baru" if found.counts.weighty else "semua"
    total = found.counts.of_view(view, hide=hide)
    page, pages = _page_number(total, LINES)
    shown = lines(found.submission, Shown(view, hide, page, LINES))
    return render_template(
        "consolidation/review.html", desk=found, sent=found.submission, view=view, views=VIEWS, hide=hide,
        lines=shown, page=page, pages=pages, per_page=LINES, total=total, written=written or Written(),
        notice=notice or _answered_notice(), zone=actor().zone,
        next_ids={line.item_id: next_of([one.item_id for one in shown], line.item_id) for line in shown},
        files=files_received(found.submission), enclosed_words=ENCLOSED, item_labels=LABELS,
        doubles=queries.doubles_of_items([line.item_id for line in shown]),
    )  # fmt: skip


def _answered_notice() -> dict[str, str] | None:
    if request.args.get("selesai"):
        return {
            "tone": "aman",
            "title": say("Selesai diperiksa"),
            "text": say("Unit dikabari, dan butir yang diterima masuk daftar gabungan."),
        }
    return None


def _page_number(total: int, per_page: int) -> tuple[int, int]:
    pages = max(1, -(-total // per_page))
    return min(max(number_asked("hal"), 1), pages), pages


def _back(submission_id: UUID, anchor: str = "pemeriksaan", **more: Any) -> ResponseReturnValue:
    """Return to where the reviewer was. What is looked at leaves a view that hides it, so its pages begin anew."""
    names = ("tampil", "sembunyi") if request.args.get("sembunyi") else ("tampil", "hal")
    kept: dict[str, Any] = {name: request.args[name] for name in names if request.args.get(name)}
    place = url_for("consolidation_pages.review", submission_id=submission_id, **kept, **more)
    return redirect(f"{place}#{anchor}", 303)


def _onward(submission_id: UUID) -> ResponseReturnValue:
    """Go on to the item below the one just answered."""
    below = request.form.get("next", "")
    return _back(submission_id, f"butir-{below}" if IDENTIFIER.fullmatch(below) else "pemeriksaan")


def _conflict(submission_id: UUID, error: ConflictError) -> ResponseReturnValue:
    return _review_page(submission_id, {"tone": "perhatian", "text": error.message}), 409


@bp.post("/pengajuan/<uuid:submission_id>/ambil")
def take(submission_id: UUID, **_: str) -> ResponseReturnValue:
    """Take a review, or take it over with a reason."""
    said = load(schemas.TurnIn(), {"reason": request.form.get("reason", "")})
    try:
        service.take(submission_id, said["reason"])
    except InvalidError as error:
        return _review_page(submission_id, written=Written(reason_error=error.message)), 422
    except ConflictError as error:
        return _conflict(submission_id, error)
    return _back(submission_id)


@bp.post("/pengajuan/<uuid:submission_id>/putusan")
def decide(submission_id: UUID, **_: str) -> ResponseReturnValue:
    """Answer one item; a chip only writes its sentence into the note, a forgotten note is asked for beside it."""
    form = {key: request.form[key] for key in ("item_id", "verdict", "note", "field") if key in request.form}
    if "chip" in request.form:
        return _with_sentence(submission_id, form)
    said = load(schemas.VerdictIn(), form)
    try:
        service.decide(submission_id, [Verdict(**said)])
    except InvalidError as error:
        return _review_page(
            submission_id, written=Written(form["item_id"], said["note"], error.message, field=said["field"])
        ), 422
    except ConflictError as error:
        return _conflict(submission_id, error)
    return _onward(submission_id)


def _with_sentence(submission_id: UUID, form: dict[str, str]) -> str:
    chosen = [one.sentence for n, one in enumerate(reasons()) if str(n) == request.form["chip"]]
    note = added(form.get("note", ""), *chosen) if chosen else form.get("note", "")
    return _review_page(
        submission_id, written=Written(form.get("item_id", ""), note, field=form.get("field", ""))
    )


@bp.post("/pengajuan/<uuid:submission_id>/terima")
def accept(submission_id: UUID, **_: str) -> ResponseReturnValue:
    """Accept at once what did not change, or everything without an answer."""
    kinds = ("same",) if request.form.get("which") == "same" else ("new", "changed", "same")
    try:
        service.accept_remaining(submission_id, kinds=kinds)
    except ConflictError as error:
        return _conflict(submission_id, error)
    return _back(submission_id)


@bp.post("/pengajuan/<uuid:submission_id>/urungkan")
def undo(submission_id: UUID, **_: str) -> ResponseReturnValue:
    """Take back one answer, or everything the last action answered."""
    named = load(
        schemas.UndoIn(), {key: request.form[key] for key in ("item_id", "action_id") if key in request.form}
    )
    try:
        service.undo(submission_id, **named)
    except ConflictError as error:
        return _conflict(submission_id, error)
    return _back(submission_id, f"butir-{named['item_id']}" if "item_id" in named else "pemeriksaan")


@bp.post("/pengajuan/<uuid:submission_id>/tandai")
def mark(submission_id: UUID, **_: str) -> ResponseReturnValue:
    """Mark an item as looked at, or unmark it."""
    said = load(schemas.MarkIn(), {key: request.form.get(key, "") for key in ("item_id", "viewed")})
    notes.mark(submission_id, **said)
    return _onward(submission_id) if said["viewed"] else _back(submission_id, f"butir-{said['item_id']}")


@bp.post("/pengajuan/<uuid:submission_id>/catatan")
def note_in_review(submission_id: UUID, **_: str) -> ResponseReturnValue:
    """Keep the central's own note on an item under review."""
    said = load(schemas.ItemNoteIn(), {key: request.form.get(key, "") for key in ("item_id", "note")})
    notes.note_under_review(submission_id, said["item_id"], said["note"])
    return _back(submission_id, f"butir-{said['item_id']}")


@bp.post("/pengajuan/<uuid:submission_id>/selesai")
def finish(submission_id: UUID, **_: str) -> ResponseReturnValue:
    """Close the review."""
    try:
        service.finish(submission_id)
    except ConflictError as error:
        return _conflict(submission_id, error)
    return _back(submission_id, selesai=1)


@bp.get("/pengajuan/alasan")
def reason_list(**_: str) -> ResponseReturnValue:
    """The reasons offered beside "Minta perbaikan", to be changed by the central."""
    kept = request.args.get("tersimpan")
    notice = {"tone": "aman", "text": say("Daftar alasan disimpan.")} if kept else None
    rows = [{"label": str(one.label), "sentence": one.sentence} for one in reasons()]
    return render_template("consolidation/reasons.html", rows=rows, errors={}, notice=notice)


@bp.post("/pengajuan/alasan")
def keep_reasons(**_: str) -> ResponseReturnValue:
    """Keep the list as it stands in the form; rows left empty are left out."""
    rows = [
        {"label": label.strip(), "sentence": sentence.strip()}
        for label, sentence in zip(
            request.form.getlist("label"), request.form.getlist("sentence"), strict=False
        )
    ]
    rows = [row for row in rows if row["label"] or row["sentence"]]
    try:
        said = load(schemas.ReasonsIn(), {"reasons": rows})
    except InvalidError as error:
        return render_template(
            "consolidation/reasons.html", rows=rows, errors=first_messages(error), notice=None
        ), 422
    notes.keep_reasons([Reason(**row) for row in said["reasons"]])
    return redirect(url_for("consolidation_pages.reason_list", tersimpan=1), 303)


@bp.get("/gabungan")
def entries(**_: str) -> ResponseReturnValue:
    """The consolidated list, in the order in which exemptions end."""
    chosen, found = listing.asked(), queries.facets()
    total = queries.total(chosen, found)
    page, pages = _page_number(total, queries.PER_PAGE)
    here = listing.address(chosen)
    lines = queries.page(chosen, page)
    values = {
        "chosen": chosen, "groups": list(listing.grouped(lines, by_letter=chosen.by_letter)), "total": total,
        "everything": found.total, "page": page, "pages": pages, "per_page": queries.PER_PAGE,
        "marks": listing.marks(chosen, found.units), "filters": listing.filters(chosen, found),
        "href": here + ("&" if "?" in here else "?") + "hal={hal}", "address": listing.address,
        "doubles": queries.doubles_of_items([line.item_id for line in lines]), "waiting": matches.counts()[1],
        "most": queries.MOST_COUNTED,
    }  # fmt: skip
    fragment = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    name = "consolidation/entries.html"
    response = make_response(
        render_block(name, "results", **values) if fragment else render_template(name, **values)
    )
    response.headers["Vary"] = "HX-Request"
    return response


@bp.get("/gabungan/unduh.<any(xlsx, csv):kind>")
def download(kind: str, **_: str) -> ResponseReturnValue:
    """The list as a file, with the filters of the page it was asked from."""
    chosen = listing.asked()
    if queries.count(chosen) > exporting.MOST:
        raise InvalidError(exporting.TOO_MANY)
    lines = queries.page(chosen, 1, exporting.MOST)
    data = exporting.workbook(lines) if kind == "xlsx" else exporting.comma_separated(lines)
    headers = {
        "Content-Disposition": f'attachment; filename="daftar-gabungan-{clock.today(actor().zone):%Y%m%d}.{kind}"'
    }
    return Response(data, mimetype=exporting.XLSX if kind == "xlsx" else "text/csv", headers=headers)


@bp.get("/gabungan/angka")
def figures(**_: str) -> ResponseReturnValue:
    """How many entries each unit and each letter has, drawn and as a table."""
    found, grounds = queries.facets(), catalogue().grounds
    units = sorted(((name, n) for _slug, name, n in found.units), key=lambda row: (-row[1], row[0]))
    letters = [(letter_words(code), n) for code, n in found.grounds if code in grounds]
    return render_template(
        "consolidation/figures.html", units=charts.levels(units), letters=charts.levels(letters), total=found.total,
        most=queries.MOST_COUNTED,
    )  # fmt: skip


@bp.get("/gabungan/<uuid:item_id>")
def entry(item_id: UUID, **_: str) -> ResponseReturnValue:
    """One entry with its whole body."""
    found = queries.entry(item_id)
    notice = {"tone": "aman", "text": say("Catatan disimpan.")} if request.args.get("tersimpan") else None
    handed = central.one(found.submission_id)
    doubles = queries.doubles_of_items([item_id]).get(item_id, [])
    return render_template(
        "consolidation/entry.html", entry=found, opened=found.state in OPENED, handed=handed, notice=notice, doubles=doubles,
    )  # fmt: skip


@bp.post("/gabungan/<uuid:item_id>")
def keep_note(item_id: UUID, **_: str) -> ResponseReturnValue:
    """Keep the central's own note."""
    queries.entry(item_id)
    said = load(schemas.NoteIn(), {"note": request.form.get("note", "")})
    notes.note(item_id, said["note"])
    return redirect(url_for("consolidation_pages.entry", item_id=item_id, tersimpan=1), 303)
