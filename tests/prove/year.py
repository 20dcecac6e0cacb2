"""Proof: a region's year, from fifteen units' lists to the evidence of a determination that was amended and of an item revoked.

Walked in a browser on an installation of its own, by the officers of the units, the central's officer and head and its
superior; what is read back is read from the files a person would download. `--seconds` makes the region smaller.
"""

import tempfile
from typing import Any

from playwright.sync_api import Error

from tests.prove import _year_after as after
from tests.prove import _year_collecting as collecting
from tests.prove import _year_doubles as doubles
from tests.prove import _year_evidence as evidence
from tests.prove import _year_letters as letters
from tests.prove import _year_lists as lists
from tests.prove._year_letters import Letter
from tests.prove._year_stage import Year, staged

FEWEST, SECONDS_A_UNIT = 3, 60
NUMBERS = ("500.12/11/KEP/2026", "500.12/12/KEP/2026", "500.12/13/KEP/2026")


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Walk the year once; what the outcome lacks is named."""
    most = len(lists.NAMES)
    size = most if seconds is None else max(FEWEST, min(most, int(seconds) // SECONDS_A_UNIT))
    with tempfile.TemporaryDirectory(prefix="ppid-year-") as folder, staged(lists.make(size, seed)) as year:
        try:
            consolidate(year, folder)
            change(year, determine(year))
        except (AssertionError, Error) as error:
            year.give_up(str(error))
    return year.figures | {"missing": year.missing, "finished": not year.gave_up}


def consolidate(year: Year, folder: str) -> None:
    """Bring all lists together and settle what they hold twice or otherwise, but for a few pairs."""
    collecting.collect(year, folder)
    collecting.read_list(year, "masuk")
    doubles.judge(year)
    mends = doubles.settle(year)
    collecting.accept(year)
    doubles.align_through(year, mends)
    doubles.read_decided(year)
    collecting.read_list(year, "diterima")


def determine(year: Year) -> Letter:
    """Produce the decree over all items but one, have it signed elsewhere and brought back, and publish it."""
    titles = [item.title for unit in year.region.units for item in unit.items]
    left_out, held = titles[-1], titles[:-1]
    letters.style(year)
    draft = letters.draft(year, "Penetapan", held, [left_out])
    doubles.settle_rest(year)
    letter = letters.issue(year, draft, NUMBERS[0], held)
    letters.read_contents(year, letter)
    letters.bring_back(year, letter, with_wrong=True)
    letters.hand_over(year, letter)
    after.publish(year, letter, held)
    return letter


def change(year: Year, first: Letter) -> None:
    """Amend one item, revoke another that a second unit keeps exempt, publish what is left, and read the evidence."""
    pair = next(pair for pair in year.region.doubles if pair.kind == "same")
    revoked, paired = pair.first[1].title, {title for one in year.region.doubles for _, title in one.titles}
    unit = year.region.units[0]
    item = next(one for one in unit.items if one.title not in paired and one.title in first.titles)
    address = after.read_portal(year, revoked, "sebelum")
    amending, _ = after.amend(year, unit, item, NUMBERS[1], first)
    revoking = after.revoke(year, first, revoked, NUMBERS[2])
    after.read_untouched(year, first)
    after.read_withdrawn(year, address, revoked)
    after.settle_opened(year, pair.titles)
    left = [title for title in first.titles if title != revoked]
    after.publish(year, amending, left, keep_others=True)
    after.compare_editions(year, item.title)
    evidence.of_item(year, revoked, first, revoking)
    evidence.of_determination(year, first, amending, revoking)
