"""What waits for KPU RI at a central, office by office; where the central is KPU RI itself, the granting."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import counted, say
from ppid_saas.access.verbs import actor
from ppid_saas.determinations import kpu
from ppid_saas.determinations.capping import past_cap
from ppid_saas.kpu.rules import Grant
from ppid_saas.kpu.schemas import GrantIn
from ppid_saas.web.addresses import number_asked, stay
from ppid_saas.web.forms import boxes, first_messages, load, read_date
from ppid_saas.web.marks import needs
from tenants import clock

bp = Blueprint("kpu_ri_pages", __name__, url_prefix="/<region>/pusat/kpu")
bp.url_defaults(stay)


@bp.get("")
def waiting(**_: str) -> ResponseReturnValue:
    """Every item without KPU RI's act."""
    n = number_asked("disetujui")
    text = counted("%(num)s butir disetujui dan kini boleh terbit.", n) if n else ""
    return _page(None, {}, {}, {"tone": "aman", "text": text} if text else None)


def _page(
    of: UUID | None, values: dict[str, Any], errors: dict[str, str], notice: dict[str, str] | None = None
) -> str:
    today = clock.today(actor().zone)
    now = {"day": str(today.day), "month": str(today.month), "year": str(today.year)}
    offices = kpu.waiting()
    too_long = past_cap([one for office in offices for one in office.entries], today)
    return render_template(
        "determinations/kpu.html", offices=offices, too_long=too_long, grants=kpu.is_kpu_ri(), of=of, values={"dated_on": now} | values,
        errors=errors, notice=notice,
    )  # fmt: skip


@bp.post("/<uuid:sender_id>")
@needs("kpu.grant")
def grant(sender_id: UUID, **_: str) -> ResponseReturnValue:
    """Grant, as KPU RI, what one office put forward."""
    form = request.form
    typed = {"number": form.get("number", ""), "dated_on": boxes(form, "dated_on")}
    try:
        said = load(GrantIn(), {"number": form.get("number"), "dated_on": read_date(form, "dated_on")})
        done = kpu.grant(sender_id, Grant(**said))
    except InvalidError as error:
        return _page(sender_id, typed, first_messages(error)), 422
    except ConflictError as error:
        notice = {"tone": "perhatian", "title": say("Belum tercatat"), "text": error.message}
        return _page(sender_id, typed, {}, notice), 409
    return redirect(url_for("kpu_ri_pages.waiting", disetujui=done), 303)
