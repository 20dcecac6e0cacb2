"""The only now(). Business time comes from here; binding, session expiry and leases use the database's.

`PPID_CLOCK` (an ISO instant) sets it for data marked as demo; a followed file moves it by whole days, for all processes
of an installation at once. Not a calendar: see `workdays`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

_moved: ContextVar[datetime | None] = ContextVar("ppid_moved_clock", default=None)
_followed: Path | None = None
_read: tuple[tuple[int, int], timedelta] = ((0, 0), timedelta())


def now() -> datetime:
    """Return the instant at which the work happens, in UTC with microseconds."""
    moved = _moved.get()
    if moved is not None:
        return moved
    fixed = os.environ.get("PPID_CLOCK")
    return datetime.fromisoformat(fixed).astimezone(UTC) if fixed else datetime.now(UTC) + _shift()


def today(zone: str) -> date:
    """Return the date on the wall of an office in `zone` (WIB is Asia/Jakarta)."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def moved_to(instant: datetime) -> Iterator[None]:
    """Let work happen at another instant, for this thread of work alone: how a demo gets its past."""
    token = _moved.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)


def follow(file: Path | None) -> None:
    """Let this process's now() be moved by the number of days a file holds; a missing file moves nothing."""
    global _followed  # noqa: PLW0603
    _followed = file


def _shift() -> timedelta:
    """Return by how much the followed file moves the clock; it is read again only when it was replaced."""
    global _read  # noqa: PLW0603
    if _followed is None:
        return timedelta()
    try:
        found = _followed.stat()
        if _read[0] != (found.st_ino, found.st_mtime_ns):
            _read = (found.st_ino, found.st_mtime_ns), timedelta(days=int(_followed.read_text("ascii")))
    except (OSError, ValueError):
        return timedelta()
    return _read[1]
