"""What recording a determination asks for, for page and API alike, and what the API answers."""

from typing import Any

from marshmallow import Schema, fields, post_load, pre_load, validate

from ppid_saas.access.sayings import say
from ppid_saas.determinations.rules import STATES, Letter
from ppid_saas.web.forms import NOT_A_DATE, AtMost, Strict, something

LONGEST = 300
TEXTS = ("number", "title", "signatory", "signatory_position", "place")
MOST_ITEMS = 50_000


def line(words: str) -> fields.String:
    """One line that must be there, with the sentence that asks for it."""
    asked = [something(words), AtMost(max=LONGEST)]
    said: dict[str, Any] = {"required": words, "null": words, "invalid": words}
    return fields.String(required=True, validate=asked, error_messages=said)


class DeterminationIn(Strict):
    """The head of the letter, and the items it covers: every accepted one when none is named."""

    number = line(say("Isi nomor penetapan."))
    title = line(say("Isi judul penetapan."))
    signatory = line(say("Isi nama penanda tangan."))
    signatory_position = line(say("Isi jabatan penanda tangan."))
    place = line(say("Isi tempat penetapan."))
    dated_on = fields.Date(
        required=True, error_messages=dict.fromkeys(("invalid", "required", "null"), NOT_A_DATE)
    )
    items = fields.List(
        fields.UUID(), load_default=None, allow_none=True, validate=validate.Length(max=MOST_ITEMS)
    )

    @pre_load
    def tidy(self, data: Any, **_: Any) -> Any:
        """Each text is one line without hanging spaces."""
        if not isinstance(data, dict):
            return data
        texts = {
            name: " ".join(data[name].replace("\x00", "").split())
            for name in TEXTS
            if isinstance(data.get(name), str)
        }
        return data | texts

    @post_load
    def shape(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        items, dated_on = data.pop("items"), data.pop("dated_on")
        return {"letter": Letter(**data, dated_on=dated_on), "item_ids": items}


class DeterminationOut(Schema):
    """A determination as recorded."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    title = fields.String(required=True)
    signatory = fields.String(required=True)
    signatory_position = fields.String(required=True)
    place = fields.String(required=True)
    dated_on = fields.Date(required=True)
    state = fields.String(required=True, validate=validate.OneOf(tuple(STATES)))
    item_count = fields.Integer(required=True)


class CoveredOut(Schema):
    """An item as the determination froze it."""

    item_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    title = fields.String(required=True)
    ends_on = fields.Date(required=True, allow_none=True)
    hash = fields.String(required=True)


class OneDeterminationOut(DeterminationOut):
    items = fields.List(fields.Nested(CoveredOut), required=True)


class DeterminationsOut(Schema):
    determinations = fields.List(fields.Nested(DeterminationOut), required=True)
