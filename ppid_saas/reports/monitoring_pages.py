"""How the work goes, at the central: what is late, the pace of steps and units, and a year's evidence to take along."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.reports import monitoring, packing
from ppid_saas.reports.pages import zipped
from ppid_saas.web.addresses import number_asked, stay
from ppid_saas.web.marks import needs
from tenants import clock

bp = Blueprint("monitoring_pages", __name__, url_prefix="/<region>/pusat/laporan")
bp.url_defaults(stay)

YEARS = 6
BAR = 120


@bp.get("")
def report(**_: str) -> ResponseReturnValue:
    """What is late, and how steps and units went in a year."""
    offered = _years()
    year = number_asked("tahun", offered[0])
    year = year if year in offered else offered[0]
    paces = monitoring.paces(year)
    longest = max((one.days or 0 for one in paces), default=0) or 1
    return render_template(
        "reports/report.html", year=year, years=offered, paces=paces, units=monitoring.unit_paces(year), words=monitoring.step_words,
        bars={one.kind: max(2, round((one.days or 0) / longest * BAR)) for one in paces}, overdue=monitoring.overdue(),
    )  # fmt: skip


def _years() -> list[int]:
    this = clock.today(actor().zone).year
    return [this - n for n in range(YEARS)]


@bp.post("/bukti")
@needs("report.read")
def evidence(**_: str) -> ResponseReturnValue:
    """A year's evidence as ZIP; taking it is recorded."""
    asked = request.form.get("year", "")
    if asked not in map(str, _years()):
        raise InvalidError(say("Pilih tahun yang ditawarkan."))
    return zipped(packing.pack(int(asked)), f"bukti-emonev-{asked}.zip")
