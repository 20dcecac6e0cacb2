"""First pages through the browser's door: one main action, what waits and what is late, few statements, for every role."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from ppid_saas.consolidation import service as central_verbs
from ppid_saas.determinations import service as determinations
from ppid_saas.editions import service as editions
from ppid_saas.register import service as register
from ppid_saas.sop.roles import ROLES
from ppid_saas.submissions.queries import central
from ppid_saas.submissions.service import Verdict
from tests.bench._office import cookie, watch
from tests.desk.conftest import Join
from tests.fixtures import determined, walk
from tests.fixtures.world import World

MOST_STATEMENTS = 16
PRIMARY = re.compile(
    r'<a class="btn btn-primary" href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?\s*([^<]+)</a>', re.DOTALL
)


def region_of(world: World) -> str:
    return next(region for region, slug in world.tenants if slug == "pusat")


def page(world: World, who: str, place: str = "") -> str:
    answer = world.client(who).get(f"{place or world.path(who)}/beranda")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def main(html: str) -> str:
    """What the page itself says, as people read it."""
    inner = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", inner).split())


def action(world: World, who: str) -> tuple[str, str]:
    """The one primary action: its words and its address, which is there for this person."""
    html = page(world, who)
    found = PRIMARY.findall(html)
    assert len(found) == 1, found
    address = found[0][0].replace("&amp;", "&")
    if not urlsplit(address).netloc:
        assert world.client(who).get(address).status_code == 200
    return found[0][1].strip(), address


def test_a_unit_is_led_from_nothing_to_the_end(fresh_world: World) -> None:
    world, region = fresh_world, region_of(fresh_world)
    who, root = f"petugas.dinkes@{region}", f"/{region}/u/dinkes"
    assert action(world, who) == ("Impor daftar", f"{root}/impor")
    assert "Empat langkah pertama" in page(world, who)
    with world.acting(who):
        ref = register.save_item(walk.body("Rekam medis pasien", interest="")).ref
    assert action(world, who) == ("Lengkapi butir", f"{root}/butir?kurang=interest")
    assert "0 dari 1 butir lengkap" in main(page(world, who))
    with world.acting(who):
        item_id = register.save_item(walk.body("Rekam medis pasien"), ref).id
    assert action(world, who) == ("Buka daftar butir", f"{root}/butir")
    collection_id = walk.open_collection(world, region)
    world.drain()
    assert action(world, who) == ("Periksa dan kirim", f"{root}/pengajuan/periksa")
    assert "hari kerja lagi" in main(page(world, who))
    sent = walk.send(world, who, collection_id)
    world.drain()
    assert action(world, who) == ("Lihat pengajuan", f"{root}/pengajuan/{sent.id}")
    assert "Terkirim 1 PPID Utama" in main(page(world, who))
    with world.acting(f"pusat@{region}"):
        verdict = Verdict(item_id, "returned", "Akibatnya belum jelas")
        central_verbs.answer_all(sent.id, [verdict], accept_rest=False, close=True)
    world.drain()
    assert action(world, who) == ("Perbaiki butir", f"{root}/perbaikan")
    assert "Perlu perbaikan 1 Unit Anda" in main(page(world, who))
    assert "Akibatnya belum jelas" not in page(world, who)
    with world.acting(who):
        register.save_item(walk.body("Rekam medis pasien", harm="Akibat yang jelas. Orang dirugikan."), ref)
    again = walk.send(world, who, collection_id, 2)
    world.drain()
    walk.accept_all(world, region, again.id)
    world.drain()
    assert action(world, who) == ("Lihat pengajuan", f"{root}/pengajuan/{again.id}")
    assert "Selesai untuk masa ini" in page(world, who)
    assert "Empat langkah pertama" not in page(world, who)


def test_the_central_is_led_from_nothing_to_the_end(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, region = fresh_world, region_of(fresh_world)
    officer, head, root = f"pusat@{region}", f"kabid@{region}", f"/{region}/pusat"
    assert action(world, officer) == ("Buka masa pengumpulan", f"{root}/pengumpulan/buka")
    collection_id = walk.open_collection(world, region)
    world.drain()
    assert action(world, officer) == ("Lihat pengumpulan", f"{root}/pengumpulan/{collection_id}")
    assert "0 dari 5 unit sudah mengirim" in main(page(world, officer))
    unit = f"petugas.dinkes@{region}"
    walk.fill(world, unit)
    sent = walk.send(world, unit, collection_id)
    world.drain()
    assert action(world, officer) == ("Periksa Dinas Kesehatan", f"{root}/pengajuan/{sent.id}")
    assert "1 dari 5 unit sudah mengirim" in main(page(world, head))
    assert "4 unit belum mengirim" in main(page(world, officer))
    walk.accept_all(world, region, sent.id)
    world.drain()
    assert "3 butir diterima, belum ditetapkan" in main(page(world, officer))
    with world.acting(officer):
        made = determinations.make_determination(walk.letter("500/1/2026")).id
    world.drain()
    assert action(world, officer) == ("Siapkan edisi", f"{root}/edisi")
    draft = determined.prepare(world, region, made)
    assert action(world, head) == ("Periksa lalu terbitkan", f"{root}/edisi/{draft}/pratinjau")
    assert "Siap terbit" in main(page(world, officer))
    assert action(world, f"sekda@{region}") == (
        "Baca rancangan edisi 1", f"{root}/edisi/{draft}/pratinjau",
    )  # fmt: skip
    determined.publish(world, region, draft)
    assert "Edisi 1, 3 butir" in main(page(world, officer))
    assert action(world, f"tim@{region}") == ("Baca edisi 1", f"{root}/edisi/1")
    assert action(world, head)[0] == "Lihat pengumpulan"
    monkeypatch.setenv("PPID_CLOCK", (datetime.now(UTC) + timedelta(days=30)).isoformat())
    assert action(world, officer) == ("Ingatkan unit", f"{root}/pengumpulan/{collection_id}?status=late")
    assert "4 terlambat" in main(page(world, officer))
    assert "Lewat" in main(page(world, officer))


def test_who_prepared_an_edition_is_not_asked_to_publish_it(fresh_world: World, join: Join) -> None:
    world, region = fresh_world, region_of(fresh_world)
    both = join(world, "rangkap", region, pusat="central_officer")
    join(world, "rangkap", region, pusat="central_head")
    walk.open_collection(world, region)
    made = determined.determine(world, region, determined.some("Denah ruang peladen"))
    with world.acting(both):
        own = editions.prepare(made).id
    world.drain()
    assert action(world, both)[0] != "Periksa lalu terbitkan"
    assert action(world, f"kabid@{region}") == (
        "Periksa lalu terbitkan", f"/{region}/pusat/edisi/{own}/pratinjau",
    )  # fmt: skip
    other = determined.prepare(world, region, made)
    assert action(world, both) == ("Periksa lalu terbitkan", f"/{region}/pusat/edisi/{other}/pratinjau")
    assert action(world, f"pusat@{region}")[0] != "Periksa lalu terbitkan"


def test_items_that_end_soon_are_named_with_the_working_days_left(fresh_world: World) -> None:
    world, region = fresh_world, region_of(fresh_world)
    who = f"petugas.dinkes@{region}"
    with world.acting(who):
        for n, days in enumerate((20, 60, 400)):
            until = {"kind": "until_date", "ends_on": walk.days(days).isoformat(), "text": "x"}
            register.save_item(walk.body(f"Rincian ke-{n}", period=until))
    said = main(page(world, who))
    assert "2 butir habis atau perlu ditinjau dalam 100 hari kerja" in said
    assert "Rincian ke-1" in said
    assert "Rincian ke-2" not in said


def test_a_head_only_looks_where_the_officer_writes(fresh_world: World) -> None:
    world, region = fresh_world, region_of(fresh_world)
    who = f"kepala.dinkes@{region}"
    assert action(world, who)[0] == "Buka daftar butir"
    with world.acting(f"petugas.dinkes@{region}"):
        register.save_item(walk.body("Rekam medis pasien"))
    walk.open_collection(world, region)
    world.drain()
    assert action(world, who)[0] == "Periksa dan kirim"
    assert "Ruang penyimpanan" not in page(world, who)


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("place", ["dinkes", "pusat"])
def test_every_role_has_a_useful_page_wherever_it_stands(
    world: World, join: Join, role: str, place: str
) -> None:
    who = join(world, f"peran-{role}-{place}".replace("_", "-"), "sana", **{place: role})
    words, _ = action(world, who)
    assert words
    links = re.findall(r'href="(/[^"#]+)"', page(world, who).split("<main", 1)[1])
    for address in {link.replace("&amp;", "&") for link in links if link.startswith(world.path(who))}:
        assert world.client(who).get(address).status_code == 200, (role, place, address)


def test_an_administrator_is_told_of_a_unit_with_one_officer(world: World, join: Join) -> None:
    assert "satu petugas saja" in page(world, "admin.disdik@sana")
    join(world, "pengganti", "sana", **{"perumda-air": "unit_officer"})
    assert "satu petugas saja" not in page(world, "admin.perumda-air@sana")
    assert "Petugas perumda-air" in page(world, "admin.perumda-air@sana")


def test_a_person_with_two_roles_sees_where_she_is_and_changes_the_address(world: World, join: Join) -> None:
    who = join(world, "berdua", "sana", disdik="unit_officer", pusat="auditor")
    spaces = world.client(who).get("/ruang").get_data(as_text=True)
    for place, name in (("/sana/u/disdik", "Dinas Pendidikan"), ("/sana/pusat", "PPID Utama Kabupaten Sana")):
        assert f'href="{place}/beranda"' in spaces
        here = page(world, who, place)
        assert re.search(rf'<span class="brand-space">{name}</span>', here)
        assert 'href="/ruang"' in here


@pytest.mark.parametrize(
    "who", ["petugas.dinkes", "kepala.dinkes", "admin.dinkes", "pusat", "kabid", "tim", "sekda", "auditor"]
)
def test_a_first_page_asks_the_database_little(fresh_world: World, who: str) -> None:
    world, region = fresh_world, region_of(fresh_world)
    collection_id = walk.open_collection(world, region)
    world.drain()
    for unit, titles in (("dinkes", walk.TITLES), ("disdik", walk.TITLES[:1])):
        walk.fill(world, f"petugas.{unit}@{region}", titles)
        walk.send(world, f"petugas.{unit}@{region}", collection_id)
    world.drain()
    path = f"{world.path(f'{who}@{region}')}/beranda"
    headers = cookie(world.app(), world.token(f"{who}@{region}"))
    watch(world.app(), path, headers)
    asked = [statement for statement, _ in watch(world.app(), path, headers).statements]
    assert 2 <= len(asked) <= MOST_STATEMENTS, "\n\n".join(asked)
    assert not [one for one in asked if re.match(r"\s*(insert|update|delete)", one, re.IGNORECASE)]


def test_a_page_of_one_unit_says_nothing_of_another(fresh_world: World) -> None:
    world, region = fresh_world, region_of(fresh_world)
    collection_id = walk.open_collection(world, region)
    walk.fill(world, f"petugas.disdik@{region}")
    walk.send(world, f"petugas.disdik@{region}", collection_id)
    world.drain()
    said = main(page(world, f"petugas.dinkes@{region}"))
    assert "Terkirim" not in said
    assert "0 dari" not in said
    with world.acting(f"pusat@{region}"):
        assert central.inbox()
    other = next(place for place, slug in world.tenants if place != region and slug == "pusat")
    assert "0 dari" not in main(page(world, f"pusat@{other}"))
