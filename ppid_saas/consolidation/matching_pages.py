"""Doubles and contradictions on screen: the queue, pair by pair, and what a person decides. Parses, calls, renders."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.consolidation import matching, rebuilding, schemas
from ppid_saas.consolidation.matching_rules import KINDS, VERDICTS
from ppid_saas.consolidation.queries import matches
from ppid_saas.consolidation.rules import OPENED
from ppid_saas.register.rules import LABELS, field_words
from ppid_saas.web.addresses import number_asked, stay
from ppid_saas.web.forms import load

bp = Blueprint("matching_pages", __name__, url_prefix="/<region>/pusat/pertentangan")
bp.url_defaults(stay)

ALWAYS = ("title", "grounds", "period", "part")
DONE = {
    "same": say("Dicatat: sama."),
    "different": say("Dicatat: berbeda. Pasangan ini tidak ditanyakan lagi selama isinya tetap."),
    "aligned": say("Dicatat. Catatannya menunggu pemeriksaan berikutnya dari unit itu."),
    "sent": say("Dicatat, dan butirnya dikembalikan pada pemeriksaan yang sedang berjalan."),
}


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"match_kinds": KINDS, "match_verdicts": VERDICTS, "opened_states": OPENED}


@bp.get("")
def queue(**_: str) -> ResponseReturnValue:
    """Show the pairs that wait for a person, or those decided."""
    return _page()


def _page(written: dict[str, str] | None = None, notice: dict[str, Any] | None = None) -> str:
    kind, decided = request.args.get("jenis", ""), request.args.get("tampil") == "diputus"
    kind = kind if kind in KINDS else ""
    by_kind, waiting, settled = matches.counts()
    total = matches.count(kind, decided=decided) if kind or decided else waiting
    pages = max(1, -(-total // matches.PER_PAGE))
    page = min(max(number_asked("hal"), 1), pages)
    pairs = matches.queue(kind, decided=decided, number=page)
    return render_template(
        "consolidation/matches.html", pairs=pairs, rows={(one.row.item_a, one.row.item_b): _rows(one) for one in pairs},
        kind=kind,
        decided=decided, by_kind=by_kind, waiting=waiting, settled=settled, total=total, page=page, pages=pages,
        per_page=matches.PER_PAGE, written=written or {}, notice=notice or _notice(), zone=actor().zone,
    )  # fmt: skip


def _rows(pair: matches.Pair) -> list[dict[str, Any]]:
    """Return the fields of both sides, those that differ word by word."""
    differing = {change.label: change.parts for change in pair.changes}
    names = [name for name in LABELS if name in ALWAYS or LABELS[name] in differing]
    return [
        {
            "label": LABELS[name], "differs": LABELS[name] in differing,
            "first": field_words(pair.first.body, name), "second": field_words(pair.second.body, name),
            "first_parts": _side(differing.get(LABELS[name]), "+"), "second_parts": _side(differing.get(LABELS[name]), "-"),
        }
        for name in names
    ]  # fmt: skip


def _side(parts: list[tuple[str, str]] | None, hidden: str) -> list[tuple[str, str]]:
    return [part for part in parts or () if part[0] != hidden]


def _notice() -> dict[str, Any] | None:
    done = request.args.get("jadi", "")
    if done == "urung":
        return {"tone": "info", "text": say("Putusan diurungkan. Pasangan itu menunggu lagi.")}
    if done not in DONE:
        return None
    a, _, b = request.args.get("pasangan", "").partition(":")
    try:
        address = url_for("matching_pages.undo", item_a=UUID(a), item_b=UUID(b), **_kept())
    except ValueError:
        return None
    return {
        "tone": "aman",
        "text": DONE[done],
        "actions": [{"label": say("Urungkan"), "url": address, "post": True}],
    }


def _kept() -> dict[str, Any]:
    return {name: request.args[name] for name in ("jenis", "tampil", "hal") if request.args.get(name)}


def _back(**more: Any) -> ResponseReturnValue:
    return redirect(url_for("matching_pages.queue", **_kept(), **more), 303)


@bp.post("/<uuid:item_a>/<uuid:item_b>")
def decide(item_a: UUID, item_b: UUID, **_: str) -> ResponseReturnValue:
    """Keep what was decided; a forgotten note is asked for beside its pair."""
    form = {name: request.form[name] for name in ("verdict", "model_id", "note") if request.form.get(name)}
    try:
        said = load(schemas.MatchIn(), form)
        sent = matching.decide(item_a, item_b, said["verdict"], model_id=said["model_id"], note=said["note"])
    except InvalidError as error:
        written = {"item_a": str(item_a), "item_b": str(item_b), "error": error.message, **form}
        return _page(written), 422
    except ConflictError as error:
        return _page(notice={"tone": "perhatian", "text": error.message}), 409
    return _back(jadi="sent" if sent else said["verdict"], pasangan=f"{item_a}:{item_b}")


@bp.post("/<uuid:item_a>/<uuid:item_b>/urungkan")
def undo(item_a: UUID, item_b: UUID, **_: str) -> ResponseReturnValue:
    """Take a decision back."""
    try:
        matching.undo(item_a, item_b)
    except ConflictError as error:
        return _page(notice={"tone": "perhatian", "text": error.message}), 409
    return _back(jadi="urung")


@bp.post("/cocokkan-ulang")
def rebuild(**_: str) -> ResponseReturnValue:
    """Compare the whole list anew, as a job one can watch."""
    job = rebuilding.start()
    return redirect(url_for("job_pages.job", job_id=job), 303)
