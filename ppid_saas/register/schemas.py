"""What may be written into an item, for page and API alike, and the form that carries it. Legal checks are `law`'s.

A form is turned into the API's shape first, so that both pass the same schema and say the same sentences.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validate
from werkzeug.datastructures import MultiDict

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.law.citations import parse_citation
from ppid_saas.law.dates_in_words import find_dates
from ppid_saas.law.grounds import catalogue
from ppid_saas.law.periods import Period, PeriodKind
from ppid_saas.register.rules import STATES, Body, code_words, whole_body
from ppid_saas.web.forms import AtMost, Whole

LONGEST_TITLE = 1_000
LONGEST_TEXT = 20_000
MOST_GROUNDS = 60
MOST_VALUE = 36_500
DATES = ("starts_on", "ends_on", "review_on")
META = frozenset({"csrf_token", "version"})
PICK = "pick."

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
    part = one_of(("whole", "part"))
    open_part = words(load_default="")
    grounds = fields.List(
        fields.Nested(ItemGroundSchema), load_default=list,
        validate=validate.Length(max=MOST_GROUNDS, error=say("Paling banyak 60 dasar hukum.")),
    )  # fmt: skip
    harm = words(load_default="")
    benefit = words(load_default="")
    interest = words(load_default="")
    loss = words(load_default="")
    period = fields.Nested(ItemPeriodSchema, load_default=dict)
    holder = words(1_000, load_default="")
    note = words(load_default="")

    @pre_load
    def tidy(self, data: Any, **_: Any) -> Any:
        """Lines end one way and nothing hangs around the text; the title is one line."""
        if not isinstance(data, Mapping):
            return data
        tidied = {key: _tidy(value) if isinstance(value, str) else value for key, value in data.items()}
        if isinstance(tidied.get("title"), str):
            tidied["title"] = _one_line(tidied["title"])
        return tidied

    @post_load
    def shape(self, data: dict[str, Any], **_: Any) -> Body:
        return whole_body(data)


def _tidy(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text).strip()


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


def body_of_form(form: MultiDict[str, str], kept: Body | None = None) -> Body:
    """Read the page's form. `kept` is the item as it is: grounds that stay checked keep their wording."""
    return load_body(data_of_form(form, kept))


def data_of_form(form: MultiDict[str, str], kept: Body | None = None) -> dict[str, Any]:
    """Turn the flat form into the API's shape; what it does not know is left for the schema to refuse."""
    data: dict[str, Any] = {}
    period: dict[str, Any] = {}
    for name in form:
        if name in META or name.startswith(PICK) or name in {"grounds", "other_law"}:
            continue
        target, key = (period, name.removeprefix("period.")) if name.startswith("period.") else (data, name)
        if key.partition(".")[0] not in DATES or target is data:
            target[key] = form[name]
    data["part"] = data.get("part") or None
    data["grounds"] = _grounds_of_form(form, kept)
    data["period"] = _period_of_form(period, form)
    return data


def _grounds_of_form(form: MultiDict[str, str], kept: Body | None) -> list[dict[str, Any]]:
    before: list[dict[str, Any]] = (kept or {}).get("grounds", [])
    codes, lines = (
        form.getlist("grounds"),
        [_one_line(line) for line in form.get("other_law", "").splitlines()],
    )
    stay = [row for row in before if (row["code"] in codes if row.get("code") else _other(row) in lines)]
    known = {row["code"] for row in stay if row.get("code")} | {
        _other(row) for row in stay if not row.get("code")
    }
    new = [_new_ground(code) for code in codes if code not in known]
    read = [c.as_ground() for line in lines if line and line not in known for c in parse_citation(line)]
    return stay + new + [row for row in read if not row["code"] or row["code"] not in codes]


def _new_ground(code: str) -> dict[str, Any]:
    home = catalogue().act
    return {"code": code, "law": home, "article": _article(code), "text": f"{_article(code)} {home}"}


def _other(row: Mapping[str, Any]) -> str:
    """Return the line under which a basis outside Ps 17 stands in the form."""
    return _one_line(
        row.get("text") or " ".join(part for part in (row.get("article"), row.get("law")) if part)
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _article(code: str) -> str:
    return code_words(code) if code in catalogue().grounds else code


def _period_of_form(period: dict[str, Any], form: MultiDict[str, str]) -> dict[str, Any]:
    read = {key: value for key, value in period.items() if key != "release"}
    read["kind"], read["unit"] = read.get("kind") or None, read.get("unit") or None
    value = str(read.get("value") or "").strip()
    read["value"] = int(value) if re.fullmatch(r"[0-9]{1,6}", value) else value or None
    read["release"] = [line.strip() for line in form.get("period.release", "").splitlines() if line.strip()]
    read["event"] = _tidy(str(read.get("event") or "")) or None
    read["text"] = _tidy(str(read.get("text") or ""))
    return read | {name: date_of_form(form, f"period.{name}") for name in DATES}


def date_of_form(form: Mapping[str, str], name: str) -> str | None:
    """Read three boxes as a day, months in words or figures; what is no date stays as written, to be refused."""
    day, month, year = (form.get(f"{name}.{part}", "").strip() for part in ("day", "month", "year"))
    if not (day or month or year):
        return None
    written = f"{day}/{month}/{year}" if month.isdigit() else f"{day} {month} {year}"
    found = find_dates(written.lower()) if day.isdigit() and len(year) == len("2026") else []
    return found[0].day.isoformat() if len(found) == 1 else written


def form_of_body(body: Body) -> dict[str, Any]:
    """Return a body as the values of the form."""
    period = Period.from_dict(body["period"])
    values: dict[str, Any] = {key: value for key, value in body.items() if isinstance(value, str)}
    values["part"] = body["part"] or ""
    values["grounds"] = [row["code"] for row in body["grounds"] if row.get("code")]
    others = (_other(row) for row in body["grounds"] if not row.get("code"))
    values["other_law"] = "\n".join(dict.fromkeys(others))
    values["period"] = {
        "kind": "" if period.kind is PeriodKind.UNSPECIFIED else period.kind.value, "value": period.value or "",
        "unit": period.unit or "", "event": period.event or "", "release": "\n".join(period.release),
        "text": period.text, **{name: _boxes(body["period"].get(name)) for name in DATES},
    }  # fmt: skip
    return values


def _boxes(iso: str | None) -> dict[str, str]:
    year, month, day = (iso or "--").split("-")
    return {"day": day.lstrip("0"), "month": month.lstrip("0"), "year": year}


def form_of_input(form: MultiDict[str, str]) -> dict[str, Any]:
    """Return what was just typed as the values of the form, to show it again."""
    values: dict[str, Any] = {name: form[name] for name in form if not name.startswith("period.")}
    values["grounds"] = form.getlist("grounds")
    values["period"] = {
        name: form.get(f"period.{name}", "") for name in ("kind", "value", "unit", "event", "release", "text")
    }
    for name in DATES:
        boxes = {part: form.get(f"period.{name}.{part}", "") for part in ("day", "month", "year")}
        values["period"][name] = boxes
    return values
