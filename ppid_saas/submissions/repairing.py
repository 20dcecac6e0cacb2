"""Mending what came back, on screen: returned items alone, each with its note beside the field it is about."""

from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.cases import queries as cases
from ppid_saas.register import schemas as register
from ppid_saas.register.models import Item
from ppid_saas.register.rules import LABELS
from ppid_saas.register.service import save_item
from ppid_saas.submissions.checking import UNIT, bp
from ppid_saas.submissions.queries import preparing, unit
from ppid_saas.submissions.queries.unit import Handing, Returned

# Fields of plain text, which can be mended beside the note; the others open their place in the item's form.
LINES = frozenset({"title", "holder"})
TEXTS = LINES | {"document", "open_part", "harm", "benefit", "interest", "loss", "note"}
STALE = say("Butir ini diubah orang lain sejak Anda membukanya. Baca isinya, lalu ubah sekali lagi.")


@bp.app_context_processor
def _notes() -> dict[str, Any]:
    return {"note_beside": note_beside}


def note_beside(item: Item | None, field: str) -> Returned | None:
    """Return what the central wrote about this field of an item that came back, to be shown in the item's own form."""
    if item is None or item.state != "returned":
        return None
    if "returned_notes" not in g:
        g.returned_notes = unit.to_mend()
    notes: list[Returned] = g.returned_notes
    return next((one for one in notes if one.item.id == item.id and one.field == field), None)


@bp.get(f"{UNIT}/perbaikan")
def repairs(**_: str) -> ResponseReturnValue:
    """Only what came back, each with its note."""
    return _page({}, {})


def _page(typed: dict[int, str], errors: dict[int, str]) -> str:
    returned = unit.to_mend()
    told = unit.statuses([one.item.id for one in returned])
    days = [status.due_on for status in told.values() if status.due_on]
    saved = request.args.get("tersimpan", "")
    notice = (
        {"tone": "aman", "text": say("Butir %(ref)s disimpan.", ref=saved)} if saved.isdecimal() else None
    )
    return render_template(
        "submissions/repairs.html", returned=returned, due=cases.due_chip(min(days)) if days else None,
        typed=typed, errors=errors, lines=LINES, texts=TEXTS, labels=LABELS, notice=notice,
        handing=_handing(returned), needs_head=preparing.needs_head(), left=sum(not one.mended for one in returned),
    )  # fmt: skip


def _handing(returned: list[Returned]) -> Handing | None:
    """Return what would be sent again, once the review is finished."""
    if not returned:
        return None
    window = unit.submission(returned[0].submission_id).collection
    return unit.handing(window.id)


@bp.post(f"{UNIT}/perbaikan/<int:ref>")
def mend(ref: int, **_: str) -> ResponseReturnValue:
    """Save the field the note is about, and nothing else of the item."""
    one = next((one for one in unit.to_mend() if one.item.ref == ref), None)
    if one is None or one.field not in TEXTS:
        raise NotFoundError
    written, version = request.form.get("value", ""), request.form.get("version", "")
    known = int(version) if version.isdecimal() and len(version) < len("1000000000") else 0
    try:
        body: dict[str, Any] = register.load_body({**one.item.body, one.field: written})
        save_item(body, ref, known)
    except InvalidError as error:
        message = next(iter(error.by_field.values()), error.message)
        return _page({ref: written}, {ref: message}), 422
    except ConflictError:
        return _page({ref: written}, {ref: STALE}), 409
    return redirect(url_for("submissions_pages.repairs", tersimpan=ref) + f"#butir-{ref}", 303)
