"""A region of its own for one year: an installation, everybody before a browser, and what was seen on the way."""

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Browser, Locator, Page, expect

from tests.fixtures.browsing import chromium
from tests.journey.people import Watch, accept_invitation, open_browser
from tests.journey.running import Running, brought_up
from tests.journey.screens import faults_of
from tests.prove._year_lists import Region, Unit

REGION, NAME = "tahunan", "Kabupaten Tahunan"
OFFICER, HEAD, SUPERIOR = "central_officer", "central_head", "superior"
WIDTHS, TALLEST = (390, 768, 1280), 1_600
SIGNATORY, POSITION, PLACE = "Pejabat Contoh", "Bupati Tahunan", "Kota Tahunan"
LONGEST_WORK_MS = 120_000


@dataclass
class Year:
    """One region walked through its year: its people, its lists, and every figure and fault on the way."""

    running: Running
    browser: Browser
    watch: Watch
    region: Region
    pages: dict[str, Page] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    gave_up: bool = False

    def holds(self, said: object, words: str) -> bool:
        """Keep what the outcome lacks, and go on."""
        if not said:
            self.missing.append(words)
        return bool(said)

    def give_up(self, why: str) -> None:
        """Keep where there was no way on, and what everybody then saw."""
        self.gave_up = True
        self.missing.append(f"no way on: {why.splitlines()[0]}")
        for who, page in self.pages.items():
            _picture(page, f"berhenti-{who}")

    def count(self, name: str, n: int = 1) -> None:
        self.figures[name] = self.figures.get(name, 0) + n

    def at(self, path: str, surface: str = "office") -> str:
        return self.running.at(surface, f"/{REGION}/{path}")

    def sit(self, who: str, path: str) -> Page:
        """Let a person of the central come to a page of it."""
        page = self.pages[who]
        page.goto(self.at(f"pusat/{path}"))
        return page

    def unit(self, unit: Unit, path: str) -> Page:
        page = self.pages[unit.name]
        page.goto(self.at(f"u/{unit.slug}/{path}"))
        return page

    def look(self, page: Page, name: str) -> None:
        self.watch.look(page, name)


@contextlib.contextmanager
def staged(region: Region) -> Iterator[Year]:
    """Start an installation, make the region by the README's commands, and let everybody come by invitation."""
    faults: dict[str, list[str]] = {}
    seen: set[str] = set()

    def look(page: Page, name: str) -> None:
        if name not in seen:
            seen.add(name)
            if found := faults_of(page):
                faults[f"{name} ({re.sub('[0-9a-f-]{36}', '<id>', page.url)})"] = found
            _picture(page, name)

    with brought_up() as running, chromium() as browser:
        year = Year(running, browser, Watch(running, scripts=True, look=look), region)
        running.call("tenant", "add-central", REGION, NAME)
        rows = "".join(f"{unit.category},{unit.name}\n" for unit in region.units)
        running.call("tenant", "import", REGION, "-", told=rows)
        for role in (OFFICER, HEAD, SUPERIOR):
            _invite(year, role, f"{REGION}/pusat", role)
        for unit in region.units:
            _invite(year, unit.name, f"{REGION}/{unit.slug}", "unit_officer")
        yield year
        year.figures |= {"screens": len(seen), "screen_faults": faults, "complaints": year.watch.complaints}


def _invite(year: Year, who: str, place: str, role: str) -> None:
    email = f"{who.lower().replace(' ', '.').replace('_', '.')}@tahunan.test"
    link = year.running.call("member", "add", place, email, f"Petugas {who}", role)
    page = year.pages[who] = open_browser(year.browser, year.watch)
    accept_invitation(page, year.watch, link.strip())


def _picture(page: Page, name: str) -> None:
    """Keep what a screen looks like, for whoever wants to look at it, outside the repository."""
    folder = os.environ.get("PPID_YEAR_PICTURES")
    if not folder:
        return
    desk = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        seen = {"x": 0.0, "y": 0.0, "width": float(width), "height": float(height)}
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True, clip=seen)
    if desk:
        page.set_viewport_size(desk)


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def said(page: Page) -> str:
    """Return the words of a page, in one line."""
    return flat(main(page).inner_text())


def flat(words: str) -> str:
    return " ".join(words.split())


def downloaded(page: Page, there: Locator) -> bytes:
    """Press what sends a file and return it; what a link leads to is asked for as the browser would."""
    address = there.first.get_attribute("href")
    if address:
        answer = page.request.get(urljoin(page.url, address), timeout=LONGEST_WORK_MS)
        assert answer.ok, f"{address} answered {answer.status}"
        return answer.body()
    with page.expect_download(timeout=LONGEST_WORK_MS) as coming:
        there.first.click()
    return Path(coming.value.path()).read_bytes()


def open_item(page: Page, title: str) -> None:
    """Follow the link that says exactly this: its double says nearly the same."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        main(page).get_by_role("link", name=title, exact=True).first.click()


def search(page: Page, words: str) -> None:
    """Look for words in the list that is open, and wait for what is found."""
    page.get_by_role("searchbox").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    expect(page.locator(".filter-marks")).to_contain_text(words)


def says(page: Page, words: str | re.Pattern[str]) -> None:
    expect(main(page)).to_contain_text(words)
