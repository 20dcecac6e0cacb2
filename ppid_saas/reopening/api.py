"""Disputes for programs: read them, register one. How they end is recorded on the page, with its paper."""

from typing import Any

from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from ppid_saas.cases.dispute_models import Dispute
from ppid_saas.events.idempotency import idempotent
from ppid_saas.reopening import disputes, schemas
from ppid_saas.web.addresses import stay

bp = Blueprint("reopening_api", __name__, description="Sengketa informasi di PPID Utama.")
bp.url_defaults(stay)


@bp.route("/api/v1/<region>/pusat/disputes")
class Disputes(MethodView):
    """The disputes of a central."""

    @bp.response(200, schemas.DisputesOut)
    def get(self, **_: str) -> Response:
        """List disputes, the open ones first."""
        return jsonify(disputes=[_told(row, count) for row, count in disputes.listed()])

    @idempotent
    @bp.arguments(schemas.DisputeWithItemsIn)
    @bp.response(201, schemas.DisputeOut)
    def post(self, said: dict[str, Any], **_: str) -> Response:
        """Register a dispute about items."""
        items = said.pop("items")
        made = disputes.register(disputes.Filed(**said), items)
        response = jsonify(_told(disputes.one(made), len(items)))
        response.status_code = 201
        return response


def _told(row: Dispute, items: int) -> dict[str, Any]:
    return {
        "id": str(row.id), "number": row.number, "forum": row.forum, "opened_on": row.opened_on.isoformat(),
        "closed_on": row.closed_on and row.closed_on.isoformat(), "outcome": row.outcome, "item_count": items,
    }  # fmt: skip
