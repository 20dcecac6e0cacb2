"""Handing in and mending what came back, within their clicks: once by mouse, once by keys alone, the head on a phone."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journey import walk
from tests.journey.hands import WAYS, Hands, Keys, Mouse, button, go_to, link
from tests.journey.people import Watch, accept_invitation, choose, open_browser, press, until_shown, word
from tests.journey.running import Running
from tests.journey.screens import faults_of

PHONE = {"width": 390, "height": 844}
RETURNED = "Sebutkan siapa yang dirugikan."


@dataclass(frozen=True)
class Office:
    """A unit with its officer and head, and the central officer, each before a browser of their own."""

    unit: str
    watch: Watch
    officer: Page
    head: Page
    central: Page


@pytest.fixture(scope="module")
def make_office(running: Running, browser: Browser) -> Callable[[str], Office]:
    """Make a region of its own by the README's commands, with an open window and two items that may be sent."""

    def make(region: str) -> Office:
        running.call("tenant", "add-central", region, f"Kabupaten {region.title()}")
        running.call("tenant", "import", region, "-", told="SKPD,Dinas Pasar\n")
        watch = Watch(running, scripts=True, look=lambda _page, _name: None)
        places = (f"{region}/dinas-pasar", "unit_officer"), (f"{region}/dinas-pasar", "unit_head"), (
            f"{region}/pusat", "central_officer",
        )  # fmt: skip
        pages = []
        for place, role in places:
            link = running.call("member", "add", place, f"{word()}@contoh.test", f"Orang {word()}", role)
            page = open_browser(browser, watch)
            accept_invitation(page, watch, link.strip())
            pages.append(page)
        office = Office("Dinas Pasar", watch, *pages)
        walk.open_collection(office.central, watch)
        for title in ("Data pedagang penunggak retribusi", "Rencana harga lelang kios"):
            walk.write_item(
                office.officer, watch, title, "Orang yang tercatat dapat dirugikan dan dikucilkan"
            )
        return office

    return make


def hand_in(office: Office, hands: Hands) -> int:
    """J4: check, declare, send; returns how many uses it took from the first page."""
    page = office.officer
    go_to(hands, page, "Beranda")
    until_shown(page, "Daftar siap dikirim")
    before = hands.acts
    hands.follow(link(page, "Periksa dan kirim"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa sebelum mengirim")
    assert faults_of(page) == []
    hands.press(page.get_by_label("Daftar ini sudah diperiksa"))
    hands.follow(button(page, "Kirim ke PPID Utama"))
    expect(page.get_by_role("main")).to_contain_text("Daftar terkirim")
    expect(page.get_by_role("main")).to_contain_text("Yang terjadi selanjutnya")
    assert faults_of(page) == []
    return hands.acts - before


def send_back(office: Office) -> None:
    """The central returns both items, each with a note about one field."""
    page = office.central
    choose(page, "Pemeriksaan")
    until_shown(page, office.unit)
    press(page, re.compile(f"^Ambil & periksa {office.unit}$"))
    for _ in range(2):
        form = page.get_by_role("article").filter(has=page.get_by_text("Minta perbaikan")).first
        form.get_by_text("Minta perbaikan").click()
        form.get_by_label("Bagian yang perlu diperbaiki").select_option(label="Akibat bila dibuka")
        form.get_by_label("Apa yang perlu diperbaiki?").fill(RETURNED)
        form.get_by_role("button", name="Kembalikan ke unit").click()
    page.get_by_role("button", name="Selesai diperiksa").first.click()


def mend(office: Office, hands: Hands) -> int:
    """J5: open what came back, mend each beside its note, send again."""
    page = office.officer
    go_to(hands, page, "Beranda")
    until_shown(page, "2 butir perlu diperbaiki")
    hands.follow(link(page, "Perbaiki butir"))
    expect(page.get_by_role("main")).to_contain_text(RETURNED)
    assert faults_of(page) == []
    before = hands.acts
    for ref in (1, 2):
        box = page.get_by_role("textbox", name=f"Akibat bila dibuka Butir {ref}")
        hands.write(box, "Pedagang kecil kehilangan tempat usahanya")
        hands.press(button(page, f"Simpan butir {ref}"))
        expect(page.get_by_role("main")).to_contain_text(f"Butir {ref} disimpan.")
    hands.press(page.get_by_label("Daftar ini sudah diperiksa"))
    hands.follow(button(page, "Kirim ulang 2 butir"))
    expect(page.get_by_role("main")).to_contain_text("Daftar terkirim")
    return hands.acts - before


def review(office: Office, hands: Hands) -> int:
    """J7: of what changed accept one, return the other with a note; returns what was pressed on the rows."""
    page = office.central
    go_to(hands, page, "Pemeriksaan")
    until_shown(page, "putaran 2")
    hands.follow(button(page, re.compile(f"^Ambil & periksa {office.unit}$")))
    rows = page.get_by_role("article")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Diminta pada putaran sebelumnya")
    before = hands.acts
    hands.follow(rows.first.get_by_role("button", name=re.compile("^Terima")))
    expect(rows.nth(1)).to_be_focused()
    hands.press(rows.nth(1).get_by_text("Minta perbaikan"))
    note = rows.nth(1).get_by_label("Apa yang perlu diperbaiki?")
    expect(note).to_be_focused()
    page.keyboard.type(RETURNED)
    hands.follow(rows.nth(1).get_by_role("button", name=re.compile("^Kembalikan ke unit")))
    used = hands.acts - before
    hands.follow(button(page, "Selesai diperiksa"))
    expect(page.get_by_role("main")).to_contain_text("Unit dikabari")
    return used


@pytest.mark.parametrize("way", WAYS)
def test_handing_in_mending_and_reviewing_stay_within_their_clicks(
    make_office: Callable[[str], Office], way: str
):
    office, hands = make_office(f"kirim-{way}"), WAYS[way]()
    for page in (office.officer, office.central):
        hands.attend(page)
    assert hand_in(office, hands) <= 3
    send_back(office)
    assert mend(office, hands) <= 2 + 2 * 2
    assert review(office, hands) <= 2 * 2
    assert hands.faults == []
    assert office.watch.complaints == []


def test_the_head_confirms_on_a_phone_in_two_taps(make_office: Callable[[str], Office]):
    office = make_office("kirim-pimpinan")
    head, officer = office.head, office.officer
    choose(head, "Pengajuan")
    head.get_by_label("Daftar dikirim hanya setelah").check()
    head.get_by_role("button", name="Simpan aturan").click()
    choose(officer, "Pengajuan")
    officer.get_by_role("main").get_by_role("link", name="Periksa dan kirim").click()
    officer.get_by_label("Daftar ini sudah diperiksa").check()
    officer.get_by_role("button", name="Minta konfirmasi pimpinan").click()
    expect(officer.get_by_role("main")).to_contain_text("Konfirmasi diminta")
    for hands in (Keys(), Mouse()):
        head.set_viewport_size(PHONE)
        head.goto(head.url.split("/pengajuan")[0] + "/beranda")
        hands.follow(link(head, "Periksa dan konfirmasi"))
        expect(head.get_by_role("heading", level=1)).to_have_text("Konfirmasi daftar unit")
    assert faults_of(head) == []
    hands.follow(button(head, "Konfirmasi dan kirim"))
    expect(head.get_by_role("main")).to_contain_text("Daftar terkirim")
    assert hands.acts <= 2
    assert office.watch.complaints == []
