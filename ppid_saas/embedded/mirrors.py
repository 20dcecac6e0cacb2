"""Keeps a folder of objects beside the one they are served from: what is new is copied, what is gone is taken away.

Objects are written once under names of their own, so length and time of change tell whether one is whole already.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from ppid_saas.embedded.manifests import Held, copy_file


class _Copy(NamedTuple):
    size: int
    changed: int
    held: Held


class Mirror:
    """The copies of one backup folder, and what they were copied from."""

    def __init__(self, source: Path, target: Path, earlier: Mapping[str, Held]) -> None:
        """Begin with an earlier backup's copies, as far as they are still as it left them."""
        self.source, self.target = source, target
        target.mkdir(mode=0o700, exist_ok=True)
        self._copies = {
            name: _Copy(*found, held)
            for name, held in earlier.items()
            if (found := _stat(target / name)) and found[0] == held.size
        }

    def catch_up(self, tick: Callable[[], None]) -> dict[str, Held]:
        """Copy what is new and return everything there is now; what went away stays until `drop_gone`."""
        names = set()
        for name, size, changed in _walk(self.source):
            copy = self._copies.get(name)
            if copy is None or (copy.size, copy.changed) != (size, changed):
                try:
                    held = self._copy(name)
                except FileNotFoundError:  # deleted since it was listed
                    continue
                self._copies[name] = _Copy(size, changed, held)
                tick()
            names.add(name)
        self._copies = {name: self._copies[name] for name in names}
        return {name: copy.held for name, copy in self._copies.items()}

    def drop_gone(self) -> None:
        """Delete the copies of objects that are there no more."""
        for name, _, _ in list(_walk(self.target)):
            if name not in self._copies:
                (self.target / name).unlink()

    def _copy(self, name: str) -> Held:
        target = self.target / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.new")
        held = copy_file(self.source / name, fresh)
        fresh.rename(target)
        return held


def _stat(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _walk(root: Path) -> Iterator[tuple[str, int, int]]:
    """Yield every file below a folder: its path from there, length and time of change."""
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            if found := _stat(path):
                yield str(path.relative_to(root)), *found
