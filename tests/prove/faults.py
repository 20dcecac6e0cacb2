"""Proof: whatever is killed inside an import, a submission or a publication, nothing is lost and nothing happens twice.

The process of a request, that of a job, its whole worker, and PostgreSQL are killed at named places, each twenty times in
each of the three. In a share of the cases Valkey is emptied besides, and two relays and two workers run at once. A run
that was bounded by its seconds is continued by the next one of the same seed and commit.
"""

from random import Random
from typing import Any

from tests.prove._faults_cases import PREPARED, STAGES, Barrier, Stage, Walk
from tests.prove._faults_checks import CHECKS
from tests.prove._faults_site import Site, site
from tests.prove._matrix import Matrix
from tests.prove._trial import Trial

KILLS = 20
ATTEMPTS = 60
VICTIMS = ("web", "worker", "postgres")
WALKS = {kind: Walk(kind, STAGES[kind], PREPARED[kind], CHECKS[kind]) for kind in STAGES}
COMBINATIONS = [f"{kind}/{victim}" for kind in WALKS for victim in VICTIMS]


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Kill until every combination has its twenty, or until the time is over."""
    with site() as made:
        return MATRIX.run(made, seconds, seed)


def trial(made: Site, name: str, index: int, seed: int, barrier: str = "") -> Trial:
    """Make the case of a combination with this number; `barrier` asks for one by its words."""
    kind, victim = name.split("/")
    chance = Random(f"{seed} {name} {index}")
    place = _chosen(kind, victim, index, seed, barrier)
    deed = chance.choice(("worker", "job")) if victim == "worker" else victim
    return Trial(made, WALKS[kind], place, deed, chance)


def _enough(name: str, count: dict[str, int]) -> bool:
    """Say whether a combination has its kills and was at each of its places once."""
    return count["cases"] >= ATTEMPTS or (
        count["kills"] >= KILLS and count["cases"] >= len(_places(*name.split("/")))
    )


def _chosen(kind: str, victim: str, index: int, seed: int, words: str) -> tuple[Stage, Barrier]:
    """Take the barriers of a combination in an order of the seed's, so that twenty cases miss as few as can be."""
    found = [
        (stage, barrier) for stage, barrier in _places(kind, victim) if words in f"{stage.name}: {barrier}"
    ]
    Random(f"{seed} {kind} {victim}").shuffle(found)
    return found[index % len(found)]


def _places(kind: str, victim: str) -> list[tuple[Stage, Barrier]]:
    parts = {"web", "worker"} if victim == "postgres" else {victim}
    return [
        (stage, barrier) for stage in WALKS[kind].stages if stage.part in parts for barrier in stage.barriers
    ]


MATRIX = Matrix("faults", COMBINATIONS, _enough, trial)
