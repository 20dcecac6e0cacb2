"""What may be said about places, papers and loans; and how a form's texts are tidied before they are judged."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, post_load, pre_load, validate

from ppid_saas.access.sayings import say
from ppid_saas.places.rules import CODE, KINDS, LONGEST_CODE, STATUSES, tidy_code
from ppid_saas.web.addresses import LARGEST
from ppid_saas.web.forms import AtMost, Strict, Tidy

MOST_AT_ONCE = 50
MOST_SHEETS = 100_000
MOST_DAYS = 250
USUAL_DAYS = 5
NO_CODE = say("Isi kode pendek, misalnya A-03-12: huruf, angka, tanda hubung, atau titik.")
NO_KIND = say("Pilih jenis tempatnya.")
NO_NUMBER = say("Isi dengan angka 1 sampai %(most)s.")
NO_BORROWER = say("Isi siapa yang meminjam.")
NO_REF = say("Isi nomor butirnya, misalnya 12.")
NO_WHERE = say("Pindai label tempatnya, atau ketik kodenya.")


def _number(most: int, default: int | None = None) -> fields.Integer:
    words = say(NO_NUMBER, most=str(most))
    return fields.Integer(
        load_default=default,
        allow_none=True,
        error_messages={"invalid": words},
        validate=validate.Range(1, most, error=words),
    )


def _text(longest: int = 200, **more: Any) -> fields.String:
    return fields.String(load_default="", validate=AtMost(max=longest), **more)


class PlaceChangeIn(Tidy):
    """Code, name and where it lies."""

    code = fields.String(
        required=True,
        error_messages={"required": NO_CODE},
        validate=[validate.Regexp(re.compile(rf"\A{CODE.pattern}\Z"), error=NO_CODE), AtMost(max=LONGEST_CODE)],
    )  # fmt: skip
    name = _text()
    within = _text()

    @pre_load
    def short(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """A code is written in capitals."""
        code = data.get("code")
        return dict(data) | ({"code": tidy_code(code)} if isinstance(code, str) else {})


class PlaceIn(PlaceChangeIn):
    """A new place, or several whose codes count on."""

    kind = fields.String(
        required=True,
        error_messages={"required": NO_KIND},
        validate=validate.OneOf(list(KINDS), error=NO_KIND),
    )
    count = _number(MOST_AT_ONCE, 1)


class PaperChangeIn(Tidy):
    """What a paper is called and how many sheets it has."""

    title = _text(300)
    sheets = _number(MOST_SHEETS)


class PaperIn(PaperChangeIn):
    """A new paper and where it lies."""

    ref = fields.Integer(
        required=True,
        error_messages={"required": NO_REF, "invalid": NO_REF},
        validate=validate.Range(1, LARGEST, error=NO_REF),
    )
    where = fields.String(required=True, error_messages={"required": NO_WHERE}, validate=AtMost(max=200))


class LoanIn(Tidy):
    """Who borrows, and for how many working days."""

    borrower = fields.String(
        required=True, error_messages={"required": NO_BORROWER}, validate=AtMost(max=200)
    )
    days = _number(MOST_DAYS)

    @post_load
    def counted(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Without a number it is a working week."""
        return data | {"days": data["days"] or USUAL_DAYS}


class PapersQuery(Strict):
    """Which papers, and which page of them."""

    status = fields.String(load_default=None, validate=validate.OneOf(list(STATUSES)))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))


class PlaceOut(Schema):
    """A place and how many papers belong directly into it."""

    id = fields.UUID(required=True)
    parent_id = fields.UUID(required=True, allow_none=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(KINDS)))
    code = fields.String(required=True)
    name = fields.String(required=True)
    papers = fields.Integer(required=True)


class PlacesOut(Schema):
    """Every place of a unit."""

    places = fields.List(fields.Nested(PlaceOut), required=True)


class PaperOut(Schema):
    """A paper, where it belongs, and who has it until when."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    item_ref = fields.Integer(required=True)
    title = fields.String(required=True)
    sheets = fields.Integer(required=True, allow_none=True)
    place_id = fields.UUID(required=True)
    borrower = fields.String(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)


class PapersOut(Schema):
    """One page of papers."""

    papers = fields.List(fields.Nested(PaperOut), required=True)
    total = fields.Integer(required=True)
