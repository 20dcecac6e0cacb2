"""Exemption periods: what they are, when their last closed day is, whether an item is open on a day.

Dates are arguments; there is no now() here. Wording is read elsewhere (wording); this file only counts.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Literal, Self

Unit = Literal["year", "month", "day"]


class PeriodKind(StrEnum):
    FIXED = "fixed"
    UNTIL_DATE = "until_date"
    UNTIL_EVENT = "until_event"
    UNTIL_CONSENT = "until_consent"
    UNLIMITED = "unlimited"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True)
class Period:
    """A period of exemption; `text` is the wording as it was written, never changed.

    An event period may carry `value` and `unit` ("5 tahun setelah kontrak berakhir") and, as a cap, `ends_on`.
    """

    kind: PeriodKind = PeriodKind.UNSPECIFIED
    value: int | None = None
    unit: Unit | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    event: str | None = None
    release: tuple[str, ...] = ()
    review_on: date | None = None
    text: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "value": self.value,
            "unit": self.unit,
            "starts_on": _iso(self.starts_on),
            "ends_on": _iso(self.ends_on),
            "event": self.event,
            "release": list(self.release),
            "review_on": _iso(self.review_on),
            "text": self.text,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | None) -> Self:
        if not data:
            return cls()
        get = data.get
        return cls(
            PeriodKind(get("kind") or PeriodKind.UNSPECIFIED),
            get("value"),
            get("unit"),
            _day(get("starts_on")),
            _day(get("ends_on")),
            get("event"),
            tuple(get("release") or ()),
            _day(get("review_on")),
            get("text") or "",
        )


def last_closed_day(period: Period, determined_on: date | None) -> date | None:
    """The day the period ends; None when it has no computable end.

    Counted from the determination unless another start is given; n years end on the same date.
    Source: PP 61/2010 Ps 4 huruf d (period in the determination); PP 61/2010 Ps 10.
    """
    if period.kind is PeriodKind.FIXED:
        start = period.starts_on or determined_on
        if start is None or period.value is None or period.unit is None:
            return None
        return add(start, period.value, period.unit)
    dated = {PeriodKind.UNTIL_DATE, PeriodKind.UNTIL_EVENT, PeriodKind.UNTIL_CONSENT}
    return period.ends_on if period.kind in dated else None


def is_open(ends_on: date | None, today: date) -> bool:
    """Open from 00:00 of the day after the last closed day, decision or none.

    Source: PP 61/2010 Ps 10(2).
    """
    return ends_on is not None and today > ends_on


def add(start: date, value: int, unit: Unit) -> date:
    """The same date n years or months later; a day the month lacks becomes its last (29 -> 28 February)."""
    try:
        if unit == "day":
            return start + timedelta(days=value)
        year, month = divmod(start.year * 12 + start.month - 1 + value * (12 if unit == "year" else 1), 12)
        return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        return date.max


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
