"""What the demo is written from: every kind of item there is, positions for persons, and a list that an import understands."""

import re
import zipfile
from datetime import date
from io import BytesIO

from ppid_saas.demo import content
from ppid_saas.demo.workbook import workbook
from ppid_saas.intake.rules import best_sheet, row_values, understand
from ppid_saas.intake.workbooks.reading import read_workbook
from ppid_saas.law.checks import check_item
from ppid_saas.law.grounds import catalogue
from ppid_saas.register.rules import Body

TODAY = date(2026, 11, 20)
SENT = {*content.regency()["scene"]["first"]["sends"], *content.regency()["scene"]["second"]["sends"]}


def bodies(slug: str) -> list[Body]:
    return [content.body(one.now or one.before, TODAY) for one in content.items(slug)]


def blocks(body: Body) -> list[str]:
    return [found.code for found in check_item(body, TODAY) if found.severity == "block"]


def test_every_list_is_as_long_as_a_list_of_that_office_would_be() -> None:
    lengths = {unit.slug: len(content.items(unit.slug)) for unit in content.units()}
    assert [slug for slug, n in lengths.items() if not n] == ["pusat", "dpk"]
    assert all(8 <= n <= 20 for n in lengths.values() if n)
    assert sum(lengths.values()) >= 170


def test_there_are_a_central_its_own_unit_twelve_offices_two_companies_and_the_kpu() -> None:
    categories = [unit.category for unit in content.units()]
    assert {name: categories.count(name) for name in categories} == {
        "PEMKAB": 1, "SKPD": 13, "BUMD": 2, "KPU": 1,
    }  # fmt: skip


def test_every_letter_and_every_kind_of_period_occurs_whole_and_in_part() -> None:
    every = [body for unit in content.units() for body in bodies(unit.slug)]
    codes = {row["code"] for body in every for row in body["grounds"] if row["code"]}
    assert {code[:3] for code in codes} == {code[:3] for code in catalogue().grounds}
    assert {body["period"]["kind"] for body in every} == {
        "fixed", "until_date", "until_event", "until_consent", "unlimited", "unspecified",
    }  # fmt: skip
    assert {body["part"] for body in every} == {"whole", "part", None}


def test_only_drafts_are_badly_written() -> None:
    faulty = {unit.slug: sum(map(bool, map(blocks, bodies(unit.slug)))) for unit in content.units()}
    assert {slug: n for slug, n in faulty.items() if n} == {"dinsos": 4, "kpu": 3}
    assert faulty["dpmptsp"] == 0


def test_nobody_is_named() -> None:
    words = {"Petugas", "Kepala", "Pimpinan", "Anggota", "Sekretaris", "Auditor", "Pengelola"}
    assert all(person.position.split()[0] in words for person in content.people())
    assert all(person.email.endswith("@serang.test") for person in content.people())
    text = " ".join(str(body) for unit in content.units() for body in bodies(unit.slug))
    assert not re.search(r"\d{8,}|@|\b(?:Bapak|Ibu|Sdr|H\.|Drs|S\.H|M\.Si)\b", text)


def test_the_list_to_import_is_understood_by_the_import() -> None:
    for name in ("dpk", "dishub-masuk"):
        rows = content.rows(name)
        table = understand(best_sheet(read_workbook(workbook(["KOP"], rows), "daftar.xlsx")))
        assert [cells["title"] for cells in row_values(table)] == [row["title"] for row in rows]
        assert {column.field for column in table.columns} >= {"title", "ground", "harm", "interest", "period"}


def test_the_same_rows_are_the_same_bytes() -> None:
    made = workbook(["KOP"], content.rows("dpk"))
    assert made == workbook(["KOP"], content.rows("dpk"))
    with zipfile.ZipFile(BytesIO(made)) as archive:
        told = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d{2}-\d{2}T[\d:]+Z", told)) == {"2026-01-05T00:00:00Z"}
