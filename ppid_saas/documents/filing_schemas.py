"""What may be said about a document: its retention, disputes, why it goes, and what programs are told of all that."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from ppid_saas.access.sayings import say
from ppid_saas.documents.rules import CLASSES, FATES, FORUMS, KINDS, LONGEST_YEARS
from ppid_saas.web.forms import NOT_A_DATE, AtMost, Strict, Tidy, Whole

NO_YEARS = say("Isi dengan angka 0 sampai %(most)s.", most=str(LONGEST_YEARS))
NO_CHOICE = say("Pilih salah satu.")
NO_NUMBER = say("Tulis nomor registernya.")
NO_REASON = say("Tulis alasannya.")
NO_MINUTES = say("Tulis nomor berita acara pemusnahannya.")
NOT_WHOLE = say("Isi tanggal mulai, lama aktif, dan lama inaktif bersama-sama, atau kosongkan ketiganya.")
LONGEST_REASON = 500


_AT_MOST = validate.Range(0, LONGEST_YEARS, error=NO_YEARS)


def _one_of(choices: dict[str, str]) -> fields.String:
    return fields.String(load_default="", validate=validate.OneOf(["", *choices], error=NO_CHOICE))


def _years() -> fields.Integer:
    return fields.Integer(
        load_default=None,
        allow_none=True,
        error_messages={"invalid": NO_YEARS},
        validate=_AT_MOST,
    )


def _said(missing: str, longest: int = LONGEST_REASON) -> fields.String:
    return fields.String(required=True, error_messages={"required": missing}, validate=AtMost(max=longest))


def _refuse_half(data: Mapping[str, Any]) -> None:
    names = ("kept_from", "active_years", "inactive_years")
    missing = [name for name in names if data.get(name) is None]
    if missing and len(missing) < len(names):
        raise ValidationError({missing[0]: [NOT_WHOLE]})


class RetentionIn(Tidy):
    """Class and retention of a document; what is not known is left empty."""

    security_class = _one_of(CLASSES)
    kept_from = fields.Date(load_default=None, allow_none=True, error_messages={"invalid": NOT_A_DATE})
    active_years = _years()
    inactive_years = _years()
    fate = _one_of(FATES)

    @validates_schema
    def whole(self, data: dict[str, Any], **_: Any) -> None:
        """Years without their first day count from nowhere."""
        _refuse_half(data)


class RetentionBody(Strict):
    """The same for programs, which say all of it."""

    security_class = fields.String(required=True, validate=validate.OneOf(("", *CLASSES), error=NO_CHOICE))
    kept_from = fields.Date(required=True, allow_none=True)
    active_years = Whole(required=True, allow_none=True, validate=_AT_MOST)
    inactive_years = Whole(required=True, allow_none=True, validate=_AT_MOST)
    fate = fields.String(required=True, validate=validate.OneOf(("", *FATES), error=NO_CHOICE))

    @validates_schema
    def whole(self, data: dict[str, Any], **_: Any) -> None:
        """Years without their first day count from nowhere."""
        _refuse_half(data)


class DisputeIn(Tidy):
    """A dispute: where it is heard, and its number there."""

    forum = fields.String(
        required=True,
        error_messages={"required": NO_CHOICE},
        validate=validate.OneOf(list(FORUMS), error=NO_CHOICE),
    )
    number = _said(NO_NUMBER, 200)


class DisposalIn(Tidy):
    """Why a document shall go."""

    reason = _said(NO_REASON)


class MinutesIn(Tidy):
    """Under which minutes it goes."""

    minutes = _said(NO_MINUTES, 200)


class NoteIn(Tidy):
    """Why not."""

    note = _said(NO_REASON)


class ExemptPartIn(Tidy):
    """Which part of a document is closed, in words."""

    exempt_part = fields.String(load_default="", validate=AtMost(max=1_000))


class VersionOut(Schema):
    """One version of a document."""

    version = fields.Integer(required=True, attribute="n")
    name = fields.String(required=True)
    stored_at = fields.AwareDateTime(required=True, attribute="created_at")
    stored_by = fields.String(required=True, attribute="who")
    size = fields.Integer(required=True)
    sha256 = fields.String(required=True, attribute="sha_plain")


class KeptOut(Schema):
    """A document with its versions and how long it is kept."""

    id = fields.UUID(required=True, attribute="document_id")
    name = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(tuple(KINDS)))
    security_class = fields.String(required=True)
    kept_from = fields.Date(required=True, allow_none=True)
    active_years = fields.Integer(required=True, allow_none=True)
    inactive_years = fields.Integer(required=True, allow_none=True)
    kept_until = fields.Date(required=True, allow_none=True, attribute="until")
    fate = fields.String(required=True)
    destroyed_at = fields.AwareDateTime(required=True, allow_none=True)
    versions = fields.List(fields.Nested(VersionOut), required=True)
