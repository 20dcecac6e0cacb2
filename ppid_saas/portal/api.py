"""The public API: lists, editions, the change feed and its fold. No key is needed and nothing is written.

A follower reads `changes` from cursor 0, or `snapshot` and then `changes` from its `seq`; both end at the same list.
"""

from typing import Any

from flask import Response, abort, current_app
from flask.views import MethodView
from flask_smorest import Blueprint

from ppid_saas.access.errors import InvalidError
from ppid_saas.portal import schemas
from ppid_saas.portal.caching import cached, fresh, tag
from ppid_saas.proofs import canonical
from ppid_saas.publication import queries
from ppid_saas.publication.models import Edition, OpenedItem
from ppid_saas.publication.queries import ListFacts
from ppid_saas.publication.rules import status_on
from ppid_saas.web.marks import public
from tenants import clock

bp = Blueprint("portal_api", __name__, url_prefix="/api/v1/lists", description="Daftar terbit, untuk umum")

JSON = "application/json"
FEED = "public, max-age=5"


@public
@bp.route("")
class Lists(MethodView):
    """Every region's list."""

    @bp.response(200, schemas.ListSchema(many=True))
    def get(self) -> Response:
        """Semua daftar terbit."""
        return _answer([_told_list(facts) for facts in queries.lists()])


@public
@bp.route("/<wilayah>")
class List(MethodView):
    """One region's list."""

    @bp.response(200, schemas.ListSchema)
    def get(self, wilayah: str) -> Response:
        """Satu daftar: edisi yang berlaku dan nomor perubahan terakhir."""
        return _answer(_told_list(_list(wilayah)))


@public
@bp.route("/<wilayah>/changes")
class Changes(MethodView):
    """The change feed."""

    @bp.arguments(schemas.CursorSchema, location="query")
    @bp.response(200, schemas.ChangesSchema)
    def get(self, arguments: dict[str, int], wilayah: str) -> Response:
        """Perubahan setelah sebuah kursor, menurut urutan; batu nisan disimpan selamanya."""
        facts, cursor = _list(wilayah), arguments["cursor"]
        if cursor > facts.seq:
            message = f"Kursor {cursor} melampaui perubahan terakhir ({facts.seq}). Mulai lagi dari snapshot."
            raise InvalidError(message, {"cursor": [message]})
        etag = tag(facts.seq)
        if same := fresh(etag):
            return same
        page = queries.changes(facts.central_id, cursor, arguments["limit"])
        told = {"list": wilayah, "changes": list(page.changes), "cursor": page.cursor, "more": page.more}
        return cached(Response(canonical(told), mimetype=JSON), etag, FEED)


@public
@bp.route("/<wilayah>/opened")
class OpenedItems(MethodView):
    """What became public."""

    @bp.response(200, schemas.OpenedSchema(many=True))
    def get(self, wilayah: str) -> Response:
        """Semua yang sudah dibuka, dengan isian daftar informasi publiknya; yang terbaru lebih dahulu."""
        facts = _list(wilayah)
        return _answer([_told_opened(row) for row in queries.opened_items(facts.central_id)])


@public
@bp.route("/<wilayah>/snapshot")
class Snapshot(MethodView):
    """The fold of the feed."""

    @bp.response(200, schemas.SnapshotSchema)
    def get(self, wilayah: str) -> Response:
        """Seluruh daftar menurut satu perubahan tertentu, sebagai JSON kanonis."""
        facts = _list(wilayah)
        if same := fresh(tag(facts.seq)):
            return same
        seq, items = queries.snapshot(facts.central_id)
        told = canonical({"list": wilayah, "seq": seq, "items": items})
        return cached(Response(told, mimetype=JSON), tag(seq), FEED)


@public
@bp.route("/<wilayah>/items/<code>")
class Item(MethodView):
    """One item in force."""

    @bp.response(200, schemas.LiveSchema)
    def get(self, wilayah: str, code: str) -> Response:
        """Satu butir yang berlaku, dengan statusnya hari ini; 410 bila sudah tidak tercantum."""
        facts = _list(wilayah)
        live = queries.find_live(facts.central_id, code)
        if live is None:
            abort(410 if queries.history(facts.central_id, code) else 404)
        status = status_on(live.ends_on, clock.today(facts.zone))
        return _answer(
            {"item": live.body, "status": status, "edition": live.edition_n, "digest": live.digest}
        )


@public
@bp.route("/<wilayah>/editions")
class Editions(MethodView):
    """All editions."""

    @bp.response(200, schemas.EditionSchema(many=True))
    def get(self, wilayah: str) -> Response:
        """Semua edisi, yang terbaru lebih dahulu, termasuk yang ditarik."""
        facts = _list(wilayah)
        return _answer([_told_edition(edition) for edition in queries.editions(facts.central_id)])


@public
@bp.route("/<wilayah>/editions/<int:n>")
class WholeEdition(MethodView):
    """One edition."""

    @bp.response(200, schemas.WholeEditionSchema)
    def get(self, wilayah: str, n: int) -> Response:
        """Satu edisi dengan butir dan berkasnya; keduanya kosong bila edisi ditarik."""
        facts = _list(wilayah)
        edition = queries.find_edition(facts.central_id, n)
        if edition is None:
            abort(404)
        files = () if edition.retracted_at else queries.edition_files(facts.central_id, n)
        items = queries.edition_bodies(facts.central_id, n)
        return _answer(
            _told_edition(edition)
            | {"items": items, "files": [_told_file(wilayah, n, file) for file in files]}
        )


def _list(wilayah: str) -> ListFacts:
    facts = queries.find_list(wilayah)
    if facts is None:
        abort(404)
    return facts


def _answer(told: Any) -> Response:
    """Send plain values as canonical JSON; the tag is of the bytes, for these answers are small."""
    body = canonical(told)
    etag = tag(body)
    return fresh(etag) or cached(Response(body, mimetype=JSON), etag)


def _told_list(facts: ListFacts) -> dict[str, Any]:
    return {
        "list": facts.slug, "name": facts.name, "region": facts.region_name, "zone": facts.zone,
        "edition": facts.edition_in_force, "seq": facts.seq,
    }  # fmt: skip


def _told_opened(row: OpenedItem) -> dict[str, Any]:
    return {
        "code": row.code, "title": row.body["title"], "unit": row.body["unit"], "unit_name": row.body["unit_name"],
        "how": row.how, "opens_on": row.opens_on.isoformat(), "basis": row.basis, "dip": row.dip or None,
    }  # fmt: skip


def _told_edition(edition: Edition) -> dict[str, Any]:
    return {
        "n": edition.n, "sha256": edition.sha256, "previous_sha256": edition.previous_sha256,
        "item_count": edition.item_count, "published_at": edition.published_at.isoformat(timespec="seconds"),
        "determination": edition.determination,
        "retracted_at": edition.retracted_at.isoformat(timespec="seconds") if edition.retracted_at else None,
        "retraction_reason": edition.retraction_reason,
    }  # fmt: skip


def _told_file(wilayah: str, n: int, file: Any) -> dict[str, Any]:
    origin = current_app.extensions["ppid"]["settings"].origins["portal"]
    return {
        "format": file.format, "media_type": file.media_type, "size": file.size, "sha256": file.sha256,
        "url": f"{origin}/{wilayah}/edisi/{n}/berkas/{file.format}",
    }  # fmt: skip
