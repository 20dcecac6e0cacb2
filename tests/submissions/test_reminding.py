"""The board's filters and the reminding of chosen units, with plain forms alone; and the letters themselves."""

import re
from datetime import date
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from ppid_saas.notifications.whatsapp import whatsapp_number
from ppid_saas.submissions import letters, service
from tests.fixtures import walk
from tests.fixtures.world import World
from tests.submissions.test_pages import post


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, slug in fresh_world.tenants if slug == "pusat")


@pytest.fixture
def board(fresh_world: World, region: str) -> str:
    """A window in which one unit has sent and four have not."""
    collection_id = walk.open_collection(fresh_world, region)
    walk.fill(fresh_world, f"petugas.dinkes@{region}")
    walk.send(fresh_world, f"petugas.dinkes@{region}", collection_id)
    return f"/{region}/pusat/pengumpulan/{collection_id}"


def units_of(page: str) -> set[str]:
    return set(re.findall(r'<th role="rowheader" scope="row"[^>]*>([^<]+)<', page))


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_filters_of_the_board_live_in_the_address(fresh_world: World, region: str, board: str) -> None:
    central = fresh_world.client(f"pusat@{region}")
    assert len(units_of(read(central, board))) == 5
    assert units_of(read(central, f"{board}?status=sent")) == {"Dinas Kesehatan"}
    assert units_of(read(central, f"{board}?jenis=SKPD&status=missing")) == {
        "Dinas Pekerjaan Umum", "Dinas Pendidikan",
    }  # fmt: skip
    assert units_of(read(central, f"{board}?q=air+minum")) == {"Perumda Air Minum"}
    assert "Tidak ada unit yang cocok" in read(central, f"{board}?q=tidak+ada")
    for odd in ("?status=apa", "?jenis=%00", "?kontak='", "?q=%25%00", "?pilih=x"):
        assert len(units_of(read(central, board + odd))) in {0, 5}
    with fresh_world.acting(f"pusat@{region}"):
        service.remind(_id(board), ["kpu"])
    assert units_of(read(central, f"{board}?kontak=belum&jenis=KPU")) == set()
    assert "KPU Kabupaten" not in units_of(read(central, f"{board}?kontak=lama"))


def _id(board: str) -> UUID:
    return UUID(board.rpartition("/")[2])


def test_all_shown_units_are_chosen_without_scripts(fresh_world: World, region: str, board: str) -> None:
    central = fresh_world.client(f"pusat@{region}")
    page = read(central, f"{board}?status=missing&pilih=semua")
    boxes = re.findall(r'<input type="checkbox" name="units" value="([^"]+)" checked', page)
    assert sorted(boxes) == ["disdik", "dpupr", "kpu", "perumda-air"]
    assert "checked" not in read(central, f"{board}?status=missing")


def test_chosen_units_are_reminded_by_mail_and_by_hand(fresh_world: World, region: str, board: str) -> None:
    central = fresh_world.client(f"pusat@{region}")
    at = f"{board}/ingatkan"
    assert "Belum ada unit yang dipilih" in read(central, at)
    page = read(central, f"{at}?units=dinkes&units=disdik&units=kpu")
    assert units_of(page) == {"Dinas Pendidikan", "KPU Kabupaten"}
    assert "Pengingat pengumpulan daftar – Dinas Pendidikan" in page
    sent = post(central, at, f"{at}?units=kpu", units=["disdik", "kpu", "dinkes"])
    said = read(central, sent.headers["Location"])
    assert "2 unit diingatkan lewat surel" in said
    assert "Semua unit ini sudah disurati hari ini" in said
    again = post(central, at, f"{at}?units=kpu", units=["kpu"])
    assert "Tidak ada yang diingatkan" in read(central, again.headers["Location"])
    marked = post(central, f"{at}/terkirim", f"{at}?units=kpu", unit="kpu", units=["disdik", "kpu"])
    assert marked.headers["Location"].endswith("#whatsapp")
    page = read(central, board)
    assert page.count("WhatsApp</span>") == 1
    assert page.count(">Surel</span>") == 1
    assert post(central, f"{at}/terkirim", f"{at}?units=kpu", unit="tidak-ada").status_code == 404


def test_a_text_for_whatsapp_opens_where_one_is_asked_who_one_is(
    fresh_world: World, region: str, board: str
) -> None:
    page = read(fresh_world.client(f"pusat@{region}"), f"{board}/ingatkan?units=kpu")
    link = re.search(r'href="(https://wa\.me/\?text=[^"]+)"', page)
    assert link
    text = parse_qs(urlsplit(link[1]).query)["text"][0]
    address = re.search(r"Buka: https?://[^/]+(\S+)", text)
    assert address
    assert text.startswith("Yth. Bapak/Ibu Petugas PPID KPU Kabupaten,\nDaftar unit Anda kami tunggu")
    assert fresh_world.client().get(address[1]).status_code == 401
    assert fresh_world.client(f"petugas.kpu@{region}").get(address[1]).status_code == 200


def test_letters_say_what_is_owed_and_nothing_of_the_list() -> None:
    day = date(2026, 11, 27)
    assert "3 informasi perlu diperbaiki sebelum 27 November 2026." in letters.whatsapp_text(
        "Dinas Kesehatan", "in_repair", 3, day, "https://contoh.test/t/4kx9qabc"
    )
    assert "sudah lewat: 27 November 2026" in letters.whatsapp_text("Dinas", "late", 0, day, "x")
    assert letters.group_text("Pengumpulan 2026", ["A", "B"], day).splitlines()[1:3] == ["- A", "- B"]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0812-3456-7890", "6281234567890"), ("+62 812 3456 7890", "6281234567890"), ("(021) 5550 123", "62215550123"),
        ("0812", None), ("delapan", None), ("", None), ("081234567890123456", None),
    ],
)  # fmt: skip
def test_numbers_as_whatsapp_wants_them(written: str, number: str | None) -> None:
    assert whatsapp_number(written) == number
