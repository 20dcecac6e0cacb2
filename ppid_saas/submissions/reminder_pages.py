"""Reminding chosen units: what each channel will say, the mails sent at once, WhatsApp opened and ticked off by hand."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.sayings import counted, say
from ppid_saas.access.verbs import actor
from ppid_saas.accounts import queries as accounts
from ppid_saas.cases import queries as cases
from ppid_saas.notifications.mail import letter
from ppid_saas.notifications.whatsapp import whatsapp_link
from ppid_saas.submissions import board, letters, service
from ppid_saas.submissions.pages import CENTRAL
from ppid_saas.submissions.queries import central
from ppid_saas.submissions.queries.central import BoardRow
from ppid_saas.web.addresses import number_asked, stay

bp = Blueprint("reminder_pages", __name__)
bp.url_defaults(stay)

ADDRESS = f"{CENTRAL}/<uuid:collection_id>/ingatkan"
NOBODY_SENT = say("Tidak ada yang diingatkan: unit terpilih sudah mengirim atau sudah diingatkan hari ini.")


@bp.get(ADDRESS)
def preview(collection_id: UUID, **_: str) -> ResponseReturnValue:
    """What will be said to whom, before anything goes out."""
    window, rows = (
        central.opened_one(collection_id),
        central.to_remind(collection_id, request.args.getlist("units")),
    )
    phones = {one.unit_id: one.phone for one in accounts.contacts() if one.phone}
    to_mail = [row for row in rows if not board.reminded_today(row)]
    return render_template(
        "submissions/remind.html", window=window, rows=rows, to_mail=to_mail, mail=_mail(window, to_mail),
        texts=[_text(row, window.due_on, phones.get(row.unit.id, "")) for row in rows], zone=actor().zone,
        group=letters.group_text(window.title, [row.unit.name for row in rows], window.due_on),
        due=cases.due_chip(window.due_on, since=window.opens_on), notice=_sent_notice(),
        group_link=whatsapp_link,
    )  # fmt: skip


def _mail(window: Any, rows: list[BoardRow]) -> dict[str, str] | None:
    """Return the mail as the first unit will get it."""
    if not rows:
        return None
    said = letters.reminder(window.title, rows[0].standing, window.due_on)
    text = letter("[nama petugas]", [said], "[tautan ke halaman pengajuan]")
    return {"subject": f"{letters.REMINDER} – {rows[0].unit.name}", "text": text}


def _text(row: BoardRow, due_on: Any, phone: str) -> dict[str, Any]:
    """Return a unit's WhatsApp text with the address that opens it."""
    origin = current_app.extensions["ppid"]["settings"].origins["office"]
    at = "perbaikan" if row.standing == "in_repair" else "pengajuan"
    link = f"{origin}/{row.unit.region}/u/{row.unit.slug}/{at}"
    said = letters.whatsapp_text(row.unit.name, row.standing, row.returned, due_on, link)
    return {"row": row, "text": said, "link": whatsapp_link(said, phone)}


def _sent_notice() -> dict[str, str] | None:
    units = number_asked("diingatkan", -1)
    if units < 0:
        return None
    if units == 0:
        return {"tone": "info", "text": NOBODY_SENT}
    words = counted("%(num)s unit diingatkan lewat surel.", units)
    return {"tone": "aman", "title": words, "text": say("Lanjutkan lewat WhatsApp bila perlu.")}


@bp.post(ADDRESS)
def send(collection_id: UUID, **_: str) -> ResponseReturnValue:
    """Mail the chosen units."""
    slugs = request.form.getlist("units")
    names = service.remind(collection_id, slugs)
    return _back(collection_id, slugs, diingatkan=len(names))


@bp.post(f"{ADDRESS}/terkirim")
def mark(collection_id: UUID, **_: str) -> ResponseReturnValue:
    """Note that one unit was written to on WhatsApp."""
    slug = request.form.get("unit", "")
    if not slug:
        raise NotFoundError
    service.note_message(collection_id, slug)
    return _back(collection_id, request.form.getlist("units") or [slug], _anchor="whatsapp")


def _back(collection_id: UUID, slugs: list[str], **more: Any) -> ResponseReturnValue:
    return redirect(url_for("reminder_pages.preview", collection_id=collection_id, units=slugs, **more), 303)
