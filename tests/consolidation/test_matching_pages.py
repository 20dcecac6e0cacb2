"""The queue of doubles on screen: side by side, decided with plain forms, taken back, and hinted at in a review."""

import re

import pytest

from ppid_saas.consolidation import moving
from ppid_saas.consolidation.queries import matches
from tenants.db import transaction
from tests.consolidation.test_matching import J, hand_in
from tests.fixtures import walk
from tests.fixtures.forms import post
from tests.fixtures.world import World


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, slug in fresh_world.tenants if slug == "pusat")


@pytest.fixture
def pair(fresh_world: World, region: str) -> matches.Pair:
    walk.determined(fresh_world, region)
    hand_in(fresh_world, region, "disdik", [walk.body("Rekam medik penderita puskesmas", grounds=J)])
    with fresh_world.acting(f"pusat@{region}"):
        (found,) = matches.queue()
    return found


QUEUE = "/{}/pusat/pertentangan"


def at(region: str, pair: matches.Pair) -> str:
    return f"/{region}/pusat/pertentangan/{pair.row.item_a}/{pair.row.item_b}"


def test_a_pair_is_shown_decided_and_taken_back(fresh_world: World, region: str, pair: matches.Pair) -> None:
    client = fresh_world.client(f"pusat@{region}")
    page = client.get(f"/{region}/pusat/pertentangan").text
    assert "Dasar berbeda" in page
    assert "<del>" in page
    assert "<ins>" in page
    assert "Semua yang menunggu 1" in page
    answer = post(client, QUEUE.format(region), {"verdict": "different"}, f"{at(region, pair)}?jenis=ground")
    assert answer.status_code == 303
    assert "jenis=ground" in answer.location
    page = client.get(answer.location).text
    assert "Dicatat: berbeda" in page
    (undo,) = re.findall(r'action="([^"]+/urungkan[^"]*)"', page)
    assert post(client, QUEUE.format(region), {"verdict": "same"}, at(region, pair)).status_code == 409
    assert "Berbeda" in client.get(f"/{region}/pusat/pertentangan?tampil=diputus").text
    answer = post(client, QUEUE.format(region), {}, undo.replace("&amp;", "&"))
    assert "Putusan diurungkan" in client.get(answer.location).text
    assert "Putusan sebelumnya" in client.get(f"/{region}/pusat/pertentangan").text


def test_a_forgotten_note_is_asked_for_beside_its_pair(
    fresh_world: World, region: str, pair: matches.Pair
) -> None:
    client = fresh_world.client(f"pusat@{region}")
    said = {"verdict": "aligned", "model_id": str(pair.row.item_a), "note": " "}
    answer = post(client, QUEUE.format(region), said, at(region, pair))
    assert answer.status_code == 422
    assert "Tulis apa yang perlu disamakan." in answer.text
    assert (
        post(client, QUEUE.format(region), said | {"note": "Samakan."}, at(region, pair)).status_code == 303
    )


BAD = (
    {},
    {"verdict": "x"},
    {"verdict": "aligned", "model_id": "x"},
    {"verdict": "aligned", "model_id": "01a2016d-fd42-7630-b351-9e2c6361136c", "note": "Samakan."},
    {"verdict": "same", "note": "\x00"},
)


def test_bad_input_is_refused_in_words(fresh_world: World, region: str, pair: matches.Pair) -> None:
    client = fresh_world.client(f"pusat@{region}")
    for bad in BAD:
        assert post(client, QUEUE.format(region), dict(bad), at(region, pair)).status_code == 422, bad


def test_the_review_names_what_is_in_force_elsewhere(
    fresh_world: World, region: str, pair: matches.Pair
) -> None:
    client = fresh_world.client(f"pusat@{region}")
    fresh = next(side for side in pair.sides if side.sender_slug == "disdik")
    page = client.get(f"/{region}/pusat/pengajuan/{fresh.submission_id}").text
    assert "Sudah ada di Dinas Kesehatan, berlaku s.d." in page
    entry = client.get(f"/{region}/pusat/gabungan/{fresh.item_id}").text
    assert "1 butir yang tampak sama" in entry
    assert "Bertentangan" in entry


def test_the_whole_list_is_compared_anew_as_a_job(
    fresh_world: World, region: str, pair: matches.Pair
) -> None:
    client = fresh_world.client(f"pusat@{region}")
    answer = post(client, QUEUE.format(region), {}, f"{QUEUE.format(region)}/cocokkan-ulang")
    assert answer.status_code == 303
    fresh_world.drain()
    assert "Selesai" in client.get(answer.location).text
    with fresh_world.acting(f"pusat@{region}"):
        (found,) = matches.queue()
    assert (found.row.item_a, found.row.found_at) == (pair.row.item_a, pair.row.found_at)


def test_who_only_reads_sees_no_buttons(fresh_world: World, region: str, pair: matches.Pair) -> None:
    client = fresh_world.client(f"auditor@{region}")
    page = client.get(f"/{region}/pusat/pertentangan").text
    assert "Dasar berbeda" in page
    assert 'value="different"' not in page
    form = f"/{region}/pusat/beranda"
    assert post(client, form, {"verdict": "same"}, at(region, pair)).status_code == 404


def test_an_item_in_two_pairs_stands_beside_each_of_its_doubles(fresh_world: World, region: str) -> None:
    years = ("2021", "2022")
    for unit, title in (("dinkes", ""), ("disdik", " tahun 2021"), ("dinkes", " tahun 2022")):
        hand_in(fresh_world, region, unit, [walk.body(f"Data gaji pegawai{title}")])
    page = fresh_world.client(f"pusat@{region}").get(QUEUE.format(region)).text
    pairs = re.findall(r'class="flags">(.*?)</ul>.*?<tbody>(.*?)</tr>', page, re.DOTALL)
    told = [[{year for year in years if year in part} for part in pair] for pair in pairs]
    assert [reasons for reasons, _ in told] == [titles for _, titles in told]
    assert len(told) == 3


def test_what_is_open_is_not_said_to_be_closed_until_a_day(
    fresh_world: World, region: str, pair: matches.Pair
) -> None:
    client, closed = fresh_world.client(f"pusat@{region}"), next(one for one in pair.sides if one.ends_on)
    assert "Ditetapkan, s.d." in client.get(QUEUE.format(region)).text
    with fresh_world.acting(f"pusat@{region}"), transaction():
        moving.move([closed.item_id], "revoked", turn="none")
    page = client.get(QUEUE.format(region)).text
    assert "Dicabut" in page
    assert "s.d." not in page.partition("<main")[2]
