"""What may be sent about collections and submissions, for page and API alike, and what the API answers."""

from typing import Any

from marshmallow import Schema, fields, pre_load, validate

from ppid_saas.access.sayings import say
from ppid_saas.submissions.rules import STANDINGS
from ppid_saas.web.forms import NOT_A_DATE, AtMost, Strict, something

NO_TITLE = say("Isi nama masa pengumpulan.")
MOST_UNITS = 5_000
LONGEST_TITLE = 200


def day(words: str) -> fields.Date:
    """A day that must be there, with the sentence that asks for it."""
    return fields.Date(
        required=True, error_messages={"invalid": NOT_A_DATE, "required": words, "null": words}
    )


class CollectionIn(Strict):
    """A window to open for every unit."""

    title = fields.String(
        required=True, error_messages={"required": NO_TITLE, "invalid": NO_TITLE, "null": NO_TITLE},
        validate=[something(NO_TITLE), AtMost(max=LONGEST_TITLE)],
    )  # fmt: skip
    opens_on = day(say("Isi tanggal dibuka."))
    due_on = day(say("Isi batas pengumpulan."))

    @pre_load
    def tidy(self, data: Any, **_: Any) -> Any:
        """The name is one line."""
        if isinstance(data, dict) and isinstance(data.get("title"), str):
            return {**data, "title": " ".join(data["title"].replace("\x00", "").split())}
        return data


class RemindIn(Strict):
    """The units to remind."""

    units = fields.List(fields.String(), required=True, validate=validate.Length(max=MOST_UNITS))


class StepIn(Strict):
    """A step of the collection's SOP."""

    step = fields.String(required=True)


class SendIn(Strict):
    """What a unit says when it hands in: which window, which round, and that it stands by its list."""

    collection = fields.UUID(required=True)
    round = fields.Integer(required=True, strict=False, validate=validate.Range(1, 1000))
    declared = fields.Boolean(load_default=False)


def words(longest: int = 2_000) -> fields.String:
    """A person's own words, or none."""
    strange = say("Hapus tanda yang tidak tampak dari tulisan ini, lalu coba lagi.")
    visible = validate.ContainsNoneOf(("\x00",), error=strange)
    return fields.String(load_default="", validate=[AtMost(max=longest), visible])


class SendFormIn(SendIn):
    """The end of the check page: which button, and what the head read or asks to be mended."""

    go = fields.String(
        load_default="send", validate=validate.OneOf(("send", "ask", "cancel", "confirm", "decline"))
    )
    mark = fields.String(load_default="", validate=validate.Length(max=64))
    note = words()


class WithdrawIn(Strict):
    """Why a submission is taken back."""

    reason = words()


class CollectionOut(Schema):
    """A window as its central or one of its units sees it."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    opens_on = fields.Date(required=True)
    due_on = fields.Date(required=True)


class StandingOut(Schema):
    unit = fields.String(required=True)
    name = fields.String(required=True)
    standing = fields.String(required=True, validate=validate.OneOf(tuple(STANDINGS)))
    submission = fields.UUID(required=True, allow_none=True)


class OpenedOut(CollectionOut):
    """A window at its central: its SOP, the state of its case, and where each unit stands."""

    sop = fields.String(required=True)
    state = fields.String(required=True)
    steps = fields.List(fields.String(), required=True)
    units = fields.List(fields.Nested(StandingOut), required=True)


class OpenedListOut(Schema):
    collections = fields.List(fields.Nested(CollectionOut), required=True)


class RemindedOut(Schema):
    reminded = fields.List(fields.String(), required=True)


class SubmissionOut(Schema):
    """A submission as the unit sees it."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    collection = fields.UUID(required=True)
    round = fields.Integer(required=True)
    is_nil = fields.Boolean(required=True)
    item_count = fields.Integer(required=True)
    hash = fields.String(required=True)
    submitted_at = fields.DateTime(required=True)
    standing = fields.String(
        required=True, validate=validate.OneOf(("sent", "in_repair", "done", "withdrawn"))
    )
    returned = fields.Integer(required=True)


class ProgressOut(Schema):
    """One item of a submission and the central's newest word about it."""

    ref = fields.Integer(required=True)
    title = fields.String(required=True)
    hash = fields.String(required=True)
    state = fields.String(required=True)
    turn = fields.String(required=True)
    due_on = fields.Date(required=True, allow_none=True)


class OneSubmissionOut(SubmissionOut):
    items = fields.List(fields.Nested(ProgressOut), required=True)


class UnitListOut(Schema):
    submissions = fields.List(fields.Nested(SubmissionOut), required=True)
    collections = fields.List(fields.Nested(CollectionOut), required=True)
