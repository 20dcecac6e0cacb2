"""Determinations for programs: record one, read them. A signed letter is added on the page. Parses, calls, answers."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify, url_for
from flask.views import MethodView
from flask_smorest import Blueprint

from ppid_saas.determinations import queries, schemas, service
from ppid_saas.determinations.models import Determination
from ppid_saas.events.idempotency import idempotent
from ppid_saas.web.addresses import stay

bp = Blueprint("determinations_api", __name__, description="Penetapan informasi yang dikecualikan.")
bp.url_defaults(stay)

AT = "/api/v1/<region>/pusat/determinations"


def _head(made: Determination, items: int) -> dict[str, Any]:
    return {
        "id": str(made.id), "number": made.number, "title": made.title, "signatory": made.signatory,
        "signatory_position": made.signatory_position, "place": made.place, "dated_on": made.dated_on.isoformat(),
        "state": made.state, "item_count": items, "kind": made.kind, "code": made.code,
    }  # fmt: skip


def whole(determination_id: UUID) -> dict[str, Any]:
    """Return a determination with what it covers, as programs read it."""
    made, covered = queries.determination(determination_id), queries.covered(determination_id)
    items = [
        {
            "item_id": str(one.item.item_id), "unit": one.unit, "title": one.title,
            "ends_on": one.item.ends_on and one.item.ends_on.isoformat(), "hash": one.item.hash,
        }
        for one in covered
    ]  # fmt: skip
    return _head(made, len(items)) | {"items": items}


@bp.route(AT)
class Determinations(MethodView):
    """Every determination of a central."""

    @bp.response(200, schemas.DeterminationsOut)
    def get(self, **_: str) -> Response:
        """List determinations, newest first."""
        return jsonify(
            determinations=[_head(row.determination, row.items) for row in queries.determinations()]
        )

    @idempotent
    @bp.arguments(schemas.DeterminationIn)
    @bp.response(201, schemas.OneDeterminationOut)
    def post(self, said: dict[str, Any], **_: str) -> Response:
        """Record a determination over the named items, or over every accepted one."""
        made = service.make_determination(said["letter"], said["item_ids"])
        response = jsonify(whole(made.id))
        response.status_code = 201
        response.headers["Location"] = url_for(
            "determinations_api.OneDetermination", determination_id=made.id
        )
        return response


@bp.route(f"{AT}/<uuid:determination_id>")
class OneDetermination(MethodView):
    """One determination."""

    @bp.response(200, schemas.OneDeterminationOut)
    def get(self, determination_id: UUID, **_: str) -> Response:
        """Read a determination with the items it covers."""
        return jsonify(whole(determination_id))
