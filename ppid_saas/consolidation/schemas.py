"""What a reviewer may answer, for page and API alike, and what the API shows of inbox, review and consolidated list."""

from marshmallow import Schema, fields, validate

from ppid_saas.access.sayings import say
from ppid_saas.consolidation.matching_wording import PERIODS
from ppid_saas.register.rules import LABELS
from ppid_saas.submissions.rules import SHOWN, VERDICTS
from ppid_saas.web.forms import Strict

LONGEST_NOTE = 5_000
MOST_VERDICTS = 10_000
MOST_REASONS = 30
NO_LABEL = say("Isi kata singkat, paling banyak 40 huruf.")
NO_SENTENCE = say("Isi kalimat, paling banyak 500 huruf.")
NO_VERDICT = say("Pilih diterima atau dikembalikan.")
NO_MATCH = say("Pilih sama, berbeda, atau samakan dengan salah satunya.")
LONG_NOTE = say("Paling banyak 5.000 huruf, tanpa tanda yang tidak tampak.")


def note() -> fields.String:
    """A note in the reviewer's own words."""
    visible = validate.ContainsNoneOf(("\x00",), error=LONG_NOTE)
    return fields.String(
        load_default="", validate=[validate.Length(max=LONGEST_NOTE, error=LONG_NOTE), visible]
    )


def part() -> fields.String:
    """Return the name of the field a note is about, or none."""
    known = validate.OneOf(("", *LABELS), error=say("Pilih salah satu bagian butir."))
    return fields.String(load_default="", validate=known)


class VerdictIn(Strict):
    """The answer to one item."""

    item_id = fields.UUID(required=True)
    verdict = fields.String(required=True, validate=validate.OneOf(tuple(VERDICTS), error=NO_VERDICT))
    note = note()
    field = part()


class DecisionsIn(Strict):
    """Answers to items; `finish` closes the review when none is left."""

    decisions = fields.List(
        fields.Nested(VerdictIn), load_default=list, validate=validate.Length(max=MOST_VERDICTS)
    )
    accept_rest = fields.Boolean(load_default=False)
    finish = fields.Boolean(load_default=False)


class OneVerdictIn(Strict):
    """The answer to the item the address names."""

    verdict = fields.String(required=True, validate=validate.OneOf(tuple(VERDICTS), error=NO_VERDICT))
    note = note()
    field = part()


class TurnIn(Strict):
    """Taking a review; taking it over from someone needs a reason."""

    reason = note()


class UndoIn(Strict):
    """What to take back: the answer to one item, or one action."""

    item_id = fields.UUID()
    action_id = fields.UUID()


class MarkIn(Strict):
    """That the reviewer looked at an item, or not."""

    item_id = fields.UUID(required=True)
    viewed = fields.Boolean(required=True, falsy={"", "0"}, truthy={"1"})


class ItemNoteIn(Strict):
    """A note on one item under review that only the central reads."""

    item_id = fields.UUID(required=True)
    note = note()


class ReasonIn(Strict):
    """A reason often given: the word on the chip, the sentence it writes."""

    label = fields.String(required=True, validate=validate.Length(1, 40, error=NO_LABEL))
    sentence = fields.String(required=True, validate=validate.Length(1, 500, error=NO_SENTENCE))


class ReasonsIn(Strict):
    """The central's own list; an empty one brings the shipped one back."""

    reasons = fields.List(fields.Nested(ReasonIn), required=True, validate=validate.Length(max=MOST_REASONS))


class NoteIn(Strict):
    """A note that only the central reads."""

    note = note()


class MatchIn(Strict):
    """What a person decided about two entries; aligning names the one to follow and says what to change."""

    verdict = fields.String(
        required=True, validate=validate.OneOf(("same", "different", "aligned"), error=NO_MATCH)
    )
    model_id = fields.UUID(load_default=None, error_messages={"invalid_uuid": NO_MATCH})
    note = note()


class EntriesQuery(Strict):
    """Filters and place in the consolidated list."""

    q = fields.String(load_default="", validate=validate.Length(max=200))
    unit = fields.String(load_default="")
    ground = fields.String(load_default="")
    state = fields.String(load_default="")
    period = fields.String(load_default="", validate=validate.OneOf(("", *PERIODS)))
    ends = fields.String(load_default="", validate=validate.OneOf(("", "30", "100", "year")))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 1_000_000))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 500))


class InboxOut(Schema):
    """A submission at the central."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    unit = fields.String(required=True)
    unit_name = fields.String(required=True)
    collection = fields.UUID(required=True)
    round = fields.Integer(required=True)
    is_nil = fields.Boolean(required=True)
    item_count = fields.Integer(required=True)
    decided = fields.Integer(required=True)
    returned = fields.Integer(required=True)
    finished = fields.Boolean(required=True)
    reviewer = fields.String(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    hash = fields.String(required=True)
    submitted_at = fields.DateTime(required=True)


class InboxListOut(Schema):
    submissions = fields.List(fields.Nested(InboxOut), required=True)


class ReviewedItemOut(Schema):
    """One item under review."""

    item_id = fields.UUID(required=True)
    position = fields.Integer(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(("new", "changed", "same")))
    body = fields.Dict(required=True)
    hash = fields.String(required=True)
    flags = fields.List(fields.String(), required=True)
    problems = fields.List(fields.String(), required=True)
    verdict = fields.String(required=True, allow_none=True)
    note = fields.String(required=True)


class ReviewOut(InboxOut):
    items = fields.List(fields.Nested(ReviewedItemOut), required=True)
    missing = fields.List(fields.String(), required=True)


class EntryOut(Schema):
    """One line of the consolidated list."""

    item_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    unit_name = fields.String(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(tuple(SHOWN)))
    ends_on = fields.Date(required=True, allow_none=True)
    review_on = fields.Date(required=True, allow_none=True)
    version = fields.Integer(required=True)
    hash = fields.String(required=True)
    body = fields.Dict(required=True)
    code = fields.String(required=True, allow_none=True)


class EntriesOut(Schema):
    entries = fields.List(fields.Nested(EntryOut), required=True)
    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
