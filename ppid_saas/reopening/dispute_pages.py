"""Disputes on screen: the list, the form that records one, its order and its end. Parses, calls, renders."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.sayings import say
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation.queries import Filter
from ppid_saas.documents.rules import FORUMS
from ppid_saas.reopening import disputes as service
from ppid_saas.reopening.pages import ids_of, paper, tried
from ppid_saas.reopening.schemas import DisputeIn, RetestIn, RulingIn
from ppid_saas.web.addresses import stay
from ppid_saas.web.forms import boxes, load, read_date
from ppid_saas.web.marks import needs

bp = Blueprint("dispute_pages", __name__, url_prefix="/<region>/pusat/sengketa")
bp.url_defaults(stay)

DONE = {
    "dicatat": say("Sengketa dicatat. Unit diberi tahu; berkasnya tidak dapat dimusnahkan."),
    "uji": say("Butirnya kembali diuji."),
    "selesai": say("Sengketa dicatat selesai. Unit diberi tahu."),
}
OFFERED = 20


@bp.get("")
@needs("reopening.read")
def disputes(**_: str) -> ResponseReturnValue:
    """Every dispute."""
    return render_template(
        "reopening/disputes.html", rows=service.listed(), forums=FORUMS, outcomes=service.OUTCOMES
    )


@bp.get("/catat")
@needs("reopening.work")
def form(**_: str) -> ResponseReturnValue:
    """The form, with the items a search offers."""
    return _form_page({}, None)


def _form_page(errors: dict[str, str], notice: dict[str, str] | None) -> str:
    chosen = ids_of(request.values.getlist("butir"))
    q = request.values.get("q", "")[:200]
    found = (
        [entry for entry in consolidation.page(Filter(q=q), 1, OFFERED) if entry.item_id not in chosen]
        if q
        else []
    )
    return render_template(
        "reopening/dispute_form.html", chosen=consolidation.entries(chosen), found=found, q=q, errors=errors, notice=notice,
        values=dict(request.form) | {"opened_on": boxes(request.form, "opened_on")}, forums=FORUMS,
    )  # fmt: skip


@bp.post("/catat")
@needs("reopening.work")
def register(**_: str) -> ResponseReturnValue:
    """Record it."""

    def act() -> ResponseReturnValue:
        typed = {name: request.form.get(name, "") for name in ("number", "forum", "note")}
        said = load(DisputeIn(), typed | {"opened_on": read_date(request.form, "opened_on")})
        made = service.register(service.Filed(**said), ids_of(request.form.getlist("butir")))
        return _to(made, "dicatat")

    return tried(act, _form_page)


def _to(dispute_id: UUID, done: str) -> ResponseReturnValue:
    return redirect(url_for("dispute_pages.dispute", dispute_id=dispute_id, hasil=done), 303)


@bp.get("/<uuid:dispute_id>")
@needs("reopening.read")
def dispute(dispute_id: UUID, **_: str) -> ResponseReturnValue:
    """One dispute with its items."""
    said = DONE.get(request.args.get("hasil", ""))
    return _page(dispute_id)({}, {"tone": "aman", "text": said} if said else None)


def _page(dispute_id: UUID) -> Callable[[dict[str, str], dict[str, Any] | None], str]:
    def page(errors: dict[str, str], notice: dict[str, Any] | None) -> str:
        return render_template(
            "reopening/dispute.html", row=service.one(dispute_id), items=service.items(dispute_id), errors=errors,
            notice=notice, forums=FORUMS, outcomes=service.OUTCOMES,
            values=dict(request.form) | {"closed_on": boxes(request.form, "closed_on")},
        )  # fmt: skip

    return page


@bp.post("/<uuid:dispute_id>/uji-ulang")
@needs("reopening.work")
def retest(dispute_id: UUID, **_: str) -> ResponseReturnValue:
    """Follow an order to test anew."""

    def act() -> ResponseReturnValue:
        said = load(RetestIn(), {"reason": request.form.get("reason", "")})
        service.order_retest(dispute_id, said["reason"])
        return _to(dispute_id, "uji")

    return tried(act, _page(dispute_id))


@bp.post("/<uuid:dispute_id>/selesai")
@needs("reopening.decide")
def close(dispute_id: UUID, **_: str) -> ResponseReturnValue:
    """Record how it ended."""

    def act() -> ResponseReturnValue:
        typed = {name: request.form.get(name, "") for name in ("outcome", "ruling")}
        said = load(RulingIn(), typed | {"closed_on": read_date(request.form, "closed_on")})
        with ExitStack() as stack:
            service.close(dispute_id, service.Ruling(**said, paper=paper("paper", stack)))
        return _to(dispute_id, "selesai")

    return tried(act, _page(dispute_id))
