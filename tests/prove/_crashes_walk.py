"""The cases of the proof of crashes, and a walk through a share of them on an installation of its own."""

import contextlib
import functools
from random import Random
from typing import Any

import psycopg

from tests.prove import _crashes_cases as files
from tests.prove._crashes_checks import BOOKS, CHECKS, uneven
from tests.prove._faults_cases import Barrier, Stage, Walk
from tests.prove._faults_site import Site
from tests.prove._matrix import Matrix, nothing
from tests.prove._outages_world import Surroundings
from tests.prove._trial import Trial
from tests.prove.outages import BEGINNING, Troubled, place
from tests.tenancy.rows import url

REPEATS = 25
ATTEMPTS = 50
LOST_LINE = "line of the client cut"
# Each step: the kind of walk, and where in which stage of it something falls.
STEPS = {
    "reserve": ("file", {"announce": files.ANNOUNCE}),
    "first piece": ("file", {"first piece": files.PIECES}),
    "middle piece": ("file", {"middle piece": files.PIECES}),
    "last piece": ("file", {"last piece": files.LAST}),
    "inspect": ("examine", {"examine": files.INSPECT}),
    "hash and seal": ("examine", {"examine": files.SEAL}),
    "multipart": ("examine", {"examine": files.MULTIPART}),
    "complete": ("examine", {"examine": files.COMPLETE}),
    "ledger": ("examine", {"examine": files.LEDGER}),
    "link": ("link", {"link": files.LINK}),
    "version": ("version", {"version": files.VERSION}),
    "destroy": ("destroy", {"destroy": files.DESTROY, "remove": files.REMOVE}),
}
PIECES = {"first piece": files.BROKEN_LINE, "middle piece": files.BROKEN_LINE, "last piece": files.SHORT_LINE}
BEGUN_BROKEN = {"reserve", "first piece", "last piece", "inspect", "link", "version", "destroy"}
CUTS = ("line to the store cut", "line to the database cut")
FAULTS = ("app killed", "postgres killed", "s3 broken", "s3 silent", "connection cut")
WALKS = {
    kind: Walk(kind, stages, files.PREPARED[kind], CHECKS[kind]) for kind, stages in files.STAGES.items()
}
COMBINATIONS = [f"{step}/{fault}" for step in STEPS for fault in FAULTS]
Place = tuple[Stage, Barrier]


def walk(share: list[str], done: dict[str, Any], seconds: float | None, seed: int) -> dict[str, Any]:
    """Go through a share of the combinations on an installation of its own."""
    begun = nothing(share) | {"combinations": {name: done["combinations"][name] for name in share}}
    with place(small_disk=False) as (made, around):
        return Matrix("crashes", share, _enough, functools.partial(trial, around)).go_on(
            begun, made, seconds, seed
        )


def _enough(_: str, count: dict[str, int]) -> bool:
    return count["cases"] >= ATTEMPTS or count["kills"] >= REPEATS


def trial(around: Surroundings, made: Site, name: str, index: int, seed: int, where: str = "") -> Trial:
    """Make the case of a combination with this number; `where` asks for a place by its words."""
    step, fault = name.split("/")
    chance = Random(f"{seed} {name} {index}")
    cut = _line(step, index)
    found = [at for at in _places(step, fault, cut, seed) if where in f"{at[0].name}: {at[1]}"]
    at = found[index % len(found)]
    named = {"app killed": f"{at[0].part} killed", "connection cut": cut}.get(fault, fault)
    return Watched(around, made, WALKS[STEPS[step][0]], at, named, chance, index)


def _line(step: str, index: int) -> str:
    """Return whose line is cut: of who sends, where something is being sent, of the store and of the database in turn."""
    lines = (LOST_LINE, *CUTS) if step in PIECES else CUTS
    return lines[index % len(lines)]


def _places(step: str, fault: str, cut: str, seed: int) -> list[Place]:
    """Return where a step is struck, in the seed's order; what is away may be away before it has begun."""
    kind, barriers = STEPS[step]
    if fault == "connection cut" and cut == LOST_LINE:
        barriers = dict.fromkeys(barriers, PIECES[step])
    stages = {stage.name: stage for stage in WALKS[kind].stages}
    found = [(stages[name], barrier) for name, those in barriers.items() for barrier in those]
    Random(f"{seed} {step} {fault} {cut}").shuffle(found)
    away = fault.startswith("s3") and step in BEGUN_BROKEN
    return [*((stages[name], BEGINNING) for name in barriers), *found] if away else found


class Watched(Troubled):
    """A case whose unit's figures are read while it runs."""

    endured = 1
    longest_delay = 0.06  # what is large takes longer than what these trials were made for

    def run(self) -> list[str]:
        self.looking: psycopg.Connection | None = None
        try:
            return super().run()
        finally:
            if self.looking:
                self.looking.close()

    def called(self) -> None:
        super().called()
        self._look()

    def _look(self) -> None:
        """Read the books as they are this moment; where the server is down there is nothing to be read."""
        with contextlib.suppress(psycopg.OperationalError):
            if self.looking is None or self.looking.closed:
                self.looking = psycopg.connect(url(self.site.settings, "postgres"), autocommit=True)
            books = self.looking.execute(BOOKS, [self.case.tenant("dinkes")]).fetchone()
            self.circumstances["looks at the books"] += 1
            if books is None or uneven(books):
                self.found.append(f"books at a look: {books}")

    def _order(self, tasks: list[dict[str, Any]], *, armed: bool) -> list[int]:
        if armed and self.fault == LOST_LINE:
            tasks = [task | {"cut_by": str(self.site.begun)} for task in tasks]
        return super()._order(tasks, armed=armed)
