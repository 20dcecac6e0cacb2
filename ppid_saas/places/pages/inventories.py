"""An inventory on a phone: begin, scan one code after the other in one field, end, read the lists. Parses, calls, renders."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.places import queries, rules, taking_stock
from ppid_saas.places.models import Inventory
from ppid_saas.places.pages.shelves import bp
from ppid_saas.web.forms import first_messages
from ppid_saas.web.marks import needs

SHOWN_SEEN = 8
WITH_CAMERA = "camera=(self), geolocation=(), microphone=()"


@bp.get("/inventaris")
def inventories(**_: str) -> ResponseReturnValue:
    """What was counted, and the way to begin."""
    return _list({}, request.args.get("di", type=UUID))


def _list(errors: Mapping[str, str], within: UUID | None = None) -> str:
    places = queries.places()
    value = request.form.get("where", "") or (places[within].code if within in places and within else "")
    held = queries.inventories()
    return render_template(
        "places/inventories.html", inventories=held, places=places, errors=errors, where=value,
        gone=queries.names_of_places([one.place_id for one in held if one.place_id]),
        codes=[place.code for place in rules.in_order(places)][:500],
    )  # fmt: skip


@bp.post("/inventaris")
@needs("place.write")
def begin(**_: str) -> ResponseReturnValue:
    """Begin an inventory."""
    try:
        made = taking_stock.begin(request.form.get("where", "")[:200])
    except InvalidError as error:
        return _list(first_messages(error)), 422
    return redirect(url_for("places_pages.inventory", inventory_id=made.id, di=made.place_id), 303)


@bp.get("/inventaris/<uuid:inventory_id>")
def inventory(inventory_id: UUID, **_: str) -> ResponseReturnValue:
    """The one field, or the lists once it has ended."""
    return _page(queries.inventory(inventory_id), request.args.get("di", type=UUID), {})


def _page(
    found: Inventory, here: UUID | None, errors: Mapping[str, str], notice: Mapping[str, Any] | None = None
) -> ResponseReturnValue:
    places, result = queries.places(), queries.found_by(found.id)
    seen = [] if found.ended_at else list(queries.seen_in(found.id))[:SHOWN_SEEN]
    named = {*result.found, *result.missing, *result.lent, *seen}
    named |= {holding for holding, _ in (*result.astray, *result.lent_but_seen)}
    papers = queries.papers_by_id(named)
    scope = queries.names_of_places([found.place_id]) if found.place_id else {}
    response = make_response(
        render_template(
            "places/inventory.html", inventory=found, places=places, here=places.get(here) if here else None,
            result=result, papers=papers, seen=seen, errors=errors, said=_said(), astray=request.args.get("hasil") == "lain",
            notice=notice, mendable=any(h in papers and papers[h].place_id != place for h, place in result.astray), scope=scope.get(found.place_id) if found.place_id else None,
        )
    )  # fmt: skip
    if not found.ended_at:
        response.headers["Permissions-Policy"] = WITH_CAMERA
    return response


def _said() -> str:
    """Return what the last scan did, as the address tells it."""
    paper = request.args.get("kertas", "")
    if not (paper.isascii() and paper.isdecimal()):
        return ""
    if request.args.get("hasil") == "lain":
        return say("K-%(n)s seharusnya di tempat lain. Dicatat.", n=paper[:9])
    return say("K-%(n)s ada.", n=paper[:9])


@bp.post("/inventaris/<uuid:inventory_id>/pindai")
@needs("place.write")
def scan(inventory_id: UUID, **_: str) -> ResponseReturnValue:
    """Take one code and come back to the empty field."""
    here = request.form.get("here", type=UUID)
    try:
        read = taking_stock.scan(inventory_id, request.form.get("code", "")[:500], here)
    except InvalidError as error:
        page = make_response(_page(queries.inventory(inventory_id), here, first_messages(error)))
        page.status_code = 422
        return page
    except ConflictError:
        return redirect(url_for("places_pages.inventory", inventory_id=inventory_id), 303)
    if read.place is not None:
        return redirect(url_for("places_pages.inventory", inventory_id=inventory_id, di=read.place.id), 303)
    result: dict[str, Any] = {
        "kertas": read.holding.n if read.holding else 0,
        "hasil": None if read.at_home else "lain",
    }
    return redirect(url_for("places_pages.inventory", inventory_id=inventory_id, di=here, **result), 303)


@bp.post("/inventaris/<uuid:inventory_id>/selesai")
@needs("place.write")
def end(inventory_id: UUID, **_: str) -> ResponseReturnValue:
    """End the inventory and show its lists; ended twice, it has ended."""
    try:
        taking_stock.end(inventory_id)
    except ConflictError:
        queries.inventory(inventory_id)
    return redirect(url_for("places_pages.inventory", inventory_id=inventory_id), 303)


@bp.post("/inventaris/<uuid:inventory_id>/catat")
@needs("place.write")
def settle(inventory_id: UUID, **_: str) -> ResponseReturnValue:
    """Write papers found elsewhere down where they were found; the next page offers the way back."""
    try:
        made, n = taking_stock.settle_astray(inventory_id)
    except ConflictError:
        return redirect(url_for("places_pages.inventory", inventory_id=inventory_id), 303)
    return redirect(url_for("places_pages.papers", dipindah=made, jumlah=n), 303)
