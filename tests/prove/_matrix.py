"""A matrix of cases, run in turn until each combination has enough; what a bounded run left, the next one goes on with."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ppid_saas.commands.figures import FIGURES, _commit
from tests.prove._faults_site import Site
from tests.prove._trial import Trial

LONGEST_WORDS = 400


def nothing(combinations: Sequence[str]) -> dict[str, Any]:
    """Return the figures of nothing done."""
    counts = {name: dict.fromkeys(("cases", "kills", "recoveries", "violations"), 0) for name in combinations}
    return {"combinations": counts, "barriers": {}, "circumstances": {}, "violations": [], "finished": False}


def earlier(name: str, combinations: Sequence[str], seed: int) -> dict[str, Any]:
    """Return the figures of an unfinished run of the same seed and commit, else those of nothing done."""
    path = FIGURES / f"{name}.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if kept.get("seed") == seed and kept.get("commit") == _commit() and not kept["figures"]["finished"]:
        return dict(kept["figures"])
    return nothing(combinations)


def together(before: dict[str, Any], shares: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Add to what was done before what each of several did with a share of the combinations."""
    parts = [before, *shares]
    return {
        "combinations": {name: count for part in parts for name, count in part["combinations"].items()},
        "barriers": _sum(part["barriers"] for part in parts),
        "circumstances": _sum(part["circumstances"] for part in parts),
        "violations": [words for part in parts for words in part["violations"]],
        "finished": all(share["finished"] for share in shares),
    }


def _sum(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    return dict(sum(map(Counter, counts), Counter[str]()))


@dataclass(frozen=True)
class Matrix:
    """What is tried: the name its figures are kept under, the combinations, when one has enough, and its next trial."""

    name: str
    combinations: Sequence[str]
    enough: Callable[[str, dict[str, int]], bool]
    trial: Callable[[Site, str, int, int], Trial]

    def run(self, made: Site, seconds: float | None, seed: int) -> dict[str, Any]:
        """Go on with what an earlier run left, until every combination has enough or the time is over."""
        return self.go_on(earlier(self.name, self.combinations, seed), made, seconds, seed)

    def go_on(self, figures: dict[str, Any], made: Site, seconds: float | None, seed: int) -> dict[str, Any]:
        """Add to figures; cases are never cut short."""
        until = time.monotonic() + seconds if seconds else None
        for name in self._wanted(figures):
            if until and time.monotonic() >= until:
                break
            self.add(figures, name, self.trial(made, name, figures["combinations"][name]["cases"], seed))
        figures["finished"] = not any(True for _ in self._wanted(figures))
        return figures

    def _wanted(self, figures: dict[str, Any]) -> Iterator[str]:
        """Yield combinations in turn, so that a short run has something of each, until all have enough."""
        counts = figures["combinations"]
        while left := [name for name, count in counts.items() if not self.enough(name, count)]:
            yield from left

    def add(self, figures: dict[str, Any], name: str, trial: Trial) -> None:
        """Run a trial and count what came of it."""
        counts, found = figures["combinations"][name], trial.run()
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
            f"{name} #{counts['cases'] - 1} {place} ({trial.deed}): {words[:LONGEST_WORDS]}"
            for words in found
        ]
