"""A tenant's own room on screen: how full, what took how much, and asking the central for more."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access import policy
from ppid_saas.access.errors import InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.documents import queries, room_queries
from ppid_saas.documents.rules import KINDS
from ppid_saas.storage import fixity, service
from ppid_saas.storage import queries as storage
from ppid_saas.web.addresses import stay
from ppid_saas.web.marks import needs

bp = Blueprint("room_pages", __name__)
bp.url_defaults(stay)

CAUSES = KINDS | {"edition": say("Berkas edisi")}
SENT = say("Permintaan dikirim. PPID Utama diberi tahu; jawabannya tampil di sini dan lewat surel.")


@bp.get("/<region>/u/<unit>/berkas/kuota")
@bp.get("/<region>/pusat/berkas/kuota")
def room(**_: str) -> ResponseReturnValue:
    """How full the store is and what took how much."""
    return _page({})


def _page(errors: dict[str, str]) -> str:
    page, total = request.args.get("hal", 1, int), room_queries.count()
    pages = max(1, -(-total // room_queries.PER_PAGE))
    if not 1 <= page <= pages:
        raise NotFoundError
    who = actor()
    asks = who.kind == "unit" and policy.may(who.roles, "room.ask")
    return render_template(
        "documents/room.html", usage=queries.usage(), kinds=CAUSES, sums=room_queries.sums(), largest=room_queries.largest(),
        lines=room_queries.ledger(page), asked=storage.asked() if asks else [], asks=asks, page=page, pages=pages,
        total=total, per_page=room_queries.PER_PAGE, kept=fixity.summary(), errors=errors, form=request.form, zone=who.zone,
        notice={"tone": "aman", "text": SENT} if request.args.get("selesai") == "minta" else None,
    )  # fmt: skip


@bp.post("/<region>/u/<unit>/berkas/kuota")
@needs("room.ask")
def ask(**_: str) -> ResponseReturnValue:
    """Ask the central for more."""
    try:
        service.ask(request.form.get("size", ""), request.form.get("reason", ""))
    except InvalidError as error:
        return _page(error.by_field), 422
    return redirect(url_for("room_pages.room", selesai="minta"), 303)
