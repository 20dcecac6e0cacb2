"""Last year's list on screen: the central brings it, says whose each name is and hands it over; a unit takes its part."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import counted, say
from ppid_saas.access.verbs import actor
from ppid_saas.accounts import queries as accounts
from ppid_saas.intake import service as intake
from ppid_saas.submissions import handovers
from ppid_saas.submissions.checking import UNIT
from ppid_saas.submissions.pages import CENTRAL
from ppid_saas.submissions.queries import handovers as queries
from ppid_saas.web.addresses import number_asked, stay
from ppid_saas.web.marks import needs

bp = Blueprint("handover_pages", __name__)
bp.url_defaults(stay)

ADDRESS = f"{CENTRAL}/serahan"
OFFER = f"{UNIT}/impor/serahan/<uuid:handover_id>"
SKIP = "-"
SHOWN_ROWS = 200
NO_NAME = say("(tanpa nama unit)")


@bp.get(ADDRESS)
def start(**_: str) -> ResponseReturnValue:
    """Bring a list; lists brought before are below."""
    return _start_page({})


def _start_page(errors: dict[str, str]) -> str:
    return render_template(
        "submissions/handover_start.html", errors=errors, splits=queries.splits(), zone=actor().zone,
        pasted=request.form.get("rows", ""),
    )  # fmt: skip


@bp.post(ADDRESS)
@needs("handover.give")
def bring(**_: str) -> ResponseReturnValue:
    """Read a list and go on to its names."""
    try:
        made = handovers.bring(*_read())
    except InvalidError as error:
        return _start_page({"file": error.message}), 422
    return redirect(url_for("handover_pages.split", split_id=made.id), 303)


def _read() -> tuple[str, list[intake.Line]]:
    """Return the name and the rows of what was sent: a file, or cells pasted from one."""
    sent, pasted = request.files.get("file"), request.form.get("rows", "")
    if sent and sent.filename:
        data = sent.stream.read(intake.MAX_BYTES + 1)
        return sent.filename[:200], intake.read_list(data, sent.filename)
    if pasted.strip():
        return str(say("Tempelan")), intake.read_list(pasted.encode("utf-8", "replace"), "")
    raise InvalidError(intake.EMPTY, {"file": [intake.EMPTY]})


@bp.get(f"{ADDRESS}/<uuid:split_id>")
def split(split_id: UUID, **_: str) -> ResponseReturnValue:
    """Whose each name is; once handed over, who has taken it."""
    return _split_page(split_id, {})


def _split_page(split_id: UUID, errors: dict[str, str]) -> str:
    found = queries.split(split_id)
    if found.given_at is not None:
        return render_template(
            "submissions/handover_given.html", split=found, given=queries.given(split_id), zone=actor().zone,
            skipped=sum(one.rows for one in queries.names_in(found) if not one.chosen),
            notice=_given_notice(),
        )  # fmt: skip
    names = [_shown(n, one, errors) for n, one in enumerate(queries.names_in(found))]
    units = [(row.slug, row.name) for row in accounts.units()]
    return render_template(
        "submissions/handover_names.html", split=found, names=names, units=units, skip=SKIP,
        errors={one["field"]: one["error"] for one in names if one["error"]} | ({"": errors[""]} if "" in errors else {}),
        to_ask=sum(one["slug"] == "" for one in names), ready=sum(one["rows"] for one in names if one["slug"] not in {"", SKIP}),
    )  # fmt: skip


def _given_notice() -> dict[str, str] | None:
    units = number_asked("diserahkan")
    if not units:
        return None
    return {
        "tone": "aman",
        "title": counted("Diserahkan ke %(num)s unit.", units),
        "text": say("Tiap unit dikabari dan memutuskan sendiri memakainya."),
    }


def _shown(n: int, one: queries.Named, errors: dict[str, str]) -> dict[str, Any]:
    typed = request.form.get(f"name.{n}") if request.form.get(f"written.{n}") == one.written else None
    slug = typed if typed is not None else one.guess.slug if one.guess else ""
    return {
        "n": n, "field": f"name.{n}", "written": one.written, "label": one.written or NO_NAME, "rows": one.rows,
        "titles": one.titles, "slug": slug, "sure": bool(one.guess and one.guess.sure),
        "error": errors.get(one.written, "") if not slug else "",
    }  # fmt: skip


@bp.post(f"{ADDRESS}/<uuid:split_id>")
def give(split_id: UUID, **_: str) -> ResponseReturnValue:
    """Hand every unit its rows."""
    try:
        n = handovers.give(split_id, _chosen())
    except InvalidError as error:
        return _split_page(split_id, error.by_field), 422
    except ConflictError:
        return redirect(url_for("handover_pages.split", split_id=split_id), 303)
    return redirect(url_for("handover_pages.split", split_id=split_id, diserahkan=n), 303)


def _chosen() -> dict[str, str]:
    """Return the unit chosen for each written name, "" where its rows are to be skipped."""
    found = {}
    for key, written in request.form.items():
        if key.startswith("written."):
            slug = request.form.get(f"name.{key.removeprefix('written.')}", "")
            if slug:
                found[written] = "" if slug == SKIP else slug
    return found


@bp.get(OFFER)
def offer(handover_id: UUID, **_: str) -> ResponseReturnValue:
    """What the central prepared for this unit, judged as an import would be; nothing is taken yet."""
    found = queries.handover(handover_id)
    before = intake.adopted(handover_id)
    if before is not None and before.state == "saved":
        return redirect(url_for("intake_pages.result", batch_id=before.id), 303)
    rows = intake.judged(queries.rows_of(found))
    taken = [row for row in rows if row["take"]]
    return render_template(
        "submissions/handover_offer.html", handover=found, rows=rows[:SHOWN_ROWS], total=len(rows), zone=actor().zone,
        new=len(taken),
        lacking=sum(any(one["severity"] == "block" for one in row["problems"]) for row in taken),
        left=len(rows) - len(taken),
    )  # fmt: skip


@bp.post(OFFER)
def adopt(handover_id: UUID, **_: str) -> ResponseReturnValue:
    """Take it all at once, or go through it row by row as with any import."""
    at_once = request.form.get("go") != "check"
    try:
        batch = handovers.adopt(handover_id, at_once=at_once)
    except InvalidError:
        batch = handovers.adopt(handover_id, at_once=False)
    return redirect(url_for("intake_pages.go_on", batch_id=batch.id), 303)
