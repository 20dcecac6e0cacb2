"""A pasted decree: read line by line, refused with the line when it contradicts itself or is not whole."""

from datetime import date

import pytest

from ppid_saas.workdays.calendar import ClosedDay, DayKind
from ppid_saas.workdays.decrees import changed, read

WHOLE = "\n".join(f"{n}-01-2028; {'cuti' if n == 3 else 'libur'}; Hari {n}" for n in range(1, 10))


def test_a_decree_is_read() -> None:
    days, faults = read(WHOLE, 2028)
    assert faults == []
    assert (len(days), days[date(2028, 1, 3)].kind) == (9, DayKind.JOINT_LEAVE)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("31-02-2028; libur; Tidak ada", "unreadable"), ("1 Januari; libur; x", "unreadable"), ("9-02-2028; kerja; x", "unreadable"),
        ("9-02-2027; libur; x", "other_year"), ("1-01-2028; cuti; x", "twice"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_is_named(line: str, what: str) -> None:
    (fault,) = read(f"{WHOLE}\n{line}", 2028)[1]
    assert (fault.line, fault.what) == (10, what)


def test_a_decree_that_is_not_whole_is_refused() -> None:
    assert [fault.what for fault in read("1-01-2028; libur; Tahun baru", 2028)[1]] == ["too_few"]


def test_what_a_decree_changes_is_told_day_by_day() -> None:
    before = {
        date(2028, 1, 1): ClosedDay(DayKind.PUBLIC_HOLIDAY, "Lama"),
        date(2028, 12, 31): ClosedDay(DayKind.JOINT_LEAVE, "Cuti"),
    }
    told = changed(before, read(WHOLE, 2028)[0], 2028)
    assert told[0] == (date(2028, 1, 2), "", "Hari 2")
    assert told[-1] == (date(2028, 12, 31), "Cuti", "")
