"""The files surface: one document in one request, its body sealed as it comes in, never written down as it is.

Room is reserved before the first byte is read, and no transaction is open while the bytes travel.
"""

from typing import Any

from flask import request
from flask.views import MethodView
from flask_smorest import Blueprint

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.documents import examining, queries, service
from ppid_saas.documents.queries import Version
from ppid_saas.documents.rules import ATTACHMENT
from ppid_saas.documents.schemas import DocumentSchema, UploadSchema
from ppid_saas.web.marks import needs
from tenants import vault

bp = Blueprint(
    "documents_upload",
    __name__,
    url_prefix="/api/v1",
    description="Berkas masuk, satu permintaan satu berkas",
)
BYTES = "application/octet-stream"


@bp.route("/<region>/u/<unit>/documents", endpoint="unit_upload")
@bp.route("/<region>/pusat/documents", endpoint="central_upload")
class Upload(MethodView):
    """A document on its way in."""

    @bp.arguments(UploadSchema, location="query")
    @bp.response(201, DocumentSchema)
    @needs("document.write")
    def post(self, arguments: dict[str, Any], **_: str) -> Version:
        """Store the body as a new document; it is charged to the tenant's room."""
        if request.mimetype != BYTES or request.content_length is None:
            raise InvalidError(
                say("Kirim isi berkas sebagai application/octet-stream dengan Content-Length.")
            )
        body = vault.OneWay(request.content_length, request.stream.read)
        with examining.receiving(ATTACHMENT, arguments["name"], body) as staged:
            document_id = service.keep(staged)
        return queries.version(document_id)
