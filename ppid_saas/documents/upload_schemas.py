"""What a sender of files says in tus 1.0's headers, and what it is told of its uploads."""

import base64
import contextlib
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

from ppid_saas.access.sayings import say
from ppid_saas.documents.rules import CHECKING, KEPT, LARGEST_FILE, RECEIVING, REFUSED

NAME_LIMIT = 255
ALGORITHMS = ("sha1", "sha256")


class MetadataSchema(Schema):
    """What `Upload-Metadata` may say of a file: its name, and the document it is a new version of."""

    class Meta:  # noqa: D106  # marshmallow's way to say it
        unknown = EXCLUDE  # clients add what they like: a type, a relative path

    filename = fields.String(required=True, validate=validate.Length(1, NAME_LIMIT))
    document = fields.UUID(load_default=None)


class Metadata(fields.Field[dict[str, Any]]):
    """Pairs of a key and a base64 value, separated by commas, as tus 1.0 writes them."""

    def _deserialize(self, value: Any, *_a: Any, **_k: Any) -> dict[str, Any]:
        found = {}
        for pair in str(value).split(","):
            key, _, coded = pair.strip().partition(" ")
            try:
                found[key] = base64.b64decode(coded, validate=True).decode()
            except ValueError as error:  # bad base64 is one too
                raise ValidationError([str(say("Tulis sebagai pasangan kunci dan nilai base64."))]) from error
        return dict(MetadataSchema().load(found))


class Checksum(fields.Field[tuple[str, bytes]]):
    """An algorithm and the digest in base64."""

    def _deserialize(self, value: Any, *_a: Any, **_k: Any) -> tuple[str, bytes]:
        algorithm, _, coded = str(value).partition(" ")
        with contextlib.suppress(ValueError):
            digest = base64.b64decode(coded, validate=True)
            if algorithm in ALGORITHMS and digest:
                return algorithm, digest
        raise ValidationError([str(say("Tulis sha256 atau sha1, lalu nilainya dalam base64."))])


class _Headers(Schema):
    class Meta:
        unknown = EXCLUDE

    version = fields.String(data_key="Tus-Resumable", load_default="")


class AnnounceSchema(_Headers):
    """The headers that announce a file."""

    size = fields.Integer(data_key="Upload-Length", required=True, validate=validate.Range(0, 2**53))
    said = Metadata(data_key="Upload-Metadata", required=True)


class SendSchema(_Headers):
    """The headers of a piece of a file."""

    start = fields.Integer(data_key="Upload-Offset", required=True, validate=validate.Range(0, LARGEST_FILE))
    checksum = Checksum(data_key="Upload-Checksum", load_default=None)


class AskSchema(_Headers):
    """The headers of whoever asks how far a file has come, or gives it up."""


class UploadStateSchema(Schema):
    """A file on its way in, or what became of it."""

    class Meta:  # noqa: D106  # marshmallow's way to say it
        unknown = RAISE

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf([RECEIVING, CHECKING, KEPT, REFUSED]))
    size = fields.Integer(required=True)
    received = fields.Integer(required=True)
    refusal = fields.String(required=True, allow_none=True)
    document_id = fields.UUID(required=True, allow_none=True)
    expires_at = fields.AwareDateTime(required=True)


class UploadsSchema(Schema):
    """What is on its way in."""

    uploads = fields.List(fields.Nested(UploadStateSchema), required=True)
