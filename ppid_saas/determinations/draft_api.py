"""Decisions for programs: drafts, the superior's answer, number and day, hand-over, revocation, receipts. Parses, calls, answers."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from ppid_saas.determinations import draft_queries as queries
from ppid_saas.determinations import drafting, handed_queries, handing, revoking, schemas
from ppid_saas.determinations.api import whole
from ppid_saas.determinations.handed_models import DeterminationCopy
from ppid_saas.events.idempotency import idempotent
from ppid_saas.web.addresses import stay

bp = Blueprint(
    "determination_drafts_api", __name__, description="Draf, persetujuan, dan penyerahan penetapan."
)
bp.url_defaults(stay)

AT = "/api/v1/<region>/pusat/determination-drafts"
ONE = f"{AT}/<uuid:draft_id>"
MADE = "/api/v1/<region>/pusat/determinations/<uuid:determination_id>"
COPIES = "/api/v1/<region>/u/<unit>/determinations"


def _told(draft_id: UUID) -> dict[str, Any]:
    found = queries.draft(draft_id)
    return {
        "id": str(found.id), "kind": found.kind, "state": found.state, "title": found.title, "signatory": found.signatory,
        "signatory_position": found.signatory_position, "place": found.place, "tests": found.tests, "note": found.note,
        "due_on": found.due_on and found.due_on.isoformat(), "mark": queries.mark(found),
        "determination_id": found.determination_id and str(found.determination_id),
        "items": [str(one) for one in queries.item_ids(draft_id)],
    }  # fmt: skip


def _made(draft_id: UUID, status: int = 200) -> Response:
    response = jsonify(_told(draft_id))
    response.status_code = status
    return response


@bp.route(AT)
class Drafts(MethodView):
    """Drafts under way."""

    @bp.response(200, schemas.DraftsOut)
    def get(self, **_: str) -> Response:
        """List drafts under way, newest first."""
        return jsonify(drafts=[_told(one.draft.id) for one in queries.drafts()])

    @idempotent
    @bp.arguments(schemas.DraftIn)
    @bp.response(201, schemas.DraftOut)
    def post(self, said: dict[str, Any], **_: str) -> Response:
        """Begin a draft over the named items, or over every one that can be determined."""
        return _made(drafting.prepare(said["head"], said["item_ids"]).id, 201)


@bp.route(ONE)
class OneDraft(MethodView):
    """One draft."""

    @bp.response(200, schemas.DraftOut)
    def get(self, draft_id: UUID, **_: str) -> Response:
        """Read a draft; `mark` is what an approval must name."""
        return _made(draft_id)

    @bp.response(200, schemas.DraftOut)
    def delete(self, draft_id: UUID, **_: str) -> Response:
        """Give a draft up; its items can be determined by another."""
        drafting.cancel(draft_id)
        return _made(draft_id)


@bp.route(f"{ONE}/sending")
class Sending(MethodView):
    """Sending a draft to the superior."""

    @idempotent
    @bp.response(200, schemas.DraftOut)
    def post(self, draft_id: UUID, **_: str) -> Response:
        """Send a draft to the superior."""
        drafting.send(draft_id)
        return _made(draft_id)


@bp.route(f"{ONE}/answer")
class Answer(MethodView):
    """The superior's answer."""

    @idempotent
    @bp.arguments(schemas.AnswerIn)
    @bp.response(200, schemas.DraftOut)
    def post(self, said: dict[str, str], draft_id: UUID, **_: str) -> Response:
        """Approve what `mark` was made of, or send the draft back with a note."""
        if said["answer"] == "approve":
            drafting.approve(draft_id, said["mark"])
        else:
            drafting.send_back(draft_id, said["note"])
        return _made(draft_id)


@bp.route(f"{ONE}/determination")
class Issue(MethodView):
    """Number and day of an approved draft."""

    @idempotent
    @bp.arguments(schemas.IssueIn)
    @bp.response(201, schemas.OneDeterminationOut)
    def post(self, said: dict[str, Any], draft_id: UUID, **_: str) -> Response:
        """Record an approved draft as signed."""
        response = jsonify(whole(drafting.issue(draft_id, said["number"], said["dated_on"]).id))
        response.status_code = 201
        return response


@bp.route(f"{MADE}/revocations")
class Revocations(MethodView):
    """Revocation of a determination, in part or whole."""

    @idempotent
    @bp.arguments(schemas.RevokeIn)
    @bp.response(201, schemas.OneDeterminationOut)
    def post(self, said: dict[str, Any], determination_id: UUID, **_: str) -> Response:
        """Record that the named items, or all that rest on the determination, are no longer exempt."""
        made = revoking.revoke(said["letter"], determination_id, said["reason"], said["item_ids"])
        response = jsonify(whole(made.id))
        response.status_code = 201
        return response


@bp.route(f"{MADE}/handover")
class Handing(MethodView):
    """Handing a determination to its units."""

    @idempotent
    @bp.response(200, schemas.HandedOut)
    def post(self, determination_id: UUID, **_: str) -> Response:
        """Give every unit concerned its copy of letter and list."""
        return jsonify(units=handing.hand_over(determination_id))


def _copy(one: DeterminationCopy) -> dict[str, Any]:
    given = handed_queries.receipt(one.id)
    return {
        "id": str(one.id), "kind": one.kind, "number": one.number, "title": one.title, "dated_on": one.dated_on.isoformat(),
        "signatory_position": one.signatory_position, "code": one.code, "item_count": one.item_count,
        "received_by": given and given.received_by,
        "items": [
            {"item_id": str(item.item_id), "title": item.body["title"], "ends_on": item.ends_on and item.ends_on.isoformat()}
            for item in handed_queries.items(one)
        ],
    }  # fmt: skip


@bp.route(COPIES)
class Copies(MethodView):
    """Determinations that came to a unit."""

    @bp.response(200, schemas.CopiesOut)
    def get(self, **_: str) -> Response:
        """List what was handed over, newest first, each with the unit's own items."""
        return jsonify(determinations=[_copy(one) for one, _ in handed_queries.copies()])


@bp.route(f"{COPIES}/<uuid:copy_id>/receipt")
class Receipt(MethodView):
    """The receipt for a copy."""

    @idempotent
    @bp.response(200, schemas.CopyOut)
    def post(self, copy_id: UUID, **_: str) -> Response:
        """Say that the unit has its copy."""
        handing.receive(copy_id)
        return jsonify(_copy(handed_queries.copy(copy_id)))
