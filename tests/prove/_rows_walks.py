"""Which forms are walked in which order, and one pass of all of them on a demo of its own."""

import functools
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Error, Page

from tests.journey.screens import faults_of
from tests.prove import _rows_documenting, _rows_kpu, _rows_testing
from tests.prove._rows_stage import Scene, brought_up
from tests.prove._rows_told import Walk

FORMS = {"03/SOP-PPID": _rows_documenting, "01/SOP-PPID": _rows_testing, "74/ORT.06/3604/2022": _rows_kpu}
# In which order one demo is walked: what is due first comes first, as long as it is to be on time.
ORDERS = {
    False: ("74/ORT.06/3604/2022", "03/SOP-PPID", "01/SOP-PPID"),
    True: ("03/SOP-PPID", "74/ORT.06/3604/2022", "01/SOP-PPID"),
}


def walked(late: bool) -> dict[str, Any]:  # noqa: FBT001  # what a pool hands over
    """Walk all forms once, on time or late; returns the walks, what was missing, and what screens were at fault."""
    faults: dict[str, list[str]] = {}
    with brought_up(functools.partial(_look, faults)) as scene:
        walks = walk(scene, ORDERS[late], late=late)
        missing = [words for one in walks for words in one.missing] + scene.complaints
    return {"walks": [one.as_figures() for one in walks], "missing": missing, "faults": faults}


def _look(faults: dict[str, list[str]], page: Page, name: str) -> None:
    if found := faults_of(page):
        faults[name] = found


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
