"""Proof: twelve steps of a file's way in and out × five things that fall × 25: bytes, rows and books agree afterwards.

The application or PostgreSQL is killed, the store answers 500 or nothing at all, a line is cut: at a named place inside
the step. Then the world is put right, the program asks how far it came, the person clicks again, what died is swept, and
store, ledger and rows are compared once. Figures of the unit are read all the while. A run that was bounded by its
seconds is continued by the next one of the same seed and commit.
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from tests.prove._crashes_walk import COMBINATIONS, walk
from tests.prove._matrix import earlier, together

WALKERS = 3


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Go through the matrix, several side by side: each mostly waits for what starts again."""
    done = earlier("crashes", COMBINATIONS, seed)
    with ProcessPoolExecutor(WALKERS, multiprocessing.get_context("spawn")) as pool:
        shares = [pool.submit(walk, COMBINATIONS[n::WALKERS], done, seconds, seed) for n in range(WALKERS)]
        return together(done, [share.result() for share in shares])
