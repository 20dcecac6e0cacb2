"""How people are told, pure: topics and their channels, levels of a late duty, when a mail is tried again.

What is said about which fact stands in `kinds`. No clock, no people, no text of any list.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from ppid_saas.access.sayings import joined, say
from ppid_saas.web.formats import INDONESIAN, said_date, size

AT_ONCE: Final = "at_once"
DIGEST: Final = "digest"
NONE: Final = "none"
CHANNELS: Final = {
    AT_ONCE: say("Surel segera"),
    DIGEST: say("Ringkasan pagi"),
    NONE: say("Tanpa surel"),
}
MOST_LINES: Final = 10
GIVE_UP: Final = timedelta(days=3)
STEPS: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
LONG_STEP: Final = timedelta(hours=4)
PERMANENT: Final = 500
# From which number of working days late on who is told besides the owner.
LATE_LEVELS: Final = (5, 3, 1)
LEVELS: Final = ("perhatian", "segera", "lewat1", "lewat3", "lewat5")
UNKNOWN: Final = "…"
# What a duty is called and where it is done, by its kind; every other is a step.
DUTIES: Final = {
    "submission.due": (say("Daftar unit ditunggu PPID Utama"), "pengajuan/periksa"),
    "collection.due": (say("Masa pengumpulan berakhir"), "pengumpulan"),
    "review.due": (say("Sebuah pengajuan menunggu diperiksa"), "pengajuan"),
    "kpu.collect.due": (say("Pengumpulan daftar KPU ditunggu"), "persetujuan"),
    "sop.test_at_unit": (say("Hasil uji konsekuensi unit ditunggu"), "uji"),
    "sop.test_at_central": (say("Hasil uji konsekuensi PPID Utama ditunggu"), "uji"),
    "sop.close_advice": (say("Pertimbangan Tim Pertimbangan ditunggu"), "uji"),
    "determination.draft": (say("Rancangan penetapan ditunggu"), "penetapan"),
    "sop.draft_letter": (say("Rancangan penetapan ditunggu"), "penetapan"),
    "determination.approval": (
        say("Rancangan penetapan menunggu persetujuan Atasan PPID"),
        "telaah/persetujuan",
    ),
    "determination.handover": (say("Penetapan menunggu diserahkan kepada unit"), "penetapan"),
    "reopening.decide_due": (say("Butir yang masanya menjelang habis belum diputuskan"), "pembukaan"),
    "reopening.copy": (say("Salinan butir yang terbuka belum siap"), "butir"),
}
# Duties of those who decide on what others prepare: told to them as well, by the kinds `duty.near.…` and `duty.late.…`.
DECIDERS: Final = {"sop.close_advice": "board", "determination.approval": "superior"}
ANY_DUTY: Final = (say("Sebuah langkah menunggu"), "beranda")
# Told by a notice of their own.
SILENT_DUTIES: Final = frozenset({"loan", "reopening.last_day", "reopening.end", "reopening.review"})
SILENT_BEGINNING: Final = "reopening.notice_"
DAYS: Final = {
    "due": "due_on",
    "ends": "ends_on",
    "opens": "opens_on",
}  # places that are days, and where a fact has them


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of notices one can choose a channel for; what the law asks for cannot be turned off."""

    label: str
    hint: str
    mail: str
    is_duty: bool

    @property
    def channels(self) -> tuple[str, ...]:
        return (AT_ONCE, DIGEST) if self.is_duty else (AT_ONCE, DIGEST, NONE)


