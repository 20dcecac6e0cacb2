"""What leaves the house, pure: the public body of an item, its status on a day, and what must never be in it.

An allow-list, not a filter: a field that is not built here does not exist for the public. No clock, no SQL.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from ppid_saas.access.sayings import recalled, say
from ppid_saas.law import grounds
from ppid_saas.law.periods import Period, PeriodKind, is_open

Body = Mapping[str, Any]
Status = Literal["exempt", "soon", "opened"]

PUBLIC_FIELDS = (
    "code", "title", "unit", "unit_name", "part", "open_part", "grounds", "period", "ends_on", "harm", "interest",
    "holder", "determination",
)  # fmt: skip
GROUND_FIELDS = ("code", "label", "law", "article")
PERIOD_FIELDS = ("kind", "text", "review_on")
DETERMINATION_FIELDS = ("number", "dated_on", "signatory_position", "title")
SOON = timedelta(days=90)
NOT_LISTED = say("Tidak lagi tercantum sejak Edisi %(n)s.")
REVOKED_BY = say("Dicabut dengan penetapan Nomor %(number)s tanggal %(day)s.")
REVOKED = say("Dicabut dengan penetapan.")
UNIT_WORDS = {"year": "tahun", "month": "bulan", "day": "hari"}

_LEAKS = (
    ("NIP", re.compile(r"(?<!\d)(?:\d[ .-]?){17}\d(?!\d)")),
    ("NIK", re.compile(r"(?<!\d)(?:\d[ .-]?){15}\d(?!\d)")),
    (say("alamat surel"), re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (say("nomor telepon"), re.compile(r"(?<![\d/])(?:\+?62|0)[ .-]?8[1-9](?:[ .-]?\d){7,10}(?!\d)")),
    (
        say("nomor telepon"),
        re.compile(r"(?<![\d/])(?:\(0\d{2,3}\)[ .-]?|0\d{2,3}[ -])\d{3,4}[ .-]?\d{3,4}(?![\d/])"),
    ),
)


@dataclass(frozen=True, slots=True)
class Leak:
    """Personal data found in a public text: which item, which field, what kind. Never the text itself."""

    code: str
    field: str
    kind: str

    @property
    def words(self) -> str:
        """`DIK-2026-0001, akibat bila dibuka: NIK`."""
        field = FIELD_WORDS.get(self.field, self.field)
        return say("%(code)s, %(field)s: %(kind)s", code=self.code, field=field, kind=say(self.kind))

    def __str__(self) -> str:
        return str(self.words)


FIELD_WORDS = {
    "title": say("judul informasi"),
    "unit_name": say("nama unit"),
    "part": say("bagian yang dikecualikan"),
    "open_part": say("bagian yang tetap terbuka"),
    "grounds": say("dasar hukum"),
    "period": say("jangka waktu"),
    "ends_on": say("masa pengecualian habis"),
    "harm": say("akibat bila dibuka"),
    "interest": say("kepentingan yang dilindungi"),
    "holder": say("penanggung jawab"),
    "determination": say("penetapan"),
}


def public_body(
    code: str, item: Body, ends_on: date | None, unit: tuple[str, str], determination: Body
) -> dict[str, Any]:
    """Build the public body of an item from the body its determination froze; `unit` is its slug and name.

    Source: UU 14/2008 Ps 17, 19, 20; Perki 1/2021 Ps 49; PP 61/2010 Ps 4.
    """
    period = Period.from_dict(item.get("period"))
    part = "part" if item.get("part") == "part" else "whole"
    return {
        "code": code,
        "title": _text(item, "title"),
        "unit": unit[0],
        "unit_name": unit[1],
        "part": part,
        "open_part": _text(item, "open_part") if part == "part" else "",
        "grounds": [_ground(row) for row in item.get("grounds") or ()],
        "period": {
            "kind": period.kind.value,
            "text": period_text(period),
            "review_on": _iso(period.review_on),
        },
        "ends_on": _iso(ends_on),
        "harm": _text(item, "harm"),
        "interest": _text(item, "interest"),
        "holder": _text(item, "holder"),
        "determination": {name: str(determination[name]) for name in DETERMINATION_FIELDS},
    }


def is_public_body(body: Body) -> bool:
    """Say whether a body has exactly the fields of the allow-list, at every depth."""
    return (
        set(body) == set(PUBLIC_FIELDS)
        and set(body["period"]) == set(PERIOD_FIELDS)
        and set(body["determination"]) == set(DETERMINATION_FIELDS)
        and all(set(row) == set(GROUND_FIELDS) for row in body["grounds"])
    )


def period_text(period: Period) -> str:
    """The period in words: as it was written, or else from its parts."""
    if period.text.strip():
        return " ".join(period.text.split())
    if period.kind is PeriodKind.FIXED and period.value and period.unit:
        return f"{period.value} {UNIT_WORDS[period.unit]}"
    if period.kind in {PeriodKind.UNTIL_EVENT, PeriodKind.UNTIL_CONSENT} and period.event:
        return f"sampai {period.event}"
    return {
        PeriodKind.UNLIMITED: "tanpa batas waktu",
        PeriodKind.UNTIL_CONSENT: "sampai ada persetujuan tertulis",
    }.get(period.kind, "")


def reason_words(reason: str | None) -> str:
    """A kept reason as it reads on a page; what a person wrote stays as it is."""
    ours = tuple(
        one for one in (NOT_LISTED, REVOKED_BY, REVOKED) if (reason or "").startswith(one.partition("%")[0])
    )
    return recalled(reason or "", ours) if ours else reason or ""


def make_code(year: int, n: int) -> str:
    return f"DIK-{year}-{n:04d}"


def number_of(code: str) -> int:
    """The number in a code: `DIK-2026-0117` -> 117."""
    return int(code.rpartition("-")[2])


def letters(body: Body) -> list[str]:
    """The letters of Ps 17 an item rests on, for searching."""
    codes = (grounds.find(row.get("code")) for row in body["grounds"])
    return sorted({found.letter for found in codes if found})


def status_on(ends_on: date | None, today: date) -> Status:
    """Closed, soon open, or open by the clock alone; no worker need have run.

    Source: UU 14/2008 Ps 20; PP 61/2010 Ps 10(2).
    """
    if is_open(ends_on, today):
        return "opened"
    return "soon" if ends_on is not None and ends_on - today <= SOON else "exempt"


def find_leaks(bodies: Sequence[Body]) -> list[Leak]:
    """Look for personal data in every public text.

    Source: UU 14/2008 Ps 17 huruf h; UU 27/2022 Ps 4.
    """
    return list(
        dict.fromkeys(
            Leak(str(body["code"]), field, kind)
            for body in bodies
            for field, text in _texts(body)
            for kind in _kinds_in(text)
        )
    )


def texts_leak(text: str) -> bool:
    """Say whether one text carries personal data."""
    return any(True for _ in _kinds_in(text))


def _kinds_in(text: str) -> Iterator[str]:
    rest = text
    for kind, pattern in _LEAKS:
        if pattern.search(rest):
            rest = pattern.sub(" ", rest)
            yield kind


def _texts(body: Body) -> Iterator[tuple[str, str]]:
    for field, value in body.items():
        if field not in {"code", "unit", "ends_on"}:
            yield from ((field, text) for text in _strings(value))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _ground(row: Mapping[str, Any]) -> dict[str, Any]:
    known = grounds.find(row.get("code"))
    return {
        "code": known.code if known else None,
        "label": known.label if known else _text(row, "text"),
        "law": _text(row, "law") or (grounds.catalogue().act if known else ""),
        "article": _text(row, "article"),
    }


def _text(row: Mapping[str, Any], name: str) -> str:
    return " ".join(str(row.get(name) or "").split())


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
