"""The national calendar in the console: what is in force, a decree pasted, what it changes, and its issue."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.console import decree as service
from ppid_saas.console.pages import around, operators_only
from ppid_saas.web.marks import signed_in
from ppid_saas.workdays.decrees import changed

bp = Blueprint("decree_pages", __name__, url_prefix="/platform/kalender")
bp.before_request(operators_only)
bp.context_processor(around)


@bp.get("")
@signed_in
def calendar() -> ResponseReturnValue:
    """The versions, and the form for a new decree."""
    return _page({})


def _page(errors: dict[str, str], changes: object = None) -> str:
    return render_template(
        "console/calendar.html",
        editions=service.editions(),
        errors=errors,
        changes=changes,
        values=request.form,
    )


@bp.post("")
@signed_in
def issue() -> ResponseReturnValue:
    """Show what a decree changes, then put it in force."""
    asked = request.form.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else 0
    written, number = (
        request.form.get("days", "")[:20_000].replace("\x00", ""),
        request.form.get("number", "")[:60].replace("\x00", ""),
    )
    try:
        if request.form.get("yakin") != "1":
            days = service.understood(written, year)
            return _page({}, changed(service.in_force(), days, year))
        service.issue(number, year, written)
    except InvalidError as error:
        return _page(error.by_field), 422
    except ConflictError as error:
        return _page({name: messages[0] for name, messages in error.fields.items()}), 409
    return redirect(url_for("decree_pages.calendar"), 303)
