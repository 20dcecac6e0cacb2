"""Whoever sits before a browser: a page of their own, what they saw, and what the browser complained of."""

import contextlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect
from playwright.sync_api import TimeoutError as PatienceOver

from tests.journey.running import Running

DESK = {"width": 1280, "height": 900}
PATIENCE_MS = 30_000
LONGEST_WORK = 120  # seconds
REFUSED = "Failed to load resource: the server responded with a status of 422"  # a form sent wrong on purpose
LETTERS = "abcdefghij"
Look = Callable[[Page, str], None]


@dataclass(frozen=True)
class Account:
    """How someone signs in."""

    email: str
    password: str = field(repr=False)


@dataclass
class Watch:
    """What one walk leaves behind: complaints of browsers, addresses seen, and the words planted on the way."""

    running: Running
    scripts: bool
    look: Look
    complaints: list[str] = field(default_factory=list)
    secret: dict[str, str] = field(default_factory=dict)

    def plant(self, where: str) -> str:
        """Return a word found nowhere else, to be written where only the office may read it."""
        return self.secret.setdefault(where, f"kanari{word()}")


def word() -> str:
    """Return a word of letters alone, so that no rule takes it for a number of a person."""
    return "".join(secrets.choice(LETTERS) for _ in range(12))


def open_browser(browser: Browser, watch: Watch) -> Page:
    """Open a profile of its own: no cookie and no script comes over from another person."""
    context = browser.new_context(locale="id-ID", viewport=DESK, java_script_enabled=watch.scripts)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()

    def said(message: ConsoleMessage) -> None:
        if not message.text.startswith(REFUSED):
            watch.complaints.append(f"{page.url}: {message.type}: {message.text}")

    def asked(request: Request) -> None:
        if urlsplit(request.url).netloc not in watch.running.hosts | {""}:
            watch.complaints.append(f"{page.url}: asks {request.url}")

    page.on("console", said)
    page.on("pageerror", lambda error: watch.complaints.append(f"{page.url}: {error}"))
    page.on("request", asked)
    return page


def sign_in(page: Page, watch: Watch, account: Account) -> Page:
    page.goto(watch.running.at("office", "/masuk"))
    page.get_by_label("Surel").fill(account.email)
    page.get_by_label("Kata sandi").fill(account.password)
    press(page, "Masuk")
    expect(page).to_have_title(re.compile("^Beranda"))
    watch.look(page, "beranda")
    return page


def accept_invitation(page: Page, watch: Watch, link: str) -> Account:
    """Choose a password on the page of an invitation, which signs in."""
    account = Account("", f"kalimat sandi {word()}")
    page.goto(link)
    watch.look(page, "undangan")
    page.get_by_label("Kata sandi baru").fill(account.password)
    press(page, "Simpan dan masuk")
    expect(page).to_have_title(re.compile("^Beranda"))
    return account


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button that leads to another page, and be there."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.get_by_role("button", name=name).first.click()


def choose(page: Page, place: str) -> None:
    """Choose a place in the main menu."""
    entry = page.get_by_role("navigation", name="Menu utama").get_by_role("link", name=place)
    with page.expect_navigation(wait_until="domcontentloaded"):
        entry.click()
    expect(entry, "first pages carry links of the same name").to_have_attribute("aria-current", "page")


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.get_by_role("main").get_by_role("link", name=name).first.click()


def date_into(page: Page, legend: str, day: str, month: str, year: str) -> None:
    boxes = page.get_by_role("group", name=legend)
    for label, value in (("Tanggal", day), ("Bulan", month), ("Tahun", year)):
        boxes.get_by_label(label, exact=True).fill(value)


def led_on(page: Page) -> None:
    """Come to the result of some work: its page leads there by itself, or by a link when it came after the end."""
    onward = page.get_by_role("main").get_by_role("link", name="Lanjut", exact=True)
    for _ in range(LONGEST_WORK):
        with contextlib.suppress(PatienceOver):
            page.wait_for_url(lambda address: "/pekerjaan/" not in address, timeout=1_000)
            return
        if onward.count():
            onward.click()
            return
    raise AssertionError(f"the work of {page.url} did not end")


def wait_for_job(page: Page, watch: Watch) -> None:
    """Stay until the work is done: the page leads on by itself, and without scripts asks again every few seconds."""
    watch.look(page, "pekerjaan")
    if watch.scripts:
        led_on(page)
        return
    onward = page.get_by_role("main").get_by_role("link", name="Lanjut", exact=True)
    expect(onward).to_be_visible(timeout=120_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Selesai")
    expect(page.locator("#job [hx-trigger]"), "finished work asks no more").to_have_count(0)
    onward.click()


def until_shown(page: Page, words: str) -> None:
    """Ask the page again until the worker has brought what it should show."""
    for _ in range(LONGEST_WORK * 2):
        if page.get_by_role("main").get_by_text(words).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{page.url} never showed {words!r}")
