"""What the central sees in an item: its state in words, what changed since it was last handed in, what to look at.

Pure. The comparing itself is `register.rules`; nothing here decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ppid_saas.access.sayings import say, told
from ppid_saas.law.periods import Period, PeriodKind, last_closed_day
from ppid_saas.register.rules import LABELS, changed_fields, cited, diff_words, field_words, letters_words

# what a repeated hand-in of the same content leaves as it is
SETTLED = ("accepted", "partly_exempt", "determined", "published", "reopening")
DETERMINABLE = ("accepted", "partly_exempt")
TONES = {"returned": "perhatian", "accepted": "aman", "determined": "aman", "published": "aman"}
KINDS = {
    "new": (say("Baru"), "info"),
    "changed": (say("Berubah"), "perhatian"),
    "same": (say("Tidak berubah"), "netral"),
}
_LONG = date.max
_SHORTER = 0.6


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs, word by word, with a flag when the change weighs more than its words."""

    label: str
    parts: list[tuple[str, str]]
    flag: str = ""


def kind_of(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> str:
    """Return whether an item is new, changed or the same since it was last handed in."""
    if before is None:
        return "new"
    return "same" if before == after else "changed"


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Return the differing fields in the order of the form."""
    return [
        Change(
            LABELS[name],
            diff_words(told(field_words(before, name)), told(field_words(after, name))),
            _flag(name, before, after),
        )
        for name in changed_fields(before, after)
    ]


def _flag(name: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    """Return what in a change asks for a second look.

    Source: UU 14/2008 Ps 19, 20; PP 61/2010 Ps 10.
    """
    if name == "period" and _end(after) > _end(before):
        return say("Masa pengecualian diperpanjang. Minta uji ulang?")
    if name == "grounds" and cited(before) != cited(after):
        return say("Dasar hukum berubah.")
    shortened = len(str(after.get(name) or "")) < _SHORTER * len(str(before.get(name) or ""))
    return say("Uraian konsekuensi dipersingkat.") if name in {"harm", "interest"} and shortened else ""


def _end(body: Mapping[str, Any]) -> date:
    """Return an end that can be compared; a length counts from any one day."""
    period = Period.from_dict(body.get("period"))
    if period.kind is PeriodKind.FIXED and period.starts_on is None:
        return last_closed_day(period, date(2000, 1, 1)) or _LONG
    return last_closed_day(period, None) or _LONG


def grounds_words(body: Mapping[str, Any]) -> str:
    """Return the letters an item rests on: `17 h, j`."""
    return letters_words(row["code"] for row in body.get("grounds") or () if row.get("code"))
