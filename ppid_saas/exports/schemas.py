"""What a manifest must look like before anything it names is opened."""

import json
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from ppid_saas.exports.rules import FORMAT, NOT_ONE, OTHER_VERSION, File, Manifest, RefusedArchiveError, Table

MOST_MEMBERS = 100_000
LONGEST = 1_000
_words = validate.Length(max=LONGEST)


class MemberSchema(Schema):
    """A member of the archive; `path` is never used to write anything."""

    class Meta:  # noqa: D106  # marshmallow's way to say it
        unknown = RAISE

    path = fields.String(
        required=True, validate=validate.Regexp(r"\A(data|past|files)/[^\\\x00-\x1f]{1,400}\Z")
    )
    size = fields.Integer(required=True, strict=True, validate=validate.Range(0, 2**53))
    sha256 = fields.String(required=True, validate=validate.Regexp(r"\A[0-9a-f]{64}\Z"))


class FileSchema(MemberSchema):
    """A file."""

    @post_load
    def made(self, data: dict[str, Any], **_: Any) -> File:
        return File(**data)


class TableSchema(MemberSchema):
    """A table with the columns each of its rows has."""

    name = fields.String(required=True, validate=validate.Regexp(r"\A[a-z_]+\.[a-z_]+\Z"))
    columns = fields.List(fields.String(validate=_words), required=True, validate=_words)
    rows = fields.Integer(required=True, strict=True, validate=validate.Range(0, 2**53))

    @post_load
    def made(self, data: dict[str, Any], **_: Any) -> Table:
        return Table(**data)


class TenantSchema(Schema):
    """Whose it was."""

    class Meta:  # noqa: D106  # marshmallow's way to say it
        unknown = RAISE

    id = fields.String(required=True, validate=_words)
    region = fields.String(required=True, validate=_words)
    slug = fields.String(required=True, validate=_words)
    kind = fields.String(required=True, validate=validate.OneOf(("unit", "central")))
    category = fields.String(required=True, validate=_words)
    name = fields.String(required=True, validate=_words)


class ManifestSchema(Schema):
    """The whole."""

    class Meta:  # noqa: D106  # marshmallow's way to say it
        unknown = RAISE

    format = fields.String(required=True, validate=validate.Equal(FORMAT))
    made_at = fields.String(required=True, validate=_words)
    made_by = fields.String(required=True, validate=_words)
    tenant = fields.Nested(TenantSchema, required=True)
    tenants = fields.Dict(fields.String(validate=_words), fields.String(validate=_words), required=True)
    tables = fields.List(fields.Nested(TableSchema), required=True, validate=_words)
    past = fields.List(fields.Nested(TableSchema), required=True, validate=_words)
    files = fields.List(fields.Nested(FileSchema), required=True, validate=validate.Length(max=MOST_MEMBERS))
    unreadable = fields.List(fields.String(), required=True, validate=validate.Length(max=MOST_MEMBERS))

    @post_load
    def made(self, data: dict[str, Any], **_: Any) -> Manifest:
        return Manifest(**data)


def read_manifest(data: bytes) -> Manifest:
    """Return a manifest, or raise: another format is another version, anything else is no manifest."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise RefusedArchiveError(NOT_ONE) from error
    if isinstance(found, dict) and str(found.get("format", FORMAT)) != FORMAT:
        raise RefusedArchiveError(OTHER_VERSION)
    try:
        read: Manifest = ManifestSchema().load(found)
    except (ValidationError, RecursionError) as error:
        raise RefusedArchiveError(NOT_ONE) from error
    return read
