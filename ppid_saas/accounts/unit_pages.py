"""A central's units and their first officers: a pasted list checked cell by cell, invitations, slips to hand out."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import counted, say
from ppid_saas.access.verbs import actor
from ppid_saas.accounts import enrolling, queries, rolls
from ppid_saas.notifications.whatsapp import whatsapp_link
from ppid_saas.web.addresses import number_asked, stay
from ppid_saas.web.marks import needs

bp = Blueprint("unit_pages", __name__, url_prefix="/<region>/pusat/pengumpulan/unit")
bp.url_defaults(stay)

LABELS = {
    "unit": say("Unit"),
    "kind": say("Jenis"),
    "name": say("Petugas"),
    "position": say("Jabatan"),
    "email": say("Surel"),
    "phone": say("WhatsApp"),
    "sop": say("SOP"),
}
EMPTY = say("Tempel daftarnya, atau pilih berkas CSV.")
TOO_MANY = say("Paling banyak 300 baris sekali undang. Bagi menjadi beberapa daftar.")
MOST_BYTES = 1024 * 1024


@bp.get("")
def units(**_: str) -> ResponseReturnValue:
    """Every unit with whom was invited, and whether they have been in."""
    people = number_asked("diundang", -1)
    words = counted("%(num)s petugas diundang.", people) if people >= 0 else ""
    told = say("Undangan dikirim lewat surel. Slip dan teks WhatsApp dapat dibuat di bawah.")
    lines = queries.invited_people()
    return render_template(
        "accounts/units.html", lines=lines, zone=actor().zone,
        waiting=sum(bool(one and state and not state.has_been_in) for _, one, state in lines),
        notice={"tone": "aman", "title": words, "text": told} if words else None,
    )  # fmt: skip


@bp.get("/undang")
def enrol_form(**_: str) -> ResponseReturnValue:
    """An empty box for the list."""
    return _form("", "")


def _form(text: str, error: str, status: int = 200) -> ResponseReturnValue:
    queries.known_units()
    errors = {"list": error} if error else {}
    return render_template("accounts/enrol.html", text=text, errors=errors), status


@bp.post("/undang")
@needs("unit.invite")
def enrol(**_: str) -> ResponseReturnValue:
    """Check the list; with `go`, invite every row that is in order and keep the others on the page."""
    rows = _mended(rolls.read_roll(_text()))
    if not rows:
        return _form("", EMPTY, 422)
    if len(rows) > rolls.MOST_ROWS:
        return _form(rolls.write_roll(rows), TOO_MANY, 422)
    faults = rolls.faults_of(rows, queries.known_units())
    if not request.form.get("go"):
        return _preview(rows, faults)
    ready = [row for row, wrong in zip(rows, faults, strict=True) if not wrong]
    left = [row for row, wrong in zip(rows, faults, strict=True) if wrong]
    try:
        invited = enrolling.enrol(ready) if ready else 0
    except (ConflictError, InvalidError):
        return _preview(rows, rolls.faults_of(rows, queries.known_units()))
    if left:
        return _preview(left, rolls.faults_of(left, queries.known_units()), invited)
    return redirect(url_for("unit_pages.units", diundang=invited), 303)


def _text() -> str:
    sent = request.files.get("file")
    if sent and sent.filename:
        data = sent.stream.read(MOST_BYTES)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace")
    return request.form.get("list", "")


def _mended(rows: list[rolls.Row]) -> list[rolls.Row]:
    """Return the rows with what was typed into faulty cells; a row ticked to be left out is gone."""
    kept = []
    for n, row in enumerate(rows):
        typed = {
            field: " ".join(request.form[f"cell.{n}.{field}"].split())[: rolls.LONGEST]
            for field in rolls.FIELDS
            if f"cell.{n}.{field}" in request.form
        }
        if not request.form.get(f"skip.{n}"):
            kept.append(rolls.tidied(row | typed))
    return kept


def _preview(
    rows: list[rolls.Row], faults: list[rolls.Row], invited: int | None = None
) -> ResponseReturnValue:
    wrong = {f"cell.{n}.{field}": message for n, one in enumerate(faults) for field, message in one.items()}
    ready = sum(not one for one in faults)
    words = counted("%(num)s petugas diundang. Sisanya perlu diperbaiki.", invited) if invited else ""
    page = render_template(
        "accounts/enrol_check.html", rows=list(zip(rows, faults, strict=True)), text=rolls.write_roll(rows), labels=LABELS,
        fields=rolls.FIELDS, errors=wrong, ready=ready, units=len({rolls.plain(row["unit"]) for row in rows}),
        notice={"tone": "aman", "text": words} if words else None,
    )  # fmt: skip
    return page, 422 if wrong else 200


@bp.post("/slip")
@needs("unit.invite")
def slips(**_: str) -> ResponseReturnValue:
    """Fresh links for all who have not been in: slips to print, texts to send. Shown once, hence no address of its own."""
    made = enrolling.make_slips()
    return render_template("accounts/slips.html", slips=[_slip(one) for one in made], who=actor())


def _slip(one: enrolling.Slip) -> dict[str, Any]:
    said = (
        f"Yth. {one.contact.name}, Petugas PPID {one.unit},\nAnda diundang mengelola daftar informasi yang dikecualikan {one.unit}.\n"
        f"Buka dan buat kata sandi: {one.link}\n(Berlaku 14 hari, sekali pakai. Jangan teruskan tautan ini.)"
    )
    return {"slip": one, "whatsapp": whatsapp_link(said, one.contact.phone) if one.link else None}
