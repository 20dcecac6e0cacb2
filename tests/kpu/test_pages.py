"""The KPU round on screen with plain forms alone: each role sees its step, nobody else finds the page."""

import io
import re

import pytest

from ppid_saas.register.service import save_item
from tests.fixtures import walk
from tests.fixtures.scans import scan
from tests.kpu.conftest import Kpu
from tests.submissions.test_pages import post, typed


def today() -> dict[str, str]:
    day = walk.days(0)
    return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}


def dated(name: str) -> dict[str, str]:
    now = today()
    return typed(name, f"{now['day']} {now['month']} {now['year']}")


def read(kpu: Kpu, who: str, at: str) -> str:
    answer = kpu.world.client(who).get(at)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_whole_walk_on_screen(kpu: Kpu) -> None:
    kpu.fill()
    officer, head = kpu.world.client(kpu.officer), kpu.world.client(kpu.head)
    answer = post(officer, kpu.at, kpu.at, title="Daftar KPU", **dated("opens_on"))
    assert answer.status_code == 303
    at = answer.headers["Location"]
    assert "disabled" in read(kpu, kpu.head, at).split("publish-title")[2]
    assert post(officer, f"{at}/langkah", at, step="collect").status_code == 303
    page = read(kpu, kpu.officer, at)
    refused = post(officer, f"{at}/langkah", at, step="classify")
    assert (refused.status_code, "3 butir belum diklasifikasi" in refused.get_data(as_text=True)) == (
        409,
        True,
    )
    names = re.findall(r'name="(type\.[0-9a-f-]+)"', page)
    assert post(officer, f"{at}/jenis", at, **dict.fromkeys(names, "Data dan daftar")).status_code == 303
    assert post(officer, f"{at}/langkah", at, step="classify").status_code == 303
    for authority in ("pembina", "board_member", "superior"):
        client = kpu.world.client(kpu.who(authority))
        assert client.get(f"/{kpu.region}/u/kpu/beranda").headers["Location"] == kpu.at
        assert "menunggu persetujuan Anda" in client.get(kpu.at).get_data(as_text=True)
        page = client.get(at).get_data(as_text=True)
        assert "Data dan daftar" in page
        assert walk.TITLES[0] in page
        seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
        assert seen
        form = {"authority": authority, "verdict": "approved", "seen": seen.group(1)}
        assert post(client, f"{at}/jawab", at, **form).status_code == 303
    assert post(officer, f"{at}/langkah", at, step="store").status_code == 303
    page = read(kpu, kpu.head, at)
    assert "Belum dapat diterbitkan: persetujuan KPU RI belum dicatat." in page
    early = post(head, f"{at}/terbit", at, link="https://ppid.contoh.go.id/dik", **dated("published_on"))
    assert early.status_code == 409
    assert "persetujuan KPU RI belum dicatat" in early.get_data(as_text=True)
    letter = (io.BytesIO(scan(20_000)), "surat.pdf", "application/pdf")
    given = post(officer, f"{at}/kpu-ri", at, number="77/HM.02/2026", letter=letter, **dated("dated_on"))
    assert given.status_code == 303
    assert "surat tersimpan" in read(kpu, kpu.officer, at)
    sent = post(head, f"{at}/terbit", at, link="https://ppid.contoh.go.id/dik", **dated("published_on"))
    assert sent.status_code == 303
    assert "https://ppid.contoh.go.id/dik" in read(kpu, kpu.officer, at)


def test_steps_without_a_limit_say_tentative_and_the_first_has_its_weeks(kpu: Kpu) -> None:
    kpu.fill()
    round_id = kpu.opened()
    assert "hari kerja lagi" in read(kpu, kpu.officer, f"{kpu.at}/{round_id}")
    kpu.ask_again(round_id)
    page = read(kpu, kpu.officer, f"{kpu.at}/{round_id}")
    assert "Tanpa batas waktu (tentatif)" in page
    assert "hari kerja lagi" not in page


def test_what_keeps_the_list_open_is_named_and_led_to(kpu: Kpu) -> None:
    kpu.fill()
    round_id = kpu.opened()
    at = f"{kpu.at}/{round_id}"
    assert "Lengkapi dahulu" not in read(kpu, kpu.officer, at)
    with kpu.world.acting(kpu.officer):
        ref = save_item(walk.body("Desain pengaman surat suara", harm="")).ref
    page = read(kpu, kpu.officer, at)
    assert f'href="/{kpu.region}/u/kpu/butir/{ref}/ubah">Butir {ref}, Desain pengaman' in page
    assert "belum lengkap" in post(kpu.world.client(kpu.officer), f"{at}/langkah", at, step="collect").text


def test_a_reason_is_asked_of_whoever_returns(kpu: Kpu) -> None:
    kpu.fill()
    at = f"{kpu.at}/{kpu.asked()}"
    client = kpu.world.client(kpu.who("superior"))
    seen = re.search(r'name="seen" value="(\w+)"', client.get(at).get_data(as_text=True))
    assert seen
    form = {"authority": "superior", "verdict": "returned", "seen": seen.group(1)}
    assert post(client, f"{at}/jawab", at, **form).status_code == 422
    assert post(client, f"{at}/jawab", at, **form, note="Butir 1 keliru.").status_code == 303
    assert "Butir 1 keliru." in read(kpu, kpu.officer, at)


@pytest.mark.parametrize("who", ["petugas.dinkes", "kepala.disdik", "pusat", "sekda"])
def test_nobody_outside_the_kpu_office_finds_it(kpu: Kpu, who: str) -> None:
    kpu.fill()
    at = f"{kpu.at}/{kpu.asked()}"
    client = kpu.world.client(f"{who}@{kpu.region}")
    assert client.get(at).status_code == 404
    assert client.get(f"/{kpu.region}/u/dinkes/persetujuan").status_code == 404


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/langkah", {"step": "publish"}),
        ("/langkah", {}),
        ("/jenis", {"type.bukan-id": "x"}),
        ("/jawab", {"authority": "pembina", "verdict": "mungkin"}),
    ],
)
def test_bad_input_is_not_found_and_never_an_error_of_ours(kpu: Kpu, path: str, form: dict[str, str]) -> None:
    kpu.fill()
    at = f"{kpu.at}/{kpu.asked()}"
    who = kpu.who("pembina") if path == "/jawab" else kpu.officer
    assert post(kpu.world.client(who), f"{at}{path}", at, **form).status_code == 404
