"""People of a prepared region before real browsers: the office is served on loopback from this process, so that a test can
bring cases to their point by the product's own verbs and then sit down where a person would."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import pytest
from playwright.sync_api import Browser, Page

from ppid_saas.web import assets
from tenants import clock
from tests.consequence_tests.walking import region_of
from tests.fixtures.browsing import chromium, served
from tests.fixtures.days import on
from tests.fixtures.world import World
from tests.journey.people import DESK, PATIENCE_MS

PHONE = {"width": 390, "height": 844}
Sit = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def region(fresh_world: World) -> str:
    return region_of(fresh_world)


@pytest.fixture
def day() -> date:
    """The day it is in the office."""
    return clock.today("Asia/Jakarta")


@pytest.fixture
def address(fresh_world: World, day: date) -> Iterator[str]:
    """Where the office of this world answers; the port is the one its own settings name, so its links lead here."""
    assets.build()
    port = fresh_world.settings.surface_port("office")
    with served(fresh_world.app(), port, partial(on, day)) as address:
        yield address


@pytest.fixture
def sit(fresh_world: World, region: str, browser: Browser, address: str) -> Iterator[Sit]:
    """Let a person sit down at a page of her space: `sit("tim", "telaah", screen=PHONE)`."""
    office, contexts = fresh_world.app(), []

    def down(role: str, path: str, *, screen: dict[str, int] = DESK) -> Page:
        who = f"{role}@{region}"
        context = browser.new_context(
            base_url=address, viewport=screen, locale="id-ID", has_touch=screen is PHONE
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        name = office.session_interface.cookie_name_of(office)
        context.add_cookies([{"name": name, "value": fresh_world.token(who), "url": address}])
        page = context.new_page()
        page.goto(f"{fresh_world.path(who)}/{path}")
        return page

    yield down
    for context in contexts:
        context.close()
