"""Proof: each of the fifteen rows of the three SOPs, walked in the browser as the role it names, on time and late.

Every walk has a demo regency of its own, its mails caught and its clock moved by the demo's own command. What each person
saw and received is written to docs/rows.md. A run bounded by its seconds is gone on with by the next of the same commit.
"""

import functools
import json
import time
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Error, Page

from ppid_saas.commands.figures import FIGURES, _commit
from tests.journey.screens import faults_of
from tests.prove import _rows_documenting, _rows_kpu, _rows_paper, _rows_testing
from tests.prove._rows_stage import Scene, brought_up
from tests.prove._rows_told import Walk

FORMS = {"03/SOP-PPID": _rows_documenting, "01/SOP-PPID": _rows_testing, "74/ORT.06/3604/2022": _rows_kpu}
# In which order one demo is walked: what is due first comes first, as long as it is to be on time.
ORDERS = {
    False: ("74/ORT.06/3604/2022", "03/SOP-PPID", "01/SOP-PPID"),
    True: ("03/SOP-PPID", "74/ORT.06/3604/2022", "01/SOP-PPID"),
}


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Walk what is still to be walked, then write the record; the dice have no part in it."""
    figures = _earlier(seed)
    until = time.monotonic() + seconds if seconds else None
    for late, order in ORDERS.items():
        if late in {one["late"] for one in figures["walks"]} or (until and time.monotonic() >= until):
            continue
        with brought_up(functools.partial(_look, figures["faults"])) as scene:
            walks = walk(scene, order, late=late)
            figures["walks"] += [one.as_figures() for one in walks]
            figures["missing"] += [words for one in walks for words in one.missing] + scene.complaints
    figures["walks"].sort(key=lambda one: (list(FORMS).index(one["sop"]), one["late"]))
    _rows_paper.write(figures["walks"], figures["missing"])
    return figures | _counted(figures["walks"])


def _look(faults: dict[str, list[str]], page: Page, name: str) -> None:
    if found := faults_of(page):
        faults[name] = found


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


def walk(scene: Scene, order: Sequence[str], *, late: bool) -> list[Walk]:
    """Walk forms one after another on one demo; a walk that comes to no end says where it stopped."""
    walks = [Walk(scene, form, late, FORMS[form].CAST) for form in order]
    for who in dict.fromkeys(who for one in walks for who in one.cast):
        scene.page(who)
    for one in walks:
        try:
            FORMS[one.sop].walk(one)
        except (AssertionError, Error) as error:
            row = one.rows[-1].row if one.rows else "1"
            one.lacks(f"row {row}: no way on: {str(error).splitlines()[0]}")
    return walks
