"""Tenants from a pasted list: offices become units, regencies centrals of their own, a second paste changes nothing."""

import os
from pathlib import Path

import pytest
from sqlalchemy import text

from ppid_saas.accounts import provisioning
from tenants.vault import RootKey
from tests.fixtures.world import World, platform

PASTED = [
    "kategori,nama\n",
    "Pemprov,Dinas Contoh Satu\n",
    "BUMD,Bank Contoh\n",
    "Pemkab/Kota,Kabupaten Tempel\n",
]


def test_categories_become_units_and_centrals() -> None:
    units = provisioning.read_units(PASTED, "sana")
    assert [(u.region, u.slug, u.kind, u.category) for u in units] == [
        ("sana", "dinas-contoh-satu", "unit", "SKPD"),
        ("sana", "bank-contoh", "unit", "BUMD"),
        ("kabupaten-tempel", "pusat", "central", "PEMKAB"),
    ]


def test_an_unknown_category_names_its_line() -> None:
    with pytest.raises(LookupError, match="baris 2"):
        provisioning.read_units(["kategori,nama", "Ormas,Nama"], "sana")


def test_pasting_twice_makes_each_tenant_once(world: World) -> None:
    root = RootKey.load(world.settings.root_key_file)
    counts = []
    for _ in range(2):
        with platform(world.settings) as connection:
            for new in provisioning.read_units(PASTED, "sana"):
                provisioning.create_tenant(connection, new, root)
            counts.append(connection.execute(text("select count(*) from identity.tenant")).scalar_one())
    assert counts[0] == counts[1]


def test_the_real_list_of_one_province_becomes_tenants(world: World) -> None:
    folder = os.environ.get("PPID_SAMPLE_LISTS")
    if not folder:
        pytest.skip("PPID_SAMPLE_LISTS is not set")
    lines = (Path(folder) / "units.csv").read_text(encoding="utf-8").splitlines()
    units = provisioning.read_units(lines, "sana")
    assert len({(u.region, u.slug) for u in units}) == len(units) == len(lines) - 1
    with platform(world.settings) as connection:
        for new in units:
            provisioning.create_tenant(connection, new, RootKey.load(world.settings.root_key_file))
