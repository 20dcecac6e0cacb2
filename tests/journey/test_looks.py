"""What forms, paper, keys and the wire do on the screens of the journey: refusals, printing, shortcuts, weight."""

import io
import re

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect
from pypdf import PdfReader

from tests.journey.conftest import WITH, Story, Told
from tests.journey.people import open_browser, press
from tests.journey.running import Running

COLD, WARM = 100_000, 15_000
WORDS_OF_A_REFUSAL = """() => [...document.querySelectorAll(".field-error")]
  .map((e) => e.textContent.replace(/^\\s*Galat:/, "").trim().replace(/\\s+/g, " "))"""


@pytest.fixture
def told(story: Story) -> Told:
    return story(WITH)


def refused(page: Page, address: str, button: str) -> None:
    """Send a form without anything in it, and read what the page says of it."""
    page.goto(address)
    for field in page.locator(
        "main form[method=post] :is(input[type=text], input[type=email], textarea)"
    ).all():
        if field.is_visible():
            field.fill("")
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^Galat: "))
    links = summary.get_by_role("link")
    said = [text.strip() for text in links.all_inner_texts()]
    assert said, address
    assert sorted(said) == sorted(page.evaluate(WORDS_OF_A_REFUSAL)), address
    for link in links.all():
        link.click()
        field = str(link.get_attribute("href")).removeprefix("#")
        expect(page.locator(f"[id='{field}']")).to_be_focused()


def test_an_empty_form_of_a_unit_is_refused_in_words_and_links(told: Told, running: Running):
    refused(told.region.officer, running.at("office", "/contoh/u/dinkes/butir/tambah"), "Simpan")


@pytest.mark.parametrize(
    ("place", "button"),
    [("pengumpulan/buka", "Buka masa pengumpulan"), ("penetapan/buat", "Catat penetapan")],
)
def test_an_empty_form_of_the_central_is_refused_in_words_and_links(
    told: Told, running: Running, place: str, button: str
):
    refused(told.region.central, running.at("office", f"/contoh/pusat/{place}"), button)


def test_an_empty_sign_in_is_refused_in_words_and_links(browser: Browser, told: Told, running: Running):
    page = open_browser(browser, told.watch)
    refused(page, running.at("office", "/masuk"), "Masuk")
    page.context.close()


def test_a_list_on_paper_has_no_menus_and_repeats_its_head(told: Told, running: Running):
    page = told.citizen
    page.goto(running.at("portal", "/contoh/edisi/1"))
    sheets = PdfReader(io.BytesIO(page.pdf(width="210mm", height="110mm"))).pages
    texts = [" ".join(sheet.extract_text().split()) for sheet in sheets]
    listed = [text for text in texts if re.search(r"DIK-\d{4}-\d{4}", text)]
    assert len(listed) > 1
    assert [text for text in listed if "Dasar hukum" not in text] == []
    assert "Beranda" not in " ".join(texts)
    assert "Situs resmi" not in " ".join(texts)


def test_an_item_on_paper_is_the_answer_alone(told: Told):
    page = told.citizen
    page.goto(told.item_address)
    page.emulate_media(media="print")
    for part in (".banner", ".portal-header", ".crumbs", ".site-footer", ".btn"):
        expect(page.locator(part).first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".answer-sentence")).to_be_visible()
    page.emulate_media(media="screen")


def test_shortcuts_do_nothing_until_they_are_turned_on(told: Told, running: Running):
    page = told.region.central
    page.goto(running.at("office", "/contoh/pusat/pengajuan"))
    review = str(
        page.get_by_role("main").get_by_role("link", name="Dinas Kesehatan").first.get_attribute("href")
    )
    review = running.at("office", review)
    page.goto(f"{review}?tampil=semua")
    page.keyboard.press("j")
    expect(page.locator(".review-row:focus")).to_have_count(0)
    page.keyboard.press("?")
    assert page.url.startswith(review)
    page.goto(running.at("office", "/pintasan"))
    press(page, "Aktifkan pintasan")
    expect(page.get_by_role("main")).to_contain_text("Aktif")
    page.goto(f"{review}?tampil=semua")
    page.keyboard.press("j")
    expect(page.locator(".review-row").first).to_be_focused()
    page.keyboard.press("?")
    expect(page).to_have_url(running.at("office", "/pintasan"))
    press(page, "Matikan pintasan")
    expect(page.get_by_role("button", name="Aktifkan pintasan")).to_be_visible()


def carried(session: CDPSession, page: Page, address: str) -> int:
    """Load an address and return how many bytes came over the wire for it, headers and all."""
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    return int(sum(sizes))


def test_an_item_is_light_and_lighter_again(browser: Browser, told: Told):
    page = open_browser(browser, told.watch)
    before = list(told.watch.complaints)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    cold = carried(session, page, told.item_address)
    session.detach()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    warm = carried(session, page, told.item_address)
    assert 1_000 < cold <= COLD
    assert warm <= WARM
    assert told.watch.complaints == before
    page.context.close()
