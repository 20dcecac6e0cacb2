"""Periods as written, against what they mean; and every real wording there is, when the folder is at hand."""

import hashlib
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppid_saas.law.periods import Period, PeriodKind
from ppid_saas.law.wording import parse_period

K = PeriodKind
EXPECTED = Path(__file__).with_name("wordings.tsv")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1 Tahun", 1, "year"),
        ("5 (lima) tahun", 5, "year"),
        ("lima tahun", 5, "year"),
        ("dua puluh lima tahun", 25, "year"),
        ("lima belas tahun", 15, "year"),
        ("setahun", 1, "year"),
        ("1,5 tahun", 18, "month"),
        ("satu setengah tahun", 18, "month"),
        ("6 bln", 6, "month"),
        ("2 semester", 12, "month"),
        ("2 minggu", 14, "day"),
        ("paling lama 30 (tiga puluh) tahun", 30, "year"),
        ("Dikecualikan selama 3 thn.", 3, "year"),
        ("5 tahun terhitung sejak tanggal ditetapkan", 5, "year"),
        ("2 (dua) tahun anggaran", 2, "year"),
        ("10 tahun, dapat diperpanjang", 10, "year"),
        ("Dapat dibuka setelah 5 tahun", 5, "year"),
    ],
)
def test_lengths(text: str, value: Any, unit: str):
    period = parse_period(text)
    assert period == Period(K.FIXED, value, unit, text=text)


@pytest.mark.parametrize(
    ("text", "starts_on", "ends_on"),
    [
        ("s.d. 31 Desember 2027", None, date(2027, 12, 31)),
        ("Sampai dengan tanggal 5 Pebruari 2027", None, date(2027, 2, 5)),
        ("1/3/2026", None, date(2026, 3, 1)),
        ("31-12-27", None, date(2027, 12, 31)),
        ("2027-12-31 00:00:00", None, date(2027, 12, 31)),
        ("31 Agt 2027", None, date(2027, 8, 31)),
        ("Feb 2028", None, date(2028, 2, 29)),
        ("Dibuka setelah 31 Desember 2027", None, date(2027, 12, 31)),
        ("s/d akhir tahun 2027", None, date(2027, 12, 31)),
        ("2025-2027", date(2025, 1, 1), date(2027, 12, 31)),
        ("sejak 1 Januari 2025 sampai dengan 31 Desember 2027", date(2025, 1, 1), date(2027, 12, 31)),
        ("TMT 1 Mei 2025 s.d. 30 April 2027 (2 tahun)", date(2025, 5, 1), date(2027, 4, 30)),
        ("2 tahun (s.d. 30 April 2027)", None, date(2027, 4, 30)),
    ],
)
def test_dates(text: str, starts_on: date | None, ends_on: date):
    assert parse_period(text) == Period(K.UNTIL_DATE, starts_on=starts_on, ends_on=ends_on, text=text)


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("Tidak terbatas .", ()),
        ("Selamanya", ()),
        ("Tanpa batas waktu", ()),
        ("Permanen, kecuali dengan izin pemilik data", ("kecuali dengan izin pemilik data",)),
        ("Permanen atau terbuka apabila ada putusan pengadilan", ("terbuka apabila ada putusan pengadilan",)),
        ("Permanen. Sampai mendapat ijin ahli waris.", ("Sampai mendapat ijin ahli waris",)),
    ],
)
def test_without_an_end(text: str, release: tuple[str, ...]):
    assert parse_period(text) == Period(K.UNLIMITED, release=release, text=text)


@pytest.mark.parametrize(
    ("text", "event", "release"),
    [
        ("Sampai lelang selesai", "Sampai lelang selesai", ()),
        ("selama proses", "selama proses", ()),
        ("Selama dipakai", "Selama dipakai", ()),
        ("Dapat dibuka pada waktu sidang", "Dapat dibuka pada waktu sidang", ()),
        (
            "Hingga perkara inkracht dan persetujuan para pihak",
            "Hingga perkara inkracht",
            ("persetujuan para pihak",),
        ),
        ("Sampai pembangunan gedung permanen", "Sampai pembangunan gedung permanen", ()),
        ("Sampai kontrak tanggal 5 Maret 2024 berakhir", "Sampai kontrak tanggal 5 Maret 2024 berakhir", ()),
        ("Sampai pegawai bekerja 5 tahun", "Sampai pegawai bekerja 5 tahun", ()),
    ],
)
def test_events(text: str, event: str, release: tuple[str, ...]):
    assert parse_period(text) == Period(K.UNTIL_EVENT, event=event, release=release, text=text)


def test_a_length_counted_from_an_event_is_an_event():
    period = parse_period("5 tahun setelah kontrak berakhir")
    assert (period.kind, period.value, period.unit) == (K.UNTIL_EVENT, 5, "year")
    assert period.event == "5 tahun setelah kontrak berakhir"


