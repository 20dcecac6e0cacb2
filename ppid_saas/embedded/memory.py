"""How much memory a part holds: the proportional share of it and of everything it started, as the kernel counts it.

Linux alone tells this; elsewhere there is no figure rather than a wrong one. And how a process gives back what it freed.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from ppid_saas.embedded.lifeline import LIBC

PROC = Path("/proc")
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
LARGE: Final = 2 * 1024 * 1024


def give_back_what_is_large() -> None:
    """Have every large buffer return to the system when it is freed, instead of leaving a hole between small ones.

    glibc moves its limits up to 64 MiB by itself: ten files at once left 380 MiB behind. Others do not know the call.
    """
    if LIBC is not None and hasattr(LIBC, "mallopt"):
        LIBC.mallopt(M_TRIM_THRESHOLD, LARGE)
        LIBC.mallopt(M_MMAP_THRESHOLD, LARGE)


def held_by(pids: Iterable[int]) -> dict[int, int]:
    """Return the bytes each of these processes holds with all its descendants; those without a figure are left out."""
    children = _children()
    found = {pid: _with_children(pid, children) for pid in pids}
    return {pid: held for pid, held in found.items() if held}


def own_share(pid: int) -> int:
    """Return what one process holds, pages that several share divided among them; 0 when it cannot be read."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024


def _with_children(pid: int, children: Mapping[int, list[int]]) -> int:
    return own_share(pid) + sum(_with_children(child, children) for child in children.get(pid, ()))


def _children() -> dict[int, list[int]]:
    """Return the processes of this machine by the one that started them."""
    found: dict[int, list[int]] = {}
    for place in PROC.glob("[0-9]*"):
        try:
            parent = int((place / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
        except OSError:
            continue
        found.setdefault(parent, []).append(int(place.name))
    return found
