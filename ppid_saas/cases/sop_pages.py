"""The SOP catalogue on screen, in units and centrals alike: the forms, their diagrams, their print, and the choosing."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import InvalidError, NotFoundError
from ppid_saas.access.policy import may
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.cases import choosing, sheets
from ppid_saas.cases.queries import PROCESSES
from ppid_saas.sop.catalogue import load_catalogue
from ppid_saas.sop.drawing import draw, lanes, lanes_of, shape_of
from ppid_saas.sop.engine import with_limits
from ppid_saas.sop.model import Sop
from ppid_saas.web.addresses import stay
from ppid_saas.web.marks import needs

bp = Blueprint("sop_pages", __name__)
bp.url_defaults(stay)

PLACES = ("/<region>/u/<unit>/sop", "/<region>/pusat/sop")
PROCESS_WORDS = {"documenting": say("Pendokumentasian"), "testing": say("Uji konsekuensi")}
READINGS = {
    "read": (say("terbaca"), "aman"),
    "reconstructed": (say("dipulihkan"), "perhatian"),
    "illegible": (say("tidak terbaca"), "netral"),
}
SAVED = say(
    "Pilihan SOP dan batas waktu tersimpan. Perkara yang sudah berjalan tetap memakai versi dan batas semula."
)
NOT_A_NUMBER = say("Tulis jumlah hari dengan angka.")


def _may_choose() -> bool:
    who = actor()
    return may(who.roles, "sop.choose") and bool(choosing.offered("documenting"))


def catalogue(**_: str) -> ResponseReturnValue:
    """Every SOP we have, and which one guides this tenant."""
    used = {sop.key for sop in choosing.in_use().values()}
    notice = {"tone": "aman", "text": SAVED} if request.args.get("tersimpan") else None
    return render_template(
        "cases/sops.html", sops=load_catalogue().values(), used=used, process_words=PROCESS_WORDS, may_choose=_may_choose(),
        notice=notice,
    )  # fmt: skip


def sop(key: str, **_: str) -> ResponseReturnValue:
    """One version of one SOP: head, diagram, table."""
    found = _sop(key)
    return render_template(
        "cases/sop.html", sop=found, drawing=draw(found), lanes_of=lanes_of, readings=READINGS, process_words=PROCESS_WORDS,
        used=found.key in {one.key for one in choosing.in_use().values()}, limit_words=sheets.limit_words,
    )  # fmt: skip


def _sop(key: str) -> Sop:
    """Return an SOP with the tenant's own limits where it is the tenant's own."""
    if key not in load_catalogue():
        raise NotFoundError
    found, who = load_catalogue()[key], actor()
    return with_limits(found, who.settings.get("limits", {})) if choosing.fits(found, who) else found


def sheet(key: str, **_: str) -> ResponseReturnValue:
    """The form as PDF, A4 or F4."""
    found = load_catalogue().get(key)
    paper = request.args.get("kertas", "a4")
    if found is None or paper not in sheets.PAPERS:
        raise NotFoundError
    columns = lanes(found)
    symbols = {step.id: shape_of(found, step) for step in found.steps}
    headers = {"Content-Disposition": f'inline; filename="sop-{found.key}.pdf"'}
    return Response(sheets.pdf(found, columns, symbols, paper), mimetype="application/pdf", headers=headers)


def choose_form(**_: str) -> ResponseReturnValue:
    """What this tenant walks by, to be changed."""
    used = choosing.in_use()
    values: dict[str, str] = {process: used[process].key if process in used else "" for process in PROCESSES}
    values |= {f"days.{one.step.id}": str(one.own or "") for one in choosing.adjustable()}
    return _form(values, {})


def _form(values: dict[str, str], errors: dict[str, str]) -> str:
    if not _may_choose():
        raise NotFoundError
    offers = {process: choosing.offered(process) for process in PROCESSES}
    return render_template(
        "cases/choose_sop.html", offers=offers, process_words=PROCESS_WORDS, steps=choosing.adjustable(), values=values,
        errors=errors,
    )  # fmt: skip


def choose(**_: str) -> ResponseReturnValue:
    """Keep the choice; then the numbers of days."""
    form = request.form
    try:
        choosing.settle({p: form[p] for p in PROCESSES if p in form}, _days(form))
    except InvalidError as error:
        fields = {
            name if name in PROCESSES else f"days.{name}": messages[0]
            for name, messages in error.fields.items()
        }
        return _form(dict(form), fields), 422
    return redirect(url_for("sop_pages.catalogue", tersimpan=1), 303)


def _days(form: Any) -> dict[str, int | None]:
    typed = {name.removeprefix("days."): form[name].strip() for name in form if name.startswith("days.")}
    wrong = {
        name: [NOT_A_NUMBER]
        for name, days in typed.items()
        if days and not (days.isascii() and days.isdecimal() and len(days) < 6)
    }
    if wrong:
        raise InvalidError(say("Ada batas waktu yang belum benar."), wrong)
    return {name: int(days) if days else None for name, days in typed.items()}


needs("sop.choose")(choose)
for place in PLACES:
    bp.add_url_rule(place, "catalogue", catalogue)
    bp.add_url_rule(f"{place}/pilih", "choose_form", choose_form)
    bp.add_url_rule(f"{place}/pilih", "choose", choose, methods=["POST"])
    bp.add_url_rule(f"{place}/<key>", "sop", sop)
    bp.add_url_rule(f"{place}/<key>/cetak", "sheet", sheet)
