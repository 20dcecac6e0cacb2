"""What every screen must bear, whoever looks at it: nothing axe knows of, no sideways scroll, targets one can hit.

The narrow look is a small phone and, all the same, a desk of 1280 by 900 at 400 % zoom.
"""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES: dict[str, Any] = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
NARROW = {"width": 320, "height": 225}

SPACING = {"runOnly": {"type": "rule", "values": ["target-size"]}}

FINGERTIP = """() => [...document.querySelectorAll("main .btn")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().height < 43.5)
  .map((e) => `too low for a finger: ${e.outerHTML.slice(0, 160)}`)"""

CHIPS = """() => [...document.querySelectorAll(".deadline")].filter((e) => {
  const chip = e.querySelector(".deadline-chip");
  const words = /\\d|Besok|Hari ini|Jeda|Tanpa batas|Selesai/.test(chip.textContent);
  const undated = /band-(jeda|tanpa-batas|selesai)/.test(chip.className);
  return !words || !chip.querySelector("svg use") || !(undated || e.querySelector("time[datetime]"));
}).map((e) => `deadline without words, shape or date: ${e.outerHTML.slice(0, 200)}`)"""

TWICE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `two elements are called ${id}`);
}"""


def faults_of(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands; it must run scripts."""
    desk = page.viewport_size or {"width": 1280, "height": 900}
    found = _of_axe(page, RULES) + page.evaluate(CHIPS) + page.evaluate(TWICE)
    page.set_viewport_size(NARROW)
    wide = page.evaluate("document.documentElement.scrollWidth")
    found += _of_axe(page, SPACING) + page.evaluate(FINGERTIP)
    page.set_viewport_size(desk)
    return found + (
        [f"scrolls sideways: {wide} pixels on {NARROW['width']}"] if wide > NARROW["width"] else []
    )


def _of_axe(page: Page, options: dict[str, Any]) -> list[str]:
    return [
        f"{violation['id']}: {' | '.join(node['html'][:200] for node in violation['nodes'][:3])}"
        for violation in Axe().run(page, options=options).response["violations"]
    ]
