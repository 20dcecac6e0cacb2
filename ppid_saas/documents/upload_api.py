"""The files surface: one document in one request, its body sealed as it comes in, never written down as it is.

Room is reserved before the first byte is read, and no transaction is open while the bytes travel.
"""

import io
from typing import Any

from flask import request
from flask.views import MethodView
from flask_smorest import Blueprint

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.documents import queries, service
from ppid_saas.documents.queries import Version
from ppid_saas.documents.schemas import DocumentSchema, UploadSchema
from ppid_saas.web.marks import needs

bp = Blueprint(
    "documents_upload",
    __name__,
    url_prefix="/api/v1",
    description="Berkas masuk, satu permintaan satu berkas",
)
BYTES = "application/octet-stream"


class Body(io.RawIOBase):
    """The body of the running request as the vault wants its source: of known size, read once from its beginning."""

    def __init__(self, size: int) -> None:
        self.size = size

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self.size if whence == io.SEEK_END else offset

    def read(self, size: int = -1) -> bytes:
        return request.stream.read(size)


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
        body = Body(request.content_length)
        with service.staging(arguments["kind"], arguments["name"], body, arguments["media_type"]) as staged:  # type: ignore[arg-type]
            document_id = service.keep(staged)
        return queries.version(document_id)
