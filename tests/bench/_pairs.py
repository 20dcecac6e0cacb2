"""Two ways of doing the same, measured in turns within one run, so that the machine's noise falls on both alike.

Beside the clock on the wall stands the processor time of this process and of the database's backends: on a machine that
others use too, the clock punishes whoever computes longer, because the scheduler interrupts it more often.
"""

import gc
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

BLOCKS = 5
BURST = 10
WARM_UP = 100

Work = Callable[[int], object]


class Pair(NamedTuple):
    """What the house does and what it would be without walls, each called with a running number, the same for both.

    `backend` is the process of the database that serves the bare work; every other one serves ours.
    """

    ours: Work
    bare: Work
    backend: int


class _Block(NamedTuple):
    wall: tuple[float, float]
    cpu: tuple[float, float]


def ratio(pair: Pair, seconds: float, backends: Callable[[], set[int]]) -> dict[str, Any]:
    """Return the share of the bare work's speed that ours reaches: the median of five blocks, by the wall and by processor."""
    for n in range(WARM_UP):
        pair.bare(n)
        pair.ours(n)
    ours = backends() - {pair.backend}
    blocks = [_block(pair, ours, seconds / BLOCKS) for _ in range(BLOCKS)]
    shares = sorted(block.wall[1] / block.wall[0] for block in blocks)
    return {
        "ratio": round(median(shares), 3),
        "blocks": [round(share, 3) for share in shares],
        "ours_us": round(median(block.wall[0] for block in blocks) * 1e6),
        "bare_us": round(median(block.wall[1] for block in blocks) * 1e6),
        "ratio_cpu": round(median(block.cpu[1] / block.cpu[0] for block in blocks), 3),
        "ours_cpu_us": round(median(block.cpu[0] for block in blocks) * 1e6),
        "bare_cpu_us": round(median(block.cpu[1] for block in blocks) * 1e6),
    }


def _block(pair: Pair, ours: set[int], seconds: float) -> _Block:
    """Take turns in short bursts until the time is over: the median call of each, and its mean processor time."""
    times: tuple[list[float], list[float]] = ([], [])
    spent, served = [0.0, 0.0], (_cpu(ours), _cpu({pair.backend}))
    gc.collect()
    end, n = time.perf_counter() + seconds, 0
    while time.perf_counter() < end or not n:
        for side in (0, 1) if n % 2 else (1, 0):
            work, began = (pair.ours, pair.bare)[side], time.process_time()
            for step in range(BURST):
                called = time.perf_counter()
                work(n * BURST + step)
                times[side].append(time.perf_counter() - called)
            spent[side] += time.process_time() - began
        n += 1
    now, calls = (_cpu(ours), _cpu({pair.backend})), n * BURST
    cpu = [(spent[side] + now[side] - served[side]) / calls for side in (0, 1)]
    return _Block((median(times[0]), median(times[1])), (cpu[0], cpu[1]))


def _cpu(processes: Iterable[int]) -> float:
    """Return the processor seconds these processes have used; nothing where the kernel does not tell."""
    found = [Path(f"/proc/{pid}/schedstat") for pid in processes]
    return sum(int(path.read_text().split()[0]) for path in found if path.exists()) / 1e9
