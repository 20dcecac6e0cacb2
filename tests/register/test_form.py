"""The form while it is being written: topics one by one, what is kept meanwhile, and what it says back."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from ppid_saas.register import queries
from tests.fixtures.forms import post, text_of
from tests.fixtures.world import World
from tests.register.test_pages import FULL

TOPICS: tuple[tuple[str, ...], ...] = (
    ("title", "document", "part", "open_part", "holder"),
    ("grounds", "other_law"),
    ("harm", "benefit", "interest", "loss"),
    tuple(name for name in FULL if name.startswith("period.")),
    ("note",),
)


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(iter(fresh_world.tenants))[0]


@pytest.fixture
def client(fresh_world: World, region: str) -> FlaskClient:
    return fresh_world.client(f"petugas.dinkes@{region}")


@pytest.fixture
def at(region: str) -> str:
    return f"/{region}/u/dinkes/butir"


def items(world: World, region: str) -> int:
    with world.acting(f"petugas.dinkes@{region}"):
        return queries.count()


def test_five_short_pages_make_the_same_item_as_one_long_page(
    fresh_world: World, region: str, client: FlaskClient, at: str
) -> None:
    for n, names in enumerate(TOPICS, start=1):
        page, data = f"{at}/tambah/{n}", {name: FULL[name] for name in names}
        assert f"Halaman {n} dari 5" in text_of(client.get(page))
        answer = post(client, page, data | ({"go": "next"} if n < 5 else {}))
        assert answer.status_code == 303
    with fresh_world.acting(f"petugas.dinkes@{region}"):
        by_pages = queries.item(1).body
        assert queries.draft(0) is None
    assert post(client, f"{at}/tambah", FULL).status_code == 303
    with fresh_world.acting(f"petugas.dinkes@{region}"):
        assert queries.item(2).body == by_pages
    assert client.get(f"{at}/tambah/6").status_code == 404


def test_a_topic_saved_alone_keeps_the_others(
    fresh_world: World, region: str, client: FlaskClient, at: str
) -> None:
    post(client, f"{at}/tambah", FULL)
    answer = post(client, f"{at}/1/ubah/3", {"version": "1", "harm": "Lain sama sekali.", "go": "save"})
    assert answer.status_code == 303
    with fresh_world.acting(f"petugas.dinkes@{region}"):
        body = queries.item(1).body
    assert (body["harm"], body["benefit"], body["title"]) == ("Lain sama sekali.", "", FULL["title"])
    assert len(body["grounds"]) == 3


def test_what_is_typed_comes_back_until_it_is_saved(
    fresh_world: World, region: str, client: FlaskClient, at: str
) -> None:
    typed = {
        "title": "",
        "harm": "Setengah kalimat <b>",
        "grounds": ["17c", "17h"],
        "period.ends_on.day": "5 Agu",
    }
    kept = post(client, f"{at}/tambah", typed, f"{at}/tambah/draf")
    assert text_of(kept).startswith("Tersimpan ")
    page = text_of(client.get(f"{at}/tambah"))
    for words in (
        "Isian yang belum disimpan",
        "Setengah kalimat &lt;b&gt;",
        'value="17c" checked',
        'value="5 Agu"',
    ):
        assert words in page
    assert items(fresh_world, region) == 0
    other = fresh_world.client(f"kepala.dinkes@{region}")
    assert other.get(f"{at}/tambah").status_code == 404
    post(client, f"{at}/tambah", {"title": "Akhirnya"})
    assert "Setengah kalimat" not in text_of(client.get(f"{at}/tambah"))


def test_what_is_typed_can_be_thrown_away(client: FlaskClient, at: str) -> None:
    post(client, f"{at}/tambah", FULL)
    post(client, f"{at}/1/ubah", FULL | {"version": "1", "title": "Tidak jadi"}, f"{at}/1/ubah/draf")
    assert "Tidak jadi" in text_of(client.get(f"{at}/1/ubah"))
    assert post(client, f"{at}/1/ubah", {}, f"{at}/1/ubah/buang").status_code == 303
    assert "Tidak jadi" not in text_of(client.get(f"{at}/1/ubah"))


def test_what_was_kept_of_an_older_version_is_settled_when_saved(client: FlaskClient, at: str) -> None:
    post(client, f"{at}/tambah", FULL)
    post(client, f"{at}/1/ubah", FULL | {"version": "1", "harm": "Tulisan lama."}, f"{at}/1/ubah/draf")
    assert 'name="version" value="1"' in text_of(client.get(f"{at}/1/ubah"))


def test_a_draft_too_long_is_refused_in_words(client: FlaskClient, at: str) -> None:
    long = {"title": "x", "harm": "x" * 200_000, "benefit": "x" * 200_001}
    answer = post(client, f"{at}/tambah", long, f"{at}/tambah/draf")
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("boxes", "said"),
    [
        (("5", "Agustus", "2027"), "Kamis, 5 Agustus 2027"),
        (("5", "8", "2027"), "Kamis, 5 Agustus 2027"),
        (("5 Agustus 2027", "", ""), "Kamis, 5 Agustus 2027"),
        (("5/8/2027", "", ""), "Kamis, 5 Agustus 2027"),
        (("", "", "2027"), ""),
        (("31", "2", "2027"), ""),
        (("5 Agustus 2027 atau nanti", "", ""), ""),
    ],
)
def test_a_day_is_said_back_as_understood(
    client: FlaskClient, at: str, boxes: tuple[str, str, str], said: str
) -> None:
    typed: dict[str, Any] = {"title": "Denah gudang", "period.kind": "until_date"}
    for part, text in zip(("day", "month", "year"), boxes, strict=True):
        typed[f"period.ends_on.{part}"] = text
    page = text_of(post(client, f"{at}/tambah", typed, f"{at}/kelengkapan"))
    assert f'id="echo-ends_on" hx-swap-oob="true">{said}</p>' in page
    assert ("Pembukaannya ditetapkan paling lambat" in page) is bool(said)
    saved = post(client, f"{at}/tambah", typed)
    assert saved.status_code == (303 if said else 422)


def test_the_last_day_to_decide_the_opening_is_counted_in_working_days(client: FlaskClient, at: str) -> None:
    typed = {
        "title": "Denah", "period.kind": "until_date", "period.ends_on.day": "31", "period.ends_on.month": "12",
        "period.ends_on.year": "2026",
    }  # fmt: skip
    page = text_of(post(client, f"{at}/tambah", typed, f"{at}/kelengkapan"))
    assert "Habis Kamis, 31 Desember 2026." in page
    assert "paling lambat Selasa, 17 November 2026" in page


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (
            {"grounds": "17b", "period.kind": "unlimited"},
            "Pengecualian huruf a sampai f tidak boleh tanpa batas",
        ),
        ({"harm": "Dapat merugikan negara"}, "Siapa yang dirugikan, dan bagaimana?"),
        ({"article18": "listed"}, "Pasal 18 ayat (1) tidak dapat dikecualikan"),
        ({"balance": "open"}, "lebih baik dibuka"),
        ({"title": "Data NIK 3604011234560001"}, "Judul memuat NIK"),
    ],
)
def test_the_law_asks_while_one_writes(
    client: FlaskClient, at: str, typed: dict[str, str], asked: str
) -> None:
    page = text_of(post(client, f"{at}/tambah", {"title": "Denah gudang"} | typed, f"{at}/kelengkapan"))
    assert "Pertanyaan untuk Anda" in page
    assert asked in page
    assert "field-error" not in page
    calm = text_of(post(client, f"{at}/tambah", {"title": "Denah gudang"}, f"{at}/kelengkapan"))
    assert "Pertanyaan untuk Anda" not in calm
