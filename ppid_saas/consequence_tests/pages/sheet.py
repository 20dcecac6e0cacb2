"""One test sheet on screen: the unit's test and PPID Utama's side by side, and the page that settles two people's changes."""

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.consequence_tests import queries, schemas, service
from ppid_saas.consequence_tests.models import Sheet
from ppid_saas.consequence_tests.pages.rounds import bp, told
from ppid_saas.consequence_tests.rules import OUTCOMES, WRITTEN, lacking
from ppid_saas.consolidation.queries.matches import doubles_of
from ppid_saas.law.checks import check_item
from ppid_saas.register.rules import LABELS, changed_fields, diff_words, field_words
from ppid_saas.web.forms import first_messages, load
from ppid_saas.web.marks import needs
from tenants import clock

ORDER = (
    "harm",
    "benefit",
    "interest",
    "loss",
    "open_part",
    "balance_reason",
    "participants",
    "outcome",
    "reason",
)
OWN = {"outcome": say("Hasil uji"), "reason": say("Alasan hasil uji")}


@bp.get("/uji/<uuid:round_id>/<uuid:item_id>")
def sheet(round_id: UUID, item_id: UUID, **_: str) -> ResponseReturnValue:
    """One sheet."""
    return _page(round_id, item_id, notice=told())


def _page(
    round_id: UUID, item_id: UUID, *, values: dict[str, Any] | None = None, errors: dict[str, str] | None = None,
    notice: dict[str, str] | None = None,
) -> str:  # fmt: skip
    row, line = queries.round_row(round_id), queries.line(round_id, item_id)
    made = queries.versions(round_id, item_id)
    values = values or _values(line.sheet)
    order = [one.entry.item_id for one in queries.lines(round_id)]
    here = order.index(item_id)
    return render_template(
        "consequence_tests/sheet.html", row=row, round=row.round, line=line, entry=line.entry, unit_sheet=made[0],
        versions=made, values=values, errors=errors or {}, notice=notice, zone=actor().zone,
        earlier=queries.earlier_tests(item_id, round_id), doubles=doubles_of(
            line.entry.body, item_id=item_id, sender_name=line.entry.sender_name
        ),
        next_id=order[here + 1] if here + 1 < len(order) else None, position=here + 1, total=len(order),
        changes=_changes(made), said=_said(line.sheet.body, values), open=row.round.passed_at is None,
    )  # fmt: skip


def _values(newest: Sheet) -> dict[str, Any]:
    body = newest.body
    texts = {name: body.get(name) or "" for name in WRITTEN}
    people = "\n".join(body.get("participants") or ())
    return texts | {
        "participants": people,
        "outcome": newest.outcome,
        "reason": newest.reason,
        "version": newest.version,
    }


def _changes(made: Any) -> list[dict[str, Any]]:
    """Return what PPID Utama and the unit changed in the unit's own test, word by word."""
    first, last = made[0].body, made[-1].body
    return [
        {"label": LABELS[name], "parts": diff_words(field_words(first, name), field_words(last, name))}
        for name in changed_fields(first, last)
    ]


def _said(body: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Return what the form says back to what is typed so far: what is still lacking, and what the law asks."""
    typed = service.tested_body(body, _typed(values), values["outcome"])
    missing = _missing(typed, values["outcome"], values["reason"])
    wanted = [
        name for name in ("outcome", "reason", "harm", "interest", "participants") if name not in missing
    ]
    entries = [
        {"label": messages[0], "done": False, "url": f"#f-{name}"} for name, messages in missing.items()
    ] + [{"label": OWN.get(name) or LABELS[name], "done": True} for name in wanted]
    asked = [
        {"label": LABELS[found.field], "text": say(found.message_id, **found.params)}
        for found in check_item(typed, clock.today(actor().zone))
        if found.field in WRITTEN
    ]
    return {"done": len(wanted), "total": len(entries), "entries": entries, "asked": asked}


def _missing(typed: dict[str, Any], outcome: str, reason: str) -> dict[str, list[str]]:
    """Before an outcome is chosen, what the strictest one asks for is shown."""
    unsaid = {} if outcome else lacking(typed, "", reason)
    return unsaid | lacking(typed, outcome or "exempt", reason)


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    people = [" ".join(one.split()) for one in str(values["participants"]).splitlines() if one.strip()]
    return {name: values[name] for name in WRITTEN} | {"participants": people}


def _form() -> dict[str, Any]:
    version = request.form.get("version", "")
    known = (
        version
        if version.isascii() and version.isdecimal() and len(version) < len(str(schemas.LARGEST))
        else "0"
    )
    return {name: request.form.get(name, "") for name in ORDER} | {"version": int(known)}


@bp.post("/uji/<uuid:round_id>/<uuid:item_id>/kelengkapan")
@needs("test.write")
def sheet_live(round_id: UUID, item_id: UUID, **_: str) -> ResponseReturnValue:
    """What the form says back to what is typed so far; nothing is saved."""
    values = _form()
    if values["outcome"] not in OUTCOMES:
        values["outcome"] = ""
    said = _said(queries.line(round_id, item_id).sheet.body, values)
    return render_template("consequence_tests/_live.html", said=said)


@bp.post("/uji/<uuid:round_id>/<uuid:item_id>")
def write(round_id: UUID, item_id: UUID, **_: str) -> ResponseReturnValue:
    """Save the sheet; show both texts when someone was faster."""
    values = _form()
    try:
        said = load(schemas.SheetIn(), values | _typed(values))
        said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
        service.write_sheet(round_id, item_id, said, said["outcome"], said["reason"], said["version"])
    except InvalidError as error:
        return _page(round_id, item_id, values=values, errors=first_messages(error)), 422
    except ConflictError as error:
        if "version" not in error.fields:
            return _page(
                round_id, item_id, values=values, notice={"tone": "perhatian", "text": error.message}
            ), 409
        return _conflict(round_id, item_id, values, error), 409
    onward = request.form.get("next", "") if request.form.get("go") == "next" else ""
    known = {str(one.entry.item_id) for one in queries.lines(round_id)}
    target = UUID(onward) if onward in known else item_id
    return redirect(
        url_for("consequence_tests_pages.sheet", round_id=round_id, item_id=target, kabar="tersimpan"), 303
    )


def _conflict(round_id: UUID, item_id: UUID, values: dict[str, Any], error: ConflictError) -> str:
    line = queries.line(round_id, item_id)
    theirs = _values(line.sheet)
    rows = [
        {"name": name, "label": OWN.get(name) or LABELS[name], "mine": _shown(name, values[name]),
         "theirs": _shown(name, theirs[name])}
        for name in ORDER
        if str(values[name]).split() != str(theirs[name]).split()
    ]  # fmt: skip
    return render_template(
        "consequence_tests/conflict.html", line=line, rows=rows, values=values, theirs=theirs, names=ORDER,
        round_id=round_id, message=error.message,
    )  # fmt: skip


def _shown(name: str, value: str) -> str:
    return OUTCOMES[value][0] if name == "outcome" and value in OUTCOMES else value
