"""What the public API takes and answers. Documentation and tests read these; the answers are built by queries."""

from marshmallow import EXCLUDE, RAISE, Schema, fields, validate

from ppid_saas.publication.queries import PAGE_LIMIT


class _Strict(Schema):
    class Meta:
        unknown = RAISE


class _Lenient(Schema):
    class Meta:
        unknown = EXCLUDE


class CursorSchema(_Lenient):
    """Where to go on in the feed; parameters nobody knows are ignored."""

    cursor = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=2**62),
        metadata={"description": "seq terakhir yang sudah diolah; 0 untuk mulai dari awal"},
    )
    limit = fields.Integer(
        load_default=PAGE_LIMIT,
        validate=validate.Range(min=1, max=PAGE_LIMIT),
        metadata={"description": "banyaknya perubahan dalam satu halaman"},
    )


class GroundSchema(_Strict):
    """One legal ground."""

    code = fields.String(
        required=True, allow_none=True, metadata={"description": "huruf Pasal 17, misalnya 17h"}
    )
    label = fields.String(required=True)
    law = fields.String(required=True)
    article = fields.String(required=True)


class PeriodSchema(_Strict):
    """How long, in words."""

    kind = fields.String(required=True)
    text = fields.String(required=True)
    review_on = fields.Date(required=True, allow_none=True)


class DeterminationSchema(_Strict):
    """The decision behind an item."""

    number = fields.String(required=True)
    dated_on = fields.Date(required=True)
    signatory_position = fields.String(required=True)
    title = fields.String(required=True)


class ItemSchema(_Strict):
    """The public body of one item."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    unit = fields.String(required=True)
    unit_name = fields.String(required=True)
    part = fields.String(required=True, validate=validate.OneOf(("whole", "part")))
    open_part = fields.String(required=True)
    grounds = fields.List(fields.Nested(GroundSchema), required=True)
    period = fields.Nested(PeriodSchema, required=True)
    ends_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "hari terakhir dikecualikan; terbuka sejak pukul 00.00 hari berikutnya"},
    )
    harm = fields.String(required=True)
    interest = fields.String(required=True)
    holder = fields.String(required=True)
    determination = fields.Nested(DeterminationSchema, required=True)


class ChangeSchema(_Strict):
    """One step of the list."""

    seq = fields.Integer(required=True)
    op = fields.String(required=True, validate=validate.OneOf(("upsert", "tombstone")))
    code = fields.String(required=True)
    edition = fields.Integer(required=True, allow_none=True)
    at = fields.DateTime(required=True)
    reason = fields.String(required=True, allow_none=True)
    digest = fields.String(
        required=True, allow_none=True, metadata={"description": "SHA-256 JSON kanonis butir"}
    )
    item = fields.Nested(ItemSchema, required=True, allow_none=True)


class ChangesSchema(_Strict):
    """A page of the feed; `cursor` is always there, `more` says whether to ask again at once."""

    list = fields.String(required=True)
    changes = fields.List(fields.Nested(ChangeSchema), required=True)
    cursor = fields.Integer(required=True)
    more = fields.Boolean(required=True)


class SnapshotSchema(_Strict):
    """The whole list as of one change, in canonical JSON (RFC 8785)."""

    list = fields.String(required=True)
    seq = fields.Integer(required=True)
    items = fields.List(fields.Nested(ItemSchema), required=True)


class ListSchema(_Strict):
    """One region's list."""

    list = fields.String(required=True)
    name = fields.String(required=True)
    region = fields.String(required=True)
    zone = fields.String(required=True)
    edition = fields.Integer(required=True, allow_none=True)
    seq = fields.Integer(required=True)


class LiveSchema(_Strict):
    """An item in force, with its status today."""

    item = fields.Nested(ItemSchema, required=True)
    status = fields.String(required=True, validate=validate.OneOf(("exempt", "soon", "opened")))
    edition = fields.Integer(required=True)
    digest = fields.String(required=True)


class DipSchema(_Strict):
    """A row of the daftar informasi publik."""

    summary = fields.String(required=True)
    controller = fields.String(required=True)
    responsible = fields.String(required=True)
    made = fields.String(required=True)
    forms = fields.String(required=True)
    retention = fields.String(required=True)


class OpenedSchema(_Strict):
    """An item that became public; `dip` is null until it was described."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    unit = fields.String(required=True)
    unit_name = fields.String(required=True)
    how = fields.String(
        required=True, validate=validate.OneOf(("decided", "by_law", "by_decision", "by_consent"))
    )
    opens_on = fields.Date(required=True)
    basis = fields.String(required=True)
    dip = fields.Nested(DipSchema, required=True, allow_none=True)


class FileSchema(_Strict):
    """One file of an edition."""

    format = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    url = fields.String(required=True)


class EditionSchema(_Strict):
    """One edition; a retracted one has neither items nor files."""

    n = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    previous_sha256 = fields.String(required=True, allow_none=True)
    item_count = fields.Integer(required=True)
    published_at = fields.DateTime(required=True)
    determination = fields.Nested(DeterminationSchema, required=True)
    retracted_at = fields.DateTime(required=True, allow_none=True)
    retraction_reason = fields.String(required=True, allow_none=True)


class WholeEditionSchema(EditionSchema):
    """One edition with its items and files."""

    items = fields.List(fields.Nested(ItemSchema), required=True)
    files = fields.List(fields.Nested(FileSchema), required=True)
