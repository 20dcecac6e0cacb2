"""Two ways to use a screen: a mouse, and a keyboard alone. Each counts what it pressed; writing counts as nothing.

The keyboard points at nothing: it presses Tab, Enter, Space and letters, and notes wherever the focus cannot be seen.
"""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 250
HELD = "element => element === document.activeElement"
BESIDE = """element => element.type === "radio" && document.activeElement?.type === "radio"
  && element.name === document.activeElement.name && element.form === document.activeElement.form"""
# What is wrong with where the focus is: nowhere, out of sight, under something else, or not drawn.
UNSEEN = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return "nowhere";
  const box = e.getBoundingClientRect();
  if (box.bottom <= 0 || box.top >= innerHeight) return "out of sight";
  const at = document.elementFromPoint(box.x + Math.min(box.width / 2, 8), box.y + Math.min(box.height / 2, 8));
  const own = at && (e.contains(at) || at.contains(e) || at.closest("label")?.control === e);
  if (!own) return "covered";
  const drawn = [e, ...(e.labels ?? [])].some((each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  });
  return drawn ? "" : "not drawn";
}"""
# Said on the console, where the walk hears complaints: what a swap did to whoever held the focus.
FOCUS_LOST = "focus lost by a swap"
LOST = """() => {
  let held = null;
  document.addEventListener("htmx:beforeSwap", () => { held = document.activeElement; });
  document.addEventListener("htmx:afterSettle", () => {
    if (held !== document.body && document.activeElement === document.body) console.error("focus lost by a swap");
  });
}"""


@dataclass
class Mouse:
    """Points and clicks. A click into a box that is then written into belongs to the writing."""

    acts: int = 0
    faults: list[str] = field(default_factory=list)

    def attend(self, page: Page) -> None:
        """Nothing: whoever points sees where."""

    def press(self, there: Locator) -> None:
        there.first.click()
        self.acts += 1

    def follow(self, there: Locator) -> None:
        """Press what leads to another page, and be there."""
        with there.page.expect_navigation(wait_until="domcontentloaded"):
            self.press(there)

    def write(self, there: Locator, text: str) -> None:
        there.fill(text)

    def pick(self, there: Locator, label: str) -> None:
        there.select_option(label)
        self.acts += 1


@dataclass
class Keys:
    """Tabs until the focus is there, then presses or writes."""

    acts: int = 0
    faults: list[str] = field(default_factory=list)

    def attend(self, page: Page) -> None:
        page.add_init_script(f"({LOST})()")

    def press(self, there: Locator) -> None:
        self.come_to(there.first)
        if not there.first.evaluate(
            "element => element.type === 'radio' && element.checked"
        ):  # an arrow chose it
            kind = there.first.evaluate("element => element.type || element.localName")
            there.page.keyboard.press("Space" if kind in ("checkbox", "radio") else "Enter")
        self.acts += 1

    def follow(self, there: Locator) -> None:
        with there.page.expect_navigation(wait_until="domcontentloaded"):
            self.press(there)

    def write(self, there: Locator, text: str) -> None:
        """Write as it would be typed; what holds tabs and line ends is pasted, as from a workbook."""
        self.come_to(there.first)
        there.page.keyboard.press("ControlOrMeta+a")
        if re.search(r"[\t\n]", text):
            there.page.keyboard.insert_text(text)
        else:
            there.page.keyboard.type(text)

    def pick(self, there: Locator, label: str) -> None:
        """Choose from a closed list by the first letters of what it says."""
        self.come_to(there.first)
        there.page.keyboard.type(label)
        expect(there.first.locator("option:checked")).to_have_text(label)
        self.acts += 1

    def come_to(self, there: Locator) -> None:
        """Press Tab until it has the focus; within a group of choices an arrow, for Tab passes all but one of them."""
        expect(there).to_be_visible()
        page = there.page
        for _ in range(MOST_TABS):
            if there.evaluate(HELD):
                self._look(page)
                return
            page.keyboard.press("ArrowDown" if there.evaluate(BESIDE) else "Tab")
        raise AssertionError(f"no Tab leads to {there} on {page.url}")

    def _look(self, page: Page) -> None:
        if fault := page.evaluate(UNSEEN):
            self.faults.append(
                f"{page.url}: the focus is {fault}: {page.evaluate('document.activeElement.outerHTML.slice(0, 120)')}"
            )


Hands = Mouse | Keys
WAYS = {"mouse": Mouse, "keys": Keys}


def link(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("main").get_by_role("link", name=name).first


def button(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("main").get_by_role("button", name=name).first


def place(page: Page, name: str) -> Locator:
    """A place in the main menu."""
    return page.get_by_role("navigation", name="Menu utama").get_by_role("link", name=name)


def go_to(hands: Hands, page: Page, name: str) -> None:
    """Choose a place in the main menu and be there."""
    hands.follow(place(page, name))
    expect(place(page, name)).to_have_attribute("aria-current", "page")


def accept(hands: Hands, page: Page, link: str, password: str) -> None:
    """Open an invitation, choose a password, be inside."""
    page.goto(link)
    hands.write(page.get_by_label("Kata sandi baru"), password)
    hands.follow(button(page, "Simpan dan masuk"))
    expect(page).to_have_title(re.compile("^Beranda"))


def sign_in(hands: Hands, page: Page, email: str, password: str) -> None:
    """Write who one is on the page of signing in, wherever one was led there from."""
    hands.write(page.get_by_label("Surel"), email)
    hands.write(page.get_by_label("Kata sandi"), password)
    hands.follow(button(page, "Masuk"))
