"""A unit's open items on screen, and the one button that says a copy is ready. Parses, calls, renders."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.sayings import say
from ppid_saas.reopening import copies as service
from ppid_saas.web.addresses import stay
from ppid_saas.web.marks import needs

bp = Blueprint("copy_pages", __name__, url_prefix="/<region>/u/<unit>/pembukaan")
bp.url_defaults(stay)

DONE = say("Dicatat: salinannya siap diminta publik.")


@bp.get("")
def copies(**_: str) -> ResponseReturnValue:
    """What is open and still lacks a copy."""
    notice = {"tone": "aman", "text": DONE} if request.args.get("siap") else None
    return render_template("reopening/copies.html", rows=service.owed(), notice=notice)


@bp.post("/<uuid:item_id>/siap")
@needs("item.write")
def ready(item_id: UUID, **_: str) -> ResponseReturnValue:
    """Say that a copy is ready."""
    service.ready(item_id)
    return redirect(url_for("copy_pages.copies", siap=1), 303)
