"""The calendar on screen: what is owed and until when, why that day, own closed days with what they move. Parses, calls, renders."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.cases import feeds, queries
from ppid_saas.cases import own_calendar as service
from ppid_saas.cases.models import Obligation
from ppid_saas.cases.rules import Chip
from ppid_saas.web.addresses import number_asked, stay
from ppid_saas.web.forms import NOT_A_DATE, AtMost, Tidy, boxes, first_messages, load, read_date
from ppid_saas.web.marks import needs
from ppid_saas.workdays.calendar import Calendar, ClosedDay, DayKind, Override
from tenants import clock

bp = Blueprint("calendar_pages", __name__)
bp.url_defaults(stay)

UNIT = "/<region>/u/<unit>/kalender"
CENTRAL = "/<region>/pusat/kalender"
ONE = "/tenggat/<uuid:duty_id>"
KIND_WORDS = {
    DayKind.WORKING: say("Hari kerja"),
    DayKind.WEEKEND: say("Akhir pekan"),
    DayKind.PUBLIC_HOLIDAY: say("Libur nasional"),
    DayKind.JOINT_LEAVE: say("Cuti bersama"),
    DayKind.LOCAL: say("Libur daerah"),
}
SHOWN = 50


class DayIn(Tidy):
    """A day of one's own."""

    day = fields.Date(
        required=True, error_messages=dict.fromkeys(("invalid", "required", "null"), NOT_A_DATE)
    )
    reason = fields.String(load_default="", validate=AtMost(max=300))


@bp.get(UNIT)
@bp.get(CENTRAL)
@needs("calendar.read")
def calendar(**_: str) -> ResponseReturnValue:
    """What is owed, the year's closed days, and one's own."""
    return page({}, None)


def page(errors: dict[str, str], notice: dict[str, str] | None, moved: Any = None, feed_url: str = "") -> str:
    """Render the calendar."""
    today = clock.today(actor().zone)
    known, year = queries.calendar_for_tenant(), number_asked("tahun", today.year)
    if not queries.FIRST_YEAR <= year <= service.LAST_YEAR:
        raise NotFoundError
    duties = feeds.shown_duties(SHOWN)
    return render_template(
        "cases/calendar.html", calendar=known, year=year, special=queries.special_days(), errors=errors, notice=notice, moved=moved,
        months=_by_month(duties, today), kinds=KIND_WORDS, decreed=year in known.decreed_years,
        closed=_closed(known, year),
        values=dict(request.form) | {"day": boxes(request.form, "day")}, first=queries.FIRST_YEAR, last=service.LAST_YEAR, feed_url=feed_url, has_feed=feeds.mine() is not None,
    )  # fmt: skip


def _by_month(
    duties: Sequence[Obligation], today: date
) -> list[tuple[date | None, list[tuple[Obligation, Chip]]]]:
    """Return what is past its day, then what each month holds, the nearest first; both only where there is something."""
    months: dict[date | None, list[tuple[Obligation, Chip]]] = {}
    for duty in duties:
        first = None if duty.due_on < today else duty.due_on.replace(day=1)
        months.setdefault(first, []).append((duty, queries.duty_chip(duty)))
    return sorted(months.items(), key=lambda pair: pair[0] or date.min)


def _closed(known: Calendar, year: int) -> list[tuple[date, ClosedDay]]:
    """Return the days of a year that would be worked were they not holidays, but for those worked in spite of it."""
    days = [(day, one) for day, one in known.closed.items() if day.year == year]
    return [(day, one) for day, one in days if day.isoweekday() <= known.week and day not in known.opened]


def _try(act: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    try:
        return act()
    except InvalidError as error:
        return page(first_messages(error), None), 422
    except ConflictError as error:
        return page({}, {"tone": "perhatian", "text": error.message}), 409


def _wanted() -> Override:
    said = load(DayIn(), {"day": read_date(request.form, "day"), "reason": request.form.get("reason", "")})
    return Override(said["day"], request.form.get("working") == "1", said["reason"])


@bp.post(f"{UNIT}/hari")
@bp.post(f"{CENTRAL}/hari")
@needs("calendar.set")
def add_day(**_: str) -> ResponseReturnValue:
    """Show what an own day would move, then add it."""

    def act() -> ResponseReturnValue:
        wanted = _wanted()
        if request.form.get("yakin") != "1":
            return page({}, None, service.preview(wanted))
        return _to_job(service.add_day(wanted).id)

    return _try(act)


def _to_job(job_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("job_pages.job", job_id=job_id), 303)


@bp.post(f"{UNIT}/hari/hapus")
@bp.post(f"{CENTRAL}/hari/hapus")
@needs("calendar.set")
def remove_day(**_: str) -> ResponseReturnValue:
    """Take an own day back."""

    def act() -> ResponseReturnValue:
        said = load(DayIn(), {"day": request.form.get("day", "")})
        return _to_job(service.remove_day(said["day"]).id)

    return _try(act)


@bp.post(f"{UNIT}/minggu")
@bp.post(f"{CENTRAL}/minggu")
@needs("calendar.set")
def set_week(**_: str) -> ResponseReturnValue:
    """Say how many days a week are worked."""

    def act() -> ResponseReturnValue:
        days = {"5": 5, "6": 6}.get(request.form.get("week", ""), 0)
        return _to_job(service.set_week(days, joint_leave_closed="joint_leave_closed" in request.form).id)

    return _try(act)


@bp.get(f"{UNIT}{ONE}")
@bp.get(f"{CENTRAL}{ONE}")
@needs("calendar.read")
def deadline(duty_id: UUID, **_: str) -> ResponseReturnValue:
    """Why a deadline falls on its day."""
    return _deadline_page(duty_id, {})


def _deadline_page(duty_id: UUID, errors: dict[str, str], notice: dict[str, str] | None = None) -> str:
    found = service.explained(duty_id)
    return render_template(
        "cases/deadline.html", found=found, duty=found.duty, chip=queries.duty_chip(found.duty), kinds=KIND_WORDS,
        errors=errors, notice=notice, values=request.form,
    )  # fmt: skip


def _with_clock(duty_id: UUID, act: Callable[[], None]) -> ResponseReturnValue:
    try:
        act()
    except InvalidError as error:
        return _deadline_page(duty_id, first_messages(error)), 422
    except ConflictError as error:
        return _deadline_page(duty_id, {}, {"tone": "perhatian", "text": error.message}), 409
    return redirect(url_for("calendar_pages.deadline", duty_id=duty_id), 303)


@bp.post(f"{CENTRAL}{ONE}/jeda")
@needs("calendar.pause")
def pause(duty_id: UUID, **_: str) -> ResponseReturnValue:
    """Stop its clock."""
    return _with_clock(duty_id, lambda: service.pause(duty_id, request.form.get("reason", "")[:1000]))


@bp.post(f"{CENTRAL}{ONE}/lanjut")
@needs("calendar.pause")
def resume(duty_id: UUID, **_: str) -> ResponseReturnValue:
    """Let it go on."""
    return _with_clock(duty_id, lambda: service.resume(duty_id))
