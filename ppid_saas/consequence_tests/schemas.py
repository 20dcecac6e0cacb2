"""What a test, a view of the board and a sitting ask for, for page and API alike, and what the API answers."""

from typing import Any

from marshmallow import Schema, fields, pre_load, validate

from ppid_saas.access.sayings import say
from ppid_saas.consequence_tests.rules import NO_ITEM, OUTCOMES, TRIGGERS, VIEWS
from ppid_saas.web.forms import NOT_A_DATE, AtMost, Strict, Whole

LONG = 8_000
LINE = 300
MOST_ITEMS = 5_000
MOST_PEOPLE = 200
NO_NUL = validate.ContainsNoneOf(("\x00",), error=say("Hapus tanda yang tidak tampak."))
LARGEST = 2**31 - 1
NO_NUMBER = say("Tulis bilangan bulat.")


def words(longest: int = LONG) -> fields.String:
    """A text in people's own words, possibly empty."""
    return fields.String(load_default="", validate=[AtMost(max=longest), NO_NUL])


def written() -> fields.String:
    """A part of a sheet, which may be left as it is."""
    return fields.String(validate=[AtMost(max=LONG), NO_NUL])


def whole() -> Whole:
    """A number that the database can count, 0 when nothing is said."""
    inside = validate.Range(0, LARGEST, error=NO_NUMBER)
    return Whole(load_default=0, validate=inside, error_messages={"invalid": NO_NUMBER})


class SheetIn(Strict):
    """The next version of a sheet: what is not named stays as it was; an empty outcome keeps the test going."""

    open_part = written()
    harm = written()
    benefit = written()
    interest = written()
    loss = written()
    balance_reason = written()
    participants = fields.List(
        fields.String(validate=[AtMost(max=LINE), NO_NUL]), validate=validate.Length(max=MOST_PEOPLE)
    )
    outcome = fields.String(
        load_default="", validate=validate.OneOf(("", *OUTCOMES), error=say("Pilih hasil uji."))
    )
    reason = words()
    version = whole()


class BeginIn(Strict):
    """Which items to take up for a test, and why."""

    items = fields.List(
        fields.UUID(), required=True, validate=validate.Length(1, MOST_ITEMS, error=NO_ITEM),
        error_messages={"required": NO_ITEM},
    )  # fmt: skip
    trigger = fields.String(
        load_default="routine", validate=validate.OneOf(tuple(TRIGGERS), error=say("Pilih pemicu uji."))
    )
    note = words(LINE)


class PassIn(Strict):
    """Passing a round on; 0 leaves the quorum as the tenant has it."""

    quorum = whole()


class OpinionIn(Strict):
    """A member's view on one item."""

    view = fields.String(
        load_default="", validate=validate.OneOf(("", *VIEWS), error=say("Pilih pendapat Anda."))
    )
    reason = words()


class AdviceIn(Strict):
    """Closing the board's part."""

    number = words(LINE)
    note = words()

    @pre_load
    def tidy(self, data: Any, **_: Any) -> Any:
        """The number is one line."""
        if isinstance(data, dict) and isinstance(data.get("number"), str):
            return data | {"number": " ".join(data["number"].replace("\x00", "").split())}
        return data


class SittingIn(Strict):
    """The head of a sitting, its agenda, and who is asked: one a line, name; position; body."""

    title = words(LINE)
    held_on = fields.Date(load_default=None, allow_none=True, error_messages={"invalid": NOT_A_DATE})
    begins = words(LINE)
    place = words(LINE)
    chair = words(LINE)
    items = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MOST_ITEMS))
    people = words()
    members = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MOST_PEOPLE))


class DecisionIn(Strict):
    """What a sitting came to on one item."""

    outcome = fields.String(
        load_default="", validate=validate.OneOf(("", *OUTCOMES), error=say("Pilih hasil uji."))
    )
    reason = words()
    dissent = words()
    notes = words()
    version = whole()


class RoundOut(Schema):
    """A round."""

    id = fields.UUID()
    title = fields.String()
    state = fields.String()
    trigger = fields.String()
    due_on = fields.Date(allow_none=True)
    items = fields.Integer()
    decided = fields.Integer()


class RoundsOut(Schema):
    """Rounds under way."""

    rounds = fields.List(fields.Nested(RoundOut))


class SheetOut(Schema):
    """The newest sheet of an item."""

    item_id = fields.UUID()
    title = fields.String()
    version = fields.Integer()
    stage = fields.String()
    outcome = fields.String()
    reason = fields.String()
    body = fields.Dict()
    entry_state = fields.String()


class OneRoundOut(RoundOut):
    """A round with its sheets."""

    sheets = fields.List(fields.Nested(SheetOut))


class WaitingOut(Schema):
    """One item that waits for a member's view."""

    round_id = fields.UUID()
    item_id = fields.UUID()
    title = fields.String()
    outcome = fields.String()
    view = fields.String()
    due_on = fields.Date(allow_none=True)


class WaitingListOut(Schema):
    """What lies at the board."""

    items = fields.List(fields.Nested(WaitingOut))
