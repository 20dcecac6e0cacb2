"""The address a calendar program reads, and the buttons that make and revoke it. What it may read is decided at its own door."""

from flask import Blueprint, Response, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import NotFoundError
from ppid_saas.cases import feeds
from ppid_saas.cases.calendar_pages import CENTRAL, UNIT, page
from ppid_saas.web.addresses import stay
from ppid_saas.web.marks import needs, public
from tenants import context
from tenants.db import db, open_door
from tenants.http import hash_token

bp = Blueprint("feed_pages", __name__)
bp.url_defaults(stay)


@bp.post(f"{UNIT}/alamat")
@bp.post(f"{CENTRAL}/alamat")
@needs("calendar.read")
def make(**_: str) -> ResponseReturnValue:
    """Make an address and show it once."""
    address = url_for("feed_pages.feed", token=feeds.make())
    return page({}, None, feed_url=f"{_origin()}{address}")


@bp.post(f"{UNIT}/alamat/cabut")
@bp.post(f"{CENTRAL}/alamat/cabut")
@needs("calendar.read")
def revoke(**_: str) -> ResponseReturnValue:
    """Take it back."""
    feeds.revoke()
    return redirect(url_for("calendar_pages.calendar"), 303)


@bp.get("/kalender/<token>.ics")
@public
def feed(token: str) -> ResponseReturnValue:
    """The deadlines behind an address; one that is revoked, or never was, leads nowhere."""
    db.session.remove()
    with context.entering(context.Entry("enter_feed", (hash_token(token),), read_only=True)):
        try:
            if open_door().tenant_id is None:
                raise NotFoundError
            body = feeds.written(_origin())
        finally:
            db.session.remove()
    answer = Response(body, mimetype="text/calendar")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _origin() -> str:
    return str(current_app.extensions["ppid"]["settings"].origins["office"])
