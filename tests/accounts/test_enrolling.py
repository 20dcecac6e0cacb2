"""Sixty units at once: a pasted list checked in its cells, units made, officers invited, slips that open nothing else."""

import re
from html import unescape

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from ppid_saas.accounts import provisioning, queries, rolls
from tenants.http import identity
from tests.fixtures import walk
from tests.fixtures.world import PASSWORD, World, platform
from tests.submissions.test_pages import post, token
from tests.tenancy.probes import enter
from tests.tenancy.rows import url

HEAD = "unit; jenis; petugas; jabatan; email; WA; SOP"
NOBODY = rolls.Known({}, frozenset())


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, slug in fresh_world.tenants if slug == "pusat")


def lines(region: str, n: int = 60) -> str:
    made = [
        f"Kecamatan Uji {k}; skpd; Petugas {k}; Sekretaris; petugas{k}@{region}.contoh.test; 0812-3456-{k:04}; 03"
        for k in range(n)
    ]
    return "\n".join([HEAD, *made])


def enrolled(world: World, region: str, text_: str) -> FlaskClient:
    """Paste a list that is in order and invite all of it."""
    central, at = world.client(f"pusat@{region}"), f"/{region}/pusat/pengumpulan/unit"
    checked = post(central, f"{at}/undang", f"{at}/undang", list=text_)
    assert checked.status_code == 200
    page = checked.get_data(as_text=True)
    kept = re.search(r'name="list" value="([^"]+)"', page)
    assert kept
    sent = post(central, f"{at}/undang", f"{at}/undang", list=unescape(kept[1]), go="1")
    assert sent.status_code == 303
    assert "petugas diundang" in central.get(sent.headers["Location"]).get_data(as_text=True)
    with world.acting(f"pusat@{region}"):
        world.tenants |= {(row.region, row.slug): row.id for row in queries.units()}
    return central


def slip_links(central: FlaskClient, at: str) -> dict[str, str]:
    """Return the path of each slip's link, by unit."""
    page = central.post(f"{at}/slip", data={"csrf_token": token(central, at)}).get_data(as_text=True)
    parts = re.findall(r'<section class="slip" aria-label="([^"]+)">(.*?)</section>', page, re.DOTALL)
    return {
        unit: found[1]
        for unit, part in parts
        if (found := re.search(r"https?://[^/]+(/undangan/[\w-]+)<", part))
    }


def test_sixty_units_are_invited_at_once_and_begin_with_an_open_window(
    fresh_world: World, region: str
) -> None:
    collection_id, at = walk.open_collection(fresh_world, region), f"/{region}/pusat/pengumpulan/unit"
    central = enrolled(fresh_world, region, lines(region))
    fresh_world.drain()
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        assert len(queries.units()) == 65
        assert len(queries.contacts()) == 60
    links = slip_links(central, at)
    assert len(links) == 60
    officer, path = fresh_world.client(), links["Kecamatan Uji 7"]
    form = {"csrf_token": token(officer, path), "password": PASSWORD}
    assert officer.post(path, data=form).status_code == 303
    home = officer.get(f"/{region}/u/kecamatan-uji-7/beranda")
    assert home.status_code == 200
    asked = officer.get(f"/{region}/u/kecamatan-uji-7/pengajuan").get_data(as_text=True)
    assert "Pengumpulan tahunan" in asked
    assert officer.get(f"/{region}/u/kecamatan-uji-8/beranda").status_code == 404
    board = central.get(f"/{region}/pusat/pengumpulan/{collection_id}").get_data(as_text=True)
    assert "0 dari 65 unit" in board
    reminding = central.get(f"/{region}/pusat/pengumpulan/{collection_id}/ingatkan?units=kecamatan-uji-7")
    assert "https://wa.me/628123456" in reminding.get_data(as_text=True)
    assert "Kecamatan Uji 7" not in slip_links(central, at)
    again = post(central, f"{at}/undang", f"{at}/undang", list=lines(region, 8))
    assert again.get_data(as_text=True).count("Unit ini sudah bekerja") == 2  # in the cell and above


def test_a_new_unit_has_the_shape_that_the_operator_gives_it(fresh_world: World, region: str) -> None:
    enrolled(fresh_world, region, lines(region, 1))
    with platform(fresh_world.settings) as connection:
        query = text(
            "select t.kind, t.category, t.parent_id = t.recipient_id as below, t.settings, q.cap, k.n"
            " from identity.tenant t join ops.quota q on q.tenant_id = t.id join keys.tenant_key k on k.tenant_id = t.id"
            " where t.region = :region and t.slug = 'kecamatan-uji-0'"
        )
        row = connection.execute(query, {"region": region}).one()
    assert (row.kind, row.category, row.below, row.cap, row.n) == (
        "unit",
        "SKPD",
        True,
        provisioning.DEFAULT_CAP,
        1,
    )
    assert row.settings == {"sop": {"documenting": "03-sop-ppid"}}
    with fresh_world.app().app_context(), identity() as connection:
        roles = connection.execute(
            text("select array_agg(m.role order by m.role) from identity.membership m join identity.person p"
                 " on p.id = m.person_id where p.email = :email"), {"email": f"petugas0@{region}.contoh.test"},
        ).scalar()  # fmt: skip
    assert roles == ["tenant_admin", "unit_officer"]


