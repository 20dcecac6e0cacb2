"""What may be written into an item, for page and API alike. Legal checks are `law`'s; reading a form is `forms`'."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validate

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.law.grounds import catalogue
from ppid_saas.law.periods import Period, PeriodKind
from ppid_saas.register.rules import CHOICES, FORMS, STATES, Body, whole_body
from ppid_saas.web.forms import AtMost, Whole

LONGEST_TITLE = 1_000
LONGEST_TEXT = 20_000
MOST_GROUNDS = 60
MOST_VALUE = 36_500
MOST_PARTICIPANTS = 50

SUMMARY = say("Ada isian yang perlu diperbaiki.")
NO_TITLE = say("Isi judul informasi.")
UNKNOWN = say("Isian ini tidak dikenal.")
NOT_TEXT = say("Isi dengan tulisan.")
NOT_A_DATE = say("Tulis tanggal, bulan, dan tahun yang benar. Contoh: 5 Agustus 2027.")
NOT_A_CHOICE = say("Pilih salah satu pilihan yang ada.")
NOT_A_NUMBER = say("Isi dengan angka bulat dari 1 sampai 36.500.")
STRANGE = say("Hapus tanda yang tidak tampak dari tulisan ini, lalu coba lagi.")

# The same for programs, as the API's description can say it.
VISIBLE = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$"
SAID = rf"{VISIBLE[:-1]}[^\s\u0000-\u001f\u007f]{VISIBLE[1:]}"
_STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _visible(text: str) -> None:
    if _STRANGE.search(text):
        raise ValidationError(STRANGE)


def _said(text: str) -> None:
    if not text.strip():
        raise ValidationError(NO_TITLE)


def words(longest: int = LONGEST_TEXT, *also: Callable[[str], None], **more: Any) -> fields.String:
    """Return a text field with our sentences; nothing in it that a database or a reader could not show."""
    said: dict[str, Any] = dict.fromkeys(("invalid", "null", "invalid_utf8"), NOT_TEXT)
    said["required"] = say("Wajib diisi.")
    told = {"pattern": VISIBLE} | more.pop("metadata", {})
    return fields.String(
        validate=[AtMost(max=longest), _visible, *also], error_messages=said, metadata=told, **more
    )


def one_of(choices: Mapping[str, Any] | tuple[str, ...], **more: Any) -> fields.String:
    """Return a field that takes one of a few codes, or nothing."""
    said: dict[str, Any] = {"invalid": NOT_A_CHOICE}
    allowed = validate.OneOf(tuple(choices), error=NOT_A_CHOICE)
    return fields.String(validate=allowed, allow_none=True, load_default=None, error_messages=said, **more)


class Strict(Schema):
    """A schema that refuses what it does not know, in Indonesian."""

    error_messages = {"unknown": UNKNOWN, "type": say("Bentuk isian tidak dikenal.")}  # noqa: RUF012  # marshmallow's own shape


class ItemGroundSchema(Strict):
    """One legal basis: a ground of Ps 17 by its code, or another regulation with its article."""

    code = one_of(catalogue().grounds, metadata={"description": "Kode dasar, misalnya 17h atau 17h.3."})
    law = words(300, allow_none=True, load_default=None)
    article = words(300, allow_none=True, load_default=None)
    text = words(5_000, allow_none=True, load_default="")


class ItemPeriodSchema(Strict):
    """How long the information stays closed. `text` keeps the wording as it was written."""

    kind = one_of(tuple(PeriodKind))
    value = Whole(
        allow_none=True, load_default=None,
        validate=validate.Range(1, MOST_VALUE, error=NOT_A_NUMBER), error_messages={"invalid": NOT_A_NUMBER},
    )  # fmt: skip
    unit = one_of(("year", "month", "day"))
    starts_on = fields.Date(allow_none=True, load_default=None, error_messages={"invalid": NOT_A_DATE})
    ends_on = fields.Date(allow_none=True, load_default=None, error_messages={"invalid": NOT_A_DATE})
    event = words(2_000, allow_none=True, load_default=None)
    release = fields.List(
        words(2_000),
        load_default=list,
        validate=validate.Length(max=20, error=say("Paling banyak 20 syarat.")),
    )
    review_on = fields.Date(allow_none=True, load_default=None, error_messages={"invalid": NOT_A_DATE})
    text = words(5_000, load_default="")

    @post_load
    def shape(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        kind = PeriodKind(data["kind"] or PeriodKind.UNSPECIFIED)
        return Period(**data | {"kind": kind, "release": tuple(data["release"])}).to_dict()


class ItemBodySchema(Strict):
    """The whole of an item as its unit writes it. Only the title is needed to keep a draft."""

    title = words(
        LONGEST_TITLE,
        _said,
        required=True,
        metadata={"description": "Judul yang tampil ke publik.", "pattern": SAID},
    )
    document = words(load_default="")
    part = one_of(CHOICES["part"])
    open_part = words(load_default="")
    grounds = fields.List(
        fields.Nested(ItemGroundSchema), load_default=list,
        validate=validate.Length(max=MOST_GROUNDS, error=say("Paling banyak 60 dasar hukum.")),
    )  # fmt: skip
    article18 = one_of(CHOICES["article18"])
    harm = words(load_default="")
    benefit = words(load_default="")
    interest = words(load_default="")
    loss = words(load_default="")
    balance = one_of(CHOICES["balance"])
    balance_reason = words(load_default="")
    period = fields.Nested(ItemPeriodSchema, load_default=dict)
    holder = words(1_000, load_default="")
    trigger = one_of(CHOICES["trigger"])
    trigger_note = words(1_000, load_default="")
    participants = fields.List(
        words(300), load_default=list,
        validate=validate.Length(max=MOST_PARTICIPANTS, error=say("Paling banyak 50 peserta.")),
    )  # fmt: skip
    forms = fields.List(
        one_of(FORMS), load_default=list,
        validate=validate.Length(max=len(FORMS), error=NOT_A_CHOICE),
    )  # fmt: skip
    softcopy_place = words(1_000, load_default="")
    hardcopy_place = words(1_000, load_default="")
    security_class = one_of(CHOICES["security_class"])
    retention = words(1_000, load_default="")
    summary = words(load_default="")
    maker = words(1_000, load_default="")
    made = words(1_000, load_default="")
    note = words(load_default="")

    @pre_load
    def tidy(self, data: Any, **_: Any) -> Any:
        """Lines end one way and nothing hangs around the text; the title is one line."""
        if not isinstance(data, Mapping):
            return data
        tidied = {key: tidy_text(value) if isinstance(value, str) else value for key, value in data.items()}
        if isinstance(tidied.get("title"), str):
            tidied["title"] = one_line(tidied["title"])
        return tidied

    @post_load
    def shape(self, data: dict[str, Any], **_: Any) -> Body:
        return whole_body(data)


def tidy_text(text: str) -> str:
    """Return a text whose lines end one way and around which nothing hangs."""
    return re.sub(r"\r\n?", "\n", text).strip()


def one_line(text: str) -> str:
    """Return a text with every run of spaces and breaks as one space."""
    return " ".join(text.split())


class ItemChangeSchema(ItemBodySchema):
    """A body with the version it was made from; `If-Match` may say it instead."""

    version = fields.Integer(
        strict=True, load_default=None, allow_none=True, error_messages={"invalid": say("Isi nomor versi.")}
    )

    @post_load
    def shape(self, data: dict[str, Any], **more: Any) -> Body:
        version = data.pop("version")
        return {"version": version, "body": super().shape(data, **more)}


class ItemListQuerySchema(Strict):
    """How to walk through the register."""

    cursor = fields.Integer(
        load_default=0,
        validate=validate.Range(0, 2**31 - 1),
        error_messages={"invalid": say("Kursor tidak dikenal.")},
    )
    limit = fields.Integer(
        load_default=50, validate=validate.Range(1, 200), error_messages={"invalid": say("Isi 1 sampai 200.")}
    )
    q = words(200, load_default="")
    status = one_of(STATES)
    ground = one_of(catalogue().grounds)


class ItemFindingOut(Schema):
    field = fields.String(required=True)
    code = fields.String(required=True)
    severity = fields.String(required=True, validate=validate.OneOf(("block", "warn")))
    message = fields.String(required=True)


class ItemCompletenessOut(Schema):
    done = fields.Integer(required=True)
    total = fields.Integer(required=True)
    missing = fields.List(fields.String(), required=True)


class ItemLineOut(Schema):
    """One item in a list."""

    id = fields.UUID(required=True)
    ref = fields.Integer(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(tuple(STATES)))
    version = fields.Integer(required=True)
    grounds = fields.List(fields.String(), required=True)
    ends_on = fields.Date(required=True, allow_none=True)
    review_on = fields.Date(required=True, allow_none=True)
    done = fields.Integer(required=True)
    updated_at = fields.DateTime(required=True)


class ItemListOut(Schema):
    """A page of the register; `next` is the cursor of the following page, null at the end."""

    items = fields.List(fields.Nested(ItemLineOut), required=True)
    next = fields.Integer(required=True, allow_none=True)


class ItemOut(Schema):
    """One item: the body as written, and what the law says to it today."""

    id = fields.UUID(required=True)
    ref = fields.Integer(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(tuple(STATES)))
    body = fields.Dict(required=True)
    ends_on = fields.Date(required=True, allow_none=True)
    review_on = fields.Date(required=True, allow_none=True)
    completeness = fields.Nested(ItemCompletenessOut, required=True)
    findings = fields.List(fields.Nested(ItemFindingOut), required=True)
    created_at = fields.DateTime(required=True)
    updated_at = fields.DateTime(required=True)


class ItemDocumentIn(Strict):
    """Which part of a document is closed, in words."""

    exempt_part = words(1_000, load_default="")


class ItemDocumentOut(Schema):
    """A document of an item."""

    id = fields.UUID(required=True, attribute="document_id")
    name = fields.String(required=True)
    exempt_part = fields.String(required=True)
    linked_at = fields.AwareDateTime(required=True)
    linked_by = fields.String(required=True)
    destroyed_at = fields.AwareDateTime(required=True, allow_none=True)


class ItemDocumentsOut(Schema):
    """The documents of an item."""

    documents = fields.List(fields.Nested(ItemDocumentOut), required=True)


def load_body(data: Mapping[str, Any]) -> Body:
    """Pass data of the API's shape through the schema; InvalidError names fields as the form does: `period.ends_on`."""
    try:
        loaded: Body = ItemBodySchema().load(data)
    except ValidationError as error:
        raise InvalidError(SUMMARY, dict(_flat(error.messages_dict))) from None
    return loaded


def _flat(messages: Mapping[Any, Any], above: str = "") -> Iterator[tuple[str, list[str]]]:
    for key, value in messages.items():
        name = f"{above}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        else:
            yield name, [m if isinstance(m, str) else str(m) for m in value]
