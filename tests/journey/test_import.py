"""The import in a browser: what the grid says in its cells, how few clicks a list takes, and all of it by keyboard."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.intake import messy
from tests.journey.hands import FOCUS_LOST, WAYS, Hands, Keys, button, place
from tests.journey.people import Watch, accept_invitation, choose, follow, led_on, open_browser, press
from tests.journey.running import Running

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT = "/seberang/u/dinas-semua-urusan"
ELEVEN_MIB = 11 * 1024 * 1024
CLICKS, FIXED = 6, 1


@pytest.fixture(scope="module")
def watch(running: Running) -> Watch:
    return Watch(running, scripts=True, look=lambda _page, _name: None)


@pytest.fixture(scope="module")
def invitations(running: Running) -> Iterator[str]:
    """Links for officers of a unit that nobody else in the journey looks at."""
    running.call("tenant", "add-central", "seberang", "Kabupaten Seberang")
    running.call("tenant", "import", "seberang", "-", told="SKPD,Dinas Semua Urusan\n")
    who = ("impor", "nama petugas", "unit_officer")
    return (
        running.call("member", "add", AT.removeprefix("/").replace("/u/", "/"), f"{n}.{who[0]}@contoh.test", who[1], who[2]).strip()
        for n in range(9)
    )  # fmt: skip


@pytest.fixture
def page(browser: Browser, watch: Watch, invitations: Iterator[str]) -> Page:
    """An officer's browser, signed in."""
    page = open_browser(browser, watch)
    accept_invitation(page, watch, next(invitations))
    return page


def sent(name: str = "messy-03.xlsx") -> dict[str, object]:
    return {"name": name, "mimeType": SHEET, "buffer": messy.workbook()}


def brought(page: Page) -> None:
    """Upload the messy list and come to its rows."""
    choose(page, "Impor")
    page.get_by_label("Berkas daftar").set_input_files(sent())  # type: ignore[arg-type]  # the shape it documents
    press(page, "Unggah dan baca")
    led_on(page)
    press(page, "Lanjut periksa baris")
    expect(page).to_have_title(re.compile("^Periksa baris"))


def faulty(page: Page) -> int:
    return page.locator("table [aria-invalid=true]").count()


def undone(page: Page) -> None:
    press(page, "Batalkan impor ini")
    expect(page.get_by_role("main")).to_contain_text("Impor dibatalkan")


def test_a_fault_stands_in_its_cell_and_its_link_leads_there(page: Page):
    brought(page)
    assert faulty(page) == messy.VAGUE + messy.HARMLESS
    page.locator("[data-errors] summary").click()
    links = page.locator("[data-errors]").get_by_role("link")
    assert links.count() == faulty(page)
    links.nth(1).click()
    cell = page.locator("table [aria-invalid=true]:focus")
    expect(cell).to_have_count(1)
    said = page.locator(f"[id='{cell.get_attribute('aria-describedby')}']")
    expect(said).to_contain_text("Galat:")
    assert said.locator("xpath=ancestor::td").first.evaluate(
        "(td, f) => td.contains(f)", cell.element_handle()
    )


def choose_file(hands: Hands, page: Page) -> None:
    """Have the browser ask for a file, and give it the messy list."""
    box = page.get_by_label("Berkas daftar")
    with page.expect_file_chooser() as chooser:
        hands.press(box)
    chooser.value.set_files(sent())  # type: ignore[arg-type]  # the shape it documents


def bring_in(hands: Hands, page: Page) -> int:
    """J2: from the menu to the saved items, fourteen faulty cells mended as one; returns what that took."""
    page.on("filechooser", lambda _: None)  # the browser learns before it is asked that we want to see it
    before = hands.acts
    hands.follow(place(page, "Impor"))
    choose_file(hands, page)
    hands.press(button(page, "Unggah dan baca"))
    led_on(page)
    hands.press(button(page, "Lanjut periksa baris"))
    expect(page).to_have_title(re.compile("^Periksa baris"))
    assert faulty(page) == messy.VAGUE + messy.HARMLESS
    same = page.locator("form", has=page.get_by_role("button", name=f"Terapkan ke {messy.VAGUE} baris"))
    hands.write(same.get_by_role("textbox"), "5 tahun")
    hands.press(same.get_by_role("button"))
    expect(page.locator("table [aria-invalid=true]")).to_have_count(messy.HARMLESS)
    hands.press(button(page, "Simpan dan lanjut ke ringkasan"))
    hands.press(button(page, f"Simpan {messy.ITEMS} butir"))
    main = page.get_by_role("main")
    expect(main).to_contain_text(f"{messy.ITEMS} butir dibuat")
    expect(main).to_contain_text(f"{messy.HARMLESS} di antaranya draf belum lengkap")
    return hands.acts - before


