"""Proof: whatever is killed inside an import, a submission or a publication, nothing is lost and nothing happens twice.

The process of a request, that of a job, its whole worker, and PostgreSQL are killed at named places, each twenty times in
each of the three. In a share of the cases Valkey is emptied besides, and two relays and two workers run at once. A run
that was bounded by its seconds is continued by the next one of the same seed and commit.
"""

import json
import time
from collections import Counter
from dataclasses import asdict
from random import Random
from typing import Any

from ppid_saas.commands.figures import FIGURES, _commit
from tests.prove._faults_cases import STAGES, Barrier, Case, Click, Stage, begin
from tests.prove._faults_checks import violations
from tests.prove._faults_site import Site, site

KILLS = 20
ATTEMPTS = 60
VICTIMS = ("web", "worker", "postgres")
ROUNDS = 8
LONGEST_DELAY = 0.01
LONGEST_WORDS = 400
COMBINATIONS = [f"{kind}/{victim}" for kind in STAGES for victim in VICTIMS]


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Kill until every combination has its twenty, or until the time is over; cases are never cut short."""
    figures = _earlier(seed)
    until = time.monotonic() + seconds if seconds else None
    with site() as made:
        for name in _wanted(figures):
            if until and time.monotonic() >= until:
                break
            add_case(figures, made, name, seed)
    figures["finished"] = not any(True for _ in _wanted(figures))
    return figures


def _earlier(seed: int) -> dict[str, Any]:
    path = FIGURES / "faults.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if kept.get("seed") == seed and kept.get("commit") == _commit() and not kept["figures"]["finished"]:
        return dict(kept["figures"])
    return blank()


def blank() -> dict[str, Any]:
    """Return figures of nothing done."""
    counts = {name: dict.fromkeys(("cases", "kills", "recoveries", "violations"), 0) for name in COMBINATIONS}
    return {"combinations": counts, "barriers": {}, "circumstances": {}, "violations": [], "finished": False}


def _wanted(figures: dict[str, Any]) -> Any:
    """Yield combinations in turn, so that a short run has something of each, until all have their kills."""
    counts = figures["combinations"]
    while left := [name for name, count in counts.items() if not _enough(name, count)]:
        yield from left


def _enough(name: str, count: dict[str, int]) -> bool:
    """Say whether a combination has its kills and was at each of its places once."""
    return count["cases"] >= ATTEMPTS or (
        count["kills"] >= KILLS and count["cases"] >= len(_places(*name.split("/")))
    )


def add_case(figures: dict[str, Any], made: Site, name: str, seed: int, barrier: str = "") -> None:
    """Run the next case of a combination and count what came of it; `barrier` asks for one by its words."""
    counts = figures["combinations"][name]
    trial = Trial(made, name, counts["cases"], seed, barrier)
    found = trial.run()
    counts["cases"] += 1
    counts["kills"] += trial.killed
    counts["recoveries"] += trial.killed and not found
    counts["violations"] += len(found)
    place = f"{trial.stage.name}: {trial.barrier}"
    if trial.killed:
        figures["barriers"][place] = figures["barriers"].get(place, 0) + 1
    for what, count in trial.circumstances.items():
        figures["circumstances"][what] = figures["circumstances"].get(what, 0) + count
    figures["violations"] += [
        f"{name} #{counts['cases'] - 1} {place} ({trial.deed}): {words[:LONGEST_WORDS]}" for words in found
    ]


class Trial:
    """One case, one kill: walk the stages, kill in the chosen one, recover, and look."""

    def __init__(self, made: Site, name: str, index: int, seed: int, barrier: str = "") -> None:
        self.site, (self.kind, victim) = made, name.split("/")
        self.chance = Random(f"{seed} {name} {index}")
        self.stage, self.barrier = _chosen(self.kind, victim, index, seed, barrier)
        self.deed = self.chance.choice(("worker", "job")) if victim == "worker" else victim
        self.killed, self.found, self.circumstances = False, [], Counter[str]()

    def run(self) -> list[str]:
        self.case = case = begin(self.site, self.kind)
        for stage in STAGES[self.kind]:
            armed = stage is self.stage
            if stage.click:
                self._press(case, stage.click(case), armed=armed)
            else:
                self._work(1, armed=armed)
            if armed and self.killed:
                self._recover(case, stage)
            elif not stage.click:
                self._catch_up(case)
        self._sweep()
        return self.found + violations(case)

    def _press(self, case: Case, click: Click | None, *, armed: bool) -> None:
        if click is None:
            return
        report = self.site.settings.data_dir / "answers.json"
        report.unlink(missing_ok=True)
        form = {
            "part": "web",
            "page": click.page,
            "action": click.action,
            "form": click.form,
            "once": click.once,
            "report": str(report),
        }
        [code] = self._order([form | {"token": case.world.token(click.who)}], armed=armed)
        answers = json.loads(report.read_text()) if report.exists() else []
        waits = {503} if armed and self.deed == "postgres" else set()
        wanted = {*click.answers, *(waits if click.once else ())}
        calm = bool(answers) and answers[-1] in wanted and set(answers[:-1]) <= waits
        if code not in {0, -9} or (code == 0 and not calm):
            self.found.append(f"{click.action} ended with {code} and answered {answers}")

    def _work(self, count: int, *, armed: bool = False) -> None:
        codes = self._order([{"part": "worker"}] * count, armed=armed)
        if not set(codes) <= ({0, -9} if armed else {0}):
            self.found.append(f"worker ended with {codes}")

    def _order(self, tasks: list[dict[str, Any]], *, armed: bool) -> list[int]:
        fuse, restarts = self.site.settings.data_dir / "fuse", self.site.restarts
        fuse.unlink(missing_ok=True)
        if armed:
            told = asdict(self.barrier) | {"deed": self.deed, "delay": self.chance.uniform(0, LONGEST_DELAY)}
            tasks = [task | {"barrier": told, "fuse": str(fuse)} for task in tasks]
        codes = self.site.order(tasks)
        if fuse.exists():  # who ends while it is about to kill has killed nobody
            fallen = self.deed != "postgres" or self.site.restarts > restarts or self.site.fell()
            self.killed = fallen and (self.deed in {"postgres", "job"} or -9 in codes)
        return codes

    def _recover(self, case: Case, stage: Stage) -> None:
        """Let the person click again and the relay look after what was left, one before the other or the other before the one."""
        if self._happens("valkey emptied"):
            self.site.empty_valkey()
        turns = [lambda: self._catch_up(case)]
        if stage.click:
            again = stage.click
            turns.append(lambda: self._press(case, again(case), armed=False))
        self.chance.shuffle(turns)
        for turn in turns:
            turn()
        self._catch_up(case)

    def _catch_up(self, case: Case) -> None:
        """Let leases lapse, relays ring and workers work until nothing is left to do."""
        tenants = list(case.world.tenants.values())
        for _ in range(ROUNDS):
            left = self.site.undone(tenants)
            if not left:
                return
            self.site.lapse()
            relays = 2 if self._happens("two relays at once") else 1
            lost = self.site.lost_uploads()
            self.circumstances["lost uploads swept"] += lost
            wanted = left + relays * lost  # effects are claimed, lost uploads are not
            rung = self.site.relay(relays)
            if rung != wanted:
                self.found.append(f"{relays} relays rang {rung} times instead of {wanted}")
            self._work(2 if self._happens("two workers at once") else 1)
        self.found.append(f"{self.site.undone(tenants)} effects are never done")

    def _sweep(self) -> None:
        """Let uploads that died lapse, and the relay and the worker take them back."""
        self.site.lapse()
        if lost := self.site.lost_uploads():
            self.circumstances["lost uploads swept"] += lost
            self.site.relay(1)
            self._work(1)

    def _happens(self, what: str) -> bool:
        happens = self.chance.random() < 0.5
        self.circumstances[what] += happens
        return happens


def _chosen(kind: str, victim: str, index: int, seed: int, words: str) -> tuple[Stage, Barrier]:
    """Take the barriers of a combination in an order of the seed's, so that twenty cases miss as few as can be."""
    found = [
        (stage, barrier) for stage, barrier in _places(kind, victim) if words in f"{stage.name}: {barrier}"
    ]
    Random(f"{seed} {kind} {victim}").shuffle(found)
    return found[index % len(found)]


def _places(kind: str, victim: str) -> list[tuple[Stage, Barrier]]:
    parts = {"web", "worker"} if victim == "postgres" else {victim}
    return [(stage, barrier) for stage in STAGES[kind] if stage.part in parts for barrier in stage.barriers]
