"""A central moves like its units: list, editions with their files, what it decided; its units must be there first."""

import pytest

from ppid_saas.access.errors import InvalidError
from ppid_saas.accounts import provisioning
from ppid_saas.accounts.provisioning import NewTenant
from ppid_saas.exports.rules import same
from tenants.vault import RootKey
from tests.exports.moving import brought, manifest_of, taken
from tests.fixtures import determined, walk
from tests.fixtures.world import UNITS, World, email_of, platform
from tests.vault.storage import Outside

ELSEWHERE = "seberang"


def region_of(own: World, tag: str, *, units: bool) -> str:
    """Make a region whose central is empty, with the head of another as its first member."""
    first, region = min(region for region, _ in own.tenants), f"{ELSEWHERE}{tag}"
    root = RootKey.load(own.settings.root_key_file)
    with platform(own.settings) as connection:
        new = NewTenant(region, "pusat", "central", "PEMKAB", "PPID Utama Seberang", "Kabupaten Seberang")
        own.tenants[region, "pusat"] = provisioning.create_tenant(connection, new, root)
        for slug, category, name in UNITS if units else ():
            unit = provisioning.create_tenant(
                connection, NewTenant(region, slug, "unit", category, name), root
            )
            own.tenants[region, slug] = unit
        head = f"kabid@{first}"
        provisioning.add_member(
            connection, own.tenants[region, "pusat"], email_of(head), head, "central_head"
        )
    own.people[f"kabid@{region}"], own.people[f"pusat@{region}"] = (
        own.people[head],
        own.people[f"pusat@{first}"],
    )
    return region


def test_a_central_moves_whole(own: World, store: Outside) -> None:
    region = min(region for region, _ in own.tenants)
    determined.publish(own, region, determined.prepare(own, region, walk.determined(own, region).id))
    archive = taken(own, f"kabid@{region}")

    there = region_of(own, region, units=True)
    restored = brought(own, f"kabid@{there}", archive)
    own.drain()

    first, second = manifest_of(archive), manifest_of(taken(own, f"kabid@{there}"))
    assert same(first, second) == []
    assert restored.files == len(first.files) > 0
    assert store.figures(own.tenant(f"kabid@{there}")) == store.figures(own.tenant(f"kabid@{region}"))
    client = own.client(f"pusat@{there}")
    for page in ("beranda", "pengumpulan", "pengajuan", "gabungan", "penetapan", "edisi", "berkas"):
        assert client.get(f"/{there}/pusat/{page}").status_code == 200, page
    public = own.client(surface="portal")
    assert public.get(f"/{there}/").status_code == 200
    assert [
        line["code"] for line in public.get(f"/api/v1/lists/{there}/changes?cursor=0").json["changes"]
    ] == [line["code"] for line in public.get(f"/api/v1/lists/{region}/changes?cursor=0").json["changes"]]


def test_its_units_must_be_there_first(own: World, store: Outside) -> None:
    region = min(region for region, _ in own.tenants)
    walk.determined(own, region)
    archive = taken(own, f"kabid@{region}")
    there = region_of(own, region, units=False)
    with pytest.raises(InvalidError, match="Unit dinkes belum ada di wilayah ini"):
        brought(own, f"kabid@{there}", archive)
    assert store.objects(own.tenant(f"kabid@{there}")) == set()
