"""The item as a form: flat fields into the API's shape and back, so that page and API pass the same schema."""

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from ppid_saas.access.errors import InvalidError
from ppid_saas.law.citations import parse_citation
from ppid_saas.law.dates_in_words import find_dates
from ppid_saas.law.grounds import catalogue
from ppid_saas.law.periods import Period, PeriodKind
from ppid_saas.register.rules import CHOICES, Body, code_words
from ppid_saas.register.schemas import load_body, one_line, tidy_text

DATES = ("starts_on", "ends_on", "review_on")
MANY = ("grounds", "forms")
# Which topic of the form a field belongs to; what is not named belongs to the last, "keeping".
TOPIC_OF = {
    **dict.fromkeys(("title", "part", "open_part", "holder", "document"), "information"),
    **dict.fromkeys(("grounds", "other_law", "article18"), "bases"),
    **dict.fromkeys(("harm", "benefit", "interest", "loss", "balance", "balance_reason"), "reasons"),
    "period": "duration",
}
META = frozenset({"csrf_token", "version", "go"})
PICK = "pick."


def body_of_form(form: MultiDict[str, str], kept: Body | None = None) -> Body:
    """Read the page's form. `kept` is the item as it is: grounds that stay checked keep their wording."""
    return load_body(data_of_form(form, kept))


def unfinished_body(form: MultiDict[str, str], kept: Body | None = None) -> Body:
    """Read a form that is still being written: what cannot be read yet counts as empty."""
    data = data_of_form(form, kept)
    try:
        return load_body(data)
    except InvalidError as error:
        unread = list(error.fields)
    for name in unread:
        top, _, below = name.partition(".")
        data["period"].pop(below.partition(".")[0], None) if top == "period" else data.pop(top, None)
    untitled = "title" not in data
    return load_body(data | {"title": "-"}) | {"title": ""} if untitled else load_body(data)


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
    data |= {name: form[name] or None for name in CHOICES if name in form}
    data["forms"] = form.getlist("forms")
    data["participants"] = _lines(form.get("participants", ""))
    data["grounds"] = _grounds_of_form(form, kept)
    data["period"] = _period_of_form(period, form)
    return data


def _lines(text: str) -> list[str]:
    return [line for written in text.splitlines() if (line := one_line(written))]


def _grounds_of_form(form: MultiDict[str, str], kept: Body | None) -> list[dict[str, Any]]:
    before: list[dict[str, Any]] = (kept or {}).get("grounds", [])
    codes, lines = (
        form.getlist("grounds"),
        [one_line(line) for line in form.get("other_law", "").splitlines()],
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
    return one_line(
        row.get("text") or " ".join(part for part in (row.get("article"), row.get("law")) if part)
    )


def _article(code: str) -> str:
    return code_words(code) if code in catalogue().grounds else code


def _period_of_form(period: dict[str, Any], form: MultiDict[str, str]) -> dict[str, Any]:
    read = {key: value for key, value in period.items() if key != "release"}
    read["kind"], read["unit"] = read.get("kind") or None, read.get("unit") or None
    value = str(read.get("value") or "").strip()
    read["value"] = int(value) if re.fullmatch(r"[0-9]{1,6}", value) else value or None
    read["release"] = _lines(form.get("period.release", ""))
    read["event"] = tidy_text(str(read.get("event") or "")) or None
    read["text"] = tidy_text(str(read.get("text") or ""))
    return read | {name: date_of_form(form, f"period.{name}") for name in DATES}


def date_of_form(form: Mapping[str, str], name: str) -> str | None:
    """Read three boxes as a day, months in words or figures, or a whole date in any one box.

    What is no date stays as written, to be refused.
    """
    boxes = [form.get(f"{name}.{part}", "").strip() for part in ("day", "month", "year")]
    day, month, year = boxes
    written = [box for box in boxes if box]
    if not written:
        return None
    if len(written) == 1:
        return _whole_day(written[0]) or written[0]
    plain = f"{day}/{month}/{year}" if month.isdigit() else f"{day} {month} {year}"
    sound = day.isdigit() and len(year) == len("2026")
    return (_whole_day(plain) if sound else None) or plain


def _whole_day(written: str) -> str | None:
    """Return the one day a text is, and nothing beside it."""
    found = find_dates(written.lower())
    alone = len(found) == 1 and (found[0].start, found[0].end) == (0, len(written))
    return found[0].day.isoformat() if alone and found[0].day == found[0].last else None


def typed(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """Return what a person wrote in a form, and nothing of the page's own."""
    names = (name for name in form if name not in META and not name.startswith(PICK))
    return {
        name: [value.replace("\x00", "") for value in form.getlist(name)]
        for name in names
        if "\x00" not in name
    }


def fields_of_body(body: Body) -> MultiDict[str, str]:
    """Return a body as the flat fields a browser would send."""
    values = form_of_body(body)
    fields: MultiDict[str, str] = MultiDict()
    for name, value in values.items():
        if name != "period" and value != []:
            fields.setlist(name, value if isinstance(value, list) else [value])
    for name, value in values["period"].items():
        if isinstance(value, dict):
            fields.update({f"period.{name}.{part}": text for part, text in value.items()})
        else:
            fields[f"period.{name}"] = str(value)
    return fields


def form_of_body(body: Body) -> dict[str, Any]:
    """Return a body as the values of the form."""
    period = Period.from_dict(body["period"])
    values: dict[str, Any] = {key: value for key, value in body.items() if isinstance(value, str)}
    values |= {name: body.get(name) or "" for name in CHOICES}
    values["forms"] = list(body.get("forms") or ())
    values["participants"] = "\n".join(body.get("participants") or ())
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
    values |= {name: form.getlist(name) for name in MANY}
    values["period"] = {
        name: form.get(f"period.{name}", "") for name in ("kind", "value", "unit", "event", "release", "text")
    }
    for name in DATES:
        boxes = {part: form.get(f"period.{name}.{part}", "") for part in ("day", "month", "year")}
        values["period"][name] = boxes
    return values
