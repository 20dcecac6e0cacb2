"""How a public item reads on a page, pure: its status in words, its grounds in lines, its dates as dates.

The office's preview and the portal show the same thing because both ask here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ppid_saas.access.sayings import joined, say
from ppid_saas.publication.differences import ground_text, readable
from ppid_saas.publication.rules import Status, status_on
from ppid_saas.web.formats import said_date

LABELS: dict[Status, tuple[str, str]] = {
    "exempt": (say("Dikecualikan"), "netral"),
    "soon": (say("Segera dibuka"), "perhatian"),
    "opened": (say("Dibuka"), "aman"),
}
PARTLY = say("Dikecualikan sebagian")
HOW_OPENED: Mapping[str, str] = {
    "decided": say("Ditetapkan terbuka"),
    "by_law": say("Terbuka demi hukum, karena masa pengecualiannya berakhir"),
    "by_decision": say("Dibuka karena putusan"),
    "by_consent": say("Dibuka karena persetujuan tertulis"),
}
# Source: Perki 1/2021 (columns of the daftar informasi publik).
DIP_WORDS: Mapping[str, str] = {
    "summary": say("Ringkasan isi informasi"),
    "controller": say("Pejabat yang menguasai"),
    "responsible": say("Penanggung jawab pembuatan"),
    "made": say("Waktu dan tempat pembuatan"),
    "forms": say("Bentuk yang tersedia"),
    "retention": say("Retensi arsip"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A public body with everything a template would otherwise have to work out."""

    body: Mapping[str, Any]
    status: Status
    label: str
    tone: str
    sentence: str
    grounds: tuple[str, ...]
    period: str
    ends_on: date | None
    dated_on: date

    @property
    def code(self) -> str:
        return str(self.body["code"])

    @property
    def title(self) -> str:
        return str(self.body["title"])


def shown(body: Mapping[str, Any], today: date) -> Shown:
    """Say what an item is on a day.

    Source: UU 14/2008 Ps 20; PP 61/2010 Ps 10(2).
    """
    ends_on = date.fromisoformat(body["ends_on"]) if body["ends_on"] else None
    status = status_on(ends_on, today)
    label, tone = LABELS[status]
    if status == "exempt" and body["part"] == "part":
        label = PARTLY
    period = readable("period", body["period"])
    return Shown(
        body=body, status=status, label=label, tone=tone, sentence=_sentence(body, status, ends_on, period),
        grounds=tuple(ground_text(row) for row in body["grounds"]), period=period, ends_on=ends_on,
        dated_on=date.fromisoformat(body["determination"]["dated_on"]),
    )  # fmt: skip


def _sentence(body: Mapping[str, Any], status: Status, ends_on: date | None, period: str) -> str:
    closed = PARTLY if body["part"] == "part" else LABELS["exempt"][0]
    if ends_on is None:
        return joined("", (joined(": ", (closed, period)), "."))
    last, first = said_date(ends_on), said_date(ends_on + timedelta(days=1))
    if status == "opened":
        return say(
            "Terbuka sejak %(first)s, karena masa pengecualian berakhir %(last)s.", first=first, last=last
        )
    return say("%(closed)s sampai %(last)s. Terbuka mulai %(first)s.", closed=closed, last=last, first=first)
