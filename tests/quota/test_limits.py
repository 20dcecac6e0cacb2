"""Limits as the region sets them: defaults inherited, a pool never overdrawn, requests answered once, marks told once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from email.header import decode_header, make_header
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.storage import provisioning, queries, service
from tenants import quota
from tenants.db import new_id, transaction
from tests.fixtures.forms import post, text_of
from tests.fixtures.world import World, platform
from tests.submissions.test_mails import Inbox, inbox
from tests.vault.storage import Outside

__all__ = ["inbox"]

GB = 1024**3


@pytest.fixture
def region(own: World) -> str:
    return next(region for region, _ in own.tenants)


@pytest.fixture
def unit(own: World, region: str) -> UUID:
    return own.tenants[region, "dinkes"]


def store_bytes(own: World, who: str, size: int) -> None:
    with own.acting(who):
        held = quota.reserve(size, "exempt", new_id())
        with transaction():
            service.charge(held, "document")


def cap_of(store: Outside, tenant: UUID) -> int:
    [(cap,)] = store.sql("select cap from ops.quota where tenant_id = %s", tenant)
    return int(cap)


def test_units_follow_the_default_until_one_has_its_own(
    own: World, region: str, unit: UUID, store: Outside
) -> None:
    other = own.tenants[region, "disdik"]
    with own.acting(f"kabid@{region}"):
        service.set_unit_cap(5 * GB)
        service.set_cap(unit, 7 * GB)
        service.set_unit_cap(6 * GB)
        assert (cap_of(store, unit), cap_of(store, other)) == (7 * GB, 6 * GB)
        service.set_cap(unit, None)
    assert cap_of(store, unit) == 6 * GB
    [(abroad,)] = store.sql(
        "select distinct cap from ops.quota q join identity.tenant t on t.id = q.tenant_id"
        " where t.region <> %s and t.region like %s", region, f"{region[:-1]}%",
    )  # fmt: skip
    assert abroad == 10 * GB


def test_a_default_below_what_a_unit_stores_stops_at_that(
    own: World, region: str, unit: UUID, store: Outside
) -> None:
    store_bytes(own, f"petugas.dinkes@{region}", 3000)
    with own.acting(f"kabid@{region}"):
        service.set_unit_cap(2048)
        assert cap_of(store, unit) == 3000
        with pytest.raises(InvalidError, match="sudah menyimpan lebih"):
            service.set_cap(unit, 2999)
    assert cap_of(store, own.tenants[region, "disdik"]) == 2048


def test_the_pool_is_never_overdrawn_however_many_give_at_once(
    own: World, region: str, store: Outside
) -> None:
    central = own.tenants[region, "pusat"]
    units = [tenant for (where, slug), tenant in own.tenants.items() if where == region and slug != "pusat"]
    with own.acting(f"kabid@{region}"):
        service.set_unit_cap(1 * GB)
    store.sql("update ops.quota set pool = %s where tenant_id = %s", 8 * GB, central)
    with own.acting(f"kabid@{region}"), pytest.raises(InvalidError, match="tidak punya ruang"):
        service.set_unit_cap(2 * GB)
    start = threading.Barrier(len(units))

    def give(tenant: UUID) -> bool:
        with own.acting(f"kabid@{region}"):
            start.wait()
            try:
                service.set_cap(tenant, 2 * GB)
            except InvalidError:
                return False
            return True

    with ThreadPoolExecutor(len(units)) as pool:
        assert sum(pool.map(give, units)) == 3
    assert sum(cap_of(store, tenant) for tenant in units) == 8 * GB


def test_a_central_sets_no_limit_abroad_and_nobody_else_sets_any(
    own: World, region: str, store: Outside
) -> None:
    abroad = next(t for (where, slug), t in own.tenants.items() if where != region and slug == "dinkes")
    with own.acting(f"kabid@{region}"), pytest.raises(NotFoundError):
        service.set_cap(abroad, GB)
    for who in (f"pusat@{region}", f"petugas.dinkes@{region}", f"kepala.dinkes@{region}"):
        with own.acting(who), pytest.raises(NotFoundError):
            service.set_unit_cap(GB)
    assert cap_of(store, abroad) == 10 * GB


def marks(store: Outside, tenant: UUID) -> list[int]:
    found = store.sql(
        "select data->'mark' from ops.event where tenant_id = %s and kind = 'room.mark' order by id", tenant
    )
    return [row[0] for row in found]


def test_each_mark_is_told_once_to_unit_and_central(
    own: World, region: str, unit: UUID, store: Outside, inbox: Inbox
) -> None:
    who = f"petugas.dinkes@{region}"
    store.set_cap(unit, 1000)
    for size in (799, 1, 100, 49, 1, 49, 1):
        store_bytes(own, who, size)
    assert marks(store, unit) == [80, 95, 100]
    own.drain()
    mails = inbox.taken()
    told = {
        (mail["To"].split("@")[0], str(make_header(decode_header(mail["Subject"]))).split(" – ")[0])
        for mail in mails
    }
    assert told == {
        (f"{name}.{region}", f"Ruang penyimpanan {whose}{state}")
        for whose, names in (("", ("petugas.dinkes", "kepala.dinkes")), ("unit ", ("pusat", "kabid")))
        for name in names
        for state in ("terisi 80%", "terisi 95%", "penuh")
    }
    assert len(mails) == len(told)


def test_a_raised_limit_lets_its_marks_be_told_again(
    own: World, region: str, unit: UUID, store: Outside
) -> None:
    who = f"petugas.dinkes@{region}"
    store.set_cap(unit, 1000)
    store_bytes(own, who, 960)
    with own.acting(f"kabid@{region}"):
        service.set_cap(unit, 2000)
    store_bytes(own, who, 640)
    assert marks(store, unit) == [95, 80]
    assert store.figures(unit) == (1600, 0)


def home(own: World, who: str) -> str:
    return f"{own.path(who)}/beranda"


def test_a_unit_asks_and_the_central_grants(
    own: World, region: str, unit: UUID, store: Outside, inbox: Inbox
) -> None:
    officer, head = f"petugas.dinkes@{region}", f"kabid@{region}"
    page, central = f"{own.path(officer)}/berkas/kuota", own.client(head)
    before = cap_of(store, unit)
    client = own.client(officer)
    refused = post(client, page, {"size": "banyak", "reason": ""})
    assert refused.status_code == 422
    assert "misalnya 5 GB" in text_of(refused)
    assert post(client, page, {"size": "5 GB", "reason": "Pindaian arsip lama"}).status_code == 303
    assert "Menunggu PPID Utama" in text_of(client.get(page))
    with own.acting(officer), pytest.raises(ConflictError, match="masih menunggu"):
        service.ask("1 GB", "lagi")
    own.drain()
    assert {mail["To"].split("@")[0] for mail in inbox.taken()} == {f"pusat.{region}", f"kabid.{region}"}
    answer_page = waiting_page(central, region)
    assert "Pindaian arsip lama" in text_of(central.get(answer_page))
    assert (
        post(central, answer_page, {"size": "2 GB", "note": "Cukup dulu", "go": "grant"}).status_code == 303
    )
    assert cap_of(store, unit) == before + 2 * GB
    assert post_again(central, answer_page) == 409
    assert cap_of(store, unit) == before + 2 * GB
    own.drain()
    mails = inbox.taken()
    assert {mail["To"].split("@")[0] for mail in mails} == {
        f"petugas.dinkes.{region}",
        f"kepala.dinkes.{region}",
    }
    assert "ditambah 2 GB" in mails[0].get_payload(decode=True).decode()
    answered = text_of(client.get(page))
    assert "Ditambah 2 GB" in answered
    assert "Cukup dulu" in answered


def waiting_page(central: FlaskClient, region: str) -> str:
    listed = text_of(central.get(f"/{region}/pusat/penyimpanan"))
    assert "1 permintaan menunggu jawaban" in listed
    return (
        listed.split(f'href="/{region}/pusat/penyimpanan/permintaan/')[1]
        .split('"')[0]
        .join((f"/{region}/pusat/penyimpanan/permintaan/", ""))
    )


def post_again(central: FlaskClient, page: str) -> int:
    return post(
        central, f"/{page.split('/')[1]}/pusat/penyimpanan", {"size": "2 GB", "go": "grant"}, page
    ).status_code


def test_a_refusal_says_why_and_changes_nothing(own: World, region: str, unit: UUID, store: Outside) -> None:
    before = cap_of(store, unit)
    with own.acting(f"kepala.dinkes@{region}"):
        asked = service.ask("5 GB", "Pindaian")
    with own.acting(f"kabid@{region}"):
        with pytest.raises(InvalidError, match="Tulis alasannya"):
            service.answer(unit, asked, 0, " ")
        service.answer(unit, asked, 0, "Hapus dulu yang ganda")
        with pytest.raises(ConflictError):
            service.answer(unit, asked, GB, "")
        assert queries.waiting() == []
    assert cap_of(store, unit) == before
    with own.acting(f"petugas.dinkes@{region}"):
        [one] = queries.asked()
        assert one.answer
        assert (one.answer.granted, one.answer.note) == (0, "Hapus dulu yang ganda")


def test_the_central_sees_sizes_and_no_name(own: World, region: str, unit: UUID, store: Outside) -> None:
    from ppid_saas.documents import service as documents

    who = f"petugas.dinkes@{region}"
    with (
        own.acting(who),
        documents.staging("attachment", "kanari rahasia.pdf", b"isi", "application/pdf") as one,
    ):
        documents.keep(one)
    assert "kanari rahasia.pdf" in text_of(own.client(who).get(f"{own.path(who)}/berkas/kuota"))
    central = own.client(f"kabid@{region}")
    for page in ("beranda", "penyimpanan", f"penyimpanan/unit/{unit}", "berkas/kuota"):
        answer = central.get(f"/{region}/pusat/{page}")
        assert answer.status_code == 200
        assert "kanari" not in text_of(answer)


def test_first_pages_tell_who_is_nearly_full(own: World, region: str, unit: UUID, store: Outside) -> None:
    central, who = own.client(f"pusat@{region}"), f"petugas.dinkes@{region}"
    assert "Ruang penyimpanan unit" not in text_of(central.get(f"/{region}/pusat/beranda"))
    store.set_cap(unit, 1000)
    store_bytes(own, who, 1000)
    assert "Ruang penyimpanan unit" in text_of(central.get(f"/{region}/pusat/beranda"))
    shown = text_of(own.client(who).get(home(own, who)))
    assert "Penuh. Unggahan berhenti" in shown
    assert f"{own.path(who)}/berkas/kuota" in shown


def test_a_full_store_stops_uploads_alone(own: World, region: str, unit: UUID, store: Outside) -> None:
    from tests.fixtures import walk

    who = f"petugas.dinkes@{region}"
    store.set_cap(unit, 10)
    store_bytes(own, who, 10)
    ids = walk.fill(own, who)
    assert walk.send(own, who, walk.open_collection(own, region))
    assert ids


def test_the_operator_sets_what_a_region_shares(own: World, region: str, unit: UUID, store: Outside) -> None:
    central = own.tenants[region, "pusat"]
    with platform(own.settings) as connection:
        provisioning.set_room(connection, central, {"unit_cap": 4 * GB, "pool": 30 * GB, "cap": 50 * GB})
        provisioning.set_room(connection, unit, {"cap": 9 * GB})
        said = provisioning.described(provisioning.room_of(connection, central))
    assert cap_of(store, unit) == 9 * GB
    assert "0 B dari 50 GB (sendiri)" in said
    assert "dibagikan: 25 GB dari 30 GB" in said
    with platform(own.settings) as connection:
        provisioning.set_room(connection, unit, {}, follow=True)
    assert cap_of(store, unit) == 4 * GB
    store_bytes(own, f"petugas.dinkes@{region}", 100)
    with pytest.raises(provisioning.StoresMoreError), platform(own.settings) as connection:
        provisioning.set_room(connection, unit, {"cap": 99})