def test_faults_stand_in_their_cells_and_good_rows_go_ahead(fresh_world: World, region: str) -> None:
    central, at = fresh_world.client(f"pusat@{region}"), f"/{region}/pusat/pengumpulan/unit"
    bad = f"{lines(region, 2)}\nDinas Baru; Ormas; ; Kepala; bukan surel; 0812; 99"
    page = post(central, f"{at}/undang", f"{at}/undang", list=bad)
    assert page.status_code == 422
    said = page.get_data(as_text=True)
    assert said.count('aria-invalid="true"') == 5
    assert "Undang 2 petugas" in said
    for field in ("kind", "name", "email", "phone", "sop"):
        assert f'href="#f-cell.2.{field}"' in said
        assert f'id="f-cell.2.{field}"' in said
    left = post(central, f"{at}/undang", f"{at}/undang", list=bad, go="1")
    assert "2 petugas diundang. Sisanya perlu diperbaiki." in left.get_data(as_text=True)
    kept = re.search(r'name="list" value="([^"]+)"', left.get_data(as_text=True))
    assert kept
    mended = {
        "cell.0.kind": "bumd", "cell.0.name": "Petugas Baru", "cell.0.email": f"baru@{region}.contoh.test", "cell.0.phone": "",
        "cell.0.sop": "",
    }  # fmt: skip
    done = post(central, f"{at}/undang", f"{at}/undang", list=unescape(kept[1]), go="1", **mended)
    assert done.status_code == 303
    assert "Petugas Baru" in central.get(at).get_data(as_text=True)
    assert post(central, f"{at}/undang", f"{at}/undang", list="").status_code == 422
    assert post(central, f"{at}/undang", f"{at}/undang", list=lines(region, 301)).status_code == 422


def test_a_slip_opens_nothing_of_another_region(fresh_world: World) -> None:
    mine, theirs = (region for region, slug in fresh_world.tenants if slug == "pusat")
    at = f"/{mine}/pusat/pengumpulan/unit"
    known = f"petugas.dinkes.{theirs}@contoh.test"
    central = enrolled(
        fresh_world,
        mine,
        f"{HEAD}\nDinas Tiru; SKPD; Siapa Saja; -; {known}; ;\n{lines(mine, 1).splitlines()[1]}",
    )
    assert set(slip_links(central, at)) == {"Kecamatan Uji 0"}
    path = slip_links(central, at)["Kecamatan Uji 0"]
    with platform(fresh_world.settings) as connection:
        provisioning.add_member(
            connection,
            fresh_world.tenants[theirs, "disdik"],
            f"petugas0@{mine}.contoh.test",
            "Petugas 0",
            "unit_officer",
        )
    assert "sudah dipakai" in fresh_world.client().get(path).get_data(as_text=True)
    assert slip_links(central, at) == {}


def test_accepting_one_link_ends_the_others(fresh_world: World, region: str) -> None:
    at = f"/{region}/pusat/pengumpulan/unit"
    central = enrolled(fresh_world, region, lines(region, 1))
    first, second = (slip_links(central, at)["Kecamatan Uji 0"] for _ in range(2))
    officer = fresh_world.client()
    done = officer.post(second, data={"csrf_token": token(officer, second), "password": PASSWORD})
    assert done.status_code == 303
    assert "sudah dipakai" in fresh_world.client().get(first).get_data(as_text=True)


def test_only_a_central_adds_units_and_only_below_itself(fresh_world: World, region: str) -> None:
    at = f"/{region}/pusat/pengumpulan/unit"
    for who in (f"petugas.dinkes@{region}", f"auditor@{region}"):
        assert fresh_world.client(who).get(at).status_code == 404
    call = "select door.add_unit(gen_random_uuid(), 'baru', 'SKPD', 'Baru', 'x', 'x', 1, '{}')"
    with psycopg.connect(url(fresh_world.settings, "app_tenant")) as conn:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
            conn.execute(call)
        for who, allowed in ((f"petugas.dinkes@{region}", False), (f"pusat@{region}", True)):
            with conn.transaction(force_rollback=True):
                enter(conn, fresh_world, who)
                if allowed:
                    conn.execute(call)
                else:
                    with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
                        conn.execute(call)


def test_a_list_is_read_whatever_its_delimiter_and_order() -> None:
    for written in (
        "unit;jenis;petugas;jabatan;email;WA;SOP\nDinas A;SKPD;Budi;Kepala;B@contoh.id;;",
        "Surel\tNama Unit\tJenis\tPetugas\tJabatan\nb@contoh.id\tDinas  A\tskpd\tBudi\tKepala",
        "\ufeffDinas A,SKPD,Budi,Kepala,b@contoh.id",
    ):
        rows = rolls.read_roll(written)
        assert rows == [
            {"unit": "Dinas A", "kind": "SKPD", "name": "Budi", "position": "Kepala", "email": "b@contoh.id", "phone": "", "sop": ""}
        ]  # fmt: skip
        assert rolls.faults_of(rows, NOBODY) == [{}]
        assert rolls.read_roll(rolls.write_roll(rows)) == rows
    assert rolls.read_roll("") == []


def test_two_officers_of_one_unit_share_it_and_no_address_stands_twice() -> None:
    rows = rolls.read_roll(
        "Dinas A;SKPD;Budi;;b@contoh.id\nDINAS A;BUMD;Sri;;s@contoh.id\nDinas B;KPU;Adi;;b@contoh.id"
    )
    faults = rolls.faults_of(rows, NOBODY)
    assert [set(one) for one in faults] == [set(), {"kind"}, {"email"}]
    assert faults[2]["email"] == "Surel ini sama dengan baris 1."
