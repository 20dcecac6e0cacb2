"""What programs send and get about documents, and the one way a closed file leaves."""

from flask import Response, send_file
from marshmallow import RAISE, Schema, fields, validate

from ppid_saas.documents.rules import REASONS
from ppid_saas.documents.service import Opened
from ppid_saas.web.addresses import LARGEST
from ppid_saas.web.streaming import while_allowed


class PageSchema(Schema):
    """Which page of the list."""

    class Meta:  # noqa: D106  # marshmallow's way to say it
        unknown = RAISE

    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))


class DocumentSchema(Schema):
    """A document by its latest version."""

    id = fields.UUID(required=True, attribute="document_id")
    name = fields.String(required=True)
    kind = fields.String(required=True)
    version = fields.Integer(required=True, attribute="n")
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    sha256 = fields.String(required=True, attribute="sha_plain")
    stored_at = fields.AwareDateTime(required=True, attribute="created_at")


class UsageSchema(Schema):
    """Room in bytes as stored."""

    cap = fields.Integer(required=True)
    used = fields.Integer(required=True)
    reserved = fields.Integer(required=True)


class DocumentsSchema(Schema):
    """One page of a tenant's documents."""

    documents = fields.List(fields.Nested(DocumentSchema), required=True)
    total = fields.Integer(required=True)
    usage = fields.Nested(UsageSchema, required=True)


class UploadSchema(Schema):
    """What a body that comes in is called; its name says what it must be."""

    class Meta:  # noqa: D106  # marshmallow's way to say it
        unknown = RAISE

    name = fields.String(required=True, validate=validate.Length(1, 255))


class DownloadSchema(Schema):
    """Why a closed file is fetched, and which version of it."""

    class Meta:  # noqa: D106  # marshmallow's way to say it
        unknown = RAISE

    reason = fields.String(required=True, validate=validate.OneOf(list(REASONS)))
    version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, LARGEST))


def attachment(opened: Opened, permission: str = "document.read") -> Response:
    """Return a file to be saved, never shown or stored on the way, for as long as she who asked holds the permission."""
    found = opened.version
    response = send_file(
        opened.stream,
        found.media_type,
        as_attachment=True,
        download_name=found.name,
        etag=False,
        conditional=False,
    )
    response.direct_passthrough = False
    response.call_on_close(opened.stream.close)
    response.response = while_allowed(opened.stream, permission)
    response.content_length = found.size
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cache-Control"] = "no-store"
    headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["X-Accel-Buffering"] = "no"  # a proxy that waits for the whole would write it to its disk
    return response
