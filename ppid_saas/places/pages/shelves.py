"""Places on screen: the whole register, one place with what lies in it, adding, changing and removing. Parses, calls, renders."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.policy import may
from ppid_saas.access.sayings import counted, say
from ppid_saas.access.verbs import actor
from ppid_saas.places import queries, rules, service
from ppid_saas.places.models import Place
from ppid_saas.places.queries import Filter
from ppid_saas.places.schemas import PlaceChangeIn, PlaceIn
from ppid_saas.web.addresses import number_asked, stay
from ppid_saas.web.forms import first_messages, load
from ppid_saas.web.marks import needs
from tenants import clock

bp = Blueprint("places_pages", __name__, url_prefix="/<region>/u/<unit>/tempat")
bp.url_defaults(stay)

META = frozenset({"csrf_token", "version", "go"})
PAST = {
    "place.added": say("Dicatat"),
    "place.changed": say("Diubah atau dipindahkan"),
    "place.removed": say("Dihapus dari daftar tempat"),
    "place.restored": say("Dikembalikan ke daftar tempat"),
}


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"place_words": rules, "place_line": place_line, "may_keep": may_keep, "may_see_places": may_see}


def may_keep() -> bool:
    return may(actor().roles, "place.write")


def may_see() -> bool:
    return may(actor().roles, "place.read")


def place_line(places: Mapping[UUID, Place], place_id: UUID | None) -> str:
    """Return where something stands, from the building inwards."""
    return " › ".join(place.name or place.code for place in rules.line_of(places, place_id))


def form_of_request() -> dict[str, str]:
    """Return what the form sent without the page's own fields."""
    return {name: value for name, value in request.form.items() if name not in META}


def late(**more: Any) -> Filter:
    """Return the filter of papers that should be back."""
    return Filter(status="late", today=clock.today(actor().zone), **more)


@bp.get("")
def index(**_: str) -> ResponseReturnValue:
    """Every place in the order in which one walks past them."""
    places, papers = queries.places(), queries.counts()
    q, kind = request.args.get("q", "").replace("\x00", "")[:200], request.args.get("jenis", "")
    kind = kind if kind in rules.KINDS else ""
    shown = [place for place in rules.in_order(places) if _fits(place, q, kind)]
    kinds = [
        (name, label, sum(p.kind == name for p in places.values())) for name, label in rules.KINDS.items()
    ]
    return render_template(
        "places/index.html", places=places, shown=shown, papers=papers, q=q, kind=kind,
        kinds=[option for option in kinds if option[2]], notice=_notice(),
        lent=queries.count(Filter(status="lent")), late=queries.count(late()),
        matching=queries.count(Filter(q=q)) if q.strip() else 0,
    )  # fmt: skip


def _fits(place: Place, q: str, kind: str) -> bool:
    said = f"{place.code} {place.name}".lower()
    return (not kind or place.kind == kind) and all(word in said for word in q.lower().split())


def _notice() -> dict[str, Any] | None:
    removed = request.args.get("dihapus", type=UUID)
    if removed is None:
        return None
    action = {
        "label": say("Urungkan"),
        "url": url_for("places_pages.restore", place_id=removed),
        "post": True,
    }
    return {
        "tone": "aman",
        "text": say("Tempat dihapus dari daftar."),
        "actions": [action] if may_keep() else [],
    }


@bp.get("/<uuid:place_id>")
def place(place_id: UUID, **_: str) -> ResponseReturnValue:
    """One place: where it stands, what lies in it, what happened to it."""
    added = number_asked("ditambah")
    said = counted("%(num)s tempat dicatat. Cetak labelnya, lalu tempelkan.", added) if added else ""
    said = said or (say("Perubahan disimpan.") if request.args.get("tersimpan") else "")
    return place_page(queries.place(place_id), {"tone": "aman", "text": said} if said else None)


def place_page(found: Place, notice: Mapping[str, Any] | None) -> str:
    """Show a place, with a notice above it."""
    places, papers = queries.places(), queries.counts()
    below = [one for one in rules.in_order(places) if one.parent_id == found.id]
    past = [
        {"title": PAST[event.kind], "at": event.at, "who": event.actor_name}
        for event in queries.past_of_place(found.id)
    ]
    return render_template(
        "places/place.html", place=found, places=places, below=below, counts=papers, notice=notice,
        papers=queries.papers_in([found.id]), past=past, holds=rules.may_hold(found.kind),
        today=clock.today(actor().zone),
    )  # fmt: skip


@bp.get("/tambah")
@needs("place.write")
def add_form(**_: str) -> ResponseReturnValue:
    """An empty form; below a place when the address names one, with the next code proposed."""
    places = queries.places()
    within = request.args.get("di", type=UUID)
    parent = places.get(within) if within else None
    code = rules.next_code(parent.code, {place.code for place in places.values()}) if parent else ""
    values = {"within": parent.code if parent else "", "code": code, "count": "1"}
    return _form(None, values, {})


def _form(found: Place | None, values: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    places = queries.places()
    above = queries.place_named(values["within"]) if values.get("within") else None
    kinds = [kind for kind, within in rules.WITHIN.items() if above is None or above.kind in within]
    return render_template(
        "places/place_form.html", place=found, values=values, errors=errors, kinds=kinds,
        codes=[place.code for place in rules.in_order(places) if place.kind != "folder"][:500],
    )  # fmt: skip


@bp.post("/tambah")
@needs("place.write")
def add(**_: str) -> ResponseReturnValue:
    """Record one place, or several at once."""
    try:
        asked = load(PlaceIn(), form_of_request())
        made = service.add_places(**asked)
    except InvalidError as error:
        return _form(None, dict(request.form), first_messages(error)), 422
    target = made[0].parent_id if len(made) > 1 and made[0].parent_id else made[0].id
    return redirect(url_for("places_pages.place", place_id=target, ditambah=len(made)), 303)


@bp.get("/<uuid:place_id>/ubah")
@needs("place.write")
def change_form(place_id: UUID, **_: str) -> ResponseReturnValue:
    """The form with the place in it."""
    found = queries.place(place_id)
    above = queries.places().get(found.parent_id) if found.parent_id else None
    values = {"within": above.code if above else "", "code": found.code, "name": found.name}
    return _form(found, values, {})


@bp.post("/<uuid:place_id>/ubah")
@needs("place.write")
def change(place_id: UUID, **_: str) -> ResponseReturnValue:
    """Save another code, name or place to stand in."""
    found = queries.place(place_id)
    try:
        service.change_place(place_id, **load(PlaceChangeIn(), form_of_request()))
    except InvalidError as error:
        return _form(found, dict(request.form), first_messages(error)), 422
    return redirect(url_for("places_pages.place", place_id=place_id, tersimpan=1), 303)


@bp.post("/<uuid:place_id>/hapus")
@needs("place.write")
def remove(place_id: UUID, **_: str) -> ResponseReturnValue:
    """Take an empty place out; a full one is shown again with what lies in it."""
    try:
        service.remove_place(place_id)
    except ConflictError as error:
        return place_page(queries.place(place_id), {"tone": "perhatian", "text": error.message}), 409
    return redirect(url_for("places_pages.index", dihapus=place_id), 303)


@bp.post("/<uuid:place_id>/pulihkan")
@needs("place.write")
def restore(place_id: UUID, **_: str) -> ResponseReturnValue:
    """Bring a removed place back."""
    try:
        service.restore_place(place_id)
    except InvalidError as error:
        raise ConflictError(error.message) from None
    return redirect(url_for("places_pages.place", place_id=place_id), 303)
