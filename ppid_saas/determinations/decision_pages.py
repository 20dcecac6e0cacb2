"""What follows a determination, on screen: hand it over, bring back the signed copy, revoke. Parses, calls, renders."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.verbs import actor
from ppid_saas.determinations import handing, papers, queries, revoking, schemas, signing, styling
from ppid_saas.determinations.pages import page
from ppid_saas.determinations.rules import REVOCABLE
from ppid_saas.web.addresses import stay
from ppid_saas.web.forms import boxes, first_messages, load, read_date
from ppid_saas.web.marks import needs
from tenants import clock

bp = Blueprint("decision_pages", __name__, url_prefix="/<region>/pusat/penetapan/<uuid:determination_id>")
bp.url_defaults(stay)


def _to(determination_id: UUID, done: str) -> ResponseReturnValue:
    address = url_for("determinations_pages.determination", determination_id=determination_id, hasil=done)
    return redirect(address, 303)


@bp.post("/serahkan")
def hand_over(determination_id: UUID, **_: str) -> ResponseReturnValue:
    """Give every unit concerned its copy."""
    try:
        handing.hand_over(determination_id)
    except ConflictError as error:
        return page(determination_id, {"handing": error.message}), 409
    return _to(determination_id, "diserahkan")


@bp.post("/bertanda-tangan")
@needs("determination.make")
def take_signed(determination_id: UUID, **_: str) -> ResponseReturnValue:
    """Take the signed copy."""
    try:
        signing.take_signed(
            determination_id, request.files.get("signed"), anyway=request.form.get("anyway") == "1"
        )
    except InvalidError as error:
        return page(determination_id, first_messages(error)), 422
    return _to(determination_id, "kembali")


@bp.get("/cabut")
@needs("determination.make")
def revoke_form(determination_id: UUID, **_: str) -> ResponseReturnValue:
    """The form of a revocation, with the items that still rest on the determination."""
    style, today = styling.current(), clock.today(actor().zone)
    values = {
        "title": papers.TITLES["revocation"], "signatory": style.signatory, "signatory_position": style.position,
        "place": style.place, "dated_on": {"day": str(today.day), "month": str(today.month), "year": str(today.year)},
    }  # fmt: skip
    return _form(determination_id, values, {})


def _form(determination_id: UUID, values: dict[str, Any], errors: dict[str, str]) -> str:
    made = queries.determination(determination_id)
    resting = [one for one in queries.covered(made.id) if one.resting and one.state in REVOCABLE]
    chosen = set(request.form.getlist("items"))
    return render_template(
        "determinations/revoke.html", made=made, covered=resting, values=values, errors=errors, chosen=chosen
    )


@bp.post("/cabut")
@needs("determination.make")
def revoke(determination_id: UUID, **_: str) -> ResponseReturnValue:
    """Record that the items ticked are no longer exempt."""
    typed = {name: request.form.get(name, "") for name in (*schemas.TEXTS, "reason")}
    shown = typed | {"dated_on": boxes(request.form, "dated_on")}
    try:
        said = load(
            schemas.RevokeIn(),
            typed | {"dated_on": read_date(request.form, "dated_on"), "items": request.form.getlist("items")},
        )
        made = revoking.revoke(said["letter"], determination_id, said["reason"], said["item_ids"] or ())
    except InvalidError as error:
        return _form(determination_id, shown, first_messages(error)), 422
    except ConflictError as error:
        return _form(determination_id, shown, error.by_field or {"items": error.message}), 409
    return _to(made.id, "dicabut")
