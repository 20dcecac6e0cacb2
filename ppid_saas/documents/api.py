"""Documents for programs: the list of what a tenant keeps, and the recorded download of one of them."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView
from flask_smorest import Blueprint

from ppid_saas.documents import queries, service
from ppid_saas.documents.schemas import DocumentsSchema, DownloadSchema, PageSchema, attachment
from ppid_saas.web.marks import needs

bp = Blueprint("documents_api", __name__, url_prefix="/api/v1", description="Berkas tertutup milik unit")


@bp.route("/<region>/u/<unit>/documents", endpoint="unit_documents")
@bp.route("/<region>/pusat/documents", endpoint="central_documents")
class Documents(MethodView):
    """The documents of a tenant."""

    @bp.arguments(PageSchema, location="query")
    @bp.response(200, DocumentsSchema)
    def get(self, arguments: dict[str, Any], **_: str) -> dict[str, Any]:
        """List documents, newest first."""
        found = queries.documents(arguments["page"])
        return {"documents": found, "total": queries.count(), "usage": queries.usage()}


@bp.route("/<region>/u/<unit>/documents/<uuid:document_id>/download", endpoint="unit_download")
@bp.route("/<region>/pusat/documents/<uuid:document_id>/download", endpoint="central_download")
class Download(MethodView):
    """The bytes of a document."""

    @bp.arguments(DownloadSchema)
    @bp.response(200, {"type": "string", "format": "binary"}, content_type="*/*")
    @needs("document.read")
    def post(self, arguments: dict[str, Any], document_id: UUID, **_: str) -> Response:
        """Fetch a document; who did it and why is recorded."""
        return attachment(service.download(document_id, arguments["reason"], arguments["version"]))
