"""Every screen the journey reached, and those beside its way: nothing for axe to find, nothing that scrolls sideways."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journey.conftest import WITH, Story, Told
from tests.journey.people import Account, open_browser, press
from tests.journey.running import Running
from tests.journey.screens import faults_of

UNIT = (
    "beranda", "butir", "butir?q=tidak+ada", "butir/1", "butir/1/ubah", "impor", "pengajuan", "pengajuan/periksa",
    "perbaikan", "berkas", "tidak-ada",
)  # fmt: skip
CENTRAL = (
    "beranda", "pengumpulan", "pengajuan", "gabungan?q=tidak+ada", "penetapan", "penetapan/buat", "edisi", "edisi/1",
    "edisi/butir", "berkas",
)  # fmt: skip
PORTAL = (
    "", "dik", "dik?q=tidak+ada", "edisi", "edisi/1", "unit/dinkes", "unit/disdik", "data", "keberatan",
    "edisi/9",
)  # fmt: skip


@pytest.fixture
def told(story: Story) -> Told:
    return story(WITH)


def faults_at(page: Page, addresses: list[str]) -> dict[str, list[str]]:
    found = {}
    for address in addresses:
        page.goto(address)
        if faults := faults_of(page):
            found[address] = faults
    return found


def test_no_screen_on_the_way_had_a_fault(told: Told):
    assert told.faults == {}


def test_no_screen_of_a_unit(told: Told, running: Running):
    at = [running.at("office", f"/contoh/u/dinkes/{place}") for place in UNIT]
    assert faults_at(told.region.officer, at) == {}


def test_no_screen_of_the_central(told: Told, running: Running):
    at = [running.at("office", f"/contoh/pusat/{place}") for place in CENTRAL]
    assert faults_at(told.region.head, [*at, running.at("office", "/pintasan")]) == {}


def test_no_screen_of_the_portal(told: Told, running: Running):
    at = [running.at("portal", f"/contoh/{place}") for place in PORTAL]
    whole = [running.at("portal", path) for path in ("/", "/api/v1/docs", "/tidak-ada/")]
    assert faults_at(told.citizen, [*at, *whole, told.item_address]) == {}


def test_no_screen_before_signing_in(browser: Browser, told: Told, running: Running):
    page = open_browser(browser, told.watch)
    at = [
        running.at("office", path)
        for path in ("/masuk", "/undangan/tidak-ada", "/contoh/u/dinkes/beranda", "/tidak-ada")
    ]
    assert faults_at(page, at) == {}
    page.goto(at[0])
    page.get_by_label("Surel").fill("bukan.siapa@contoh.test")
    page.get_by_label("Kata sandi").fill("kata sandi yang salah")
    press(page, "Masuk")
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.get_by_label("Surel")).to_have_value("bukan.siapa@contoh.test")
    assert faults_of(page) == []
    page.context.close()


def test_no_screen_of_the_console(browser: Browser, told: Told, running: Running):
    address, email, password = running.call("operator", "operator@contoh.test", "Operator Platform").split()
    account, page = Account(email, password), open_browser(browser, told.watch)
    page.goto(address)
    page.get_by_label("Surel").fill(account.email)
    page.get_by_label("Kata sandi").fill(account.password)
    press(page, "Masuk")
    expect(page).not_to_have_url(address)
    at = [running.at("console", path) for path in ("/platform/penyewa", "/platform/pekerjaan")]
    page.goto(at[0])
    expect(page.get_by_role("main")).to_contain_text("Dinas Kesehatan")
    assert faults_at(page, at) == {}
    page.context.close()
