"""The central's inbox, the review of a submission, and the consolidated list on screen. Parses, calls, renders."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2_fragments.flask import render_block

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import joined, say
from ppid_saas.access.verbs import actor
from ppid_saas.cases import queries as cases
from ppid_saas.consolidation import queries, schemas, service
from ppid_saas.consolidation.queries import Filter, Line, Review
from ppid_saas.consolidation.rules import KINDS, TONES, grounds_words
from ppid_saas.law.grounds import catalogue
from ppid_saas.register.rules import LABELS, code_words, letter_words
from ppid_saas.submissions.files import files_received
from ppid_saas.submissions.queries import central
from ppid_saas.submissions.rules import ENCLOSED, SHOWN, VERDICTS
from ppid_saas.submissions.service import REVIEW_DUE, Verdict
from ppid_saas.web.addresses import stay
from ppid_saas.web.forms import load

bp = Blueprint("consolidation_pages", __name__, url_prefix="/<region>/pusat")
bp.url_defaults(stay)

LINES = 20
VIEWS = {
    "baru": say("Baru dan berubah"),
    "belum": say("Belum diperiksa"),
    "perhatian": say("Perlu perhatian"),
    "semua": say("Semua"),
}


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"entry_tones": TONES, "kind_words": KINDS, "verdict_words": VERDICTS, "grounds_of": grounds_words}


@bp.get("/pengajuan")
def inbox(**_: str) -> ResponseReturnValue:
    """What units handed in, most pressing first."""
    rows = central.inbox()
    owed = cases.duties([row.submission.id for row in rows], REVIEW_DUE)
    waiting = sorted((row for row in rows if not row.finished), key=lambda row: _pressing(row, owed))
    return render_template(
        "consolidation/inbox.html", waiting=waiting, finished=[row for row in rows if row.finished][::-1][:50],
        chips={row.submission.id: cases.duty_chip(owed.get(row.submission.id)) for row in waiting},
        zone=actor().zone,
    )  # fmt: skip


def _pressing(row: central.InboxRow, owed: dict[UUID, Any]) -> tuple[str, str]:
    duty = owed.get(row.submission.id)
    return (duty.due_on.isoformat() if duty else "", str(row.submission.id))


@bp.get("/pengajuan/<uuid:submission_id>")
def review(submission_id: UUID, **_: str) -> ResponseReturnValue:
    """One submission, item by item."""
    return _review_page(submission_id, None, {})


def _review_page(submission_id: UUID, notice: dict[str, str] | None, wrong: dict[str, str]) -> str:
    found = queries.review(submission_id)
    view = request.args.get("tampil", "")
    view = view if view in VIEWS else _first_view(found)
    lines = _lines(found, view)
    page, pages = _page_number(len(lines), LINES)
    duty = cases.duties([submission_id], REVIEW_DUE).get(submission_id)
    return render_template(
        "consolidation/review.html", review=found, row=found.row, view=view, views=VIEWS,
        counts={name: len(_lines(found, name)) for name in VIEWS}, lines=lines[(page - 1) * LINES : page * LINES],
        page=page, pages=pages, per_page=LINES, total=len(lines), notice=notice or _answered_notice(), wrong=wrong,
        due=cases.duty_chip(duty) if duty else None, zone=actor().zone, left=found.row.submission.item_count - found.row.decided,
        same_left=sum(line.decision is None for line in found.of_kind("same")),
        files=files_received(found.row.submission), enclosed_words=ENCLOSED, item_labels=LABELS,
    )  # fmt: skip


def _first_view(found: Review) -> str:
    return "baru" if found.of_kind("new", "changed") else "semua"


def _lines(found: Review, view: str) -> list[Line]:
    if view == "baru":
        return found.of_kind("new", "changed")
    if view == "belum":
        return [line for line in found.lines if line.decision is None]
    if view == "perhatian":
        return [line for line in found.lines if line.problems or any(c.flag for c in line.changes)]
    return found.lines


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
    asked = request.args.get("hal", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < len("1000000") else 1
    return min(max(number, 1), pages), pages


def _back(submission_id: UUID, anchor: str = "", **more: Any) -> ResponseReturnValue:
    kept: dict[str, Any] = {name: request.args[name] for name in ("tampil", "hal") if request.args.get(name)}
    place = url_for("consolidation_pages.review", submission_id=submission_id, **kept, **more)
    return redirect(f"{place}#{anchor}" if anchor else place, 303)


@bp.post("/pengajuan/<uuid:submission_id>/putusan")
def decide(submission_id: UUID, **_: str) -> ResponseReturnValue:
    """Answer one item; a forgotten note is asked for beside it."""
    form = {key: value for key, value in request.form.items() if key != "csrf_token"}
    said = load(schemas.VerdictIn(), form)
    try:
        service.decide(submission_id, [Verdict(**said)])
    except InvalidError as error:
        return _review_page(submission_id, None, {str(said["item_id"]): error.message}), 422
    except ConflictError as error:
        return _review_page(submission_id, {"tone": "perhatian", "text": error.message}, {}), 409
    return _back(submission_id, f"butir-{said['item_id']}")


@bp.post("/pengajuan/<uuid:submission_id>/terima")
def accept(submission_id: UUID, **_: str) -> ResponseReturnValue:
    """Accept at once what did not change, or everything without an answer."""
    named = None
    if request.form.get("which") == "same":
        named = {line.item.item_id for line in queries.review(submission_id).of_kind("same")}
    try:
        service.accept_remaining(submission_id, named)
    except ConflictError as error:
        return _review_page(submission_id, {"tone": "perhatian", "text": error.message}, {}), 409
    return _back(submission_id)


@bp.post("/pengajuan/<uuid:submission_id>/selesai")
def finish(submission_id: UUID, **_: str) -> ResponseReturnValue:
    """Close the review."""
    try:
        service.finish(submission_id)
    except ConflictError as error:
        return _review_page(submission_id, {"tone": "perhatian", "text": error.message}, {}), 409
    return _back(submission_id, selesai=1)


def _filter() -> Filter:
    args, known = request.args, catalogue().grounds
    ground, state = args.get("dasar", ""), args.get("status", "")
    return Filter(
        q=args.get("q", "")[:200],
        unit=args.get("unit", "")[:100].replace("\x00", ""),
        ground=ground if ground in known else "",
        state=state if state in SHOWN else "",
    )


def _address(chosen: Filter, **changed: str) -> str:
    values: dict[str, Any] = {
        "q": chosen.q,
        "unit": chosen.unit,
        "dasar": chosen.ground,
        "status": chosen.state,
    } | changed
    return url_for("consolidation_pages.entries", **{key: value for key, value in values.items() if value})


def _filters(chosen: Filter, found: queries.Facets) -> list[dict[str, Any]]:
    grounds = catalogue().grounds
    return [
        {"name": "unit", "label": say("Unit"), "value": chosen.unit, "options": found.units},
        {
            "name": "dasar", "label": say("Dasar hukum"), "value": chosen.ground,
            "options": [(code, letter_words(code), n) for code, n in found.grounds if code in grounds],
        },
        {
            "name": "status", "label": say("Status"), "value": chosen.state,
            "options": [(state, SHOWN[state][2].capitalize(), n) for state, n in found.states if state in SHOWN],
        },
    ]  # fmt: skip


def _marks(chosen: Filter, units: Sequence[tuple[str, str, int]]) -> list[dict[str, str]]:
    names = {slug: name for slug, name, _ in units}
    said = (
        ("q", say("Cari"), chosen.q, chosen.q),
        ("unit", say("Unit"), chosen.unit, names.get(chosen.unit, chosen.unit)),
        ("dasar", say("Dasar"), chosen.ground, code_words(chosen.ground) if chosen.ground else ""),
        ("status", say("Status"), chosen.state, SHOWN.get(chosen.state, ("", "", ""))[2]),
    )
    return [
        {"label": joined(": ", (label, words)), "remove_url": _address(chosen, **{name: ""})}
        for name, label, value, words in said
        if value
    ]


@bp.get("/gabungan")
def entries(**_: str) -> ResponseReturnValue:
    """The consolidated list, in the order in which exemptions end."""
    chosen, found = _filter(), queries.facets()
    everything, total = sum(n for _, _, n in found.units), queries.count(chosen)
    page, pages = _page_number(total, queries.PER_PAGE)
    here = _address(chosen)
    values = {
        "chosen": chosen, "lines": queries.page(chosen, page), "total": total, "everything": everything, "page": page,
        "pages": pages, "per_page": queries.PER_PAGE, "marks": _marks(chosen, found.units),
        "filters": _filters(chosen, found), "href": here + ("&" if "?" in here else "?") + "hal={hal}",
    }  # fmt: skip
    fragment = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    name = "consolidation/entries.html"
    response = make_response(
        render_block(name, "results", **values) if fragment else render_template(name, **values)
    )
    response.headers["Vary"] = "HX-Request"
    return response


@bp.get("/gabungan/<uuid:item_id>")
def entry(item_id: UUID, **_: str) -> ResponseReturnValue:
    """One entry with its whole body."""
    found = queries.entry(item_id)
    notice = {"tone": "aman", "text": say("Catatan disimpan.")} if request.args.get("tersimpan") else None
    handed = central.one(found.submission_id)
    return render_template("consolidation/entry.html", entry=found, handed=handed, notice=notice)


@bp.post("/gabungan/<uuid:item_id>")
def keep_note(item_id: UUID, **_: str) -> ResponseReturnValue:
    """Keep the central's own note."""
    queries.entry(item_id)
    said = load(schemas.NoteIn(), {"note": request.form.get("note", "")})
    service.note(item_id, said["note"])
    return redirect(url_for("consolidation_pages.entry", item_id=item_id, tersimpan=1), 303)
