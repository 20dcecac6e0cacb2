"""The operator's pages: tenants and stuck effects. Anyone else finds nothing here."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import NotFoundError, NotSignedInError
from ppid_saas.console import queries, service
from ppid_saas.web.marks import signed_in
from tenants import context

bp = Blueprint("console", __name__, url_prefix="/platform")


@bp.before_request
def _operators_only() -> None:
    if context.current_binding().person_id is None:
        raise NotSignedInError
    if not queries.is_operator():
        raise NotFoundError


@bp.get("/penyewa")
@signed_in
def tenants() -> ResponseReturnValue:
    q, page = request.args.get("q", "").strip(), max(1, request.args.get("hal", 1, type=int))
    return render_template("console/tenants.html", tenants=queries.tenants(q, page), q=q, page=page)


@bp.get("/pekerjaan")
@signed_in
def effects() -> ResponseReturnValue:
    return render_template("console/effects.html", effects=queries.stuck_effects())


@bp.post("/pekerjaan/<uuid:tenant>/<uuid:event>/<handler>/ulang")
@signed_in
def replay(tenant: UUID, event: UUID, handler: str) -> ResponseReturnValue:
    service.replay(tenant, event, handler)
    return redirect(url_for("console.effects"), 303)
