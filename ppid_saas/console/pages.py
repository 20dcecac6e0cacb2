"""The operator's pages: tenants, jobs, stuck effects. Anyone else finds nothing here."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import NotFoundError, NotSignedInError
from ppid_saas.access.sayings import say
from ppid_saas.console import queries, service
from ppid_saas.desk.frame import frame
from ppid_saas.web.marks import signed_in
from ppid_saas.web.observing import add_gauges
from tenants import context

bp = Blueprint("console", __name__, url_prefix="/platform")
bp.record_once(lambda setup: add_gauges(setup.app.extensions, queries.gauges))
NAV = (
    ("console.tenants", say("Penyewa")),
    ("console.work", say("Pekerjaan")),
    ("console.effects", say("Tertahan")),
)
STATE_WORDS = {
    "queued": say("Menunggu"),
    "running": say("Berjalan"),
    "done": say("Selesai"),
    "failed": say("Belum berhasil"),
    "cancelled": say("Dibatalkan"),
}
STATE_TONES = {
    "queued": "netral",
    "running": "info",
    "done": "aman",
    "failed": "lewat",
    "cancelled": "netral",
}


@bp.before_request
def _operators_only() -> None:
    if context.current_binding().person_id is None:
        raise NotSignedInError
    if not queries.is_operator():
        raise NotFoundError


@bp.context_processor
def _with_nav() -> dict[str, Any]:
    nav = [
        {"label": label, "url": url_for(endpoint), "current": request.endpoint == endpoint}
        for endpoint, label in NAV
    ]
    around: dict[str, Any] = {"nav": nav, "home_url": url_for("console.tenants"), "spaces_url": ""}
    return {"frame": {**frame(), **around}}


@bp.get("/penyewa")
@signed_in
def tenants() -> ResponseReturnValue:
    q, page = request.args.get("q", "").strip(), max(1, request.args.get("hal", 1, type=int))
    return render_template("console/tenants.html", tenants=queries.tenants(q, page), q=q, page=page)


@bp.get("/pekerjaan")
@signed_in
def work() -> ResponseReturnValue:
    state, page = request.args.get("keadaan", ""), max(1, request.args.get("hal", 1, type=int))
    if state and state not in queries.JOB_STATES:
        raise NotFoundError
    return render_template(
        "console/jobs.html", jobs=queries.work(state, page), counts=queries.work_counts(), bell=queries.bell(),
        words=STATE_WORDS, tones=STATE_TONES, state=state, page=page,
    )  # fmt: skip


@bp.get("/tertahan")
@signed_in
def effects() -> ResponseReturnValue:
    return render_template("console/effects.html", effects=queries.stuck_effects())


@bp.post("/tertahan/<uuid:tenant>/<uuid:event>/<handler>/ulang")
@signed_in
def replay(tenant: UUID, event: UUID, handler: str) -> ResponseReturnValue:
    service.replay(tenant, event, handler)
    return redirect(url_for("console.effects"), 303)
