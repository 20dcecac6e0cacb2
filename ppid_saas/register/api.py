"""The register for programs: list, read, write, delete items with a unit's key. Parses, calls, answers."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, jsonify, request, url_for
from flask.views import MethodView
from flask_smorest import Blueprint

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.verbs import actor
from ppid_saas.law.checks import check_item, completeness
from ppid_saas.register import link_queries, linking, queries, service
from ppid_saas.register.models import Item
from ppid_saas.register.queries import Filter, Line
from ppid_saas.register.rules import Body
from ppid_saas.register.schemas import (
    ItemBodySchema,
    ItemChangeSchema,
    ItemDocumentIn,
    ItemDocumentsOut,
    ItemListOut,
    ItemListQuerySchema,
    ItemOut,
)
from ppid_saas.web.addresses import stay
from ppid_saas.web.marks import needs
from tenants import clock

bp = Blueprint("register_api", __name__, description="Daftar unit: butir informasi yang dikecualikan.")
bp.url_defaults(stay)

AT = "/api/v1/<region>/u/<unit>/items"


def item_answer(item: Item) -> dict[str, Any]:
    """Return an item as the API shows it, judged on today's date at the unit."""
    done, total, missing = completeness(item.body)
    findings = check_item(item.body, clock.today(actor().zone))
    return {
        "id": str(item.id),
        "ref": item.ref,
        "version": item.version,
        "state": item.state,
        "body": item.body,
        "ends_on": item.ends_on and item.ends_on.isoformat(),
        "review_on": item.review_on and item.review_on.isoformat(),
        "completeness": {"done": done, "total": total, "missing": missing},
        "findings": [
            {
                "field": f.field,
                "code": f.code,
                "severity": f.severity,
                "message": f.message_id % dict(f.params),
            }
            for f in findings
        ],
        "created_at": item.created_at.isoformat(),
        "updated_at": item.updated_at.isoformat(),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "ref": line.ref,
        "title": line.title,
        "state": line.state,
        "version": line.version,
        "grounds": line.codes,
        "ends_on": line.ends_on,
        "review_on": line.review_on,
        "done": line.done_fields,
        "updated_at": line.updated_at,
    }


def _one(item: Item, status: int = 200) -> Response:
    response = jsonify(item_answer(item))
    response.status_code = status
    response.set_etag(str(item.version))
    return response


def _expected(version: int | None = None) -> int:
    """Return the version a change starts from: `If-Match`, or the one in the body. A blind change is refused."""
    tags = list(request.if_match.as_set())
    if len(tags) == 1 and tags[0].isdigit() and len(tags[0]) < len("1000000000"):
        return int(tags[0])
    if version is None:
        message = "Sebutkan versi yang diubah: tajuk If-Match atau isian version."
        raise InvalidError(message, {"version": [message]})
    return version


@bp.route(AT)
class Items(MethodView):
    """The whole register."""

    @bp.arguments(ItemListQuerySchema(), location="query")
    @bp.response(200, ItemListOut)
    def get(self, chosen: Mapping[str, Any], **_: str) -> Response:
        """List items in the order of their refs."""
        limit = chosen["limit"]
        wanted = Filter(chosen["q"], chosen["status"] or "", chosen["ground"] or "")
        lines = queries.after(chosen["cursor"], limit + 1, wanted)
        following = lines[limit - 1].ref if len(lines) > limit else None
        return jsonify({"items": [_line(line) for line in lines[:limit]], "next": following})

    @bp.arguments(ItemBodySchema)
    @bp.response(201, ItemOut)
    @needs("item.write")
    def post(self, body: Body, **_: str) -> Response:
        """Add an item as a draft."""
        saved = service.save_item(body)
        response = _one(saved, 201)
        response.headers["Location"] = url_for("register_api.OneItem", ref=saved.ref)
        return response


@bp.route(f"{AT}/<int:ref>")
class OneItem(MethodView):
    """One item."""

    @bp.response(200, ItemOut)
    def get(self, ref: int, **_: str) -> Response:
        """Read an item."""
        return _one(queries.item(ref))

    @bp.arguments(ItemChangeSchema)
    @bp.response(200, ItemOut)
    @needs("item.write")
    def put(self, change: Mapping[str, Any], ref: int, **_: str) -> Response:
        """Replace an item's body; 409 when it changed meanwhile or is locked."""
        return _one(service.save_item(change["body"], ref, _expected(change["version"])))

    @bp.response(204)
    def delete(self, ref: int, **_: str) -> tuple[str, int]:
        """Delete a draft."""
        service.delete_item(ref, _expected() if request.headers.get("If-Match") else None)
        return "", 204


@bp.route(f"{AT}/<int:ref>/documents")
class ItemDocuments(MethodView):
    """The documents that hold an item's information."""

    @bp.response(200, ItemDocumentsOut)
    @needs("document.read")
    def get(self, ref: int, **_: str) -> dict[str, Any]:
        """List the documents of an item."""
        return {"documents": link_queries.files(queries.item(ref).id)}


@bp.route(f"{AT}/<int:ref>/documents/<uuid:document_id>")
class ItemDocumentLink(MethodView):
    """One document of an item."""

    @bp.arguments(ItemDocumentIn)
    @bp.response(200, ItemDocumentsOut)
    @needs("document.link")
    def put(self, said: Mapping[str, Any], ref: int, document_id: UUID, **_: str) -> dict[str, Any]:
        """Link a document to an item, or change the words about the part of it that is closed."""
        linking.link(ref, document_id, said["exempt_part"])
        return {"documents": link_queries.files(queries.item(ref).id)}

    @bp.response(204)
    @needs("document.link")
    def delete(self, ref: int, document_id: UUID, **_: str) -> tuple[str, int]:
        """Take a document from an item; putting it again brings the link back."""
        linking.unlink(ref, document_id)
        return "", 204
