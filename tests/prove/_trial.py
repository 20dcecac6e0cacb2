"""One case of a proof of faults: walk its stages, let one thing go wrong in the chosen one, recover, and look."""

import json
from collections import Counter
from dataclasses import asdict
from random import Random
from typing import Any

from tests.prove._faults_cases import Barrier, Case, Click, Stage, Walk, begin
from tests.prove._faults_checks import violations
from tests.prove._faults_site import Site

ROUNDS = 8


class Trial:
    """One case and one kill: `deed` says of what."""

    longest_delay = 0.01

    def __init__(
        self, made: Site, walk: Walk, place: tuple[Stage, Barrier], deed: str, chance: Random
    ) -> None:
        self.site, self.walk, (self.stage, self.barrier) = made, walk, place
        self.deed, self.chance = deed, chance
        self.killed, self.found, self.circumstances = False, [], Counter[str]()

    def run(self) -> list[str]:
        self.case = case = begin(self.site, self.walk)
        self.prepare()
        for stage in self.walk.stages:
            armed = stage is self.stage
            if stage.click:
                self._press(case, stage.click(case), armed=armed)
            else:
                self._turn(stage, armed=armed)
            if armed and self.killed:
                self._recover(case, stage)
            elif not stage.click:
                self._catch_up(case)
        self._sweep()
        return self.found + violations(case, self.walk)

    def prepare(self) -> None:
        """Do what a kind of fault needs before the first stage."""

    def called(self) -> None:
        """Look, while tasks are done, whether one of them calls for something."""

    def _turn(self, stage: Stage, *, armed: bool) -> None:
        if stage.rung:
            self.site.lapse()
            self.site.relay(1)
        self._work(1, armed=armed)

    def _press(self, case: Case, click: Click | None, *, armed: bool) -> None:
        if click is None:
            return
        report = self.site.desk / "answers.json"
        report.unlink(missing_ok=True)
        token = case.world.token(click.who) if click.who else ""
        form = asdict(click) | {"part": "web", "report": str(report), "token": token}
        [code] = self._order([form], armed=armed)
        told = json.loads(report.read_text()) if report.exists() else {"answers": [], "look": 200}
        answers = told["answers"]
        if told["look"] not in {200, 303, 503}:
            self.found.append(f"{click.page} answered {told['look']}")
        if code not in {0, -9} or (code == 0 and not self._calm(click, answers, armed=armed)):
            self.found.append(f"{click.action} ended with {code} and answered {answers}")
        case.known["acknowledged"] = case.known.get("acknowledged", 0) + answers.count(303)

    def _calm(self, click: Click, answers: list[int], *, armed: bool) -> bool:
        """Say whether the answers are among those a person can go on from."""
        waits = {503} if armed and self.deed == "postgres" else set()
        wanted = {*click.answers, *(waits if click.once else ())}
        return bool(answers) and answers[-1] in wanted and set(answers[:-1]) <= waits

    def _work(self, count: int, *, armed: bool = False) -> None:
        codes = self._order([{"part": "worker"}] * count, armed=armed)
        if not self._ended_well(codes, armed=armed):
            self.found.append(f"worker ended with {codes}")

    def _ended_well(self, codes: list[int], *, armed: bool) -> bool:
        return set(codes) <= ({0, -9} if armed else {0})

    def _order(self, tasks: list[dict[str, Any]], *, armed: bool) -> list[int]:
        fuse, restarts = self.site.fresh_fuse(), self.site.restarts
        if armed:
            told = asdict(self.barrier) | {
                "deed": self.deed,
                "delay": self.chance.uniform(0, self.longest_delay),
            }
            tasks = [task | {"barrier": told, "fuse": str(fuse)} for task in tasks]
        codes = self.site.order(tasks, self.called)
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
            left, due = self.site.undone(tenants), self.site.due_duties()
            if not left + due:
                return
            self.site.lapse()
            relays = 2 if self._happens("two relays at once") else 1
            lost = self.site.lost_uploads()
            self.circumstances["lost uploads swept"] += lost
            wanted = left + relays * (lost + due)  # effects are claimed, lost uploads and duties are not
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