def test_a_length_counted_from_a_date_starts_there():
    period = parse_period("5 tahun sejak 1 Januari 2025")
    assert (period.kind, period.value, period.starts_on) == (K.FIXED, 5, date(2025, 1, 1))


def test_a_length_with_a_condition_keeps_both():
    period = parse_period("2 Tahun / Dibuka setelah ada putusan sidang")
    assert (period.kind, period.value) == (K.FIXED, 2)
    assert period.release == ("Dibuka setelah ada putusan sidang",)


@pytest.mark.parametrize(
    "text",
    ["Sampai ada persetujuan pemilik rekening", "Diberikan jika ada izin tertulis pemiliknya"],
)
def test_consent(text: str):
    assert parse_period(text) == Period(K.UNTIL_CONSENT, release=(text,), text=text)


@pytest.mark.parametrize(
    "text",
    ["", " - ", "Dalam jangka waktu tertentu", "sesuai peraturan perundang-undangan", "Ketat/Terbatas", "3-5 tahun",
     "30 hari kerja", "2 tahun 6 bulan", "Sampai 31/2/2026", "12/31/2027", "Tahun 2026", "0 tahun",
     "Sampai waktu yang tidak ditentukan", "Pegawai dengan masa kerja 5 tahun"],
)  # fmt: skip
def test_what_could_mean_two_things_is_left_to_a_person(text: str):
    assert parse_period(text) == Period(text=text)


def test_an_exception_alone_says_when_it_opens_not_how_long_it_is_closed():
    text = "Kecuali ada izin tertulis pemiliknya"
    assert parse_period(text) == Period(release=(text,), text=text)


def test_a_list_in_brackets_stays_with_its_condition():
    text = "Tidak terbatas, kecuali atas izin pihak lain (bank, kantor notaris)"
    assert parse_period(text).release == ("kecuali atas izin pihak lain (bank, kantor notaris)",)


def test_a_bare_start_is_no_end():
    for text in ("sejak 1 Januari 2025", "1 Januari 2025 s.d. selesai"):
        assert parse_period(text) == Period(starts_on=date(2025, 1, 1), text=text)


PIECES = ("sampai", "dengan", "s.d.", "31", "12", "2027", "/", "-", "lima", "puluh", "belas", "tahun", "bulan", "sejak", "ditetapkan",
          "permanen", ".", "\n", "(", ")", "kecuali", "izin", "setengah", "9" * 30,
    " " * 5000, "Desember", "29/2/2027")  # fmt: skip


@given(st.lists(st.sampled_from(PIECES)).map(" ".join) | st.text())
def test_any_text_gives_a_period_and_keeps_its_wording(text: str):
    period = parse_period(text)
    assert period.text == text
    assert period.kind is not K.FIXED or (period.value and period.unit)
    assert period.kind is not K.UNTIL_DATE or period.ends_on
    assert Period.from_dict(period.to_dict()) == period


def test_real_wordings(capsys: pytest.CaptureFixture[str]):
    folder = os.environ.get("PPID_SAMPLE_LISTS")
    path = Path(folder or "absent") / "duration-wordings.txt"
    if not path.is_file():
        with capsys.disabled():
            print("\nreal wordings not tried: PPID_SAMPLE_LISTS holds no duration-wordings.txt")
        pytest.skip("PPID_SAMPLE_LISTS holds no duration-wordings.txt")
    wordings = path.read_text(encoding="utf-8").splitlines()
    assert [understood(text) for text in wordings if text.strip()] == [
        expected(text) for text in wordings if text.strip()
    ]


def understood(text: str) -> tuple[str, ...]:
    period = parse_period(text)
    assert (period.starts_on, period.ends_on, period.review_on, period.text) == (None, None, None, text)
    release = ",".join(words_of(text, clause) for clause in period.release)
    amount, event = str(period.value or "-"), words_of(text, period.event or "")
    return (period.kind.value, amount, period.unit or "-", event, release or "-")


def expected(text: str) -> tuple[str, ...]:
    """The line of the table made by hand; a wording that nobody has read is a failure."""
    name = hashlib.sha256(text.encode()).hexdigest()
    lines = [line.split("\t") for line in EXPECTED.read_text(encoding="ascii").splitlines()]
    return next((tuple(rest) for first, *rest in lines if first == name), ("not read by hand", text))


def words_of(text: str, part: str) -> str:
    """First and last word of a part of a text, counted from 1: it must stand there as it is."""
    words, wanted = bare(text), bare(part)
    found = [n for n in range(len(words)) if words[n : n + len(wanted)] == wanted]
    return f"{found[0] + 1}-{found[0] + len(wanted)}" if wanted and found else "?" if wanted else "-"


def bare(text: str) -> list[str]:
    return [word.strip(".,()") for word in text.split()]
