"""Proof: each of the fifteen rows of the three SOPs, walked in the browser as the role it names, on time and late.

Each pass has a demo regency of its own, its mails caught and its clock moved by the demo's own command. What each person
saw and received is written to docs/rows.md. A run bounded by its seconds is gone on with by the next of the same commit.
"""

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from ppid_saas.commands.figures import FIGURES, _commit
from tests.prove import _rows_paper
from tests.prove._rows_walks import FORMS, ORDERS, walked

BOTH_SECONDS = 600.0  # a run with less takes one of the two passes


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Walk both passes side by side, or the one still to be walked, then write the record; dice have no part in it."""
    figures = _earlier(seed)
    left = [late for late in ORDERS if late not in {one["late"] for one in figures["walks"]}]
    if seconds and seconds < BOTH_SECONDS:
        left = left[:1]
    with ProcessPoolExecutor(len(ORDERS), multiprocessing.get_context("spawn")) as pool:
        for done in pool.map(walked, left):
            figures["walks"] += done["walks"]
            figures["missing"] += done["missing"]
            figures["faults"] |= done["faults"]
    figures["walks"].sort(key=lambda one: (list(FORMS).index(one["sop"]), one["late"]))
    _rows_paper.write(figures["walks"], figures["missing"])
    return figures | _counted(figures["walks"])


def _earlier(seed: int) -> dict[str, Any]:
    """Return the figures of an unfinished run of the same seed and commit, else those of nothing done."""
    path = FIGURES / "rows.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if kept.get("seed") == seed and kept.get("commit") == _commit() and not kept["figures"]["finished"]:
        return {name: kept["figures"][name] for name in ("walks", "missing", "faults")}
    return {"walks": [], "missing": [], "faults": {}}


def _counted(walks: list[dict[str, Any]]) -> dict[str, Any]:
    counts = {
        late: sum(len(_rows_paper.walked_rows(one["rows"])) for one in walks if one["late"] is late)
        for late in ORDERS
    }
    return {
        "rows": sum(_rows_paper.TITLES.values()), "walked_on_time": counts[False], "walked_late": counts[True],
        "finished": len(walks) == len(ORDERS) * len(FORMS),
    }  # fmt: skip
