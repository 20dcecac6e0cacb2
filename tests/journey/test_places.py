"""The register of places before a browser: shelves and a paper, labels, a loan, and an inventory by keys alone on a phone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journey.people import Watch, accept_invitation, choose, follow, open_browser, press
from tests.journey.running import Running
from tests.journey.screens import faults_of

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
TITLE = "Denah ruang penyimpanan kunci"


@pytest.fixture(scope="module")
def faults() -> dict[str, list[str]]:
    return {}


@pytest.fixture(scope="module")
def page(running: Running, browser: Browser, faults: dict[str, list[str]]) -> Page:
    """An officer of a region of its own."""
    watch = Watch(running, True, lambda *_: None)
    running.call("tenant", "add-central", "tepian", "Kabupaten Tepian")
    running.call("tenant", "import", "tepian", "-", told="SKPD,Dinas Kearsipan\n")
    link = running.call(
        "member", "add", "tepian/dinas-kearsipan", "arsip@contoh.test", "Petugas", "unit_officer"
    )
    page = open_browser(browser, watch)
    accept_invitation(page, watch, link.strip())
    choose(page, "Butir")
    follow(page, "Tambah informasi")
    page.get_by_label("Judul informasi").fill(TITLE)
    press(page, "Simpan")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    return page


def look(page: Page, name: str, faults: dict[str, list[str]]) -> None:
    if found := faults_of(page):
        faults[name] = found


def test_shelves_and_a_paper(page: Page, faults: dict[str, list[str]]):
    item = page.url.partition("?")[0]
    choose(page, "Tempat")
    look(page, "tempat-kosong", faults)
    follow(page, "Tambah tempat")
    press(page, "Simpan tempat")
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, "tempat-galat", faults)
    page.get_by_label("Jenis tempat").select_option("room")
    page.get_by_label("Kode", exact=True).fill("a")
    page.get_by_label(re.compile("^Nama")).fill("Ruang arsip")
    press(page, "Simpan tempat")
    expect(page.get_by_role("heading", level=1)).to_have_text("A · Ruang arsip")
    look(page, "ruang-kosong", faults)
    for code in ("A-01", "A-02"):
        follow(page, "Tambah tempat di dalamnya")
        expect(page.get_by_label("Kode", exact=True)).to_have_value(code)
        page.get_by_label("Jenis tempat").select_option("shelf")
        press(page, "Simpan tempat")
        expect(page.get_by_role("heading", level=1)).to_have_text(code)
        choose(page, "Tempat")
        follow(page, "A · Ruang arsip")
    page.goto(item)
    follow(page, "Di mana kertasnya?")
    look(page, "butir-tanpa-kertas", faults)
    follow(page, "Catat kertas")
    page.get_by_label("Disimpan di").fill("A-01")
    press(page, "Simpan kertas")
    expect(page.get_by_role("main")).to_contain_text("Kertas dicatat.")
    look(page, "kertas", faults)


def test_labels_are_printed(page: Page, faults: dict[str, list[str]]):
    choose(page, "Tempat")
    look(page, "tempat", faults)
    follow(page, "Cetak label")
    look(page, "label", faults)
    form = page.get_by_role("main").locator("form[method=get]")
    answer = page.context.request.get(f"{page.url}.pdf?isi=places&mulai=1")
    assert form.get_attribute("action") == page.url[page.url.index("/tepian") :] + ".pdf"
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")


def test_a_paper_is_lent_and_comes_back(page: Page, faults: dict[str, list[str]]):
    choose(page, "Tempat")
    follow(page, "Semua kertas")
    look(page, "semua-kertas", faults)
    follow(page, TITLE)
    page.get_by_label("Peminjam").fill("Sekretariat")
    press(page, "Catat peminjaman")
    expect(page.locator(".deadline-chip")).to_have_text(re.compile("hari kerja lagi"))
    look(page, "kertas-dipinjam", faults)
    press(page, "Catat pengembalian")
    expect(page.get_by_role("main")).to_contain_text("Dikembalikan Sekretariat")


def typed(page: Page, code: str) -> None:
    """Type as a scanner does: the code and Enter, into whatever has the focus."""
    expect(page.get_by_label("Kode", exact=True)).to_be_focused()
    page.keyboard.type(code)
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.keyboard.press("Enter")


def test_an_inventory_by_keys_alone_on_a_phone(page: Page, faults: dict[str, list[str]]):
    choose(page, "Tempat")
    follow(page, "Inventaris")
    page.set_viewport_size(PHONE)
    look(page, "inventaris", faults)
    page.get_by_label(re.compile("^Yang diperiksa")).focus()
    page.keyboard.type("A")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Anda di A")
    look(page, "inventaris-berjalan", faults)
    page.reload()
    typed(page, "tidak-ada")
    expect(page.get_by_role("main")).to_contain_text("tidak dikenal di unit ini")
    look(page, "inventaris-galat", faults)
    page.reload()
    typed(page, "a-02")
    expect(page.get_by_role("main")).to_contain_text("Anda di A-02")
    typed(page, "k-1")
    expect(page.get_by_role("status").filter(has_text="K-1")).to_contain_text("seharusnya di tempat lain")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    press(page, "Selesai, tampilkan hasilnya")
    expect(page.get_by_role("heading", name="Salah tempat (1)")).to_be_visible()
    look(page, "inventaris-hasil", faults)
    press(page, "Catat di tempat yang ditemukan")
    expect(page.get_by_role("main")).to_contain_text("1 kertas dipindahkan.")
    expect(page.get_by_role("row", name=TITLE)).to_contain_text("A-02")
    press(page, "Urungkan")
    expect(page.get_by_role("row", name=TITLE)).to_contain_text("A-01")
    page.set_viewport_size(DESK)


def test_no_screen_had_a_fault(page: Page, faults: dict[str, list[str]]):
    assert faults == {}
