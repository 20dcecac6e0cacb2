"""What the forms of reopening ask for, for page and API alike."""

from collections.abc import Iterable
from typing import Any

from marshmallow import Schema, fields, validate

from ppid_saas.access.sayings import say
from ppid_saas.documents.rules import FORUMS
from ppid_saas.web.forms import NOT_A_DATE, AtMost, Strict, Tidy, Whole, something

LONGEST = 1000
DATE_WORDS: dict[str, Any] = dict.fromkeys(("invalid", "required", "null"), NOT_A_DATE)


class RetestIn(Tidy):
    """Why items are tested anew."""

    reason = fields.String(load_default="", validate=AtMost(max=LONGEST))


class ReviewIn(Tidy):
    """Until when an item stays closed after a review, and why."""

    next_on = fields.Date(required=True, error_messages=DATE_WORDS)
    reason = fields.String(load_default="", validate=AtMost(max=LONGEST))


class NotedIn(Strict):
    """What moves an item up."""

    requests = Whole(
        load_default=0, validate=validate.Range(0, 1_000_000, error=say("Tulis angka 0 atau lebih."))
    )
    matters = fields.Boolean(load_default=False)
    note = fields.String(load_default="", validate=AtMost(max=LONGEST))


class OrderIn(Tidy):
    """A decision or a consent that opens items."""

    how = fields.String(
        required=True,
        validate=validate.OneOf(("by_decision", "by_consent"), error=say("Pilih salah satu.")),
        error_messages={"required": say("Pilih salah satu.")},
    )
    basis = fields.String(load_default="", validate=AtMost(max=300))
    opens_on = fields.Date(required=True, error_messages=DATE_WORDS)


def _choice(known: Iterable[str]) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.OneOf(list(known), error=say("Pilih salah satu.")),
        error_messages={"required": say("Pilih salah satu.")},
    )


NO_NUMBER = say("Tulis nomor registernya.")


class DisputeIn(Tidy):
    """A dispute as registered."""

    number = fields.String(load_default="", validate=AtMost(max=200))
    forum = _choice(FORUMS)
    opened_on = fields.Date(required=True, error_messages=DATE_WORDS)
    note = fields.String(load_default="", validate=AtMost(max=LONGEST))


class DisputeWithItemsIn(DisputeIn):
    """The same for programs, with the items it is about."""

    number = fields.String(required=True, validate=[AtMost(max=200), something(NO_NUMBER)])
    items = fields.List(fields.UUID(), required=True, validate=validate.Length(1, 1000))


class RulingIn(Tidy):
    """How a dispute ended."""

    outcome = _choice(("opened", "kept", "withdrawn"))
    closed_on = fields.Date(required=True, error_messages=DATE_WORDS)
    ruling = fields.String(load_default="", validate=AtMost(max=300))


class DisputeOut(Schema):
    """A dispute as recorded."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    forum = fields.String(required=True)
    opened_on = fields.Date(required=True)
    closed_on = fields.Date(required=True, allow_none=True)
    outcome = fields.String(required=True)
    item_count = fields.Integer(required=True)


class DisputesOut(Schema):
    disputes = fields.List(fields.Nested(DisputeOut), required=True)
