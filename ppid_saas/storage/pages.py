"""A central's side of room on screen: how full its units are, their limits, and their requests for more."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.storage import queries, service
from ppid_saas.web.addresses import stay
from ppid_saas.web.marks import needs

bp = Blueprint("storage_pages", __name__, url_prefix="/<region>/pusat/penyimpanan")
bp.url_defaults(stay)

NOTICES = {
    "batas": say("Batas diubah."),
    "bawaan": say("Batas bawaan diubah. Unit tanpa batas sendiri mengikutinya."),
    "jawab": say("Jawaban dikirim. Unit diberi tahu."),
}


@bp.get("")
def rooms(**_: str) -> ResponseReturnValue:
    """Every unit with what it stores, requests first."""
    return _rooms({})


def _rooms(errors: dict[str, str]) -> str:
    found = queries.rooms()
    said = NOTICES.get(request.args.get("selesai", ""))
    return render_template(
        "storage/rooms.html", rooms=found, region_room=queries.region(found), waiting=queries.waiting(),
        default=service.unit_default(), own=queries.own(), errors=errors, zone=actor().zone, written=request.form.get("default", ""),
        notice={"tone": "aman", "text": said} if said else None,
    )  # fmt: skip


@bp.post("/bawaan")
@needs("room.set")
def set_default(**_: str) -> ResponseReturnValue:
    """Change what units without a limit of their own get."""
    try:
        service.set_unit_cap(service.size_in(request.form.get("default", ""), "default"))
    except InvalidError as error:
        return _rooms(error.by_field), 422
    return redirect(url_for("storage_pages.rooms", selesai="bawaan"), 303)


@bp.get("/unit/<uuid:unit_id>")
def room(unit_id: UUID, **_: str) -> ResponseReturnValue:
    """One unit's limit."""
    return _room(unit_id, {})


def _room(unit_id: UUID, errors: dict[str, str]) -> str:
    return render_template(
        "storage/room.html", room=queries.room(unit_id), default=service.unit_default(), errors=errors,
        written=request.form.get("size", ""),
    )  # fmt: skip


@bp.post("/unit/<uuid:unit_id>")
@needs("room.set")
def set_room(unit_id: UUID, **_: str) -> ResponseReturnValue:
    """Change one unit's limit, or let it follow the default again."""
    try:
        follows = request.form.get("go") == "default"
        size = None if follows else service.size_in(request.form.get("size", ""), "size")
        service.set_cap(unit_id, size)
    except InvalidError as error:
        return _room(unit_id, error.by_field), 422
    return redirect(url_for("storage_pages.rooms", selesai="batas"), 303)


@bp.get("/permintaan/<uuid:unit_id>/<uuid:request_id>")
def request_page(unit_id: UUID, request_id: UUID, **_: str) -> ResponseReturnValue:
    """One request, to be granted or refused."""
    return _request(unit_id, request_id, {})


def _request(unit_id: UUID, request_id: UUID, errors: dict[str, str]) -> str:
    found = queries.request(unit_id, request_id)
    return render_template(
        "storage/request.html", asked=found, room=queries.room(unit_id), errors=errors, zone=actor().zone,
        written=request.form.get("size", ""), note=request.form.get("note", ""),
    )  # fmt: skip


@bp.post("/permintaan/<uuid:unit_id>/<uuid:request_id>")
@needs("room.set")
def answer(unit_id: UUID, request_id: UUID, **_: str) -> ResponseReturnValue:
    """Grant so much more, or refuse with a reason."""
    form = request.form
    try:
        granted = 0 if form.get("go") == "refuse" else service.size_in(form.get("size", ""), "size")
        service.answer(unit_id, request_id, granted, form.get("note", ""))
    except InvalidError as error:
        return _request(unit_id, request_id, error.by_field), 422
    return redirect(url_for("storage_pages.rooms", selesai="jawab"), 303)
