"""Tests, the board and sittings for programs: read rounds, write sheets, pass on, give views, close. Parses, calls, answers."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from ppid_saas.consequence_tests import board, board_queries, queries, schemas, service
from ppid_saas.consequence_tests.queries import Line, RoundRow
from ppid_saas.events.idempotency import idempotent
from ppid_saas.web.addresses import stay

bp = Blueprint("consequence_tests_api", __name__, description="Uji konsekuensi dan pertimbangan Tim.")
bp.url_defaults(stay)

AT = "/api/v1/<region>/pusat"


def _round(row: RoundRow) -> dict[str, Any]:
    return {
        "id": str(row.round.id), "title": row.round.title, "state": row.case.state, "trigger": row.round.trigger,
        "due_on": row.due.due and row.due.due.isoformat(), "items": row.items, "decided": row.decided,
    }  # fmt: skip


def _sheet(line: Line) -> dict[str, Any]:
    sheet = line.sheet
    return {
        "item_id": str(sheet.item_id), "title": sheet.body["title"], "version": sheet.version, "stage": sheet.stage,
        "outcome": sheet.outcome, "reason": sheet.reason, "body": sheet.body, "entry_state": line.entry.state,
    }  # fmt: skip


def _whole(round_id: UUID) -> dict[str, Any]:
    return _round(queries.round_row(round_id)) | {
        "sheets": [_sheet(line) for line in queries.lines(round_id)]
    }


@bp.route(f"{AT}/tests")
class Rounds(MethodView):
    """What is under test."""

    @bp.response(200, schemas.RoundsOut)
    def get(self, **_: str) -> Response:
        """List the rounds under way, most pressing first."""
        return jsonify(rounds=[_round(row) for row in queries.rounds()])

    @idempotent
    @bp.arguments(schemas.BeginIn)
    @bp.response(201, schemas.OneRoundOut)
    def post(self, said: dict[str, Any], **_: str) -> Response:
        """Take items up for a test of their own."""
        made = service.begin(said["items"], said["trigger"], said["note"])
        response = jsonify(_whole(made.id))
        response.status_code = 201
        return response


@bp.route(f"{AT}/tests/<uuid:round_id>")
class OneRound(MethodView):
    """One round."""

    @bp.response(200, schemas.OneRoundOut)
    def get(self, round_id: UUID, **_: str) -> Response:
        """Read a round with the newest sheet of every item."""
        return jsonify(_whole(round_id))


@bp.route(f"{AT}/tests/<uuid:round_id>/items/<uuid:item_id>")
class OneSheet(MethodView):
    """One sheet."""

    @idempotent
    @bp.arguments(schemas.SheetIn)
    @bp.response(200, schemas.SheetOut)
    def put(self, said: dict[str, Any], round_id: UUID, item_id: UUID, **_: str) -> Response:
        """Write the next version of a sheet; `version` is the one it was read at."""
        service.write_sheet(round_id, item_id, said, said["outcome"], said["reason"], said["version"])
        return jsonify(_sheet(queries.line(round_id, item_id)))


@bp.route(f"{AT}/tests/<uuid:round_id>/passing")
class Passing(MethodView):
    """The end of PPID Utama's test."""

    @idempotent
    @bp.arguments(schemas.PassIn)
    @bp.response(200, schemas.OneRoundOut)
    def post(self, said: dict[str, Any], round_id: UUID, **_: str) -> Response:
        """Pass a round on to the board, or end it when nothing stays closed."""
        service.pass_on(round_id, said["quorum"])
        return jsonify(_whole(round_id))

    @idempotent
    @bp.response(200, schemas.OneRoundOut)
    def delete(self, round_id: UUID, **_: str) -> Response:
        """Take a round back while nobody has given a view."""
        service.call_back(round_id)
        return jsonify(_whole(round_id))


@bp.route(f"{AT}/tests/<uuid:round_id>/advice")
class Advice(MethodView):
    """The end of the board's part."""

    @idempotent
    @bp.arguments(schemas.AdviceIn)
    @bp.response(200, schemas.OneRoundOut)
    def post(self, said: dict[str, Any], round_id: UUID, **_: str) -> Response:
        """Close the board's part under a number; its items can then be determined."""
        board.close(round_id, said["number"], said["note"])
        return jsonify(_whole(round_id))


@bp.route(f"{AT}/board")
class Board(MethodView):
    """What lies at the board."""

    @bp.response(200, schemas.WaitingListOut)
    def get(self, **_: str) -> Response:
        """List the items at the board with one's own view; others' views are not among them."""
        rows = [
            {
                "round_id": str(row.round.id), "item_id": str(row.line.entry.item_id), "title": row.line.entry.title,
                "outcome": row.line.outcome, "view": row.mine.view if row.mine and row.is_given else "",
                "due_on": row.due.due and row.due.due.isoformat(),
            }
            for row in board_queries.mine()
        ]  # fmt: skip
        return jsonify(items=rows)


@bp.route(f"{AT}/board/<uuid:round_id>/<uuid:item_id>")
class OneOpinion(MethodView):
    """One's own view on one item."""

    @idempotent
    @bp.arguments(schemas.OpinionIn)
    @bp.response(200, schemas.WaitingListOut)
    def put(self, said: dict[str, Any], round_id: UUID, item_id: UUID, **_: str) -> Response:
        """Give one's view, or change it while the round lies at the board."""
        board.give(round_id, item_id, said["view"], said["reason"])
        return self.left()

    @staticmethod
    def left() -> Response:
        """Answer with what still waits."""
        rows = [row for row in board_queries.mine() if not row.is_given]
        items = [
            {
                "round_id": str(row.round.id),
                "item_id": str(row.line.entry.item_id),
                "title": row.line.entry.title,
            }
            for row in rows
        ]
        return jsonify(items=items)
