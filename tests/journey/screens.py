"""What every screen must bear, whoever looks at it: no fault axe knows, and no sideways scroll on a small phone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
NARROW = 320


def faults_of(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands; it must run scripts."""
    desk = page.viewport_size or {"width": 1280, "height": 900}
    found = [
        f"{violation['id']}: {' | '.join(node['html'][:200] for node in violation['nodes'][:3])}"
        for violation in Axe().run(page, options=RULES).response["violations"]
    ]
    page.set_viewport_size({"width": NARROW, "height": 800})
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(desk)
    return found + ([f"scrolls sideways: {wide} pixels on {NARROW}"] if wide > NARROW else [])
