"""The operator's pages: tenants, jobs, stuck effects. Anyone else finds nothing here."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import InvalidError, NotFoundError, NotSignedInError
from ppid_saas.access.sayings import say
from ppid_saas.accounts.provisioning import DEFAULT_CAP
from ppid_saas.console import queries, service
from ppid_saas.desk.frame import frame
from ppid_saas.storage import provisioning
from ppid_saas.web.addresses import LARGEST
from ppid_saas.web.marks import signed_in
from ppid_saas.web.observing import add_gauges
from tenants import context
from tenants.db import db

bp = Blueprint("console", __name__, url_prefix="/platform")
bp.record_once(lambda setup: add_gauges(setup.app.extensions, queries.gauges))
NAV = (
    ("console.tenants", say("Penyewa")),
    ("console.work", say("Pekerjaan")),
    ("console.effects", say("Tertahan")),
    ("decree_pages.calendar", say("Kalender")),
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


STOCKTAKE_WORDS = {
    "agrees": say("Cocok"),
    "differs": say("Berbeda"),
    "asks": say("Menunggu persetujuan"),
}
STOCKTAKE_TONES = {"agrees": "aman", "differs": "lewat", "asks": "perhatian"}


@bp.before_request
def operators_only() -> None:
    """Let nobody but the operator find anything here."""
    if context.current_binding().person_id is None:
        raise NotSignedInError
    if not queries.is_operator():
        raise NotFoundError


@bp.context_processor
def around() -> dict[str, Any]:
    """Return what stands around every page of the console."""
    nav = [
        {"label": label, "url": url_for(endpoint), "current": request.endpoint == endpoint}
        for endpoint, label in NAV
    ]
    told: dict[str, Any] = {"nav": nav, "home_url": url_for("console.tenants"), "spaces_url": ""}
    return {"frame": {**frame(), **told}}


@bp.get("/penyewa")
@signed_in
def tenants() -> ResponseReturnValue:
    q, page = request.args.get("q", "").strip(), max(1, request.args.get("hal", 1, type=int))
    return render_template("console/tenants.html", tenants=queries.tenants(q, page), q=q, page=page)


@bp.get("/penyewa/<uuid:tenant>")
@signed_in
def room(tenant: UUID) -> ResponseReturnValue:
    """One tenant's room, and the last comparisons of its store and books."""
    return _room(tenant, {})


def _room(tenant: UUID, errors: dict[str, str]) -> str:
    connection = db.session.connection()
    found = provisioning.room_of(connection, tenant)
    if found is None:
        raise NotFoundError
    said = {"batas": say("Batas disimpan."), "periksa": say("Pencocokan dijadwalkan sekarang.")}
    told = said.get(request.args.get("selesai", ""))
    return render_template(
        "console/room.html", room=found, stocktakes=queries.stocktakes(tenant), looks=queries.looks(tenant), errors=errors, form=request.form,
        default=DEFAULT_CAP, words=STOCKTAKE_WORDS, tones=STOCKTAKE_TONES, notice={"tone": "aman", "text": told} if told else None,
    )  # fmt: skip


@bp.post("/penyewa/<uuid:tenant>/ruang")
@signed_in
def set_room(tenant: UUID) -> ResponseReturnValue:
    """Change a tenant's limits."""
    names = ("cap", "unit_cap", "pool")
    try:
        service.set_room(tenant, {name: request.form.get(name, "") for name in names})
    except InvalidError as error:
        return _room(tenant, error.by_field), 422
    return redirect(url_for("console.room", tenant=tenant, selesai="batas"), 303)


@bp.post("/penyewa/<uuid:tenant>/periksa")
@signed_in
def check(tenant: UUID) -> ResponseReturnValue:
    """Compare a tenant's store and books now; with a number, let as many strays go."""
    allowed = request.form.get("allowed", "0")
    service.check_now(tenant, min(int(allowed), LARGEST) if allowed.isdecimal() and len(allowed) < 10 else 0)
    return redirect(url_for("console.room", tenant=tenant, selesai="periksa"), 303)


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
