"""The gallery site, served on loopback, and a browser that looks at it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from gallery_site import make_site
from playwright.sync_api import Browser, Page

from ppid_saas.web import assets
from tests.fixtures.browsing import chromium, served


@pytest.fixture(scope="session")
def gallery_app() -> Flask:
    assets.build()
    return make_site()


@pytest.fixture(scope="session")
def gallery_url(gallery_app: Flask) -> Iterator[str]:
    with served(gallery_app) as address:
        yield address


@pytest.fixture(scope="module")
def gallery_browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(gallery_browser: Browser, gallery_url: str) -> Iterator[Page]:
    context = gallery_browser.new_context(
        base_url=gallery_url, viewport={"width": 1280, "height": 900}, locale="id-ID"
    )
    yield context.new_page()
    context.close()
