"""What pages and API of editions accept and answer; the answers are projections, never rows."""

from marshmallow import RAISE, Schema, fields, validate


class _Strict(Schema):
    class Meta:
        unknown = RAISE


class PrepareSchema(_Strict):
    """Which determination the next edition is made from."""

    determination = fields.UUID(required=True)
    keep_others = fields.Boolean(load_default=False)


class PublishSchema(_Strict):
    """The number of the edition, typed by whoever puts it in force."""

    confirmation = fields.String(required=True, validate=validate.Length(max=20))


class RetractSchema(PublishSchema):
    """Why an edition is recalled; shown to the public."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=500))


class WithdrawSchema(_Strict):
    """Why an item leaves the list; shown to the public."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=500))


class FileSchema(_Strict):
    """One file of an edition."""

    format = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    sha256 = fields.String(required=True)


class DraftSchema(_Strict):
    """An edition being prepared."""

    id = fields.UUID(required=True)
    n = fields.Integer(required=True)
    state = fields.String(
        required=True, validate=validate.OneOf(("rendering", "ready", "failed", "published"))
    )
    items = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    job = fields.UUID(required=True, allow_none=True)
    files = fields.List(fields.Nested(FileSchema), required=True)


class EditionSchema(_Strict):
    """An edition in force, superseded or retracted."""

    n = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    previous_sha256 = fields.String(required=True, allow_none=True)
    items = fields.Integer(required=True)
    published_on = fields.Date(required=True)
    retracted = fields.Boolean(required=True)


class WithdrawnSchema(_Strict):
    """An item that left the list."""

    code = fields.String(required=True)
    seq = fields.Integer(required=True)
    reason = fields.String(required=True)
