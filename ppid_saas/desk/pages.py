"""First pages of units and of the central, and the short links that lead to any page. Parses, calls, renders."""

from typing import cast

from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.policy import may
from ppid_saas.access.sayings import say
from ppid_saas.access.words import role_names
from ppid_saas.accounts.queries import space_path
from ppid_saas.desk.queries import central, unit
from ppid_saas.kpu import queries as kpu
from ppid_saas.notifications import links
from ppid_saas.register.rules import LABELS
from ppid_saas.web import charts
from ppid_saas.web.addresses import stay
from ppid_saas.web.marks import signed_in
from tenants import context
from tenants.http import ServerSession

bp = Blueprint("desk", __name__)
bp.url_defaults(stay)

NO_LINK = say("Tautan ini tidak ada, atau bukan untuk akun yang sedang masuk.")


@bp.get("/<region>/u/<unit>/beranda")
def unit_home(**_: str) -> ResponseReturnValue:
    """A unit's first page, for whatever the person is there; who only approves in a KPU office begins with what waits."""
    held = context.current_binding().roles
    if kpu.is_kpu() and may(held, "kpu.approve") and not may(held, "item.read"):
        return redirect(url_for("kpu_pages.rounds"), 303)
    return _page("unit", unit.home())


@bp.get("/<region>/pusat/beranda")
def central_home(**_: str) -> ResponseReturnValue:
    """A central's first page, for whatever the person is there."""
    return _page("central", central.home())


def _page(side: str, home: unit.Home | central.Home) -> str:
    who = context.current_binding()
    template = side if home.step else "members" if home.people else "waiting"
    return render_template(
        f"desk/{template}.html", home=home, kind=side, name=who.name, person=who.person_name, region=who.region,
        zone=who.zone, field_words=LABELS, role_names=role_names,
        burndown=_burndown(home) if isinstance(home, central.Home) else None,
    )  # fmt: skip


def _burndown(home: central.Home) -> charts.Burndown | None:
    """Draw the units that have not sent, once someone has."""
    at = home.window
    if at is None or not at.opened or not at.left:
        return None
    return charts.burndown(at.left, at.opens_on, at.due_on, len(at.units), home.today)


@bp.get("/t/<code>")
@signed_in
def follow(code: str) -> ResponseReturnValue:
    """Lead a member to the page a message points to; anyone else finds nothing here."""
    found = links.target(cast("ServerSession", session).token, code)
    if found is None:
        raise NotFoundError(NO_LINK)
    root = space_path(found.region, found.slug, found.kind).removesuffix("/beranda")
    return redirect(f"{root}/{found.path}", 303)
