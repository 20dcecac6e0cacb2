"""One installation from the files of deploy/ for all tests here, and the journey walked through it once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import sync_playwright

from ppid_saas.commands.quality import find_browser
from tests.deploy.site import Site, installed
from tests.fixtures.browsing import QUIET
from tests.journey.conftest import WITH, Told, _made, _tell
from tests.journey.people import Watch

# The certificate is the test's own; that it is the right one is asked without a browser (Site.through).
ANY_CERTIFICATE = ["--ignore-certificate-errors"]


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    with installed() as site:
        yield site


@pytest.fixture(scope="package")
def told(site: Site) -> Iterator[Told]:
    """The whole walk in browsers: invitation, import, submission, review, determination, edition, citizen."""
    faults: dict[str, list[str]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=[*QUIET, *ANY_CERTIFICATE])
        watch = Watch(site, scripts=WITH == "with scripts", look=lambda _page, _name: None)  # type: ignore[arg-type]
        from tests.journey.people import open_browser

        region = _made(site, browser, watch)  # type: ignore[arg-type]
        yield _tell(region, open_browser(browser, watch), watch, faults)
        browser.close()


@pytest.fixture(scope="package")
def key(site: Site, told: Told) -> dict[str, str]:
    """An API key of the unit's officer."""
    email = f"{told.watch.secret['address of the unit_officer']}@contoh.test"
    made = site.call("key", "make", "sebelah/dinas-kearsipan", email).strip()
    return {"Authorization": f"Bearer {made}"}