@pytest.mark.parametrize("way", WAYS)
def test_few_presses_bring_a_messy_list_in_and_one_takes_it_back(page: Page, watch: Watch, way: str):
    hands = WAYS[way]()
    hands.attend(page)
    assert bring_in(hands, page) <= CLICKS + FIXED
    hands.press(button(page, "Batalkan impor ini"))
    expect(page.get_by_role("main")).to_contain_text("Impor dibatalkan")
    assert hands.faults == []
    assert not [said for said in watch.complaints if FOCUS_LOST in said]


def test_the_same_headings_need_no_second_word(page: Page):
    brought(page)
    press(page, "Simpan dan lanjut ke ringkasan")
    press(page, f"Simpan {messy.ITEMS} butir")
    expect(page.get_by_role("main")).to_contain_text("butir dibuat")
    first = page.url
    choose(page, "Impor")
    page.get_by_label("Berkas daftar").set_input_files(sent("lagi.xlsx"))  # type: ignore[arg-type]  # as above
    press(page, "Unggah dan baca")
    led_on(page)
    expect(page.get_by_role("main")).to_contain_text("Memakai susunan kolom dari impor")
    follow(page, "Ubah susunan kolom")
    expect(page).to_have_url(re.compile(r"/kolom\?ubah=1"))
    page.goto(first)
    undone(page)


def test_a_file_too_large_is_refused_before_it_travels(page: Page, tmp_path: Path):
    choose(page, "Impor")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    big = tmp_path / "besar.xlsx"
    with big.open("wb") as file:
        file.truncate(ELEVEN_MIB)
    page.get_by_label("Berkas daftar").set_input_files(big)
    expect(page.get_by_role("alert")).to_contain_text("terlalu besar")
    expect(page.get_by_label("Berkas daftar")).to_have_attribute("aria-invalid", "true")
    assert page.get_by_label("Berkas daftar").input_value() == ""
    assert "POST" not in asked
    page.get_by_label("Berkas daftar").set_input_files(sent())  # type: ignore[arg-type]  # as above
    expect(page.get_by_role("alert")).to_be_hidden()


def worker_of(running: Running) -> int:
    found = re.search(r"^worker +berjalan +pid (\d+)", running.call("status"), re.MULTILINE)
    assert found
    return int(found[1])


def test_progress_never_takes_the_focus_away(page: Page, running: Running, watch: Watch):
    Keys().attend(page)
    choose(page, "Impor")
    page.get_by_label("Berkas daftar").set_input_files(sent())  # type: ignore[arg-type]  # the shape it documents
    moving: list[str] = []
    answers: list[str] = []

    def still(route: Route) -> None:
        """Answer the first question as if nothing had moved yet, let the next one through."""
        answers.extend(moving)
        if moving:
            route.fulfill(body=moving.pop(), content_type="text/html")
        else:
            route.continue_()

    page.route("**/langkah", still)
    os.kill(worker_of(running), signal.SIGSTOP)  # or the work may be over before anyone saw it
    press(page, "Unggah dan baca")
    again = page.get_by_role("link", name="Muat ulang")
    again.focus()
    moving.append(page.locator("#job").inner_html())
    again.evaluate("(e) => { e.dataset.old = 'yes'; }")
    expect(page.locator("#job-reload:not([data-old])")).to_be_focused()
    os.kill(worker_of(running), signal.SIGCONT)
    page.wait_for_url(re.compile("/kolom"), timeout=120_000)
    assert answers
    assert not [said for said in watch.complaints if FOCUS_LOST in said]
