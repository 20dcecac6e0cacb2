"""Proof: a region's year, fifteen units' lists made one, and what they hold twice or otherwise settled.

Walked in a browser on an installation of its own, by the officers of the units and the central's; what is read back is
read from the files a person would download. `--seconds` makes the region smaller.
"""

import tempfile
from typing import Any

from tests.prove import _year_collecting as collecting
from tests.prove import _year_doubles as doubles
from tests.prove import _year_lists as lists
from tests.prove._year_stage import Year, staged

FEWEST, SECONDS_A_UNIT = 3, 60


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Walk the year once; what the outcome lacks is named."""
    most = len(lists.NAMES)
    size = most if seconds is None else max(FEWEST, min(most, int(seconds) // SECONDS_A_UNIT))
    with tempfile.TemporaryDirectory(prefix="ppid-year-") as folder, staged(lists.make(size, seed)) as year:
        consolidate(year, folder)
    return year.figures | {"missing": year.missing, "finished": True}


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
