"""Dates, times, numbers and sizes as people read them, in both languages and three zones."""

from datetime import UTC, date, datetime

import pytest
from babel import Locale
from flask import Flask

from ppid_saas.web import formats

ENGLISH = Locale("en")
DAY = date(2026, 3, 5)
NOON = datetime(2026, 3, 5, 6, 7, tzinfo=UTC)


def test_dates_are_written_as_in_letters_and_tables():
    assert formats.long_date(DAY) == "5 Maret 2026"
    assert formats.short_date(DAY) == "Kam, 5 Mar 2026"
    assert formats.long_date(DAY, locale=ENGLISH) == "5 March 2026"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Asia/Jakarta", "13.07 WIB"), ("Asia/Makassar", "14.07 WITA"), ("Asia/Jayapura", "15.07 WIT")],
)
def test_time_is_the_tenants_and_names_its_zone(zone: str, expected: str):
    assert formats.clock_time(NOON, zone) == expected


def test_english_keeps_the_zone_names():
    assert formats.clock_time(NOON, "Asia/Jakarta", ENGLISH) == "13:07 WIB"


def test_moment_joins_day_and_time():
    assert formats.moment(NOON, "Asia/Jakarta") == "Kam, 5 Mar 2026, 13.07 WIB"


def test_the_day_of_a_moment_is_the_day_in_the_zone():
    late = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)
    assert formats.long_date(late, "Asia/Jakarta") == "31 Desember 2026"
    assert formats.long_date(late, "Asia/Jayapura") == "1 Januari 2027"


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        formats.clock_time(datetime(2026, 3, 5, 6, 7), "Asia/Jakarta")  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        formats.long_date(NOON)


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (0, "0 B"),
        (1023, "1.023 B"),
        (1024, "1 KB"),
        (24_536_678, "23,4 MB"),
        (1024**2 - 1, "1 MB"),
        (10 * 1024**3, "10 GB"),
        (5 * 1024**5, "5.120 TB"),
    ],
)
def test_sizes(octets: int, expected: str):
    assert formats.size(octets) == expected


def test_numbers():
    assert formats.number(1234) == "1.234"
    assert formats.number(1234.5) == "1.234,5"
    assert formats.number(1234.5, ENGLISH) == "1,234.5"
    assert formats.percent(0.833) == "83,3%"
    assert formats.words(["A", "B", "C"]) == "A, B, dan C"


def test_filters_follow_the_language_asked_for(gallery_app: Flask):
    template = "{{ day|tanggal_pendek }} {{ n|angka }} {{ language() }} {{ day|iso }}"
    with gallery_app.test_request_context("/"):
        assert render(gallery_app, template) == "Kam, 5 Mar 2026 1.234 id 2026-03-05"
    with gallery_app.test_request_context("/?lang=en"):
        assert render(gallery_app, template) == "Thu, 5 Mar 2026 1,234 en 2026-03-05"


def render(app: Flask, source: str) -> str:
    return app.jinja_env.from_string(source).render(day=DAY, n=1234)
