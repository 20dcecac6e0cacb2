"""Forms of pages: three boxes read as a day, and a page's form passed through the schema its API uses. No rules of a slice."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validate

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.law.dates_in_words import find_dates

SUMMARY = say("Ada isian yang perlu diperbaiki.")
NOT_A_DATE = say("Tulis tanggal, bulan, dan tahun yang benar. Contoh: 5 Agustus 2027.")
UNKNOWN = say("Isian ini tidak dikenal.")
YEAR_LENGTH = 4


class Strict(Schema):
    """A schema that refuses what it does not know, in Indonesian."""

    error_messages = {"unknown": UNKNOWN, "type": say("Bentuk isian tidak dikenal.")}  # noqa: RUF012  # marshmallow's own shape


class Tidy(Strict):
    """Texts become one line; an empty one is left out."""

    @pre_load
    def tidy(self, data: Any, **_: Any) -> Any:
        """Texts are one line without what does not show; what is no mapping is left for the schema to refuse."""
        if not isinstance(data, Mapping):
            return data
        return {
            name: said
            for name, value in data.items()
            if (said := _one_line(value) if isinstance(value, str) else value) not in ("", None)
        }


def _one_line(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())


class Whole(fields.Integer):
    """A whole number, be it written 5 or 5.0; 5.5 is none, nor is a text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strict=True, **options)

    def _validated(self, value: Any) -> int:
        whole = isinstance(value, float) and value.is_integer()
        return super()._validated(int(value) if whole else value)


class AtMost(validate.Length):
    """A longest length, with our sentence."""

    def _format_error(self, value: Any, message: str) -> str:  # noqa: ARG002  # marshmallow's own shape
        return say("Paling banyak %(n)s huruf.", n=f"{self.max:,}".replace(",", "."))


def something(sentence: str) -> validate.Regexp:
    """Ask for at least one character that can be seen."""
    return validate.Regexp(r"[\s\S]*[^\s\u0000-\u001f\u007f\u0085]", error=sentence)


def boxes(form: Mapping[str, str], name: str) -> dict[str, str]:
    """Return the three boxes of a date as typed."""
    return {part: form.get(f"{name}.{part}", "").strip() for part in ("day", "month", "year")}


def read_date(form: Mapping[str, str], name: str) -> str | None:
    """Read three boxes as an ISO day, the month in words or figures; what is no date stays as written, to be refused."""
    day, month, year = boxes(form, name).values()
    if not (day or month or year):
        return None
    written = f"{day}/{month}/{year}" if month.isdecimal() else f"{day} {month} {year}"
    found = find_dates(written.lower()) if day.isdecimal() and len(year) == YEAR_LENGTH else []
    return found[0].day.isoformat() if len(found) == 1 else written


def load(schema: Schema, data: Mapping[str, Any]) -> Any:
    """Pass data through a schema; InvalidError names the fields as the form does."""
    try:
        return schema.load(data)
    except ValidationError as error:
        raise InvalidError(SUMMARY, dict(_flat(error.messages_dict))) from None


def _flat(messages: Mapping[Any, Any], above: str = "") -> Iterator[tuple[str, list[str]]]:
    for key, value in messages.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", [m if isinstance(m, str) else str(m) for m in value]


def first_messages(error: InvalidError) -> dict[str, str]:
    """Return one message a field, as the form macros take them."""
    return error.by_field or {"form": error.message}
