"""Determinations at a unit: what came from PPID Utama, its own items, the papers, and the receipt. Parses, calls, renders."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.cases.rules import day_of
from ppid_saas.determinations import handed_queries as queries
from ppid_saas.determinations import handing, papers, shown
from ppid_saas.determinations.handed_models import DeterminationCopy
from ppid_saas.determinations.papers import Facts, Style
from ppid_saas.determinations.rules import KINDS
from ppid_saas.documents.schemas import attachment
from ppid_saas.letters.paper import Signatory
from ppid_saas.web.addresses import stay
from ppid_saas.web.formats import INDONESIAN, long_date

bp = Blueprint("unit_determinations", __name__, url_prefix="/<region>/u/<unit>/penetapan")
bp.url_defaults(stay)

TAKEN = say("Tanda terima tercatat. PPID Utama melihatnya.")


@bp.get("")
def copies(**_: str) -> ResponseReturnValue:
    """Every determination that came to this unit."""
    return render_template("determinations/copies.html", rows=queries.copies(), kinds=KINDS)


@bp.get("/<uuid:copy_id>")
def copy(copy_id: UUID, **_: str) -> ResponseReturnValue:
    """One of them: head, own items, papers, receipt."""
    found = queries.copy(copy_id)
    notice = {"tone": "aman", "title": TAKEN, "text": ""} if request.args.get("hasil") == "diterima" else None
    return render_template(
        "determinations/copy.html", copy=found, items=queries.items(found), papers=queries.files(found), kinds=KINDS,
        receipt=queries.receipt(copy_id), notice=notice, zone=actor().zone,
    )  # fmt: skip


@bp.post("/<uuid:copy_id>/terima")
def receive(copy_id: UUID, **_: str) -> ResponseReturnValue:
    """Leave the receipt."""
    handing.receive(copy_id)
    return redirect(url_for("unit_determinations.copy", copy_id=copy_id, hasil="diterima"), 303)


@bp.post("/<uuid:copy_id>/berkas/<int:n>")
def fetch(copy_id: UUID, n: int, **_: str) -> ResponseReturnValue:
    """Fetch a paper; that someone did is recorded."""
    return attachment(handing.open_file(copy_id, n), "copy.read")


@bp.get("/<uuid:copy_id>/tanda-terima.<ending>")
def receipt(copy_id: UUID, ending: str, **_: str) -> ResponseReturnValue:
    """The receipt on paper."""
    found, given = queries.copy(copy_id), queries.receipt(copy_id)
    if given is None:
        raise NotFoundError
    when = long_date(day_of(given.received_at, actor().zone), locale=INDONESIAN)
    by = Signatory(str(actor().name), given.received_by, day=when)
    paper = papers.receipt(_facts(found), Style.from_dict(found.style), found.item_count, by)
    return shown.sent([paper], ending, "tanda-terima")


def _facts(found: DeterminationCopy) -> Facts:
    return Facts(
        kind=found.kind, title=found.title, body=str(actor().name), region="", signatory=found.signatory,
        position=found.signatory_position, place=found.place, number=found.number, dated_on=found.dated_on, code=found.code,
    )  # fmt: skip
