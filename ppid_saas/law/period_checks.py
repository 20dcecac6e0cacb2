"""What the grounds allow of a period: no exemption without an end under a to f, thirty years under a.

Only the period field. What else an item needs stands in checks.
"""

from collections.abc import Iterator
from datetime import date

from ppid_saas.law.findings import Finding, block, warn
from ppid_saas.law.grounds import Ground
from ppid_saas.law.periods import Period, PeriodKind, add, last_closed_day

_FIELD = "period"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_EVENTS = (PeriodKind.UNTIL_EVENT, PeriodKind.UNTIL_CONSENT)
_LASTING = (*_EVENTS, PeriodKind.UNLIMITED)


def is_settled(period: Period) -> bool:
    """It can be sorted by an end or by a review date, which every register needs.

    Source: UU 14/2008 Ps 20; PP 61/2010 Ps 4 huruf d.
    """
    if period.kind is PeriodKind.FIXED:
        return bool(period.value and period.unit)
    return bool(period.ends_on or period.review_on)


def check_period(period: Period, grounds: list[Ground], today: date) -> Iterator[Finding]:
    if not is_settled(period):
        yield _unsettled(period)
    elif period.kind is PeriodKind.UNSPECIFIED:
        yield warn(_FIELD, "jw.tidak_jelas")
    yield from _dates(period, today)
    if not grounds:
        return
    if period.kind is PeriodKind.UNLIMITED:
        yield from _unlimited(period, grounds)
    yield from _cap(period, grounds, today)


def _unsettled(period: Period) -> Finding:
    if period.kind is PeriodKind.UNTIL_EVENT and not period.event:
        return block(_FIELD, "jw.peristiwa_tanpa_tinjau")
    return block(_FIELD, "jw.tanpa_tinjau" if period.kind in _LASTING else "jw.kosong")


def _dates(period: Period, today: date) -> Iterator[Finding]:
    ends_on = last_closed_day(period, None)
    if ends_on and period.starts_on and ends_on < period.starts_on:
        yield block(_FIELD, "jw.terbalik")
    elif ends_on and ends_on < today:
        day = f"{ends_on.day} {_MONTHS[ends_on.month - 1]} {ends_on.year}"
        yield block(_FIELD, "jw.lampau", date=day)
    if period.review_on and period.review_on < today:
        yield warn(_FIELD, "jw.tinjau_lampau")


def _unlimited(period: Period, grounds: list[Ground]) -> Iterator[Finding]:
    """The most lasting ground carries the item; those that must end are named.

    Source: UU 14/2008 Ps 20(1).
    """
    barred = sorted({g.letter for g in grounds if g.unlimited == "block"})
    lasting = [g for g in grounds if g.unlimited != "block"]
    if not lasting:
        yield block(_FIELD, "jw.permanen")
        return
    if barred:
        yield warn(_FIELD, "jw.permanen_sebagian", letters=", ".join(barred))
    if all(g.unlimited == "warn" for g in lasting):
        yield warn(_FIELD, "jw.permanen_periksa")
    needs = {g.unlimited_needs for g in lasting}
    if "release" in needs and not period.release:
        yield warn(_FIELD, "jw.tanpa_syarat")
    if needs == {"cited_law"}:
        yield warn(_FIELD, "jw.menurut_uu")


def _cap(period: Period, grounds: list[Ground], today: date) -> Iterator[Finding]:
    """Binds when every ground has one. Counted from the start, or today for want of a determination.

    Source: PP 61/2010 Ps 5(1).
    """
    caps = [g.cap_years for g in grounds if g.cap_years]
    if len(caps) < len(grounds):
        return
    start = period.starts_on or today
    ends_on = last_closed_day(period, start)
    if ends_on and ends_on > add(start, max(caps), "year"):
        yield block(_FIELD, "jw.lebih_lama", years=str(max(caps)))
    if period.kind in _EVENTS and not ends_on and all(g.event_needs == "end_date" for g in grounds):
        yield block(_FIELD, "jw.perlu_tanggal_akhir")
