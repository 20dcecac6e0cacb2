"""Proof: ten steps of the work × eight things that go wrong around them: nothing lost, nothing twice, a clear answer.

What goes wrong begins before the step or at a named place inside it, and lasts until the step has ended one way or the
other; then the world is put right, the person clicks again, and relay and worker do what is left. A run that was bounded
by its seconds is continued by the next one of the same seed and commit.
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from tests.prove import _outages_cases as outages
from tests.prove import faults
from tests.prove._faults_cases import Barrier, Case, Click, Stage, Walk
from tests.prove._faults_site import Site, site
from tests.prove._matrix import Matrix
from tests.prove._outages_checks import CHECKS
from tests.prove._outages_world import Outage, Surroundings, keep_no_log_in_advance, surroundings
from tests.prove._trial import Trial

REPEATS = 5
ATTEMPTS = 12
ENDURED = 6  # turns of the worker while the store is broken, more than poison is tried
QUICK_SECONDS = 1.5  # how long the store is waited for, except in the first case of each combination
BEGINNING = Barrier("from the beginning", "")
KILLS = {"worker killed": "worker", "web killed": "web", "postgres killed": "postgres"}
FAULTS = (*KILLS, "valkey emptied", "valkey back", "s3 broken", "s3 silent", "disk full")
# Each step: the kind of walk, and the stages of it in which something goes wrong.
STEPS = {
    "import": ("import", ("upload", "read", "save")),
    "submit": ("submit", ("send",)),
    "decide": ("decide", ("accept", "finish")),
    "determine": ("determine", ("determine",)),
    "publish": ("publish", ("render", "publish", "prepare", "settle")),
    "effect": ("submit", ("receive",)),
    "mail": ("mail", ("mail",)),
    "sign-in": ("sign-in", ("sign in",)),
    "upload": ("upload", ("upload",)),
    "sweep": ("sweep", ("sweep",)),
}
WALKS = faults.WALKS | {
    kind: Walk(kind, stages, outages.PREPARED[kind], CHECKS[kind]) for kind, stages in outages.STAGES.items()
}
COMBINATIONS = [f"{step}/{fault}" for step in STEPS for fault in FAULTS]


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Go through the matrix; what cannot be tried on this machine is named, and keeps it from being finished."""
    with place() as (made, around):
        matrix = matrix_of(around)
        figures = matrix.run(made, seconds, seed)
        figures["not possible here"] = {
            name: around.why_no_disk for name in COMBINATIONS if name not in matrix.combinations
        }
        figures["finished"] = figures["finished"] and not figures["not possible here"]
        return figures


@contextmanager
def place(*, small_disk: bool = True) -> Iterator[tuple[Site, Surroundings]]:
    """Run an installation with everything around it that can go wrong; what keeps many large files needs a disk of any size."""
    held: list[Surroundings] = []
    with site(functools.partial(surroundings, made=held, small_disk=small_disk)) as made:
        [around] = held
        around.proxy.upstream = int(made.settings.s3.endpoint_url.rpartition(":")[2])
        keep_no_log_in_advance(made.settings)
        yield made, around


def matrix_of(around: Surroundings) -> Matrix:
    possible = [name for name in COMBINATIONS if around.disk or not name.endswith("disk full")]
    return Matrix("outages", possible, _enough, functools.partial(trial, around))


def _enough(_: str, count: dict[str, int]) -> bool:
    return count["cases"] >= ATTEMPTS or count["kills"] >= REPEATS


def trial(around: Surroundings, made: Site, name: str, index: int, seed: int, where: str = "") -> Trial:
    """Make the case of a combination with this number; `where` asks for a place by its words."""
    step, fault = name.split("/")
    chance = Random(f"{seed} {name} {index}")
    found = [place for place in _places(step, fault, seed) if where in f"{place[0].name}: {place[1]}"]
    return Troubled(around, made, WALKS[STEPS[step][0]], found[index % len(found)], fault, chance, index)