TOPICS: Final = {
    "turn": Topic(say("Giliran Anda"), say("Ada langkah yang menunggu Anda."), AT_ONCE, is_duty=True),
    "returned": Topic(say("Perlu perbaikan"), say("Sesuatu dikembalikan kepada Anda."), AT_ONCE, is_duty=True),
    "due": Topic(
        say("Batas waktu"), say("Batas mendekat, lewat, atau digeser."), AT_ONCE, is_duty=True
    ),
    "progress": Topic(say("Kemajuan"), say("Sesuatu selesai; tidak ada yang menunggu Anda."), DIGEST, is_duty=False),
    "room": Topic(say("Berkas dan ruang penyimpanan"), say("Ruang hampir penuh, berkas rusak, salinan kertas."), AT_ONCE, is_duty=False),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """What is said about one kind of fact, to whom, and where it leads. `{subject}` of the page is the fact's own.

    A `morning` notice goes with the morning's mail whatever was chosen, a `weekly` one with the first of the week.
    """

    roles: frozenset[str]
    topic: str
    title: str
    line: str
    page: str = "beranda"
    morning: bool = False
    weekly: bool = False


def channel(kind: Kind, chosen: Mapping[str, str]) -> str:
    """Return how a person is mailed about a kind; a choice the topic does not offer counts as none made."""
    topic = TOPICS[kind.topic]
    wanted = chosen.get(kind.topic, topic.mail)
    wanted = wanted if wanted in topic.channels else topic.mail
    return DIGEST if kind.morning and wanted == AT_ONCE else wanted


def said(source: str, data: Mapping[str, Any]) -> str:
    """Return a sentence of `kinds` with the numbers, days and names of a fact; what the fact does not say shows as `…`."""
    names = re.findall(r"%\((\w+)\)s", str(source))
    return say(source, **{name: _place(name, data) for name in names})


def _place(name: str, data: Mapping[str, Any]) -> str:
    try:
        if name == "what":
            return DUTIES.get(str(data["duty"]), ANY_DUTY)[0]
        if name in DAYS:
            return said_date(date.fromisoformat(data[DAYS[name]]))
        if name in {"used", "cap", "granted", "bytes"}:
            return size(int(data[name]), INDONESIAN)
    except (KeyError, TypeError, ValueError):
        return UNKNOWN
    return str(data.get(name, UNKNOWN))


def facts_of(kind: Kind, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a notice keeps of a fact: what its sentence names, and the day."""
    named = set(re.findall(r"%\((\w+)\)s", f"{kind.title} {kind.line}"))
    named |= {DAYS[name] for name in named & DAYS.keys()} | ({"duty"} if "what" in named else set())
    if not {"ends", "opens"} & named:
        named.add("due_on")
    return {name: data[name] for name in sorted(named) if name in data}


def line(kind: Kind, data: Mapping[str, Any]) -> str:
    """Return the whole sentence; a fact with a day that its sentence does not name has it added."""
    words = said(kind.line, data)
    if "due_on" not in data or "%(due)s" in kind.line:
        return words
    return joined(" ", (words, said(say("Batasnya %(due)s."), data)))


def level(left: int, n: int, *, is_late: bool) -> str | None:
    """Return how pressing a duty is, by its chip's bands and the days since it lapsed; None while it is far off.

    `left` are the working days to the due day, below zero when it has passed.
    """
    if is_late:
        reached = next((days for days in LATE_LEVELS if -left >= days), None)
        return f"lewat{reached}" if reached else "segera"
    if left <= max(1, -(-n // 4)):
        return "segera"
    return "perhatian" if left <= -(-n // 2) else None


def levels_up_to(reached: str) -> tuple[str, ...]:
    """Return the levels that a duty has passed on its way, the reached one last."""
    return LEVELS[: LEVELS.index(reached) + 1]


def again_after(tries: int) -> timedelta:
    """Return how long to wait before a mail that was put off is tried once more."""
    return STEPS[tries - 1] if 0 < tries <= len(STEPS) else LONG_STEP


def state_after(code: int | None, made_at: datetime, now: datetime, *, of_address: bool) -> str:
    """Return what a refusal makes of a mail: a permanent one of the address ends it, everything else waits three days."""
    if of_address and code is not None and code >= PERMANENT:
        return "bounced"
    return "failed" if now - made_at >= GIVE_UP else "waiting"


def in_order(notices: Iterable[tuple[str, str]]) -> list[str]:
    """Return sentences by their day, those without one last; each is a pair of day and words."""
    return [words for _, words in sorted(notices, key=lambda pair: (pair[0] or "9", pair[1]))]


def digest_lines(sentences: Sequence[str]) -> list[str]:
    """Return what the morning's mail says: ten lines at most, and how many more there are."""
    shown = [f"- {words}" for words in sentences[:MOST_LINES]]
    left = len(sentences) - MOST_LINES
    return [*shown, f"- dan {left} lainnya"] if left > 0 else shown
