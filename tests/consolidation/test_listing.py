"""The consolidated list: filters with their counts, the view by letter, figures, and files to take away."""

import csv
import io
from collections.abc import Callable
from importlib import import_module

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event
from sqlalchemy.engine import Engine

from ppid_saas.consolidation import queries
from ppid_saas.consolidation.queries import Filter
from tests.consolidation.test_matching import J, hand_in
from tests.fixtures import walk
from tests.fixtures.world import World


@pytest.fixture
def region(fresh_world: World) -> str:
    region = next(region for region, slug in fresh_world.tenants if slug == "pusat")

    def dated(n: int) -> dict[str, str]:
        return {"kind": "until_date", "ends_on": walk.days(n).isoformat()}

    hand_in(
        fresh_world, region, "dinkes",
        [walk.body("Rekam medis pasien", period=dated(20)), walk.body("=Denah ruang obat", period=dated(300))],
    )  # fmt: skip
    hand_in(
        fresh_world, region, "disdik",
        [walk.body("Soal ujian sekolah", grounds=J, period={"kind": "unlimited", "text": "Selamanya", "release": ["consent"],
                   "review_on": walk.days(90).isoformat()})],
    )  # fmt: skip
    return region


def statements_of(call: Callable[[], object]) -> int:
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        heard.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        call()
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    return len(heard)


def test_facets_count_what_each_filter_finds(fresh_world: World, region: str) -> None:
    with fresh_world.acting(f"pusat@{region}"):
        found = queries.facets()
        assert found.total == 3
        assert found.units == [("dinkes", "Dinas Kesehatan", 2), ("disdik", "Dinas Pendidikan", 1)]
        assert found.grounds == [("17h", 2), ("17j", 1)]
        assert found.periods == [("unlimited", 1), ("until_date", 2)]
        assert found.ends == [("30", 1), ("100", 1), ("tahun", 2)]
        for name, n in found.ends:
            assert queries.count(Filter(ends=name)) == n
        for name, n in found.periods:
            assert queries.count(Filter(period=name)) == n
        for code, n in found.grounds:
            assert queries.count(Filter(ground=code)) == n
        assert queries.count(Filter(ends="x")) == 0


def test_what_has_no_end_stands_at_its_review(fresh_world: World, region: str) -> None:
    with fresh_world.acting(f"pusat@{region}"):
        assert [row.title for row in queries.page(Filter())] == [
            "Rekam medis pasien", "Soal ujian sekolah", "=Denah ruang obat",
        ]  # fmt: skip
        assert [row.title for row in queries.page(Filter(by_letter=True))] == [
            "Rekam medis pasien", "=Denah ruang obat", "Soal ujian sekolah",
        ]  # fmt: skip


def test_the_page_keeps_its_filters_and_groups_by_letter(fresh_world: World, region: str) -> None:
    client = fresh_world.client(f"pusat@{region}")
    page = client.get(f"/{region}/pusat/gabungan?tampil=huruf&unit=dinkes").text
    assert "Huruf h" in page
    assert "Soal ujian" not in page
    assert "/gabungan/unduh.csv?unit=dinkes&amp;tampil=huruf" in page
    assert "2 hasil" in client.get(f"/{region}/pusat/gabungan?habis=tahun").text
    assert "3 hasil" in client.get(f"/{region}/pusat/gabungan?habis=besok&masa=x&hal=99999999999").text
    figures = client.get(f"/{region}/pusat/gabungan/angka").text
    assert figures.count('<svg class="chart-svg"') == 2
    assert "Dinas Kesehatan: 2." in figures


def test_a_list_of_any_length_costs_the_same_number_of_statements(fresh_world: World, region: str) -> None:
    client, path = fresh_world.client(f"pusat@{region}"), f"/{region}/pusat/gabungan"
    client.get(path)
    few = statements_of(lambda: client.get(path))
    hand_in(fresh_world, region, "dpupr", [walk.body(f"Denah gedung nomor {n}") for n in range(12)])
    assert statements_of(lambda: client.get(path)) == few


def test_without_a_filter_what_the_facets_counted_is_not_counted_again(
    fresh_world: World, region: str
) -> None:
    client, path = fresh_world.client(f"pusat@{region}"), f"/{region}/pusat/gabungan"
    client.get(path)
    whole = statements_of(lambda: client.get(path))
    assert statements_of(lambda: client.get(f"{path}?tampil=huruf")) == whole
    assert statements_of(lambda: client.get(f"{path}?unit=dinkes")) == whole + 1


def test_facets_and_total_stop_counting_at_the_same_number(
    fresh_world: World, region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("ppid_saas.consolidation.queries.entries"), "MOST_COUNTED", 2)
    with fresh_world.acting(f"pusat@{region}"):
        found = queries.facets()
        assert queries.total(Filter(), found) == queries.count() == found.total == 2
        assert queries.total(Filter(unit="disdik"), found) == 1
        assert found.ends == [("30", 1), ("100", 1), ("tahun", 1)]  # what ends first is counted first


def test_files_hold_what_the_filter_shows_and_no_formula(fresh_world: World, region: str) -> None:
    client = fresh_world.client(f"pusat@{region}")
    sheet = client.get(f"/{region}/pusat/gabungan/unduh.xlsx?unit=dinkes")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.data)).get_sheet_by_index(0).to_python()
    assert [row[2] for row in rows] == ["Judul informasi", "Rekam medis pasien", "'=Denah ruang obat"]
    text = client.get(f"/{region}/pusat/gabungan/unduh.csv?habis=30").data.decode("utf-8-sig")
    assert [row[2] for row in csv.reader(io.StringIO(text), delimiter=";")][1:] == ["Rekam medis pasien"]
    assert client.get(f"/{region}/pusat/gabungan/unduh.pdf").status_code == 404


def test_programs_filter_alike(fresh_world: World, region: str) -> None:
    client, key = fresh_world.client(), fresh_world.key(f"pusat@{region}")
    at = f"/api/v1/{region}/pusat/entries"
    assert client.get(f"{at}?ends=100", headers=key).json["total"] == 1  # type: ignore[index]
    assert client.get(f"{at}?period=unlimited", headers=key).json["total"] == 1  # type: ignore[index]
    assert client.get(f"{at}?ends=soon", headers=key).status_code == 422
