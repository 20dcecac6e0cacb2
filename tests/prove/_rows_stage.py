"""The demo regency as its people meet it: started on a folder of its own, its mails caught, its clock moved by its own command.

Nothing here asks the service anything but by its pages, and nothing tells it anything but by a browser and `./ppid demo`.
"""

import contextlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Reader
from playwright.sync_api import Browser, Page, Response
from redis import Redis
from rq import Queue

from ppid_saas.demo.content import Person, people
from ppid_saas.settings import Settings
from tenants import jobs
from tests.demo.regency import ACCOUNT, Regency
from tests.embedded.installation import free_ports
from tests.fixtures.browsing import chromium
from tests.journey.people import DESK, PATIENCE_MS

PHONE = {"width": 390, "height": 844}
PATIENCE = 60.0  # seconds for the worker, on a machine that does other things as well
PAUSE_MS = 250
LONGEST_WORK = 300.0
LOOK_SECONDS = 0.5
IDLE_LOOKS = 5  # the relay looks for what is due every second
REGION = "serang"
FRIDAY = 5
Look = Callable[[Page, str], None]


class Letterbox(Reader):
    """A mail server that keeps who was written to about what."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[tuple[str, str]] = []

    def handle_message(self, message: Message) -> None:
        subject = str(make_header(decode_header(message["Subject"])))
        self.letters.append((message["To"], subject.partition(" – ")[0]))


@dataclass
class Scene:
    """One running demo: its people each in a browser of their own, its letterbox, and what went wrong on any page."""

    regency: Regency
    browser: Browser
    letterbox: Letterbox | None
    look: Look
    passwords: dict[str, str] = field(repr=False)
    complaints: list[str] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=dict)
    heard: dict[str, set[str]] = field(default_factory=dict)
    idle_looks: int = IDLE_LOOKS
    letters_read: dict[str, int] = field(default_factory=dict)

    def at(self, path: str, surface: str = "office") -> str:
        return self.regency.settings.origins[surface] + f"/{REGION}/{path}"

    def page(self, who: str) -> Page:
        """Return the browser of a person, who signs in when she is first asked for."""
        if who not in self.pages:
            page = self.pages[who] = self.visitor()
            page.goto(self.regency.settings.origins["office"] + "/masuk")
            page.get_by_label("Surel").fill(person(who).email)
            page.get_by_label("Kata sandi").fill(self.passwords[person(who).email])
            with page.expect_navigation(wait_until="domcontentloaded"):
                page.get_by_role("button", name="Masuk").first.click()
            self.heard[who] = set(self.notices(who))
        return self.pages[who]

    def visitor(self) -> Page:
        context = self.browser.new_context(locale="id-ID", viewport=DESK)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("response", self._answered)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        return page

    def _answered(self, answer: Response) -> None:
        if answer.status >= 500:
            self.complaints.append(f"{answer.url} answered {answer.status}")

    def notices(self, who: str) -> list[str]:
        """Read what a person was told, on the page behind the bell, in a tab beside the one she works in."""
        tab = self.pages[who].context.new_page()
        tab.goto(self.at(f"{home_of(who)}/pemberitahuan?tampil=semua"))
        told = [
            f"{one.locator('.news-title').inner_text().removeprefix('Baru').strip()}: {one.locator('p').first.inner_text()}"
            f" ({one.locator('time').inner_text()})"
            for one in tab.locator("ol.news > li").all()
        ]
        tab.close()
        return told

    def new_notices(self, who: str) -> list[str]:
        found = [told for told in self.notices(who) if told not in self.heard[who]]
        self.heard[who] |= set(found)
        return found

    def letters(self, who: str) -> list[str]:
        """Return what a person was written about since it was last asked."""
        sent = self.letterbox.letters if self.letterbox else []
        return [subject for to, subject in sent if to == person(who).email][self.letters_read.get(who, 0) :]

    def new_letters(self, who: str) -> list[str]:
        letters = self.letters(who)
        self.letters_read[who] = self.letters_read.get(who, 0) + len(letters)
        return letters

    def today(self) -> date:
        return self._clock()

    def move_to(self, day: date) -> None:
        """Move the clock to a day that lies ahead."""
        if day > self.today():
            self._clock(day.isoformat())
            self.settle()

    def move_by(self, days: int) -> None:
        """Let days go by, and come on a Monday rather than on a weekend."""
        day = self.today() + timedelta(days=days)
        self.move_to(day + timedelta(days=max(0, 7 - day.weekday()) if day.isoweekday() > FRIDAY else 0))

    def _clock(self, *move: str) -> date:
        done = self.regency.call("demo", "clock", *move)
        assert done.returncode == 0, done.stderr
        found = re.search(r"\d{4}-\d\d-\d\d", done.stdout)
        assert found, done.stdout
        return date.fromisoformat(found[0])

    def settle(self) -> None:
        """Let the worker come to rest: what it brings late belongs to what was done before, not to the next step."""
        queue, idle = Queue(jobs.QUEUE, connection=Redis.from_url(self.regency.settings.redis_url)), 0
        until = time.monotonic() + LONGEST_WORK
        while idle < self.idle_looks and time.monotonic() < until:
            idle = 0 if queue.count or queue.started_job_registry.count else idle + 1
            time.sleep(LOOK_SECONDS)

    def wait(self, happened: Callable[[], bool]) -> bool:
        """Wait until something shows that the worker brings; False when it never does."""
        until = time.monotonic() + PATIENCE
        while not happened():
            if time.monotonic() > until:
                return False
            next(iter(self.pages.values())).wait_for_timeout(PAUSE_MS)
        return True


def person(who: str) -> Person:
    return next(one for one in people() if one.local == who)


def home_of(who: str) -> str:
    place = person(who).place
    return "pusat" if place == "pusat" else f"u/{place}"


@contextlib.contextmanager
def brought_up(look: Look) -> Iterator[Scene]:
    """Start the demo on a new folder with a mail server beside it, and let people come when it has settled."""
    folder = Path(tempfile.mkdtemp(prefix="ppid-rows-"))
    folder.chmod(0o711)
    ports, letterbox = free_ports(), Letterbox()
    mail = Controller(letterbox, "127.0.0.1", ports + 5)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PPID_")}
    environ |= {
        "PPID_DATA_DIR": str(folder),
        "PPID_PORT": str(ports),
        "PPID_SMTP_URL": f"smtp://127.0.0.1:{mail.port}",
    }
    regency = Regency(Settings.from_env(environ), environ)
    mail.start()
    try:
        regency.start()
        with entered(regency, letterbox, look) as scene:
            scene.settle()
            letterbox.letters.clear()
            yield scene
        regency.stop()
    finally:
        regency.kill()
        mail.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def entered(regency: Regency, letterbox: Letterbox | None, look: Look) -> Iterator[Scene]:
    """Give everybody of a running demo a new password, as its command does, and a browser to come with."""
    passwords = dict(ACCOUNT.findall(regency.call("demo", "passwords", "--all").stdout))
    regency.passwords |= passwords
    with chromium() as browser:
        yield Scene(regency, browser, letterbox, look, passwords)
