"""What a walk leaves behind: row by row who stood where, what the screen said before and after, and who was told what."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.journey.people import press
from tests.prove._rows_stage import REGION, Scene, person

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
NAMED = re.compile(r"(?<=/)(PJ|DIK)-\d{4}-\d+")
LATE = re.compile(r"Lewat|[Tt]erlambat|sudah lewat")
MORNING = "kabar untuk Anda pagi ini"
MOST_CHIPS = 2


@dataclass
class Seen:
    """One row as someone walked it."""

    row: str
    who: str
    screen: str
    day: str
    before: str = ""
    did: list[str] = field(default_factory=list)
    after: str = ""
    received: list[str] = field(default_factory=list)
    ended: bool = False


@dataclass
class Walk:
    """One SOP walked once: in time, or with every step late."""

    scene: Scene
    sop: str
    late: bool
    cast: Sequence[str]
    rows: list[Seen] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    looked: set[str] = field(default_factory=set)

    @contextmanager
    def row(self, row: str, who: str, path: str) -> Iterator["Turn"]:
        """Let a person come to her page; what she saw, did and what followed is kept."""
        page = self.scene.page(who)
        page.goto(self.scene.at(path))
        seen = Seen(row, person(who).position, "", self.scene.today().isoformat())
        self.rows.append(seen)
        turn = Turn(self, page, who, seen)
        try:
            yield turn
            seen.ended = True
        finally:
            seen.after = seen.after or sight(page)
            self._receive(seen)

    def _receive(self, seen: Seen) -> None:
        self.scene.settle()
        for who in self.cast:
            told = [f"{person(who).position}, kabar: {line}" for line in self.scene.new_notices(who)]
            written = [f"{person(who).position}, surel: {line}" for line in self.scene.new_letters(who)]
            seen.received += [*reversed(told), *written]

    def lacks(self, words: str) -> None:
        self.missing.append(f"{self.sop} {'late' if self.late else 'in time'}: {words}")

    def as_figures(self) -> dict[str, Any]:
        return {"sop": self.sop, "late": self.late, "rows": [asdict(one) for one in self.rows]}


@dataclass
class Turn:
    """Someone before her page, about to take a step."""

    walk: Walk
    page: Page
    who: str
    seen: Seen

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def sees(self, *, limited: bool | None = True) -> None:
        """Keep what the screen says before the step, and hold it to the walk: late words when late, none when not.

        A step without a limit counts no days; `None` is for screens that the walk's lateness does not reach.
        """
        self.seen.screen = self.seen.screen or address(self.page)
        self.seen.before, self.seen.day = sight(self.page), self.walk.scene.today().isoformat()
        self.look()
        words, name = chips(self.main), f"row {self.seen.row} for {self.who}"
        if limited is None:
            return
        if not limited:
            if any("hari kerja lagi" in one or LATE.search(one) for one in words):
                self.walk.lacks(f"{name}: a step without a limit counts days: {words}")
        elif self.walk.late != any(LATE.search(one) for one in words):
            self.walk.lacks(
                f"{name}: {'no words for late' if self.walk.late else 'said to be late'}: {words}"
            )

    def look(self) -> None:
        name = f"{self.walk.sop} {self.seen.row} {address(self.page)}"
        if name not in self.walk.looked:
            self.walk.looked.add(name)
            self.walk.scene.look(self.page, f"{'late' if self.walk.late else 'in-time'} {name}")

    def does(self, words: str) -> None:
        self.seen.did.append(words)

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press the button that takes the step."""
        button = self.page.get_by_role("button", name=name).first
        self.does(f"“{button.inner_text().strip()}”")
        press(self.page, name)
        self.look()

    def says(self, words: str) -> None:
        """Expect words on the screen after the step, and keep what it says."""
        expect(self.main).to_contain_text(words)
        self.seen.after = sight(self.page)

    def reminds(self, who: str, title: str) -> None:
        """Expect that a person is told of a late duty, and that the morning's mail says so."""
        self.tells(who, title, by_mail=MORNING)

    def tells(self, who: str, title: str, *, by_mail: bool | str = False) -> None:
        """Expect that a person is told, in the product and where asked by mail, under the same title or another."""
        scene = self.walk.scene
        if not scene.wait(lambda: any(line.startswith(title) for line in _fresh(scene, who))):
            self.walk.lacks(f"row {self.seen.row}: {who} was not told “{title}”")
        subject = title if by_mail is True else str(by_mail or "")
        written = not (subject and scene.letterbox) or scene.wait(
            lambda: any(subject in one for one in scene.letters(who))
        )
        if not written:
            self.walk.lacks(f"row {self.seen.row}: {who} got no mail “{subject}”")


def _fresh(scene: Scene, who: str) -> Sequence[str]:
    return [line for line in scene.notices(who) if line not in scene.heard[who]]


def address(page: Page) -> str:
    """Return where a page is, without what names one case."""
    path = re.sub(r"^https?://[^/]+", "", page.url).partition("?")[0]
    return NAMED.sub("<kode>", UUID.sub("<id>", path)).replace(f"/{REGION}/", "/<region>/", 1)


def chips(where: Locator) -> list[str]:
    """Return the words of the deadlines on a screen."""
    return [flat(text) for text in where.locator(".deadline").all_inner_texts()[:MOST_CHIPS]]


def due_day(where: Locator) -> date:
    """Return the day until which the first deadline on a screen runs."""
    day = where.locator(".deadline time").first.get_attribute("datetime")
    assert day
    return date.fromisoformat(day[:10])


def sight(page: Page) -> str:
    """Return what a screen says at a glance: its heading, state, turn and deadline, and whatever it points out."""
    main = page.get_by_role("main")
    said = [f"**{flat(main.get_by_role('heading', level=1).first.inner_text())}**"]
    state = [flat(text) for text in main.locator(".status-line li").all_inner_texts()]
    said += [re.sub(r"^(Status|Giliran|Batas) ?", r"\1: ", text) for text in state]
    if not any(text.startswith("Batas") for text in state):
        said += [f"Batas: {text}" for text in chips(main)]
    pointed = main.locator(".now-title, .notice, .sop-warning").locator("visible=true")
    said += [flat(text) for text in pointed.all_inner_texts()[:2]]
    return "; ".join(said)


def flat(text: str) -> str:
    return " ".join(text.split())
