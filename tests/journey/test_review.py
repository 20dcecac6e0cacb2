"""A review from inbox to end with the keyboard alone: focus is always somewhere one can go on from."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journey import walk
from tests.journey.conftest import WITH, Story, Told
from tests.journey.people import Account, open_browser, sign_in, until_shown
from tests.journey.running import Running
from tests.journey.screens import faults_of

UNIT = "Dinas Pendidikan"
TITLES = ("Naskah soal ujian masuk", "Rekap nilai murid per sekolah", "Hasil tes bakat murid")
WHERE = """() => { const e = document.activeElement; const box = e.getBoundingClientRect();
  return e === document.body ? "nowhere" : box.bottom <= 0 || box.top >= innerHeight ? "out of sight" : "seen"; }"""
NAME = "() => (document.activeElement.innerText || '').trim().replace(/\\s+/g, ' ')"


@pytest.fixture
def told(story: Story) -> Told:
    return story(WITH)


def tab_to(page: Page, name: str, most: int = 80) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if re.match(name, page.evaluate(NAME)):
            return
    raise AssertionError(f"no {name!r} within {most} stops of {page.url}")


def lands(page: Page, key: str) -> None:
    """Press a key that sends a form, and see that focus has a place on the page that follows."""
    with page.expect_navigation():
        page.keyboard.press(key)
    page.wait_for_function("document.activeElement !== document.body")
    assert page.evaluate(WHERE) == "seen", page.url


def test_a_review_by_keyboard_alone(
    told: Told, running: Running, browser: Browser, accounts: dict[str, Account]
) -> None:
    unit = sign_in(open_browser(browser, told.watch), told.watch, accounts["petugas.disdik"])
    for title in TITLES:
        walk.write_item(unit, told.watch, title, walk.HARM)
    walk.hand_in(unit, told.watch)
    unit.context.close()
    page = told.region.central
    page.goto(running.at("office", "/pintasan"))
    tab_to(page, "Aktifkan pintasan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Matikan pintasan")).to_be_visible()
    page.goto(running.at("office", "/contoh/pusat/pengajuan"))
    until_shown(page, UNIT)
    tab_to(page, f"Ambil & periksa {UNIT}")
    lands(page, "Enter")
    rows = page.locator(".review-row")
    expect(rows).to_have_count(len(TITLES))
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    lands(page, "s")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("p")
    note = rows.nth(1).get_by_label("Apa yang perlu diperbaiki?")
    expect(note).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(note).to_be_focused()
    expect(note).to_have_value(re.compile("Sebutkan bagian mana"))
    page.keyboard.type(" Juga sampul soalnya.")
    assert faults_of(page) == []
    tab_to(page, "Kembalikan ke unit")
    lands(page, "Enter")
    expect(rows.nth(2)).to_be_focused()
    expect(rows.nth(1)).to_contain_text("Juga sampul soalnya.")
    page.keyboard.press("c")
    expect(rows.nth(2).get_by_label("Catatan internal PPID Utama")).to_be_focused()
    page.keyboard.type("Bahas di rapat.")
    tab_to(page, "Simpan catatan")
    lands(page, "Enter")
    expect(rows.nth(2)).to_be_focused()
    lands(page, "u")
    expect(rows.nth(1)).not_to_contain_text("Juga sampul soalnya.")
    expect(page.get_by_role("main")).to_contain_text("Diperiksa 1 dari 3.")
    page.keyboard.press("j")
    page.keyboard.press("j")
    lands(page, "s")
    lands(page, "s")
    expect(page.get_by_role("main")).to_contain_text("Diperiksa 3 dari 3.")
    page.reload()
    tab_to(page, "Selesai diperiksa")
    lands(page, "Enter")
    expect(page.get_by_role("main")).to_contain_text("Unit dikabari")
    page.goto(running.at("office", "/pintasan"))
    tab_to(page, "Matikan pintasan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Aktifkan pintasan")).to_be_visible()
