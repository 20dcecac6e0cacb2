"""Reload and restart under load: nobody is refused, and what answers afterwards is new."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from tests.deploy.site import Site

CALLERS = 6


class Hammer:
    """Callers who ask as fast as they are answered, each time by a new connection, until told to stop."""

    def __init__(self, *asks: Callable[[], int]) -> None:
        self.asks, self.done, self.found = asks, threading.Event(), Counter[str]()

    def __enter__(self) -> Self:
        self.pool = ThreadPoolExecutor(CALLERS)
        self.calls = [self.pool.submit(self._call, self.asks[n % len(self.asks)]) for n in range(CALLERS)]
        return self

    def _call(self, ask: Callable[[], int]) -> Counter[str]:
        found = Counter[str]()
        while not self.done.is_set():
            try:
                found[str(ask())] += 1
                self.done.wait(0.01)  # callers must leave the processor some room to start a new version
            except OSError as error:
                found[repr(error)] += 1
        return found

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.found = sum((call.result(60) for call in self.calls), Counter[str]())
        self.pool.shutdown()


def children(pid: int) -> set[int]:
    return {int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def asks(site: Site) -> tuple[Callable[[], int], Callable[[], int]]:
    return lambda: site.ask("office", "/masuk")[0], lambda: site.through("office", "GET", "/masuk")[0]


def test_a_reload_refuses_nobody(site: Site) -> None:
    unit = site.units["office"]
    assert unit.process
    before = children(unit.process.pid)
    relieved = unit.said().count("relieved")
    with Hammer(*asks(site)) as hammer:
        time.sleep(0.5)
        unit.reload()
        unit.heard('"relieved"', relieved + 1)
        time.sleep(0.5)
    assert set(hammer.found) == {"200"}
    assert hammer.found["200"] > 50
    after = children(unit.process.pid)
    assert len(after) == 2
    assert not before & after


def test_a_version_that_does_not_start_leaves_the_old_one_serving(site: Site) -> None:
    unit = site.units["office"]
    assert unit.process
    before = children(unit.process.pid)
    key = site.folder / "lib/office/secrets/root_key"
    kept = key.read_text()
    key.write_text("rusak")
    try:
        unit.reload()
        unit.heard("the new version does not start")
    finally:
        key.write_text(kept)
    assert children(unit.process.pid) == before
    assert site.ask("office", "/masuk")[0] == 200


def test_a_restart_lets_people_wait_and_refuses_nobody(site: Site) -> None:
    unit = site.units["office"]
    with Hammer(*asks(site)) as hammer:
        time.sleep(0.5)
        unit.stop()
        unit.start()
        site.await_ready("office")
        time.sleep(0.5)
    assert set(hammer.found) == {"200"}
