"""How dates, times, numbers and sizes are written for people, as functions and as Jinja filters.

Not a calendar: nothing is computed here that a decision depends on, and no clock is read.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_timezone_name
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from flask import Flask
from flask_babel import get_locale

from ppid_saas.access.sayings import Said

# `id`, not `id_ID`: Babel begins the week of `id_ID` on Sunday.
INDONESIAN = Locale("id")
_UNITS = ("B", "KB", "MB", "GB", "TB")
_STEP = 1024


def _locale(given: Locale | None) -> Locale:
    found: Locale | None = given or get_locale()
    return found or INDONESIAN


def _local(moment: datetime, zone: str) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be shown")
    return moment.astimezone(ZoneInfo(zone))


def _day(value: date, zone: str | None) -> date:
    if not isinstance(value, datetime):
        return value
    if zone is None:
        raise ValueError("a moment needs the zone whose day is meant")
    return _local(value, zone).date()


def long_date(value: date, zone: str | None = None, locale: Locale | None = None) -> str:
    """`5 Maret 2026`; a moment also needs the zone."""
    return format_date(_day(value, zone), "d MMMM y", _locale(locale))


def said_date(value: date) -> str:
    """`5 Maret 2026` inside a sentence that is kept as well as shown."""
    return Said(long_date(value, locale=INDONESIAN), lambda: long_date(value))


def short_date(value: date, zone: str | None = None, locale: Locale | None = None) -> str:
    """`Kam, 5 Mar 2026`, for tables and chips."""
    return format_date(_day(value, zone), "EEE, d MMM y", _locale(locale))


def weekday_date(value: date, locale: Locale | None = None) -> str:
    """`Kamis, 5 Agustus 2027`, to hear back a day one wrote."""
    return format_date(value, "EEEE, d MMMM y", _locale(locale))


def day_and_month(value: date, locale: Locale | None = None) -> str:
    """`5 Mar`, where a chart has little room and the year stands elsewhere."""
    return format_date(value, "d MMM", _locale(locale))


def month(value: date, locale: Locale | None = None) -> str:
    """`Maret 2026`."""
    return format_date(value, "LLLL y", _locale(locale))


def short_month(value: date, locale: Locale | None = None) -> str:
    """`Mar`."""
    return format_date(value, "LLL", _locale(locale))


def clock_time(value: datetime, zone: str, locale: Locale | None = None) -> str:
    """`13.07 WIB`; the zone is the tenant's, e.g. `Asia/Makassar`."""
    there = _local(value, zone)
    pattern = "%H.%M" if _locale(locale).language == INDONESIAN.language else "%H:%M"
    # Only Indonesian locale data knows WIB, WITA and WIT.
    name = get_timezone_name(there, "short", locale=INDONESIAN)
    return f"{there:{pattern}} {name}"


def moment(value: datetime, zone: str, locale: Locale | None = None) -> str:
    """`Kam, 5 Mar 2026, 13.07 WIB`."""
    return f"{short_date(value, zone, locale)}, {clock_time(value, zone, locale)}"


def number(value: float | Decimal, locale: Locale | None = None) -> str:
    """`1.234,5`."""
    return format_decimal(value, locale=_locale(locale))


def percent(fraction: float | Decimal, locale: Locale | None = None) -> str:
    """`0.833` -> `83,3%`."""
    return format_percent(fraction, "#,##0.#%", _locale(locale))


def size(octets: int, locale: Locale | None = None) -> str:
    """`24536678` -> `23,4 MB`, counted in steps of 1,024 as the offices' file managers do."""
    amount, unit = Decimal(octets), 0
    while unit < len(_UNITS) - 1 and round(amount, 1 if unit else 0) >= _STEP:
        amount, unit = amount / _STEP, unit + 1
    return f"{format_decimal(amount, '#,##0.#' if unit else '#,##0', _locale(locale))} {_UNITS[unit]}"


def words(parts: Sequence[str], locale: Locale | None = None) -> str:
    """`A, B, dan C`."""
    return format_list(list(parts), locale=_locale(locale))


def language() -> str:
    """For `<html lang>`: the language the interface speaks now."""
    return _locale(None).language


def iso(value: date) -> str:
    """For `<time datetime>`."""
    return value.isoformat()


FILTERS = {
    "tanggal": long_date,
    "tanggal_pendek": short_date,
    "tanggal_hari": weekday_date,
    "tanggal_ringkas": day_and_month,
    "bulan": month,
    "bulan_ringkas": short_month,
    "waktu": clock_time,
    "saat": moment,
    "angka": number,
    "persen": percent,
    "ukuran": size,
    "daftar_kata": words,
    "iso": iso,
}


def init_formats(app: Flask) -> None:
    """Needs Flask-Babel on the same app, which knows the language asked for."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals["language"] = language
