"""Every base template in a real browser: reachable by all, calm at every width, working without scripts."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, render_template
from playwright.sync_api import Browser, Page, expect

from ppid_saas.web import assets, gallery

ERRORS = ["400", "403", "404", "409", "410", "413", "422", "429", "500", "503"]
ACCOUNTS = ["sign_in", "invitation", "password", "spaces"]
PAGES = [
    "/",
    "/pekerjaan",
    "/terbit",
    "/cetak",
    *(f"/galat/{code}" for code in ERRORS),
    *(f"/akun/{name}" for name in ACCOUNTS),
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
TEMPLATES = sorted(assets.TEMPLATES.rglob("*.*"))


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing(page: Page, address: str, width: int):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("address", PAGES)
def test_no_page_scrolls_sideways_and_none_breaks_the_content_policy(page: Page, address: str):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not complaints


def test_references_between_elements_hold(page: Page):
    page.goto("/")
    broken = page.evaluate(
        """() => ["for", "aria-describedby", "aria-labelledby", "aria-controls"].flatMap((name) =>
             [...document.querySelectorAll(`[${name}]`)].flatMap((element) =>
               element.getAttribute(name).split(/\\s+/).filter((id) => !document.getElementById(id))))"""
    )
    assert broken == []
    doubled = page.evaluate(
        "() => [...document.querySelectorAll('[id]')].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i)"
    )
    assert doubled == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(assets.TEMPLATES)))
def test_templates_compile_and_carry_nothing_inline(gallery_app: Flask, path: Path):
    name = path.relative_to(assets.TEMPLATES).as_posix()
    gallery_app.jinja_env.get_template(name)
    markup = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(
        r"<script(?![^>]*\bsrc=|[^>]*ld\+json)|<style|\son\w+=|\|\s*safe\b|javascript:", markup
    )
    assert name == "layouts/mail.html" or not re.search(r"\sstyle=", markup)


def test_the_gallery_shows_every_macro_file():
    shown = "".join(path.read_text() for path in (assets.TEMPLATES / "gallery").glob("*.html"))
    shown += (assets.TEMPLATES / "layouts" / "office.html").read_text()
    assert [
        path.name
        for path in (assets.TEMPLATES / "macros").glob("*.html")
        if f"macros/{path.name}" not in shown
    ] == []


def test_a_refused_form_names_its_errors_and_takes_the_reader_there(page: Page):
    page.goto("/akun/sign_in")
    page.get_by_role("button", name="Masuk").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile(r"^Galat: Masuk"))
    assert summary.get_by_role("link").all_inner_texts() == [
        "Tulis alamat surel Anda.",
        "Tulis kata sandi Anda.",
    ]
    summary.get_by_role("link", name="Tulis kata sandi Anda.").click()
    expect(page.locator("#f-password")).to_be_focused()
    expect(page.locator("#f-password")).to_have_attribute("aria-invalid", "true")


def test_password_accepts_paste(page: Page):
    page.goto("/akun/sign_in")
    page.locator("#f-email").fill("kalimat sandi yang panjang")
    page.locator("#f-email").press("ControlOrMeta+a")
    page.locator("#f-email").press("ControlOrMeta+c")
    page.locator("#f-password").press("ControlOrMeta+v")
    expect(page.locator("#f-password")).to_have_value("kalimat sandi yang panjang")


def test_polling_ends_with_the_work(page: Page):
    page.goto("/pekerjaan")
    expect(page.get_by_text("46 butir siap.")).to_be_visible()
    expect(page.locator("#announcer")).to_have_text("50 persen")
    assert page.locator("#job [hx-trigger]").count() == 0
    polls = page.request.get("/pekerjaan/hitung").text()
    page.wait_for_load_state("networkidle")
    assert polls == page.request.get("/pekerjaan/hitung").text() == "2"


def test_a_second_click_sends_nothing(page: Page):
    page.goto("/akun/sign_in")
    stopped = page.evaluate(
        """() => {
             const seen = [];
             window.addEventListener("submit", (event) => { seen.push(event.defaultPrevented); event.preventDefault(); });
             const button = document.querySelector(".gate-card button");
             button.click();
             button.click();
             return seen;
           }"""
    )
    assert stopped == [False, True]


def test_a_lost_connection_is_said_and_the_text_kept(page: Page):
    page.goto("/")
    page.locator("#f-title").fill("Rekam medis")
    page.context.set_offline(True)
    page.locator("#f-q").press_sequentially("ob")
    expect(page.locator("#request-failed")).to_be_visible()
    expect(page.locator("#f-title")).to_have_value("Rekam medis")


def test_menus_open_by_key_and_close_by_escape(page: Page):
    page.goto("/pekerjaan")
    summary = page.locator("details.menu summary").last
    summary.press("Enter")
    expect(page.get_by_role("button", name="Keluar")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Keluar")).to_be_hidden()
    expect(summary).to_be_focused()


def test_phone_menu(page: Page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/")
    toggle = page.get_by_role("button", name="Menu")
    expect(page.get_by_role("link", name="Kalender")).to_be_hidden()
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("link", name="Kalender")).to_be_visible()


def test_everything_is_there_without_scripts(gallery_browser: Browser, gallery_url: str):
    context = gallery_browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 800}, base_url=gallery_url
    )
    page = context.new_page()
    page.goto("/")
    expect(page.get_by_role("link", name="Kalender")).to_be_visible()
    page.locator(".site-tools details.menu summary").first.click()
    expect(page.get_by_role("link", name="PPID Utama")).to_be_visible()
    page.goto("/pekerjaan")
    expect(page.get_by_role("link", name="Muat ulang")).to_be_visible()
    assert page.locator("head noscript, head meta[http-equiv=refresh]").count() > 0
    context.close()


def test_bands_differ_without_colour(page: Page):
    page.emulate_media(forced_colors="active")
    page.goto("/")
    seen = {
        band: page.locator(f"p .band-{band}").first.evaluate(
            "e => [getComputedStyle(e).borderTopStyle, getComputedStyle(e).borderTopWidth, e.querySelector('use').href.baseVal.split('#')[1]].join()"
        )
        for band in ("aman", "perhatian", "segera", "lewat", "jeda")
    }
    assert len(set(seen.values())) == 5
    assert len({value.rsplit(",", 1)[0] for value in seen.values()}) == 5
    dated = page.locator(".deadline:has(time)").first
    expect(dated.locator("time")).to_have_attribute("datetime", re.compile(r"^\d{4}-\d\d-\d\d$"))


def test_tables_are_cards_on_a_phone_and_still_tables_for_readers(page: Page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/")
    assert page.locator("table tbody tr").first.evaluate("e => getComputedStyle(e).display") == "block"
    results = page.locator("#gallery-results")
    expect(results.get_by_role("row", name=re.compile("Topologi jaringan"))).to_be_visible()
    expect(results.get_by_role("rowheader", name=re.compile("Topologi jaringan"))).to_be_visible()


def test_a_long_table_in_a_form_is_narrowed_by_words_and_keeps_what_is_ticked(page: Page):
    page.goto("/")
    table, words = page.locator("#gallery-choices"), page.get_by_label("Cari butir dalam daftar ini")
    rows = table.locator("tbody tr")
    titles, all_rows = rows.locator("th").all_inner_texts(), rows.count()
    rows.nth(1).get_by_role("checkbox").check()
    words.fill(titles[0].upper())
    words.press("Enter")
    expect(table.locator("tbody tr:visible th")).to_have_text(titles[:2])
    expect(page.locator(".narrowing [role=status]")).to_contain_text(f"2 dari {all_rows} butir")
    words.fill("")
    expect(table.locator("tbody tr:visible")).to_have_count(all_rows)


def test_only_a_table_of_more_than_a_screen_is_offered_to_be_narrowed(gallery_app: Flask):
    with gallery_app.test_request_context():
        macros = gallery_app.jinja_env.get_template("macros/table.html").module
        offered = {rows: "data-narrows" in macros.narrow("covered", "Cari", rows) for rows in (0, 12, 13)}
    assert offered == {0: False, 12: False, 13: True}


@pytest.mark.parametrize("width", [320, 576, 720, 768, 992, 1280])
def test_tables_stay_inside_their_frame(page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/")
    assert page.locator(".table-frame").first.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_paper_leaves_the_frame_away_and_keeps_tables(page: Page):
    page.set_viewport_size({"width": 700, "height": 900})
    page.goto("/")
    page.emulate_media(media="print")
    assert page.locator("table").first.evaluate("e => getComputedStyle(e).display") == "table"
    for part in (".site-header", ".banner", ".site-footer", ".search", ".pages"):
        expect(page.locator(part).first).to_be_hidden()
    assert page.locator("thead").first.evaluate("e => getComputedStyle(e).display") == "table-header-group"


def test_a_block_renders_alone_for_htmx(gallery_app: Flask):
    with gallery_app.test_request_context():
        template = gallery_app.jinja_env.get_template("accounts/sign_in.html")
        block = "".join(template.blocks["content"](template.new_context({"errors": {"email": "Tulis."}})))
    assert 'id="f-email"' in block
    assert "<html" not in block


def test_mail_points_and_carries_nothing(gallery_app: Flask):
    values = {
        "name": "Petugas",
        "link": {"url": "http://localhost/t/4KX9Q", "label": "Buka"},
        "region": "Kabupaten Contoh",
    }
    with gallery_app.test_request_context():
        text, html = (render_template(f"layouts/mail.{kind}", **values) for kind in ("txt", "html"))
    for message in (text, html):
        assert "http://localhost/t/4KX9Q" in message
        assert "Yth. Petugas," in message


def test_example_values_cover_every_band():
    assert [due["band"] for due in gallery.DUES] == [
        "aman",
        "perhatian",
        "segera",
        "lewat",
        "jeda",
        "tanpa-batas",
        "selesai",
    ]
