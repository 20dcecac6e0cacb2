"""The operator sets room and has books compared, at a terminal and in the console; of files he sees numbers."""

import os
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from ppid_saas.cli import cli
from tests.console.test_pages import operator
from tests.fixtures.forms import post, text_of
from tests.fixtures.world import World
from tests.quota.test_stocktake import a_day_passes, keep_one, look, throw_in
from tests.vault.storage import Outside

__all__ = ["operator"]

GB = 1024**3


@pytest.fixture
def world(own: World) -> World:
    """The world of the console's operator is this file's own."""
    return own


@pytest.fixture
def region(own: World) -> str:
    return next(region for region, _ in own.tenants)


@pytest.fixture
def unit(own: World, region: str) -> UUID:
    return own.tenants[region, "dinkes"]


def typed(own: World, *words: str) -> str:
    settings = own.settings
    given = {**os.environ, "PPID_DATA_DIR": str(settings.data_dir), "PPID_PORT": str(settings.port)}
    answer = CliRunner().invoke(cli, words, env=given, catch_exceptions=True)
    return answer.output + (str(answer.exception) if answer.exception else "")


def test_limits_at_a_terminal(own: World, region: str, unit: UUID, store: Outside) -> None:
    assert "0 B dari 10 GB (bawaan)" in typed(own, "tenant", "quota", f"{region}/dinkes")
    assert "0 B dari 20 GB (sendiri)" in typed(own, "tenant", "quota", f"{region}/dinkes", "--cap", "20GB")
    shared = typed(own, "tenant", "quota", f"{region}/pusat", "--units", "5GB", "--pool", "500GB")
    assert "bawaan unit: 5 GB" in shared
    assert "dibagikan: 40 GB dari 500 GB" in shared
    assert "0 B dari 5 GB (bawaan)" in typed(own, "tenant", "quota", f"{region}/dinkes", "--default")
    assert "bukan ukuran" in typed(own, "tenant", "quota", f"{region}/dinkes", "--cap", "banyak")
    keep_one(own, f"petugas.dinkes@{region}")
    assert "sudah menyimpan lebih" in typed(own, "tenant", "quota", f"{region}/dinkes", "--cap", "0,01KB")


def test_comparisons_at_a_terminal(own: World, region: str, unit: UUID, store: Outside) -> None:
    place = f"{region}/dinkes"
    assert "1 tenant dijadwalkan" in typed(own, "storage", "check", place)
    throw_in(store, unit, 11)
    look(own, unit, store)
    a_day_passes(store, unit)
    look(own, unit, store)
    shown = typed(own, "storage", "show", place)
    assert "MENUNGGU PERSETUJUAN  objek 11, hilang 0" in shown
    assert "paling banyak 11" in typed(own, "storage", "allow", place, "11")
    look(own, unit, store)
    assert "cocok  objek 11, hilang 0" in typed(own, "storage", "show", place)
    assert store.objects(unit) == set()


def test_limits_in_the_console(own: World, operator: FlaskClient, unit: UUID, store: Outside) -> None:
    page = f"/platform/penyewa/{unit}"
    wrong = post(operator, page, {"cap": "banyak"}, f"{page}/ruang")
    assert wrong.status_code == 422
    assert "misalnya 5 GB" in text_of(wrong)
    assert post(operator, page, {"cap": "3 GB"}, f"{page}/ruang").status_code == 303
    assert store.sql("select cap, own from ops.quota where tenant_id = %s", unit) == [(3 * GB, True)]
    central = own.tenants[next(region for region, _ in own.tenants), "pusat"]
    page = f"/platform/penyewa/{central}"
    assert (
        post(operator, page, {"cap": "", "unit_cap": "", "pool": "90 GB"}, f"{page}/ruang").status_code == 303
    )
    told = store.sql("select cap, own, unit_cap, pool from ops.quota where tenant_id = %s", central)
    assert told == [(10 * GB, False, None, 90 * GB)]
    assert operator.get("/platform/penyewa/00000000-0000-0000-0000-000000000000").status_code == 404


def test_strays_are_allowed_to_go_in_the_console(
    own: World, operator: FlaskClient, unit: UUID, store: Outside
) -> None:
    page = f"/platform/penyewa/{unit}"
    throw_in(store, unit, 12)
    look(own, unit, store)
    a_day_passes(store, unit)
    look(own, unit, store)
    assert "Izinkan 12 objek dihapus" in text_of(operator.get(page))
    assert post(operator, page, {"allowed": "12"}, f"{page}/periksa").status_code == 303
    look(own, unit, store)
    assert store.objects(unit) == set()
    assert "Cocok" in text_of(operator.get(page))


def test_figures_count_tenants_by_state(own: World, unit: UUID, store: Outside) -> None:
    from ppid_saas.console import queries

    look(own, unit, store)
    with own.app("console").app_context():
        told = {name: values for name, _, values in queries.gauges()}
    assert told["ppid_stocktakes"]["agrees"] >= 1
