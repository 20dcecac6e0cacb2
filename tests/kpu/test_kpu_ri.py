"""KPU's items at the central: never in an edition before KPU RI's act, under its own determination after, tested by nobody here."""

from uuid import UUID

import pytest
from sqlalchemy import text

from ppid_saas.access.errors import ConflictError, NotFoundError
from ppid_saas.accounts import provisioning
from ppid_saas.accounts.provisioning import NewTenant
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.determinations import kpu as acts
from ppid_saas.determinations import queries as determinations
from ppid_saas.determinations import service as determining
from ppid_saas.editions import queries as editions
from ppid_saas.kpu import rules, service
from ppid_saas.kpu.models import KpuGrant
from ppid_saas.register import service as register
from tenants import clock, context
from tenants.db import db, new_id, transaction
from tenants.vault import RootKey
from tests.fixtures import walk
from tests.fixtures.determined import prepare, publish
from tests.fixtures.world import World, email_of, platform
from tests.kpu.conftest import Kpu, staffed

GRANT = rules.Grant("1234/HM.02/2026", walk.days(0))
KPU_TITLES = (
    "Data pemilih dengan disabilitas",
    "Dokumen sengketa tata usaha",
    "Arsitektur sistem informasi pemilu",
)


def handed_in(kpu: Kpu) -> dict[str, UUID]:
    """Dinkes and KPU hand in, both are accepted; returns item ids by title."""
    world, region = kpu.world, kpu.region
    window = walk.open_collection(world, region)
    ids = dict(zip(walk.TITLES, walk.fill(world, f"petugas.dinkes@{region}"), strict=True))
    ids |= dict(zip(KPU_TITLES, kpu.fill(*KPU_TITLES), strict=True))
    for who in (f"petugas.dinkes@{region}", kpu.officer):
        sent = walk.send(world, who, window)
        world.drain()
        walk.accept_all(world, region, sent.id)
    world.drain()
    return ids


def states(kpu: Kpu, ids: dict[str, UUID]) -> dict[str, str]:
    with kpu.world.acting(f"pusat@{kpu.region}"):
        return {one.title: one.state for one in consolidation.entries(list(ids.values()))}


def granted(kpu: Kpu) -> None:
    round_id = kpu.stored()
    with kpu.world.acting(kpu.officer):
        service.record_grant(round_id, GRANT)
    kpu.world.drain()


def test_kpu_items_wait_stay_out_of_the_edition_and_are_named_in_its_preview(kpu: Kpu) -> None:
    ids = handed_in(kpu)
    assert {states(kpu, ids)[title] for title in KPU_TITLES} == {"awaiting_kpu_ri"}
    assert {states(kpu, ids)[title] for title in walk.TITLES} == {"accepted"}
    officer = f"pusat@{kpu.region}"
    with kpu.world.acting(officer), pytest.raises(ConflictError, match="menunggu KPU RI"):
        determining.make_determination(walk.letter("1/2026"), [ids[KPU_TITLES[0]]])
    with kpu.world.acting(officer):
        made = determining.make_determination(walk.letter("2/2026")).id
    draft = prepare(kpu.world, kpu.region, made)
    with kpu.world.acting(officer):
        titles = {row["body"]["title"] for row in editions.draft(draft).items}
    assert titles == set(walk.TITLES)
    page = (
        kpu.world.client(officer).get(f"/{kpu.region}/pusat/edisi/{draft}/pratinjau").get_data(as_text=True)
    )
    assert "3 butir KPU Kabupaten menunggu persetujuan KPU RI dan tidak ikut edisi ini." in page
    listed = kpu.world.client(officer).get(f"/{kpu.region}/pusat/kpu").get_data(as_text=True)
    assert all(title in listed for title in KPU_TITLES)


def test_with_the_act_they_are_in_the_edition_under_their_own_determination(kpu: Kpu) -> None:
    ids = handed_in(kpu)
    granted(kpu)
    assert {states(kpu, ids)[title] for title in KPU_TITLES} == {"determined"}
    with kpu.world.acting(f"pusat@{kpu.region}"):
        made = determining.make_determination(walk.letter("2/2026")).id
        own = next(
            one.determination for one in determinations.determinations() if one.determination.kind == "kpu"
        )
        assert (own.number, own.dated_on) == ("1234/HM.02/2026 (KPU RI)", GRANT.dated_on)
    edition = publish(kpu.world, kpu.region, prepare(kpu.world, kpu.region, made))
    assert edition.item_count == len(ids)
    with kpu.world.acting(f"pusat@{kpu.region}"):
        bodies = editions.live("")
        assert editions.held_back() == []
    numbers = {body["title"]: body["determination"]["number"] for body in bodies}
    assert {numbers[title] for title in KPU_TITLES} == {"1234/HM.02/2026 (KPU RI)"}
    assert {numbers[title] for title in walk.TITLES} == {"2/2026"}
    assert len({body["code"] for body in bodies}) == len(ids)
    assert set(states(kpu, ids).values()) == {"published"}


