"""What a person was told, how she wants to be mailed, and what became of the mails. In units and central alike."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import counted, say
from ppid_saas.access.verbs import actor
from ppid_saas.notifications import links, queries, rules, service
from ppid_saas.notifications.delivering import LIST
from ppid_saas.notifications.whatsapp import whatsapp_link
from ppid_saas.web.addresses import number_asked, stay
from ppid_saas.web.marks import needs

bp = Blueprint("notice_pages", __name__)
bp.url_defaults(stay)

PLACES = (f"/<region>/u/<unit>/{LIST}", f"/<region>/pusat/{LIST}")
ALL = "semua"
STATES = {
    "waiting": (say("Menunggu"), "info"),
    "sent": (say("Terkirim"), "aman"),
    "bounced": (say("Ditolak"), "lewat"),
    "failed": (say("Gagal"), "lewat"),
    "gone": (say("Tidak perlu lagi"), "netral"),
    "off": (say("Surel belum diatur"), "perhatian"),
}
WHY = {
    "bounced": say("Alamat surel ini ditolak penerima (kode %(code)s). Periksa alamatnya."),
    "failed": say("Peladen surel tidak menerimanya selama tiga hari. Beri tahu lewat cara lain."),
    "off": say("Peladen surel belum diatur; kabar hanya tampil di aplikasi."),
    "waiting": say("Dicoba lagi dengan sendirinya."),
}
MENDABLE = frozenset({"bounced", "failed"})


def notices(**_: str) -> ResponseReturnValue:
    """Notices, unread ones unless all are asked for."""
    shows_all, topic = request.args.get("tampil") == ALL, request.args.get("jenis", "")
    topic = topic if topic in rules.TOPICS else ""
    total = queries.count(topic, only_unread=not shows_all)
    pages = max(1, -(-total // queries.PER_PAGE))
    number = min(max(number_asked("hal", 1), 1), pages)
    return render_template(
        "notifications/notices.html", lines=queries.page(topic, number, only_unread=not shows_all),
        total=total, page=number, pages=pages, per_page=queries.PER_PAGE, topics=rules.TOPICS, topic=topic,
        shows_all=shows_all, everything=queries.count(), unread=queries.unread(), zone=actor().zone,
        href=url_for("notice_pages.notices", tampil=ALL if shows_all else None, jenis=topic or None, hal="HAL").replace("HAL", "{hal}"),
        notice=_marked_notice(),
    )  # fmt: skip


def _marked_notice() -> dict[str, str] | None:
    marked = number_asked("dibaca", -1)
    return (
        {"tone": "aman", "text": counted("%(num)s kabar ditandai sudah dibaca.", marked)}
        if marked > 0
        else None
    )


def bell(**_: str) -> Response:
    """How many are unread, as the piece that each page fetches for its bell; a browser asks again after half a minute."""
    answer = make_response(render_template("notifications/_bell.html", unread=queries.unread()))
    answer.headers["Cache-Control"] = "private, max-age=30"
    return answer


def open_one(notice_id: UUID, **_: str) -> ResponseReturnValue:
    """Go where a notice points, and note that it was read."""
    found = service.mark(notice_id, read=True)
    root = request.path.rsplit(f"/{LIST}", 1)[0]
    return redirect(f"{root}/{found.page}", 303)


def mark_one(notice_id: UUID, **_: str) -> ResponseReturnValue:
    """Mark one notice as read, or as unread again."""
    service.mark(notice_id, read=request.form.get("read") != "no")
    return redirect(url_for("notice_pages.notices", **_kept()), 303)


def mark_all(**_: str) -> ResponseReturnValue:
    """Mark everything as read."""
    return redirect(url_for("notice_pages.notices", dibaca=service.mark_all()), 303)


def _kept() -> dict[str, Any]:
    return {name: request.form[name] for name in ("tampil", "jenis", "hal") if request.form.get(name)}


def choices(**_: str) -> ResponseReturnValue:
    """How the person wants to be mailed."""
    return _choices({})


def _choices(errors: dict[str, str]) -> str:
    saved = {"tone": "aman", "text": say("Pilihan disimpan.")} if "tersimpan" in request.args else None
    return render_template(
        "notifications/choices.html", topics=rules.TOPICS, chosen=queries.choices(), channels=rules.CHANNELS,
        errors=errors, notice=saved,
    )  # fmt: skip


def choose(**_: str) -> ResponseReturnValue:
    """Keep the choices."""
    try:
        service.choose({topic: request.form[topic] for topic in rules.TOPICS if topic in request.form})
    except InvalidError as error:
        return _choices(error.by_field), 422
    return redirect(url_for("notice_pages.choices", tersimpan=1), 303)


def mailings(**_: str) -> ResponseReturnValue:
    """What became of the mails of this space; to whom, never what they said."""
    state = request.args.get("status", "")
    state = state if state in STATES else ""
    by_state = queries.deliveries_by_state()
    total = by_state.get(state, 0) if state else sum(by_state.values())
    pages = max(1, -(-total // queries.PER_PAGE))
    number = min(max(number_asked("hal", 1), 1), pages)
    return render_template(
        "notifications/mailings.html", lines=queries.mailings(state, number), by_state=by_state, state=state,
        states=STATES, why=WHY, mendable=MENDABLE, total=total, page=number, pages=pages, per_page=queries.PER_PAGE,
        href=url_for("notice_pages.mailings", status=state or None, hal="HAL").replace("HAL", "{hal}"),
        zone=actor().zone, notice={"tone": "aman", "text": say("Dikirim ulang.")} if "ulang" in request.args else None,
    )  # fmt: skip


@needs("mailing.retry")
def retry(mailing_id: UUID, **_: str) -> ResponseReturnValue:
    """Send a mail once more."""
    service.retry(mailing_id)
    return redirect(url_for("notice_pages.mailings", ulang=1), 303)


@needs("mailing.retry")
def message(**_: str) -> ResponseReturnValue:
    """Open WhatsApp with a text that points to the notices: for someone whose mail does not arrive."""
    name = " ".join(request.form.get("name", "").split())[:80]
    said = (
        f"Yth. {name or 'Bapak/Ibu'},\nAda kabar untuk Anda di {actor().name}.\nBuka: {links.short_link(LIST)}\n"
        "(Tautan ini meminta Anda masuk. Jangan teruskan dokumen lewat WhatsApp.)"
    )
    return redirect(whatsapp_link(said), 303)


for place in PLACES:
    bp.add_url_rule(place, "notices", notices)
    bp.add_url_rule(f"{place}/<uuid:notice_id>/buka", "open_one", open_one, methods=["POST"])
    bp.add_url_rule(f"{place}/<uuid:notice_id>/tandai", "mark_one", mark_one, methods=["POST"])
    bp.add_url_rule(f"{place}/jumlah", "bell", bell)
    bp.add_url_rule(f"{place}/tandai-semua", "mark_all", mark_all, methods=["POST"])
    bp.add_url_rule(f"{place}/pengaturan", "choices", choices)
    bp.add_url_rule(f"{place}/pengaturan", "choose", choose, methods=["POST"])
    bp.add_url_rule(f"{place}/pengiriman", "mailings", mailings)
    bp.add_url_rule(f"{place}/pengiriman/<uuid:mailing_id>/ulang", "retry", retry, methods=["POST"])
    bp.add_url_rule(f"{place}/pengiriman/whatsapp", "message", message, methods=["POST"])
