"""The gallery site, served on loopback, and a browser that looks at it."""

from collections.abc import Iterable, Iterator
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from gallery_site import make_site
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from ppid_saas.web import assets

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def gallery_app() -> Flask:
    assets.build()
    return make_site()


@pytest.fixture(scope="session")
def gallery_url(gallery_app: Flask) -> Iterator[str]:
    def whole(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer with bytes, not with an open file: this server leaves it open when a browser goes away."""
        return Response.from_app(gallery_app, environ, buffered=True)(environ, start)

    server = make_server("127.0.0.1", 0, whole, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def gallery_browser() -> Iterator[Browser]:
    """One for each file: while a playwright runs, no other can be started in the process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(gallery_browser: Browser, gallery_url: str) -> Iterator[Page]:
    context = gallery_browser.new_context(
        base_url=gallery_url, viewport={"width": 1280, "height": 900}, locale="id-ID"
    )
    yield context.new_page()
    context.close()
