"""The register of places for programs, to read: every place, and the papers with who has them. Writing is done on the pages."""

from typing import Any
from uuid import UUID

from flask import jsonify
from flask.typing import ResponseReturnValue
from flask.views import MethodView
from flask_smorest import Blueprint

from ppid_saas.access.verbs import actor
from ppid_saas.places import queries, rules
from ppid_saas.places.models import Place
from ppid_saas.places.queries import Filter, Paper
from ppid_saas.places.schemas import PapersOut, PapersQuery, PlacesOut
from tenants import clock

bp = Blueprint("places_api", __name__, description="Tempat kertas asli, hanya bagi unitnya sendiri.")

AT = "/api/v1/<region>/u/<unit>"


@bp.route(f"{AT}/places")
class Places(MethodView):
    """The places of a unit."""

    @bp.response(200, PlacesOut)
    def get(self, **_: str) -> ResponseReturnValue:
        """List places, each behind what it lies in."""
        papers = queries.counts()
        return jsonify(
            places=[_place(place, papers.get(place.id, 0)) for place in rules.in_order(queries.places())]
        )


@bp.route(f"{AT}/papers")
class Papers(MethodView):
    """The papers of a unit."""

    @bp.arguments(PapersQuery, location="query")
    @bp.response(200, PapersOut)
    def get(self, asked: dict[str, Any], **_: str) -> ResponseReturnValue:
        """List papers, those that are lent first, by the day they should be back."""
        chosen = Filter(status=asked["status"] or "", today=clock.today(actor().zone))
        found = queries.page(chosen, asked["page"])
        return jsonify(papers=[_paper(paper) for paper in found], total=queries.count(chosen))


def _place(place: Place, papers: int) -> dict[str, Any]:
    return {
        "id": str(place.id), "parent_id": _text(place.parent_id), "kind": place.kind, "code": place.code,
        "name": place.name, "papers": papers,
    }  # fmt: skip


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "id": str(paper.id), "number": paper.n, "item_ref": paper.ref, "title": paper.name, "sheets": paper.sheets,
        "place_id": str(paper.place_id), "borrower": paper.borrower, "due_on": paper.due_on and paper.due_on.isoformat(),
    }  # fmt: skip


def _text(found: UUID | None) -> str | None:
    return str(found) if found else None
