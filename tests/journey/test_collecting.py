"""A central brings in sixty units, hands them last year's list and chases who is missing: by mouse, and by keyboard alone.

Clicks are counted as `Hand` acts; typing is none. No more of them than a trained officer is promised.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journey import walk
from tests.journey.people import Watch, accept_invitation, choose, open_browser, until_shown, word
from tests.journey.running import Running
from tests.journey.screens import faults_of

WAYS = ("mouse", "keyboard")
UNITS = {"mouse": 20, "keyboard": 6}  # sixty are brought in without a browser, in tests/accounts
MOST_TABS = 250
PATIENCE_MS = 40_000  # sixty units with their keys, beside whatever else the machine does
LAW = "Pasal 17 huruf h UU 14/2008"


@dataclass
class Hand:
    """One way to use a screen; `acts` counts what it pressed."""

    way: str
    acts: int = 0

    def on(self, there: Locator) -> None:
        """Press a link or a button: click it, or come to it by Tab alone."""
        self.acts += 1
        if self.way == "keyboard":
            self.come_to(there)
        with there.page.expect_navigation():
            there.click() if self.way == "mouse" else there.page.keyboard.press("Enter")

    def come_to(self, there: Locator) -> None:
        expect(there).to_be_visible()
        for _ in range(MOST_TABS):
            if there.evaluate("element => element === document.activeElement"):
                return
            there.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {there}")

    def type_into(self, there: Locator, text: str) -> None:
        if self.way == "keyboard":
            self.come_to(there)
            there.page.keyboard.insert_text(text)
        else:
            there.fill(text)


@dataclass
class Place:
    """A new region, its central officer at her browser, and the faults that screens had on the way."""

    region: str
    units: int
    central: Page
    hand: Hand
    watch: Watch
    faults: dict[str, list[str]]


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def link(page: Page, name: str | re.Pattern[str]) -> Locator:
    return main(page).get_by_role("link", name=name).first


def button(page: Page, name: str | re.Pattern[str]) -> Locator:
    return main(page).get_by_role("button", name=name).first


@pytest.fixture(params=WAYS)
def place(request: pytest.FixtureRequest, running: Running, browser: Browser) -> Iterator[Place]:
    region, faults = f"uji{word()[:6]}", dict[str, list[str]]()

    def look(page: Page, name: str) -> None:
        if request.param == "mouse" and (found := faults_of(page)):
            faults[f"{name} ({page.url})"] = found

    watch = Watch(running, True, look)
    running.call("tenant", "add-central", region, f"Kabupaten {region.title()}")
    email = f"pusat@{region}.contoh.test"
    invited = running.call(
        "member", "add", f"{region}/pusat", email, "Petugas Pusat", "central_officer"
    ).strip()
    page = open_browser(browser, watch)
    page.set_default_timeout(PATIENCE_MS)
    accept_invitation(page, watch, invited)
    yield Place(region, UNITS[request.param], page, Hand(request.param), watch, faults)
    running.finish_work()


def roll(region: str, units: int) -> str:
    lines = [
        f"Kecamatan {n};SKPD;Petugas {n};Sekretaris;p{n}@{region}.contoh.test;0812-3456-{n:04};"
        for n in range(1, units + 1)
    ]
    return "\n".join(["unit;jenis;petugas;jabatan;email;WA;SOP", *lines])


def bring_units_in(at: Place) -> dict[str, str]:
    """Invite sixty units in five presses at most; returns the link on each slip."""
    page, before = at.central, at.hand.acts
    at.hand.on(link(page, "Unit dan petugas"))
    at.watch.look(page, "unit-kosong")
    at.hand.on(link(page, "Undang unit"))
    at.watch.look(page, "undang")
    at.hand.type_into(page.get_by_label("Daftar unit dan petugas"), roll(at.region, at.units))
    at.hand.on(button(page, "Periksa daftar"))
    at.watch.look(page, "periksa-undangan")
    at.hand.on(button(page, f"Undang {at.units} petugas"))
    expect(main(page)).to_contain_text(f"{at.units} petugas diundang.", timeout=PATIENCE_MS)
    at.watch.look(page, "unit")
    at.hand.on(button(page, f"Buat {at.units} slip"))
    expect(page.locator(".slip")).to_have_count(at.units, timeout=PATIENCE_MS)
    assert at.hand.acts - before <= 5
    slips = page.locator(".slip").all_inner_texts()
    page.go_back()
    return {text.splitlines()[0]: re.findall(r"https?://\S+/undangan/\S+", text)[0] for text in slips}


def hand_over(at: Place) -> None:
    page = at.central
    choose(page, "Pengumpulan")
    at.hand.on(link(page, "Daftar tahun lalu"))
    at.watch.look(page, "serahan")
    rows = [
        "No\tPerangkat Daerah\tInformasi yang Dikecualikan\tDasar Hukum\tJangka Waktu",
        *(
            f"{n}\tKecamatan {n % 2 + 1}\tBerkas pribadi pegawai jenis {n}\t{LAW}\t5 tahun"
            for n in range(1, 5)
        ),
        f"5\tKantor Lama\tArsip lama\t{LAW}\t5 tahun",
    ]
    at.hand.type_into(page.get_by_label("Atau tempel dari Excel"), "\n".join(rows))
    at.hand.on(button(page, "Baca dan bagi"))
    at.watch.look(page, "bagi")
    at.hand.on(button(page, "Serahkan ke unit"))
    expect(page.locator(".error-summary")).to_contain_text("Pilih unitnya, atau lewati baris ini.")
    at.watch.look(page, "bagi-galat")
    page.get_by_label("Unit untuk Kantor Lama").select_option("Lewati, jangan diserahkan")
    at.hand.on(button(page, "Serahkan ke unit"))
    expect(main(page)).to_contain_text("Diserahkan ke 2 unit.")
    at.watch.look(page, "diserahkan")


def begin_as_officer(at: Place, browser: Browser, invitation: str) -> None:
    """Open the link of a slip, be inside, and have last year's items in the register within four presses."""
    page, hand = open_browser(browser, at.watch), Hand(at.hand.way)
    page.goto(invitation)
    hand.type_into(page.get_by_label("Kata sandi baru"), f"kalimat sandi {word()}")
    hand.on(button(page, "Simpan dan masuk"))
    expect(page).to_have_title(re.compile("^Beranda"))
    at.watch.look(page, "beranda-serahan")
    hand.on(link(page, re.compile(r"^Lihat 2 butir")))
    at.watch.look(page, "tawaran")
    hand.on(button(page, re.compile(r"^Pakai 2 butir")))
    expect(main(page)).to_contain_text("2 butir dibuat dari")
    assert hand.acts <= 4
    at.watch.look(page, "hasil-serahan")
    page.context.close()


