"""How a deadline reads, pure: band, words and date of a chip. It computes no deadline; see `workdays` and `sop.engine`."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from ppid_saas.access.sayings import counted, say
from ppid_saas.web.formats import said_date
from ppid_saas.workdays.calendar import Calendar, is_estimate
from ppid_saas.workdays.counting import Band, band, working_days_between


@dataclass(frozen=True, slots=True)
class Chip:
    """What `macros/deadline.html` draws."""

    band: str
    words: str
    due: date | None = None
    estimate: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A duty to owe. One that only reminds comes in the morning of its day, any other is due when its day is over."""

    kind: str
    subject: UUID
    due_on: date
    n: int
    source: str
    reminds: bool = False
    anchor: date | None = None  # counted backwards from this day; without one the day is given


REMINDS_AT = time(6)  # when a reminder comes, on the wall of the tenant
NO_LIMIT = Chip("tanpa-batas", say("Tanpa batas waktu (tentatif)"))


def day_of(moment: datetime, zone: str) -> date:
    """Return the day on the wall of an office in `zone`."""
    return moment.astimezone(ZoneInfo(zone)).date()


def chip(calendar: Calendar, due_on: date, n: int, today: date, source: str = "") -> Chip:
    """Return the chip of a running deadline of n working days, seen today."""
    left = working_days_between(calendar, today, due_on)
    tone = Band.LATE if today > due_on else band(left, n)
    return Chip(tone.value, _words(due_on, today, left), due_on, is_estimate(calendar, today, due_on), source)


def paused_chip(since: date) -> Chip:
    """Return the chip of a deadline whose clock stands still."""
    return Chip("jeda", say("Jeda sejak %(day)s", day=said_date(since)))


def settled_chip(calendar: Calendar, due_on: date, settled_on: date) -> Chip:
    """Return the chip of a duty that was done, early, in time or late."""
    left = working_days_between(calendar, settled_on, due_on)
    if settled_on > due_on:
        return Chip("selesai", counted("Selesai, terlambat %(num)s hari kerja", max(-left, 1)))
    early = counted("Selesai %(num)s hari kerja lebih awal", left)
    return Chip("selesai", early if left else say("Selesai tepat waktu"))


def _words(due_on: date, today: date, left: int) -> str:
    if today > due_on:
        return counted("Lewat %(num)s hari kerja", -left) if left else say("Lewat batas")
    if today == due_on:
        return say("Hari ini")
    if due_on - today == timedelta(days=1):
        return say("Besok")
    return counted("%(num)s hari kerja lagi", left)
