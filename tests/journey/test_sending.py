"""Handing in and mending what came back, within their clicks: once by mouse, once by keys alone, the head on a phone."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journey import walk
from tests.journey.people import Watch, accept_invitation, choose, open_browser, press, until_shown, word
from tests.journey.running import Running
from tests.journey.screens import faults_of

PHONE = {"width": 390, "height": 844}
COVERED = """() => { const e = document.activeElement, r = e.getBoundingClientRect();
  const at = document.elementFromPoint(r.x + Math.min(r.width / 2, 8), r.y + Math.min(r.height / 2, 8));
  return !at || !(e.contains(at) || at.contains(e) || at.closest("label")?.htmlFor === e.id); }"""
NAME = """() => { const e = document.activeElement;
  return e === document.body ? "" : (e.labels?.[0]?.textContent || e.textContent || "").trim().replace(/\\s+/g, " "); }"""
MOST_TABS = 80


class Hands(Protocol):
    """How someone reaches what the screen names; every use of a button, a box or a link counts."""

    used: int

    def use(self, page: Page, name: str) -> None: ...
    def write(self, page: Page, name: str, text: str) -> None: ...


@dataclass
class Mouse:
    """Points and clicks."""

    used: int = 0

    def use(self, page: Page, name: str) -> None:
        main = page.get_by_role("main")
        found = main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name))
        found.or_(main.get_by_role("checkbox", name=name)).first.click()
        self.used += 1

    def write(self, page: Page, name: str, text: str) -> None:
        box = page.get_by_role("textbox", name=name)
        box.click()
        box.fill(text)
        self.used += 1


@dataclass
class Keys:
    """Tabs until the focus is there, then presses: nothing is pointed at."""

    used: int = 0
    lost: list[str] = field(default_factory=list)

    def use(self, page: Page, name: str) -> None:
        self._reach(page, name)
        kind = page.evaluate("document.activeElement.type || document.activeElement.tagName")
        page.keyboard.press("Space" if kind == "checkbox" else "Enter")
        page.wait_for_load_state()
        self.used += 1

    def write(self, page: Page, name: str, text: str) -> None:
        self._reach(page, name)
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(text)
        self.used += 1

    def _reach(self, page: Page, name: str) -> None:
        for _ in range(MOST_TABS):
            page.keyboard.press("Tab")
            if page.evaluate(NAME).startswith(name):
                if page.evaluate(COVERED):
                    self.lost.append(f"{name} is covered at {page.url}")
                return
        raise AssertionError(f"no tab leads to {name} at {page.url}")


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
    page, before = office.officer, hands.used
    choose(page, "Beranda")
    until_shown(page, "Daftar siap dikirim")
    hands.use(page, "Periksa dan kirim")
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa sebelum mengirim")
    assert faults_of(page) == []
    hands.use(page, "Daftar ini sudah diperiksa")
    hands.use(page, "Kirim ke PPID Utama")
    expect(page.get_by_role("main")).to_contain_text("Daftar terkirim")
    expect(page.get_by_role("main")).to_contain_text("Yang terjadi selanjutnya")
    assert faults_of(page) == []
    return hands.used - before


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
        form.get_by_label("Apa yang perlu diperbaiki?").fill("Sebutkan siapa yang dirugikan.")
        form.get_by_role("button", name="Kembalikan ke unit").click()
    page.get_by_role("button", name="Selesai diperiksa").first.click()


def mend(office: Office, hands: Hands) -> int:
    """J5: open what came back, mend each beside its note, send again."""
    page, before = office.officer, hands.used
    choose(page, "Beranda")
    until_shown(page, "2 butir perlu diperbaiki")
    page.get_by_role("main").get_by_role("link", name="Perbaiki butir").first.click()
    expect(page.get_by_role("main")).to_contain_text("Sebutkan siapa yang dirugikan.")
    assert faults_of(page) == []
    for ref in (1, 2):
        hands.write(page, f"Akibat bila dibuka Butir {ref}", "Pedagang kecil kehilangan tempat usahanya")
        hands.use(page, f"Simpan butir {ref}")
        expect(page.get_by_role("main")).to_contain_text(f"Butir {ref} disimpan.")
    hands.use(page, "Daftar ini sudah diperiksa")
    hands.use(page, "Kirim ulang 2 butir")
    expect(page.get_by_role("main")).to_contain_text("Daftar terkirim")
    return hands.used - before


@pytest.mark.parametrize("hands", [Mouse(), Keys()], ids=["mouse", "keys"])
def test_handing_in_and_mending_stay_within_their_clicks(
    make_office: Callable[[str], Office], hands: Mouse | Keys
):
    office = make_office(f"kirim-{type(hands).__name__.lower()}")
    assert hand_in(office, hands) <= 3
    send_back(office)
    assert mend(office, hands) <= 2 + 2 * 2
    assert getattr(hands, "lost", []) == []
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
    head.set_viewport_size(PHONE)
    head.goto(head.url.split("/pengajuan")[0] + "/beranda")
    taps = Mouse()
    taps.use(head, "Periksa dan konfirmasi")
    expect(head.get_by_role("heading", level=1)).to_have_text("Konfirmasi daftar unit")
    assert faults_of(head) == []
    taps.use(head, "Konfirmasi dan kirim")
    expect(head.get_by_role("main")).to_contain_text("Daftar terkirim")
    assert taps.used <= 2
    assert office.watch.complaints == []