def _places(step: str, fault: str, seed: int) -> list[tuple[Stage, Barrier]]:
    """Return where a fault may strike a step: an outage in each stage from its beginning, then places in the seed's order."""
    kind, names = STEPS[step]
    stages = [stage for name in names for stage in WALKS[kind].stages if stage.name == name]
    if KILLS.get(fault) in {"web", "worker"}:
        part = KILLS[fault]
        stages = [s for s in stages if s.part == part] or [s for s in WALKS[kind].stages if s.part == part]
    inside = [(stage, barrier) for stage in stages for barrier in stage.barriers]
    Random(f"{seed} {step} {fault}").shuffle(inside)
    return inside if fault in KILLS else [*((stage, BEGINNING) for stage in stages), *inside]


class Troubled(Trial):
    """A case in which one thing goes wrong; `killed` says that it did."""

    endured = ENDURED

    def __init__(
        self, around: Surroundings, made: Site, walk: Walk, place: tuple[Stage, Barrier], fault: str, chance: Random,
        index: int,
    ) -> None:  # fmt: skip
        deed = KILLS.get(fault, "call")
        super().__init__(
            made, walk, place, chance.choice(("worker", "job")) if deed == "worker" else deed, chance
        )
        self.around, self.fault, self.patient = around, fault, index == 0
        self.known: dict[str, Any] = {}
        self.outage = None if fault in KILLS else Outage(fault, made, around, harshly=index % 2 == 1)

    def prepare(self) -> None:
        self.known = self.case.known
        self.known |= {"fault": self.fault, "letters": self.around.letterbox.letters}
        if self.outage:
            self.outage.prepare()

    def run(self) -> list[str]:
        try:
            return super().run()
        finally:
            if self.outage:
                self.outage.end()
            self.circumstances += self.around.circumstances
            self.around.circumstances.clear()
            self.circumstances["calls the store never got or answered"] += self.around.proxy.take_upset()
            self.circumstances["letters sent again"] += self.known.get("repeated", 0)

    def _order(self, tasks: list[dict[str, Any]], *, armed: bool) -> list[int]:
        if self.outage is None:
            return super()._order(tasks, armed=armed)
        if not self.patient:
            tasks = [task | {"store_seconds": QUICK_SECONDS} for task in tasks]
        if armed:
            tasks = [task | {"looks": True, "once": True} for task in tasks]
        codes = super()._order(tasks, armed=armed)
        self.killed = self.killed or (armed and self.outage.begun)
        return codes

    def called(self) -> None:
        """Begin the outage when the fuse says that the place is reached, and say that it has begun."""
        if self.outage and self.site.fuse.exists() and not self.outage.begun:
            self.outage.begin()
            self.site.begun.touch()

    def _calm(self, click: Click, answers: list[int], *, armed: bool) -> bool:
        if self.outage and self.outage.on:
            return bool(answers) and answers[-1] in {*click.answers, 503}
        return super()._calm(click, answers, armed=armed)

    def _ended_well(self, codes: list[int], *, armed: bool) -> bool:
        """A worker may fall where its queue cannot write: whoever keeps it starts it again."""
        if self.outage is None or not self.outage.on:
            return super()._ended_well(codes, armed=armed)
        self.circumstances["workers that fell with their queue"] += codes.count(1)
        return set(codes) <= ({0, 1} if self.fault in {"disk full", "valkey back"} else {0})

    def _recover(self, case: Case, stage: Stage) -> None:
        if self.outage:
            if self.fault == "s3 broken" and not stage.click:
                self._endure()
            self.outage.end()
        super()._recover(case, stage)

    def _endure(self) -> None:
        """Go on for longer than poison is tried: what waits for the store is not poison."""
        for _ in range(self.endured):
            self.site.lapse()
            self.site.relay(1)
            self._work(1)
