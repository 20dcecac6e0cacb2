"""One installation and one browser for the whole journey; each of the two walks is walked once and then looked back on."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Browser, Page

from tests.fixtures.browsing import chromium
from tests.journey import walk
from tests.journey.people import Account, Watch, accept_invitation, open_browser, sign_in, word
from tests.journey.running import Running, brought_up
from tests.journey.screens import faults_of

WITH, WITHOUT = "with scripts", "without scripts"


@dataclass(frozen=True)
class Region:
    """Who takes part in a walk: a region, the name of its unit, and three browsers signed in."""

    slug: str
    unit: str
    officer: Page
    central: Page
    head: Page


@dataclass(frozen=True)
class Told:
    """A walk that came through to its end."""

    region: Region
    citizen: Page
    watch: Watch
    faults: dict[str, list[str]]
    items: int
    mended: int
    last_day: date
    item_address: str
    public_word: str


Story = Callable[[str], Told]


@pytest.fixture(scope="package")
def running() -> Iterator[Running]:
    with brought_up() as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def accounts(running: Running) -> dict[str, Account]:
    """What `./ppid seed` prints, by the part of the address before the @."""
    found = re.findall(r"^ {2}((\S+)@\S+) +(\S+) ", running.call("seed"), re.MULTILINE)
    return {name: Account(email, password) for email, name, password in found}


@pytest.fixture(scope="package")
def story(running: Running, browser: Browser, accounts: dict[str, Account]) -> Story:
    """Tell how a walk went, walking it when it is first asked for."""
    told: dict[str, Told] = {}

    def tell(way: str) -> Told:
        if way not in told:
            told[way] = _walk(running, browser, accounts, way)
        return told[way]

    return tell


def _walk(running: Running, browser: Browser, accounts: dict[str, Account], way: str) -> Told:
    faults: dict[str, list[str]] = {}
    seen: set[tuple[str, bool]] = set()

    def look(page: Page, name: str) -> None:
        screen = (name, "/pusat/" in page.url)
        if way == WITH and screen not in seen and (found := faults_of(page)):
            faults[f"{name} ({page.url})"] = found
        seen.add(screen)

    watch = Watch(running, way == WITH, look)
    region = _seeded(running, browser, watch, accounts) if way == WITH else _made(running, browser, watch)
    return _tell(region, open_browser(browser, watch), watch, faults)


def _seeded(running: Running, browser: Browser, watch: Watch, accounts: dict[str, Account]) -> Region:
    pages = [
        sign_in(open_browser(browser, watch), watch, accounts[name])
        for name in ("petugas.dinkes", "petugas.pusat", "kepala.pusat")
    ]
    return Region("contoh", "Dinas Kesehatan", *pages)


def _made(running: Running, browser: Browser, watch: Watch) -> Region:
    """Make a second region by the README's commands; its people come by invitation and bear planted names."""
    running.call("tenant", "add-central", "sebelah", "Kabupaten Sebelah")
    running.call("tenant", "import", "sebelah", "-", told="SKPD,Dinas Kearsipan\n")
    pages = []
    for place, role in (
        ("sebelah/dinas-kearsipan", "unit_officer"),
        ("sebelah/pusat", "central_officer"),
        ("sebelah/pusat", "central_head"),
    ):
        name, email = (
            watch.plant(f"name of the {role}"),
            f"{watch.plant(f'address of the {role}')}@contoh.test",
        )
        link = running.call("member", "add", place, email, name, role).strip()
        page = open_browser(browser, watch)
        watch.secret[f"password of the {role}"] = accept_invitation(page, watch, link).password
        watch.secret[f"invitation of the {role}"] = link.rpartition("/")[2]
        pages.append(page)
    return Region("sebelah", "Dinas Kearsipan", *pages)


def _tell(region: Region, citizen: Page, watch: Watch, faults: dict[str, list[str]]) -> Told:
    """Walk through "The first five minutes" and beyond, with one item sent back and one left out."""
    unit, central, left_out = region.officer, region.central, watch.plant("title of an undetermined item")
    workbook = walk.real_list() if watch.scripts else walk.SAMPLE
    public_word = f"terbaca{word()}"
    walk.open_collection(central, watch)
    items = walk.bring_list(unit, watch, workbook)
    walk.write_item(unit, watch, walk.TITLE, f"{walk.HARM} ({public_word})")
    walk.write_item(unit, watch, left_out, walk.HARM)
    walk.delete_draft(unit, watch)
    mended = walk.hand_in(unit, watch)
    walk.return_one(central, watch, region.unit)
    walk.send_again(unit, watch)
    walk.accept_the_rest(central, watch, region.unit)
    walk.write_internal_note(central, watch, walk.TITLE)
    decided = walk.determine(central, watch, left_out)
    walk.prepare_edition(central, watch)
    walk.publish(region.head, watch)
    last_day = walk.years_later(decided, walk.YEARS)
    address = walk.read_as_citizen(citizen, watch, region.slug, walk.TITLE, last_day)
    return Told(region, citizen, watch, faults, items, mended, last_day, address, public_word)
