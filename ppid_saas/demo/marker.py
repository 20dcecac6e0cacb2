"""The small files by which an installation knows that its data are a demo: that it was loaded, told, and its moved clock.

They lie in the data folder, since whoever may write there owns the installation. The database bears the mark too, in
the settings of each tenant of the demo; see `cast`.
"""

from pathlib import Path
from typing import Literal

from ppid_saas.settings import Settings

Mark = Literal["loaded", "told", "other"]
NOT_LOCAL = (
    "Data contoh hanya untuk mesin ini sendiri: pakai PPID_BIND=127.0.0.1, atau folder data lain dengan"
    " PPID_DATA_DIR=… ./ppid up --empty"
)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def note(settings: Settings, mark: Mark) -> None:
    """Remember for the next start: `loaded`, `told` once passwords were printed, `other` for data that are no demo."""
    settings.demo_dir.mkdir(mode=0o700, exist_ok=True)
    (settings.demo_dir / mark).touch()


def noted(settings: Settings, mark: Mark) -> bool:
    return (settings.demo_dir / mark).exists()


def is_known(settings: Settings) -> bool:
    """Tell whether an earlier start found out what the database holds."""
    return noted(settings, "loaded") or noted(settings, "other")


def is_local(settings: Settings) -> bool:
    """Tell whether only this machine can reach the surfaces."""
    return settings.bind in LOOPBACK


def move_clock(settings: Settings, days: int) -> None:
    """Move the clock of every process of this installation, or set it right again with 0."""
    file = settings.demo_dir / "clock"
    if not days:
        file.unlink(missing_ok=True)
        return
    fresh = file.with_suffix(".new")
    fresh.write_text(str(days), encoding="ascii")
    fresh.replace(file)  # in one step, so that no reader meets half of it


def clock_days(settings: Settings) -> int:
    file: Path | None = settings.clock_file
    try:
        return int(file.read_text("ascii")) if file else 0
    except (OSError, ValueError):
        return 0
