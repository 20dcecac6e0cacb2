"""Rounds of tests on screen: what is under test, one round, taking items up, passing a round on, closing the board's part."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.cases import queries as cases
from ppid_saas.consequence_tests import board, board_queries, queries, schemas, service, walking
from ppid_saas.consequence_tests.rules import OUTCOMES, STAYS_CLOSED, TRIGGERS, VIEWS
from ppid_saas.web.addresses import stay
from ppid_saas.web.forms import first_messages, load
from ppid_saas.web.marks import needs

bp = Blueprint("consequence_tests_pages", __name__, url_prefix="/<region>/pusat")
bp.url_defaults(stay)

TOLD = {
    "mulai": say("Butir masuk pengujian. Unitnya dikabari."),
    "diikuti": say("Hasil uji unit dipakai untuk butir yang lengkap."),
    "disampaikan": say("Hasil uji sudah disampaikan."),
    "ditarik": say("Putaran ini kembali diuji di PPID Utama."),
    "ditutup": say("Pertimbangan ditutup. Butirnya sekarang dapat ditetapkan."),
    "tersimpan": say("Lembar uji disimpan."),
    "diunggah": say("Lembar pertimbangan bertanda tangan disimpan tertutup di PPID Utama."),
}
Notice = dict[str, str]


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"outcome_words": OUTCOMES, "view_words": VIEWS, "trigger_words": TRIGGERS}


def told() -> Notice | None:
    """Return what the action before this page brought."""
    words = TOLD.get(request.args.get("kabar", ""))
    return {"tone": "aman", "text": words} if words else None


@bp.get("/uji")
def rounds(**_: str) -> ResponseReturnValue:
    """What is under test, and what the board has spoken on."""
    return render_template(
        "consequence_tests/rounds.html", rows=queries.rounds(), done=queries.rounds(advised=True)[:50],
        demanded=walking.is_demanded(), waiting=len(queries.startable()),
    )  # fmt: skip


@bp.get("/uji/mulai")
@needs("test.write")
def begin_form(**_: str) -> ResponseReturnValue:
    """Which items to take up, and why."""
    return _begin_page({"trigger": "routine"}, {})


def _begin_page(values: dict[str, Any], errors: dict[str, str], notice: Notice | None = None) -> str:
    entries = queries.startable()
    lacking = queries.untested([entry.item_id for entry in entries])
    chosen = set(request.form.getlist("items")) or set(request.args.getlist("butir"))
    return render_template(
        "consequence_tests/begin.html", entries=entries, lacking=lacking, values=values, errors=errors,
        chosen=chosen, notice=notice,
    )  # fmt: skip


@bp.post("/uji/mulai")
@needs("test.write")
def begin(**_: str) -> ResponseReturnValue:
    """Take the chosen items up."""
    typed = {name: request.form.get(name, "") for name in ("trigger", "note")}
    try:
        said = load(schemas.BeginIn(), typed | {"items": request.form.getlist("items")})
        made = service.begin(said["items"], said["trigger"], said["note"])
    except InvalidError as error:
        return _begin_page(typed, first_messages(error)), 422
    except ConflictError as error:
        return _begin_page(typed, {}, _trouble(error)), 409
    return at(made.id, "mulai")


def at(round_id: UUID, news: str = "") -> ResponseReturnValue:
    """Return to the round."""
    return redirect(url_for("consequence_tests_pages.one_round", round_id=round_id, kabar=news or None), 303)


def _trouble(error: ConflictError | InvalidError) -> Notice:
    return {"tone": "perhatian", "text": error.message}


@bp.get("/uji/<uuid:round_id>")
def one_round(round_id: UUID, **_: str) -> ResponseReturnValue:
    """One round: its items, whose turn it is, and what may be done now."""
    return round_page(round_id, told())


def round_page(
    round_id: UUID, notice: Notice | None = None, errors: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
) -> str:  # fmt: skip
    """Return the page of a round."""
    row, lines = queries.round_row(round_id), queries.lines(round_id)
    counted = board_queries.counted(round_id) if row.round.passed_at else []
    case = walking.case_of(round_id)
    return render_template(
        "consequence_tests/round.html", row=row, round=row.round, lines=lines, counted=counted, notice=notice,
        errors=errors or {}, values=values or {}, zone=actor().zone, opinions_given=any(c.opinions for c in counted),
        left=sum(not line.outcome for line in lines),
        first_left=next((line.entry.item_id for line in lines if not line.outcome), None), to_board=sum(line.outcome in STAYS_CLOSED for line in lines),
        can_follow=sum(service.can_follow(line.sheet) for line in lines),
        may={step: walking.may(case, step) for step in ("test_at_central", "end_open", "call_back", "close_advice")},
        enough=all(one.tally.is_met for one in counted) or board_queries.is_overdue(round_id),
        warning="" if row.round.advised_at else cases.form_warning(case, row.due),
        overdue=bool(counted) and board_queries.is_overdue(round_id),
    )  # fmt: skip


@bp.post("/uji/<uuid:round_id>/ikuti")
def follow(round_id: UUID, **_: str) -> ResponseReturnValue:
    """Take over the units' own results where nothing is lacking."""
    try:
        service.follow_units(round_id)
    except ConflictError as error:
        return round_page(round_id, _trouble(error)), 409
    return at(round_id, "diikuti")


@bp.post("/uji/<uuid:round_id>/sampaikan")
def pass_on(round_id: UUID, **_: str) -> ResponseReturnValue:
    """End PPID Utama's test."""
    try:
        said = load(schemas.PassIn(), {"quorum": _number(request.form.get("quorum", ""))})
        service.pass_on(round_id, said["quorum"])
    except InvalidError as error:
        return round_page(round_id, errors=first_messages(error)), 422
    except ConflictError as error:
        return round_page(round_id, _trouble(error)), 409
    return at(round_id, "disampaikan")


def _number(typed: str) -> int | str:
    return (
        int(typed)
        if typed.isascii() and typed.isdecimal() and len(typed) < len(str(schemas.LARGEST))
        else typed or 0
    )


@bp.post("/uji/<uuid:round_id>/tarik")
def call_back(round_id: UUID, **_: str) -> ResponseReturnValue:
    """Take a round back from the board."""
    try:
        service.call_back(round_id)
    except ConflictError as error:
        return round_page(round_id, _trouble(error)), 409
    return at(round_id, "ditarik")


@bp.post("/uji/<uuid:round_id>/tutup")
def close_advice(round_id: UUID, **_: str) -> ResponseReturnValue:
    """Close the board's part."""
    typed = {name: request.form.get(name, "") for name in ("number", "note")}
    try:
        said = load(schemas.AdviceIn(), typed)
        board.close(round_id, said["number"], said["note"])
    except InvalidError as error:
        return round_page(round_id, errors=first_messages(error), values=typed), 422
    except ConflictError as error:
        return round_page(round_id, _trouble(error), values=typed), 409
    return at(round_id, "ditutup")
