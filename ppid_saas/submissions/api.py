"""Collections and submissions for programs: a unit hands in and follows its list, a central opens and watches windows."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify, url_for
from flask.views import MethodView
from flask_smorest import Blueprint

from ppid_saas.access.errors import NotFoundError
from ppid_saas.cases import queries as cases
from ppid_saas.events.idempotency import idempotent
from ppid_saas.submissions import schemas, service, withdrawing
from ppid_saas.submissions.queries import central, unit
from ppid_saas.web.addresses import stay
from ppid_saas.web.marks import needs

bp = Blueprint("submissions_api", __name__, description="Masa pengumpulan dan pengajuan.")
bp.url_defaults(stay)

UNIT = "/api/v1/<region>/u/<unit>/submissions"
CENTRAL = "/api/v1/<region>/pusat/collections"


def _window(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id), "title": row.title, "opens_on": row.opens_on.isoformat(), "due_on": row.due_on.isoformat(),
    }  # fmt: skip


def _handed(handed: unit.Handed) -> dict[str, Any]:
    sent = handed.submission
    return {
        "id": str(sent.id), "number": sent.number, "collection": str(sent.collection_id), "round": sent.round,
        "is_nil": sent.is_nil, "item_count": sent.item_count, "hash": sent.hash,
        "submitted_at": sent.submitted_at.isoformat(), "standing": handed.standing, "returned": handed.returned,
    }  # fmt: skip


def _progress(submission_id: UUID) -> list[dict[str, Any]]:
    items = unit.handed_items(submission_id)
    told = unit.statuses([item.item_id for item in items])
    answers = []
    for item in items:
        status = told.get(item.item_id)
        due_on = status.due_on.isoformat() if status and status.due_on else None
        answers.append(
            {
                "ref": item.ref, "title": item.title, "hash": item.hash, "due_on": due_on,
                "state": status.state if status else "received", "turn": status.turn if status else "central",
            }
        )  # fmt: skip
    return answers


@bp.route(UNIT)
class Submissions(MethodView):
    """What a unit handed in."""

    @bp.response(200, schemas.UnitListOut)
    def get(self, **_: str) -> Response:
        """List submissions and the windows opened for this unit."""
        return jsonify(
            submissions=[_handed(one) for one in unit.submissions()],
            collections=[_window(one) for one in unit.collections()],
        )

    @idempotent
    @bp.arguments(schemas.SendIn)
    @bp.response(201, schemas.OneSubmissionOut)
    @needs("submission.send")
    def post(self, said: dict[str, Any], **_: str) -> Response:
        """Hand in the register; a round already handed in is answered as it is."""
        sent = service.send(said["collection"], said["round"], declared=said["declared"])
        response = jsonify(_handed(unit.submission(sent.id)) | {"items": _progress(sent.id)})
        response.status_code = 201
        response.headers["Location"] = url_for("submissions_api.OneSubmission", submission_id=sent.id)
        return response


@bp.route(f"{UNIT}/<uuid:submission_id>")
class OneSubmission(MethodView):
    """One submission."""

    @bp.response(200, schemas.OneSubmissionOut)
    def get(self, submission_id: UUID, **_: str) -> Response:
        """Read a submission with the progress of each item."""
        return jsonify(_handed(unit.submission(submission_id)) | {"items": _progress(submission_id)})


@bp.route(f"{UNIT}/<uuid:submission_id>/withdrawal")
class Withdrawals(MethodView):
    """Taking a submission back."""

    @idempotent
    @bp.arguments(schemas.WithdrawIn)
    @bp.response(200, schemas.OneSubmissionOut)
    @needs("submission.send")
    def post(self, said: dict[str, str], submission_id: UUID, **_: str) -> Response:
        """Take a submission back before the central began with it; its items may be changed again."""
        handed = withdrawing.withdraw(submission_id, said["reason"])
        return jsonify(_handed(handed) | {"items": _progress(submission_id)})


def _opened(collection_id: UUID) -> dict[str, Any]:
    row, case = central.opened_one(collection_id), cases.case_of("collection", collection_id)
    if case is None:
        raise NotFoundError
    board = [
        {
            "unit": one.unit.slug, "name": one.unit.name, "standing": one.standing,
            "submission": str(one.latest.id) if one.latest else None,
        }
        for one in central.board(collection_id)
    ]  # fmt: skip
    steps = [action.id for action in cases.case_actions(case)]
    return _window(row) | {"sop": cases.sop_of(case).key, "state": case.state, "steps": steps, "units": board}


@bp.route(CENTRAL)
class Collections(MethodView):
    """The windows of a central."""

    @bp.response(200, schemas.OpenedListOut)
    def get(self, **_: str) -> Response:
        """List windows, newest first."""
        return jsonify(collections=[_window(row) for row in central.opened()])

    @idempotent
    @bp.arguments(schemas.CollectionIn)
    @bp.response(201, schemas.OpenedOut)
    def post(self, asked: dict[str, Any], **_: str) -> Response:
        """Open a window for every unit."""
        collection_id = service.open_collection(**asked)
        response = jsonify(_opened(collection_id))
        response.status_code = 201
        response.headers["Location"] = url_for("submissions_api.OneCollection", collection_id=collection_id)
        return response


@bp.route(f"{CENTRAL}/<uuid:collection_id>")
class OneCollection(MethodView):
    """One window."""

    @bp.response(200, schemas.OpenedOut)
    def get(self, collection_id: UUID, **_: str) -> Response:
        """Read a window: its case and where each unit stands."""
        return jsonify(_opened(collection_id))


@bp.route(f"{CENTRAL}/<uuid:collection_id>/steps")
class Steps(MethodView):
    """The SOP case of a window."""

    @idempotent
    @bp.arguments(schemas.StepIn)
    @bp.response(200, schemas.OpenedOut)
    def post(self, asked: dict[str, str], collection_id: UUID, **_: str) -> Response:
        """Take a step; `steps` of the window says which may be taken now."""
        service.take_step(collection_id, asked["step"])
        return jsonify(_opened(collection_id))


@bp.route(f"{CENTRAL}/<uuid:collection_id>/reminders")
class Reminders(MethodView):
    """Reminding units of a window."""

    @idempotent
    @bp.arguments(schemas.RemindIn)
    @bp.response(200, schemas.RemindedOut)
    def post(self, asked: dict[str, list[str]], collection_id: UUID, **_: str) -> Response:
        """Remind units that still owe something, once a day each."""
        return jsonify(reminded=service.remind(collection_id, asked["units"]))
