"""When an exemption must be looked at again, who goes first, and what an opening needs. Pure: dates are arguments.

Source: PP 61/2010 Ps 10 (determined open 30 working days before the end, open by law at the end); SOP 03/SOP-PPID baris 3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from ppid_saas.access.sayings import counted, joined, say
from ppid_saas.cases.rules import Due
from ppid_saas.publication.showing import DIP_WORDS
from ppid_saas.workdays.calendar import Calendar
from ppid_saas.workdays.counting import add_working_days, subtract_working_days

How = Literal["decided", "by_law", "by_decision", "by_consent"]
Dates = tuple[date | None, date | None]  # its last closed day, its day of review
Group = Literal["late", "month", "ahead", "review", "waiting"]

NOTICE_DAYS = (100, 60, 40, 30)
DECIDE_DAYS = 30
AHEAD_DAYS = 90
NOTICE = "reopening.notice_"
LAST_DAY = "reopening.last_day"
DECIDE = "reopening.decide_due"
END = "reopening.end"
REVIEW = "reopening.review"
REMINDERS = (*(f"{NOTICE}{n}" for n in NOTICE_DAYS), LAST_DAY, REVIEW)
KINDS = (*REMINDERS, DECIDE, END)
SOURCE = "SOP 03/SOP-PPID baris 3; PP 61/2010 Ps 10"

KIND_WORDS: Mapping[str, str] = {
    f"{NOTICE}100": say("Pemberitahuan 100 hari kerja sebelum habis"),
    f"{NOTICE}60": say("Pemberitahuan 60 hari kerja sebelum habis"),
    f"{NOTICE}40": say("Pemberitahuan 40 hari kerja sebelum habis"),
    f"{NOTICE}30": say("Pemberitahuan 30 hari kerja sebelum habis"),
    LAST_DAY: say("Pemberitahuan pada hari terakhir"),
    REVIEW: say("Peninjauan"),
    DECIDE: say("Batas penetapan dibuka"),
    END: say("Masa pengecualian habis"),
}

# the entry's state while it is closed and could be opened; and after
CLOSED = ("determined", "published", "reopening")
OPENED = ("opened", "opened_by_law", "opened_by_decision")
STATE_OF: Mapping[str, str] = {
    "decided": "opened",
    "by_law": "opened_by_law",
    "by_decision": "opened_by_decision",
    "by_consent": "opened_by_decision",
}
HOW_WORDS: Mapping[str, str] = {
    "decided": say("Ditetapkan terbuka"),
    "by_law": say("Terbuka demi hukum"),
    "by_decision": say("Dibuka karena putusan"),
    "by_consent": say("Dibuka karena persetujuan tertulis"),
}
GROUPS: Mapping[str, str] = {
    "late": say("Lewat batas penetapan"),
    "month": say("Bulan ini"),
    "ahead": say("90 hari kerja ke depan"),
    "review": say("Menunggu peristiwa (tinjau)"),
    "waiting": say("Menunggu hari dibuka"),
}
DIP_FIELDS = DIP_WORDS
_FROM_BODY = {
    "summary": "summary", "controller": "holder", "responsible": "maker", "made": "made", "forms": "forms",
    "retention": "retention",
}  # fmt: skip


def decide_by(calendar: Calendar, ends_on: date) -> date:
    """Return the last day on which opening is determined in time.

    Source: PP 61/2010 Ps 10(1).
    """
    return subtract_working_days(calendar, ends_on, DECIDE_DAYS)


def due_of(calendar: Calendar, item_id: UUID, days: Dates, determined_on: date, today: date) -> list[Due]:
    """Return what is owed of an item once determined: the notices still to come, the decision, the end; or its review.

    Source: PP 61/2010 Ps 10; SOP 03/SOP-PPID baris 3.
    """
    ends_on, review_on = days
    if ends_on is None:
        return [Due(REVIEW, item_id, max(review_on, today), 0, SOURCE, reminds=True)] if review_on else []
    before = {n: subtract_working_days(calendar, ends_on, n) for n in NOTICE_DAYS}
    found = [
        Due(f"{NOTICE}{n}", item_id, day, n, SOURCE, reminds=True, anchor=ends_on)
        for n, day in before.items()
        if day >= today
    ]
    last = max(before[DECIDE_DAYS], determined_on)
    found.append(Due(DECIDE, item_id, last, DECIDE_DAYS, SOURCE, anchor=ends_on))
    found.append(Due(LAST_DAY, item_id, max(ends_on, today), 0, SOURCE, reminds=True))
    return [*found, Due(END, item_id, ends_on, 0, SOURCE)]


def group_of(calendar: Calendar, deadline: date | None, review: bool, today: date) -> Group | None:  # noqa: FBT001
    """Return where an item stands in the queue; None while its day is far."""
    if deadline is None or review:
        return "review"
    if deadline < today:
        return "late"
    if (deadline.year, deadline.month) == (today.year, today.month):
        return "month"
    return "ahead" if deadline <= add_working_days(calendar, today, AHEAD_DAYS) else None


@dataclass(frozen=True, slots=True)
class Weight:
    """What makes one of two items of the same day go first."""

    requests: int = 0
    matters: bool = False

    @property
    def words(self) -> str:
        """Return why, for the row; empty when the day alone decides."""
        asked = counted("%(num)s permohonan", self.requests) if self.requests else ""
        return joined(", ", (asked, say("kepentingan publik tinggi") if self.matters else ""))


def place_in_group(deadline: date, weight: Weight, title: str) -> tuple[Any, ...]:
    """Return what sorts a group: the day, then who asked, then what matters, then the title.

    Source: SOP 03/SOP-PPID (penentuan prioritas dalam publikasi).
    """
    return (deadline, -weight.requests, not weight.matters, title)


def dip_from(body: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, str]:
    """Return the row of the public list: what was said now, else what the unit wrote with the item."""
    return {
        name: " ".join((said.get(name) or _plain(body.get(_FROM_BODY[name]))).split()) for name in DIP_FIELDS
    }


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value or "")


def missing_dip(dip: Mapping[str, str]) -> Sequence[str]:
    """Return the fields of the public list that nobody filled."""
    return [name for name in DIP_FIELDS if not dip.get(name)]