def test_an_act_closes_no_item_longer_than_its_ground_allows(kpu: Kpu) -> None:
    world, region, officer = kpu.world, kpu.region, f"pusat@{kpu.region}"
    window = walk.open_collection(world, region)
    with world.acting(kpu.officer):
        ground = {"code": "17a", "law": "UU 14/2008", "article": "Pasal 17 huruf a", "text": ""}
        period = {"kind": "unspecified", "review_on": walk.days(200).isoformat(), "text": "Tertentu"}
        capped = register.save_item(
            walk.body("Laporan pelanggaran pemilu", grounds=[ground], period=period)
        ).id
    ids = {"Laporan pelanggaran pemilu": capped} | dict(zip(KPU_TITLES, kpu.fill(*KPU_TITLES), strict=True))
    sent = walk.send(world, kpu.officer, window)
    world.drain()
    walk.accept_all(world, region, sent.id)
    granted(kpu)
    found = states(kpu, ids)
    assert {found[title] for title in KPU_TITLES} == {"determined"}
    assert found["Laporan pelanggaran pemilu"] == "awaiting_kpu_ri"
    page = world.client(officer).get(f"/{region}/pusat/kpu").get_data(as_text=True)
    assert "Paling lama tertutup sampai" in page


def test_an_act_known_before_the_list_came_in_counts_when_the_review_ends(kpu: Kpu) -> None:
    world, region = kpu.world, kpu.region
    window = walk.open_collection(world, region)
    ids = dict(zip(KPU_TITLES, kpu.fill(*KPU_TITLES), strict=True))
    granted(kpu)
    sent = walk.send(world, kpu.officer, window)
    world.drain()
    walk.accept_all(world, region, sent.id)
    world.drain()
    assert set(states(kpu, ids).values()) == {"determined"}


def test_an_act_about_another_text_does_not_count(kpu: Kpu) -> None:
    ids = handed_in(kpu)
    with kpu.world.acting(kpu.officer):
        central = context.current_binding().recipient_id
        assert central
        named = {str(ids[KPU_TITLES[0]]): "0" * 64}
        with transaction():
            db.session.add(
                KpuGrant(
                    reader_id=central, id=new_id(), number="9", dated_on=GRANT.dated_on, title="KPU", items=named,
                    by_name="x", at=clock.now(),
                )
            )  # fmt: skip
    with kpu.world.acting(f"pusat@{kpu.region}"):
        assert acts.settle_grants(kpu.world.tenants[kpu.region, "kpu"]) == 0
    assert {states(kpu, ids)[title] for title in KPU_TITLES} == {"awaiting_kpu_ri"}


def test_settling_twice_determines_once(kpu: Kpu) -> None:
    handed_in(kpu)
    granted(kpu)
    with kpu.world.acting(f"pusat@{kpu.region}"):
        assert acts.settle_grants(kpu.world.tenants[kpu.region, "kpu"]) == 0
        own = [one for one in determinations.determinations() if one.determination.kind == "kpu"]
    assert [one.items for one in own] == [3]


def test_a_region_grants_nothing_in_the_place_of_kpu_ri(kpu: Kpu) -> None:
    handed_in(kpu)
    sender = kpu.world.tenants[kpu.region, "kpu"]
    with kpu.world.acting(f"kabid@{kpu.region}"), pytest.raises(NotFoundError):
        acts.grant(sender, GRANT)
    page = kpu.world.client(f"kabid@{kpu.region}").get(f"/{kpu.region}/pusat/kpu").get_data(as_text=True)
    assert "Setujui butir unit ini" not in page


@pytest.fixture
def tree(fresh_world: World) -> Kpu:
    """A region whose central is KPU RI itself, with a KPU office below it."""
    world, region = fresh_world, f"kpu{next(iter(fresh_world.tenants))[0][1:9]}"
    root = RootKey.load(world.settings.root_key_file)
    with platform(world.settings) as connection:
        made = NewTenant(region, "pusat", "central", "KPU", "KPU RI", "KPU RI")
        world.tenants[region, "pusat"] = provisioning.create_tenant(connection, made, root)
        office = NewTenant(region, "kpu", "unit", "KPU", "KPU Kabupaten Contoh")
        world.tenants[region, "kpu"] = provisioning.create_tenant(connection, office, root)
        for who, role in {
            f"pusat@{region}": "central_officer", f"kabid@{region}": "central_head",
            f"petugas.kpu@{region}": "unit_officer", f"kepala.kpu@{region}": "unit_head",
        }.items():  # fmt: skip
            tenant = world.tenants[world.place(who)]
            provisioning.add_member(connection, tenant, email_of(who), role, role)
            query = text("select id from identity.person where email = :email")
            world.people[who] = connection.execute(query, {"email": email_of(who)}).scalar_one()
    return staffed(world, region)


def test_kpu_ri_grants_in_the_system_and_the_office_goes_on(tree: Kpu) -> None:
    world, region = tree.world, tree.region
    window = walk.open_collection(world, region)
    ids = dict(zip(KPU_TITLES, tree.fill(*KPU_TITLES), strict=True))
    sent = walk.send(world, tree.officer, window)
    world.drain()
    walk.accept_all(world, region, sent.id)
    world.drain()
    round_id = tree.stored()
    with world.acting(f"pusat@{region}"), pytest.raises(NotFoundError):
        acts.grant(world.tenants[region, "kpu"], GRANT)
    with world.acting(f"kabid@{region}"):
        assert acts.grant(world.tenants[region, "kpu"], GRANT) == 3
        with pytest.raises(ConflictError):
            acts.grant(world.tenants[region, "kpu"], GRANT)
    world.drain()
    assert set(states(tree, ids).values()) == {"determined"}
    found = tree.found(round_id)
    assert (found.state, found.answers["kpu_ri"].number) == ("granted", GRANT.number)


def test_an_unknown_sender_is_not_found(kpu: Kpu) -> None:
    other = next(
        tenant
        for (region, slug), tenant in kpu.world.tenants.items()
        if slug == "kpu" and region != kpu.region
    )
    with kpu.world.acting(f"pusat@{kpu.region}"), pytest.raises(NotFoundError):
        acts.settle_grants(other)
