"""Takes the pictures of the README from a running demo: `PYTHONPATH=. .venv/bin/python tests/samples/pictures.py` beside `./ppid up`.

Gives the demo's people new passwords. Uses the instance that PPID_DATA_DIR and PPID_PORT name.
"""

import os
import re
import subprocess

from playwright.sync_api import Browser, sync_playwright

from ppid_saas.commands.quality import find_browser
from ppid_saas.settings import ROOT, Settings

PICTURED = ROOT / "docs" / "pictures"
CENTRAL, UNIT = "petugas.pusat@serang.test", "petugas.dinkes@serang.test"
# name of the picture, surface, who is signed in, address, width
PICTURES = (
    ("portal", "portal", None, "/serang/", 1280),
    ("portal-item", "portal", None, "/serang/dik?q=rekam+medis", 390),
    ("central", "office", CENTRAL, "/serang/pusat/beranda", 1280),
    ("unit", "office", UNIT, "/serang/u/dinkes/beranda", 1280),
    ("register", "office", UNIT, "/serang/u/dinkes/butir", 1280),
)
HEIGHT = 820


def passwords() -> dict[str, str]:
    """Return a new password for each of the demo's people."""
    told = subprocess.run([ROOT / "ppid", "demo", "passwords"], capture_output=True, text=True, check=True)
    return dict(re.findall(r"^ +(\S+@serang\.test) +(\S+)", told.stdout, re.MULTILINE))


def take(browser: Browser, settings: Settings, known: dict[str, str]) -> None:
    """Write every picture."""
    for name, surface, who, address, width in PICTURES:
        page = browser.new_page(viewport={"width": width, "height": HEIGHT})
        origin = settings.origins[surface]
        if who:
            page.goto(f"{origin}/masuk")
            page.fill("[name=email]", who)
            page.fill("[name=password]", known[who])
            page.press("[name=password]", "Enter")
            page.wait_for_url("**/beranda")
        page.goto(f"{origin}{address}")
        if name == "portal-item":
            page.click("main a[href*='/dik/DIK-']")
        page.screenshot(path=PICTURED / f"{name}.png")
        page.close()


def main() -> None:
    """Take all pictures."""
    settings = Settings.from_env(os.environ)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=["--no-sandbox", "--disable-gpu"]
        )
        take(browser, settings, passwords())
        browser.close()


if __name__ == "__main__":
    main()
