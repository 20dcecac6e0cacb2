"""Forms of pages: three boxes read as a day, and a page's form passed through the schema its API uses. No rules of a slice."""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError

from ppid_saas.access.errors import InvalidError
from ppid_saas.law.dates_in_words import find_dates

SUMMARY = "Ada isian yang perlu diperbaiki."
NOT_A_DATE = "Tulis tanggal, bulan, dan tahun yang benar. Contoh: 5 Agustus 2027."
UNKNOWN = "Isian ini tidak dikenal."
YEAR_LENGTH = 4


class Strict(Schema):
    """A schema that refuses what it does not know, in Indonesian."""

    error_messages = {"unknown": UNKNOWN, "type": "Bentuk isian tidak dikenal."}  # noqa: RUF012  # marshmallow's own shape


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
            yield f"{above}{key}", [str(message) for message in value]


def first_messages(error: InvalidError) -> dict[str, str]:
    """Return one message a field, as the form macros take them."""
    return {name: messages[0] for name, messages in error.fields.items()} or {"form": error.message}