def chase(at: Place) -> None:
    """Remind all who are missing in four presses, then tick one off on WhatsApp."""
    page = at.central
    choose(page, "Pengumpulan")
    until_shown(page, f"0 dari {at.units} unit sudah mengirim.")
    before = at.hand.acts
    at.hand.on(link(page, re.compile("^Belum mengirim")))
    expect(page).to_have_url(re.compile("status=missing"))
    at.hand.on(link(page, re.compile("^Pilih semua")))
    expect(page.get_by_role("checkbox").first).to_be_checked()
    at.hand.on(button(page, "Ingatkan unit terpilih"))
    at.watch.look(page, "ingatkan")
    at.hand.on(button(page, f"Kirim ke {at.units} unit"))
    expect(main(page)).to_contain_text(f"{at.units} unit diingatkan lewat surel.", timeout=PATIENCE_MS)
    assert at.hand.acts - before <= 4
    at.watch.look(page, "diingatkan")
    expect(link(page, re.compile("^Buka WhatsApp"))).to_have_attribute(
        "href", re.compile(r"^https://wa\.me/62812")
    )
    at.hand.on(button(page, re.compile("^Tandai terkirim")))
    expect(page.get_by_role("rowheader").first).to_contain_text("Terkirim")


def test_units_are_brought_in_handed_their_list_and_reminded(place: Place, browser: Browser) -> None:
    choose(place.central, "Pengumpulan")
    slips = bring_units_in(place)
    walk.open_collection(place.central, place.watch)
    hand_over(place)
    begin_as_officer(place, browser, slips["Kecamatan 1"])
    chase(place)
    assert place.faults == {}
    assert place.watch.complaints == []
    place.central.context.close()
