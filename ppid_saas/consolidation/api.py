"""The central's review and consolidated list for programs. Parses, calls, answers."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint
from sqlalchemy import Row

from ppid_saas.consolidation import queries, schemas, service
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.queries import Filter
from ppid_saas.consolidation.queries.inbox import InboxRow, inbox, inbox_one
from ppid_saas.consolidation.queries.reviews import Line
from ppid_saas.events.idempotency import idempotent
from ppid_saas.submissions.service import Verdict
from ppid_saas.web.addresses import stay

bp = Blueprint("consolidation_api", __name__, description="Pemeriksaan pengajuan dan daftar gabungan.")
bp.url_defaults(stay)

AT = "/api/v1/<region>/pusat"


def _inbox(row: InboxRow) -> dict[str, Any]:
    sent = row.submission
    return {
        "id": str(sent.id), "number": sent.number, "unit": row.unit.slug, "unit_name": row.unit.name,
        "collection": str(sent.collection_id), "round": sent.round, "is_nil": sent.is_nil,
        "item_count": sent.item_count, "decided": row.decided, "returned": row.returned, "finished": row.finished,
        "reviewer": row.turn.name if row.turn else None, "due_on": row.due.due and row.due.due.isoformat(),
        "hash": sent.hash, "submitted_at": sent.submitted_at.isoformat(),
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    row = line.row
    return {
        "item_id": str(row.item_id), "position": row.position, "title": line.body["title"], "kind": row.kind,
        "body": line.body, "hash": row.hash, "flags": line.flags, "verdict": row.verdict, "note": row.note,
        "problems": [problem.message for problem in line.problems],
    }  # fmt: skip


def _review(submission_id: UUID) -> dict[str, Any]:
    row, found = inbox_one(submission_id), queries.review(submission_id)
    lines = [_line(line) for line in found.of_kind("new", "changed", "same")]
    return _inbox(row) | {"items": lines, "missing": [line.body.get("title", "") for line in found.missing]}


def _entry(entry: Entry | Row[Any]) -> dict[str, Any]:
    return {
        "item_id": str(entry.item_id), "unit": entry.sender_slug, "unit_name": entry.sender_name, "title": entry.title,
        "state": entry.state, "ends_on": entry.ends_on and entry.ends_on.isoformat(),
        "review_on": entry.review_on and entry.review_on.isoformat(), "version": entry.version, "hash": entry.hash,
        "body": entry.body, "code": entry.code,
    }  # fmt: skip


@bp.route(f"{AT}/submissions")
class Inbox(MethodView):
    """What units handed in."""

    @bp.response(200, schemas.InboxListOut)
    def get(self, **_: str) -> Response:
        """List submissions, unfinished first."""
        return jsonify(submissions=[_inbox(row) for row in inbox(finished=None)])


@bp.route(f"{AT}/submissions/<uuid:submission_id>")
class OneReceived(MethodView):
    """One submission under review."""

    @bp.response(200, schemas.ReviewOut)
    def get(self, submission_id: UUID, **_: str) -> Response:
        """Read a submission with every item as it was handed in."""
        return jsonify(_review(submission_id))


@bp.route(f"{AT}/submissions/<uuid:submission_id>/decisions")
class Decisions(MethodView):
    """The answers to a submission."""

    @idempotent
    @bp.arguments(schemas.DecisionsIn)
    @bp.response(200, schemas.ReviewOut)
    def post(self, said: dict[str, Any], submission_id: UUID, **_: str) -> Response:
        """Answer items, all of this request or none."""
        service.answer_all(
            submission_id, [Verdict(**one) for one in said["decisions"]],
            accept_rest=said["accept_rest"], close=said["finish"],
        )  # fmt: skip
        return jsonify(_review(submission_id))


@bp.route(f"{AT}/submissions/<uuid:submission_id>/items/<uuid:item_id>/decision")
class OneDecision(MethodView):
    """The answer to one item."""

    @idempotent
    @bp.arguments(schemas.OneVerdictIn)
    @bp.response(200, schemas.ReviewOut)
    def post(self, said: dict[str, Any], submission_id: UUID, item_id: UUID, **_: str) -> Response:
        """Answer one item; it keeps its answer until that is undone."""
        service.decide(submission_id, [Verdict(item_id, **said)])
        return jsonify(_review(submission_id))

    @idempotent
    @bp.response(200, schemas.ReviewOut)
    def delete(self, submission_id: UUID, item_id: UUID, **_: str) -> Response:
        """Take the answer back while the review goes on."""
        service.undo(submission_id, item_id=item_id)
        return jsonify(_review(submission_id))


@bp.route(f"{AT}/submissions/<uuid:submission_id>/turn")
class Turns(MethodView):
    """Who reviews."""

    @idempotent
    @bp.arguments(schemas.TurnIn)
    @bp.response(200, schemas.ReviewOut)
    def post(self, said: dict[str, Any], submission_id: UUID, **_: str) -> Response:
        """Take a review, or take it over with a reason."""
        service.take(submission_id, said["reason"])
        return jsonify(_review(submission_id))


@bp.route(f"{AT}/entries")
class Entries(MethodView):
    """The consolidated list."""

    @bp.arguments(schemas.EntriesQuery, location="query")
    @bp.response(200, schemas.EntriesOut)
    def get(self, asked: dict[str, Any], **_: str) -> Response:
        """List entries in the order in which exemptions end."""
        ends = "tahun" if asked["ends"] == "year" else asked["ends"]
        names = ("q", "unit", "ground", "state", "period")
        chosen = Filter(**{name: asked[name] for name in names}, ends=ends)
        rows = queries.page(chosen, asked["page"], asked["limit"])
        return jsonify(entries=[_entry(row) for row in rows], total=queries.count(chosen), page=asked["page"])


@bp.route(f"{AT}/entries/<uuid:item_id>")
class OneEntry(MethodView):
    """One line of the consolidated list."""

    @bp.response(200, schemas.EntryOut)
    def get(self, item_id: UUID, **_: str) -> Response:
        """Read an entry."""
        return jsonify(_entry(queries.entry(item_id)))
