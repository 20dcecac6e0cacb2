"""What recording a determination asks for, for page and API alike, and what the API answers."""

from typing import Any

from marshmallow import Schema, fields, post_load, pre_load, validate

from ppid_saas.access.sayings import say
from ppid_saas.determinations.drafting import Head
from ppid_saas.determinations.rules import DRAFT_STATES, DRAFTED, STATES, Letter
from ppid_saas.web.forms import NOT_A_DATE, AtMost, Strict, something

LONGEST = 300
TEXTS = ("number", "title", "signatory", "signatory_position", "place")
DRAFTED_TEXTS = ("kind", "title", "signatory", "signatory_position", "place", "tests")
MOST_ITEMS = 50_000


def line(words: str) -> fields.String:
    """One line that must be there, with the sentence that asks for it."""
    asked = [something(words), AtMost(max=LONGEST)]
    said: dict[str, Any] = {"required": words, "null": words, "invalid": words}
    return fields.String(required=True, validate=asked, error_messages=said)


def _one_line(data: Any, names: tuple[str, ...]) -> Any:
    if not isinstance(data, dict):
        return data
    texts = {
        name: " ".join(data[name].replace("\x00", "").split())
        for name in names
        if isinstance(data.get(name), str)
    }
    return data | texts


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
        return _one_line(data, TEXTS)

    @post_load
    def shape(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        items, dated_on = data.pop("items"), data.pop("dated_on")
        return {"letter": Letter(**data, dated_on=dated_on), "item_ids": items}


class DraftIn(Strict):
    """The head of a draft, and the items it is about: every one that can be determined when none is named."""

    kind = fields.String(
        load_default="exemption", validate=validate.OneOf(DRAFTED, error=say("Pilih jenis penetapannya."))
    )
    title = line(say("Isi judul penetapan."))
    signatory = line(say("Isi nama penanda tangan."))
    signatory_position = line(say("Isi jabatan penanda tangan."))
    place = line(say("Isi tempat penetapan."))
    tests = fields.String(load_default="", validate=AtMost(max=LONGEST))
    items = fields.List(
        fields.UUID(), load_default=None, allow_none=True, validate=validate.Length(max=MOST_ITEMS)
    )

    @pre_load
    def tidy(self, data: Any, **_: Any) -> Any:
        """Each text is one line without hanging spaces."""
        return _one_line(data, DRAFTED_TEXTS)

    @post_load
    def shape(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        items = data.pop("items")
        return {"head": Head(**data), "item_ids": items}


class IssueIn(Strict):
    """Number and day under which an approved draft was signed."""

    number = line(say("Isi nomor penetapan."))
    dated_on = fields.Date(
        required=True, error_messages=dict.fromkeys(("invalid", "required", "null"), NOT_A_DATE)
    )

    @pre_load
    def tidy(self, data: Any, **_: Any) -> Any:
        """The number is one line without hanging spaces."""
        return _one_line(data, ("number",))


class RevokeIn(Strict):
    """The head of a revocation, its reason, and the items: every one that still rests on the determination when none is named."""

    number = line(say("Isi nomor penetapan."))
    title = line(say("Isi judul penetapan."))
    signatory = line(say("Isi nama penanda tangan."))
    signatory_position = line(say("Isi jabatan penanda tangan."))
    place = line(say("Isi tempat penetapan."))
    dated_on = fields.Date(
        required=True, error_messages=dict.fromkeys(("invalid", "required", "null"), NOT_A_DATE)
    )
    reason = line(say("Tulis mengapa pengecualian ini dicabut."))
    items = fields.List(
        fields.UUID(), load_default=None, allow_none=True, validate=validate.Length(max=MOST_ITEMS)
    )

    @pre_load
    def tidy(self, data: Any, **_: Any) -> Any:
        """Each text is one line without hanging spaces."""
        return _one_line(data, (*TEXTS, "reason"))

    @post_load
    def shape(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        items, reason, dated_on = data.pop("items"), data.pop("reason"), data.pop("dated_on")
        return {"letter": Letter(**data, dated_on=dated_on), "item_ids": items, "reason": reason}


class AnswerIn(Strict):
    """A superior's answer: approval of what the mark was made of, or a note on what is to be mended."""

    answer = fields.String(required=True, validate=validate.OneOf(("approve", "return")))
    mark = fields.String(load_default="")
    note = fields.String(load_default="", validate=AtMost(max=4000))


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
    kind = fields.String(required=True)
    code = fields.String(required=True)


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


class DraftOut(Schema):
    """A draft as it is now."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(DRAFTED))
    state = fields.String(required=True, validate=validate.OneOf(tuple(DRAFT_STATES)))
    title = fields.String(required=True)
    signatory = fields.String(required=True)
    signatory_position = fields.String(required=True)
    place = fields.String(required=True)
    tests = fields.String(required=True)
    note = fields.String(required=True)
    due_on = fields.Date(required=True, allow_none=True)
    mark = fields.String(required=True)
    determination_id = fields.UUID(required=True, allow_none=True)
    items = fields.List(fields.UUID(), required=True)


class DraftsOut(Schema):
    drafts = fields.List(fields.Nested(DraftOut), required=True)


class HandedOut(Schema):
    """How many units got a copy."""

    units = fields.Integer(required=True)


class CopyItemOut(Schema):
    item_id = fields.UUID(required=True)
    title = fields.String(required=True)
    ends_on = fields.Date(required=True, allow_none=True)


class CopyOut(Schema):
    """A determination as it came to a unit, with the unit's own items."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    number = fields.String(required=True)
    title = fields.String(required=True)
    dated_on = fields.Date(required=True)
    signatory_position = fields.String(required=True)
    code = fields.String(required=True)
    item_count = fields.Integer(required=True)
    received_by = fields.String(required=True, allow_none=True)
    items = fields.List(fields.Nested(CopyItemOut), required=True)


class CopiesOut(Schema):
    determinations = fields.List(fields.Nested(CopyOut), required=True)
