"""What an item lacks is kept beside it, so that a register can be counted and filtered by it."""

from ppid_saas.register import queries, service
from ppid_saas.register.queries import Filter
from tests.fixtures import walk
from tests.fixtures.world import World


def test_the_register_is_filtered_by_what_is_lacking(fresh_world: World) -> None:
    world = fresh_world
    region = next(region for region, slug in world.tenants if slug == "pusat")
    who = f"petugas.dinkes@{region}"
    with world.acting(who):
        bare = service.save_item({"title": "Hanya judul"})
        service.save_item(walk.body("Tanpa kepentingan", interest=""))
        service.save_item(walk.body("Lengkap"))
        assert "harm" in bare.missing
        assert "title" not in bare.missing
        assert len(bare.missing) == 9 - bare.done_fields
        assert [line.title for line in queries.page(Filter(missing="harm"), 1)] == ["Hanya judul"]
        assert queries.count(Filter(missing="interest")) == 2
        service.save_item(walk.body("Hanya judul"), bare.ref)
        assert queries.count(Filter(missing="harm")) == 0
    client, place = world.client(who), f"/{region}/u/dinkes/butir"
    html = client.get(f"{place}?kurang=interest").get_data(as_text=True)
    assert "Belum diisi: Kepentingan yang dilindungi" in html
    assert "Tanpa kepentingan" in html
    assert "Lengkap</a>" not in html
    assert "Lengkap</a>" in client.get(f"{place}?kurang=apa-saja").get_data(as_text=True)


def test_imported_items_know_what_they_lack_too(fresh_world: World) -> None:
    world = fresh_world
    region = next(region for region, slug in world.tenants if slug == "pusat")
    with world.acting(f"petugas.dinkes@{region}"):
        from tenants.db import transaction

        with transaction():
            service.put_items([walk.body("Tanpa akibat", harm=""), walk.body("Lengkap")])
        assert queries.count(Filter(missing="harm")) == 1
