"""The list narrowed by facets, and one field of many items written at once, seen beforehand, and taken back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from ppid_saas.register import queries, rules, service
from ppid_saas.register.queries import Filter
from tenants import clock
from tenants.db import transaction
from tests.fixtures.forms import post, text_of, token_of
from tests.fixtures.world import World

Place = tuple[str, str]


def until(day: Any) -> dict[str, Any]:
    return {"kind": "until_date", "ends_on": day.isoformat()}


@pytest.fixture
def place(fresh_world: World) -> Place:
    """A register of five: three of one officer, one that ended, one sent."""
    region = next(iter(fresh_world.tenants))[0]
    who = f"petugas.dpupr@{region}"
    today = clock.today("Asia/Jakarta")
    bodies = [
        {
            "title": "Denah jembatan",
            "holder": "Kepala Bidang Marga",
            "period": until(today.replace(year=2090, day=1)),
        },
        {"title": "Denah saluran", "holder": "Kepala Bidang Marga", "security_class": "secret"},
        {"title": "Denah gudang", "holder": "Kepala Bidang Marga", "retention": "2 tahun"},
        {"title": "Nilai lelang", "holder": "Sekretaris", "period": until(today - timedelta(days=1))},
        {"title": "Sudah terkirim", "holder": "Sekretaris"},
    ]
    with fresh_world.acting(who), transaction():
        ids = service.put_items([rules.whole_body(body) for body in bodies])
        service.mark_submitted([ids[4]])
    return who, f"/{region}/u/dpupr/butir"


@pytest.fixture
def client(fresh_world: World, place: Place) -> FlaskClient:
    return fresh_world.client(place[0])


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("jabatan=Sekretaris", {"Nilai lelang", "Sudah terkirim"}),
        ("jabatan=Tidak+ada", set()),
        ("akhir=2090", {"Denah jembatan"}),
        ("akhir=past", {"Nilai lelang"}),
        ("akhir=none", {"Denah saluran", "Denah gudang", "Sudah terkirim"}),
        ("kelas=secret", {"Denah saluran"}),
        ("lengkap=yes", set()),
        ("lengkap=no&q=lelang", {"Nilai lelang"}),
        ("akhir=none&jabatan=Kepala+Bidang+Marga", {"Denah saluran", "Denah gudang"}),
    ],
)  # fmt: skip
def test_facets_narrow_the_list_by_the_address_alone(
    client: FlaskClient, place: Place, query: str, titles: set[str]
) -> None:
    page = text_of(client.get(f"{place[1]}?{query}"))
    everything = {"Denah jembatan", "Denah saluran", "Denah gudang", "Nilai lelang", "Sudah terkirim"}
    assert {title for title in everything if title in page} == titles
    assert f"{len(titles)} hasil" in page
    assert "Hapus semua saringan" in page
    assert ("Tidak ada yang cocok" in page) is not titles
    assert ("Hapus saringan" in page) is True


def test_each_facet_says_how_many_it_leaves(client: FlaskClient, place: Place) -> None:
    page = text_of(client.get(place[1]))
    for words in (
        "Kepala Bidang Marga (3)",
        "Sekretaris (2)",
        "Sudah lewat (1)",
        "2090 (1)",
        "Belum bertanggal (3)",
    ):
        assert words in page
    assert "Rahasia (1)" in page


def test_many_items_are_changed_seen_beforehand_and_taken_back(
    fresh_world: World, client: FlaskClient, place: Place
) -> None:
    who, at = place
    page = f"{at}/ubah-bersama?butir=1&butir=2&butir=3&butir=5"
    asked = text_of(client.get(page))
    assert "3 butir akan diubah" in asked
    assert "1 butir lain tidak ikut" in asked
    data = {"butir": "1,2,3", "field": "hardcopy_place", "value": "Ruang 2, rak 4", "go": "preview"}
    seen = text_of(post(client, page, data, f"{at}/ubah-bersama"))
    assert "3 butir berubah" in seen
    assert "Ruang 2, rak 4" in seen
    with fresh_world.acting(who):
        assert queries.item(1).version == 1
    answer = post(client, page, data | {"go": "save"}, f"{at}/ubah-bersama")
    assert answer.status_code == 303
    with fresh_world.acting(who):
        assert [queries.item(n).body["hardcopy_place"] for n in (1, 2, 3, 4, 5)] == ["Ruang 2, rak 4"] * 3 + [
            "",
            "",
        ]
        again = queries.item(3)
        service.save_item(again.body | {"note": "diubah lagi"}, 3, again.version)
    done = text_of(client.get(answer.location))
    assert "3 butir diubah." in done
    found = re.search(r'action="([^"]+/urungkan)"', done)
    assert found
    undo = found[1]
    back = client.post(undo, data={"csrf_token": token_of(client, answer.location)})
    said = text_of(client.get(back.location))
    assert "2 butir dikembalikan seperti semula." in said
    assert "1 butir tetap" in said
    with fresh_world.acting(who):
        assert [queries.item(n).body["hardcopy_place"] for n in (1, 2, 3)] == ["", "", "Ruang 2, rak 4"]
        assert queries.item(3).body["note"] == "diubah lagi"


def test_all_that_a_filter_leaves_can_be_changed(
    fresh_world: World, client: FlaskClient, place: Place
) -> None:
    who, at = place
    link = text_of(client.get(f"{at}?jabatan=Kepala+Bidang+Marga"))
    assert "Ubah semua 3 butir ini" in link
    page = f"{at}/ubah-bersama?semua=1&jabatan=Kepala+Bidang+Marga"
    assert 'name="butir" value="1,2,3"' in text_of(client.get(page))
    data = {"butir": "1,2,3", "field": "security_class", "level": "limited", "go": "save"}
    assert post(client, page, data, f"{at}/ubah-bersama").status_code == 303
    with fresh_world.acting(who):
        assert queries.count(Filter(security_class="limited")) == 3


@pytest.mark.parametrize(
    "data",
    [
        {"field": "title", "value": "Semua sama"},
        {"field": "", "value": "x"},
        {"field": "security_class", "level": "rahasia sekali"},
        {"field": "retention", "value": "x" * 1_001},
        {"field": "retention", "value": "\x00"},
    ],
)
def test_what_cannot_be_written_is_refused_in_words(
    fresh_world: World, client: FlaskClient, place: Place, data: dict[str, str]
) -> None:
    at = place[1]
    sent = {"butir": "1,2", "go": "save"} | data
    answer = post(client, f"{at}/ubah-bersama?butir=1", sent, f"{at}/ubah-bersama")
    assert answer.status_code == 422
    assert "Ada yang perlu diperbaiki" in text_of(answer)
    with fresh_world.acting(place[0]):
        assert queries.item(1).version == 1


def test_nothing_chosen_is_said(client: FlaskClient, place: Place) -> None:
    answer = client.get(f"{place[1]}/ubah-bersama")
    assert answer.status_code == 422
    assert "Pilih paling sedikit satu butir" in text_of(answer)
