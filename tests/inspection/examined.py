"""What the examination says of a file, asked as the service asks it: its type, or the code of the refusal."""

from pathlib import Path
from typing import NamedTuple

from ppid_saas import inspection
from ppid_saas.inspection.examination import Used

CHUNK = 256 * 1024


class Told(NamedTuple):
    said: str
    message: str = ""
    used: Used | None = None


def examined(
    name: str, data: bytes, *, size: int | None = None, clamd: Path | None = None, chunk: int = CHUNK
) -> Told:
    """Examine bytes under a name; `size` is what was announced, if something else."""
    used: list[inspection.Examination] = []
    try:
        with inspection.examining(name, len(data) if size is None else size, clamd) as examination:
            used.append(examination)
            for at in range(0, len(data), chunk):
                examination.feed(data[at : at + chunk])
            return Told(examination.verdict().ending, "", examination.used)
    except inspection.RefusedFileError as refusal:
        return Told(refusal.code, refusal.message, used[0].used if used else None)
