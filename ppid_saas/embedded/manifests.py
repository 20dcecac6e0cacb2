"""What a backup folder holds: every file with the length and SHA-256 of what counts of it, and the point it leads to.

Copies and checks bytes. Knows neither how a backup is taken nor how a database is brought back.
"""

import dataclasses
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from ppid_saas.embedded.trouble import Trouble

NAME: Final = "cadangan.json"
FORMAT: Final = 1
CHUNK: Final = 1024 * 1024


class Held(NamedTuple):
    """So many bytes from a file's beginning, and their SHA-256; what stands after them does not count."""

    size: int
    sha256: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Manifest:
    """One complete state to go back to. Paths are relative to the backup folder."""

    point: str  # the name of the restore point in the write-ahead log
    at: str  # when it was set, by the database's clock
    system: str  # PostgreSQL's own number of the cluster
    session: str  # the folder of the base copy and the write-ahead log that belong together
    segment_size: int
    folders: list[str]
    files: Mapping[str, Held]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a backup folder's manifest; raise Trouble when there is none, or not a whole one."""
        path = folder / NAME
        if not path.is_file():
            raise Trouble(f"{folder} bukan folder cadangan: {NAME} tidak ada di dalamnya")
        try:
            told = _unsealed(path.read_text(encoding="utf-8"))
            files = {name: Held(*held) for name, held in told.pop("files").items()}
            return cls(files=files, **told)
        except (ValueError, TypeError, KeyError) as error:
            raise Trouble(f"{path} rusak atau dari versi lain; pakai cadangan yang lain") from error

    def save(self, folder: Path) -> None:
        """Put this manifest in the place of the one before, in one step."""
        told = {"format": FORMAT, **dataclasses.asdict(self)}
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1)
        fresh = folder / f".{NAME}.new"
        with fresh.open("w", encoding="utf-8") as file:
            file.write(f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}")
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(folder / NAME)

    @property
    def size(self) -> int:
        return sum(held.size for held in self.files.values())


def _unsealed(text: str) -> dict[str, Any]:
    """Return what a manifest tells; raise ValueError when it is not as it was written, or of another format."""
    seal, _, told = text.partition("\n")
    if seal != hashlib.sha256(told.encode()).hexdigest():
        raise ValueError
    values: dict[str, Any] = json.loads(told)
    if values.pop("format") != FORMAT:
        raise ValueError
    return values


def copy_file(source: Path, target: Path, limit: int | None = None) -> Held:
    """Copy a file, or its first bytes, and return what was copied; the time of change goes along."""
    sha, size = hashlib.sha256(), 0
    with source.open("rb") as read, target.open("wb") as write:
        changed = os.fstat(read.fileno()).st_mtime_ns
        while chunk := read.read(CHUNK if limit is None else min(CHUNK, limit - size)):
            sha.update(chunk)
            size += len(chunk)
            write.write(chunk)
    os.utime(target, ns=(changed, changed))
    return Held(size, sha.hexdigest())


def hash_file(path: Path, limit: int | None = None) -> Held:
    """Measure a file, or its first bytes."""
    sha, size = hashlib.sha256(), 0
    with path.open("rb") as read:
        while chunk := read.read(CHUNK if limit is None else min(CHUNK, limit - size)):
            sha.update(chunk)
            size += len(chunk)
    return Held(size, sha.hexdigest())
