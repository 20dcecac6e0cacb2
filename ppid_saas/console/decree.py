"""The operator's national calendar: a new decree becomes a new version, and every tenant counts its open deadlines anew.

A version is never changed; the newest one that reaches furthest counts. Source: SKB 3 Menteri.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import text

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.workdays.calendar import ClosedDay, DayKind
from ppid_saas.workdays.decrees import Fault, read
from tenants.db import db, transaction

FAULTS = {
    "unreadable": say("Baris %(line)s tidak terbaca: %(text)s."),
    "other_year": say("Baris %(line)s bukan tahun keputusan ini: %(text)s."),
    "twice": say("Baris %(line)s mengulang tanggal %(text)s."),
    "too_few": say("Baru %(text)s hari. Tempelkan keputusan seluruhnya."),
}
NEWEST = "select version, decree, decreed_through from ops.calendar order by decreed_through desc, issued_at desc, version desc"
YEARS = range(2015, 2061)


def editions() -> list[tuple[str, str, int]]:
    """Return every version of the national calendar, the one that counts first."""
    return [(row[0], row[1], row[2]) for row in db.session.execute(text(NEWEST))]


def in_force() -> dict[date, ClosedDay]:
    """Return the closed days of the version that counts."""
    version = editions()[0][0]
    rows = db.session.execute(
        text("select day, category, name from ops.calendar_day where version = :v"), {"v": version}
    )
    return {row.day: ClosedDay(DayKind(row.category), row.name) for row in rows}


def understood(written: str, year: int) -> dict[date, ClosedDay]:
    """Read a decree, or refuse it with what is wrong in it."""
    if year not in YEARS:
        message = say("Kalender memuat tahun %(first)s sampai %(last)s.", first=YEARS[0], last=YEARS[-1])
        raise InvalidError(message, {"year": [message]})
    days, faults = read(written, year)
    if faults:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), {"days": [_said(faults[0])]})
    return days


def _said(fault: Fault) -> str:
    return say(FAULTS[fault.what], line=fault.line, text=fault.text)


def issue(number: str, year: int, written: str) -> str:
    """Put a decree in force as a new version; every tenant's upkeep, which moves its open deadlines, is due now."""
    days = understood(written, year)
    if not number.strip():
        message = say("Tulis nomor keputusannya.")
        raise InvalidError(message, {"number": [message]})
    version = f"skb-{year}-{'-'.join(number.lower().split())}"[:80]
    if any(version == one[0] for one in editions()):
        message = say("Keputusan bernomor ini sudah dimuat.")
        raise ConflictError(message, {"number": [message]})
    through = max(year, editions()[0][2])
    with transaction():
        _write(
            version, number.strip(), through, {d: c for d, c in in_force().items() if d.year != year} | days
        )
        db.session.execute(text("update ops.quota set upkeep_at = now()"))
    return version


def _write(version: str, decree: str, through: int, days: Mapping[date, ClosedDay]) -> None:
    values = {"v": version, "d": decree, "t": through}
    db.session.execute(
        text("insert into ops.calendar (version, decree, decreed_through) values (:v, :d, :t)"), values
    )
    rows = [{"v": version, "day": day, "c": one.kind.value, "n": one.name} for day, one in days.items()]
    db.session.execute(
        text("insert into ops.calendar_day (version, day, category, name) values (:v, :day, :c, :n)"), rows
    )
