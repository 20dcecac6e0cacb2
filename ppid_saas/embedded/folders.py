"""The data folder: who may enter it, what room it has, and whose it is while an `up` runs.

Changes owners and permissions only inside the data folder, never of the folders above it.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path
from typing import IO, Final

from ppid_saas.embedded.lifeline import Identity, identify
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import Settings, short_dir

ROOM_NEEDED: Final = 300 * 1024 * 1024
GLANCE: Final = 0.5  # whoever asks for the holder has the lock for less than this
UNPRIVILEGED: Final = ("postgres", "nobody")


def prepare_folders(settings: Settings, room_needed: int = ROOM_NEEDED) -> None:
    """Make the data folder and its parts; raise Trouble when there is no permission or no room."""
    try:
        if not settings.data_dir.exists():
            # Passage, not reading: as root, the database runs as another user.
            settings.data_dir.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        for folder in (settings.secrets_dir, settings.log_dir):
            folder.mkdir(mode=0o700, exist_ok=True)
        settings.run_dir.mkdir(mode=0o711, exist_ok=True)
    except PermissionError as error:
        raise Trouble(
            f"Tidak boleh menulis di {error.filename}; beri izin atau pilih folder lain dengan PPID_DATA_DIR=…"
        ) from error
    check_room(settings.data_dir, room_needed)


def check_room(folder: Path, needed: int = ROOM_NEEDED) -> None:
    """Raise Trouble when the disk under a folder is nearly full."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Trouble(no_room(folder, free, needed))


def no_room(folder: Path, free: int, needed: int = ROOM_NEEDED) -> str:
    mib = 1024 * 1024
    return (
        f"Disk untuk {folder} hampir penuh (sisa {free // mib} MiB, perlu {needed // mib} MiB); "
        "kosongkan sebagian atau pindahkan dengan PPID_DATA_DIR=…"
    )


def database_user() -> pwd.struct_passwd | None:
    """Return the unprivileged user PostgreSQL runs as when we are root; None when we are not."""
    if os.geteuid() != 0:
        _check_own_entry()
        return None
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Trouble("PostgreSQL menolak berjalan sebagai root; buat pengguna biasa: useradd --system postgres")


def _check_own_entry() -> None:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        raise Trouble(
            f"Pengguna dengan uid {os.geteuid()} tidak ada di /etc/passwd, padahal PostgreSQL memerlukannya; "
            "jalankan sebagai pengguna yang terdaftar"
        ) from None


def check_passage(user: pwd.struct_passwd | None, *places: Path) -> None:
    """Raise Trouble naming the first folder that does not let the database's user through."""
    if user is None:
        return
    for place in places:
        if _may_enter(user, place):
            continue
        steps = [*reversed(place.parents), place]
        denied = next((step for step in steps if not _may_enter(user, step)), place)
        raise Trouble(
            f"Folder {denied} menolak pengguna {user.pw_name} yang menjalankan PostgreSQL; "
            f"izinkan lewat: chmod o+x {denied}, atau pilih tempat lain untuk PPID_DATA_DIR"
        )


def _may_enter(user: pwd.struct_passwd, folder: Path) -> bool:
    entered = subprocess.run(
        ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)],
        user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/", capture_output=True, check=False,
    )  # fmt: skip
    return entered.returncode == 0


def give_to(user: pwd.struct_passwd | None, folder: Path) -> None:
    """Make a folder of the data folder if it is missing, open to the database's user alone."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)


def prepare_socket_dir(settings: Settings, folder: Path, user: pwd.struct_passwd | None = None) -> None:
    """Make the folder of a socket; in a public place it must be ours and nobody else's."""
    outside = short_dir(settings.data_dir)
    if folder.parent == outside:
        outside.mkdir(mode=0o711, exist_ok=True)
        held = outside.lstat()
        if held.st_uid != os.geteuid() or outside.is_symlink() or held.st_mode & 0o022:
            raise Trouble(
                f"{outside} bukan milik kita; hapus dulu, atau pilih PPID_DATA_DIR yang lebih pendek"
            )
    give_to(user, folder)


class Lock:
    """The right to run servers in one data folder; the kernel takes it back when the holder ends."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.run_dir / "up.lock"
        self._file: IO[str] | None = None

    def acquire(self) -> bool:
        """Take the lock and write down who holds it; False when another process does."""
        file = self.path.open("a+", encoding="ascii")
        deadline = time.monotonic() + GLANCE
        while not _try_lock(file, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                file.close()
                return False
            time.sleep(GLANCE / 10)
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def holder(self) -> Identity | None:
        """Return the process that holds the lock, or None when nobody does."""
        if not self.path.exists():
            return None
        with self.path.open(encoding="ascii") as file:
            if _try_lock(file, fcntl.LOCK_SH):
                return None
            written = file.read().strip()
        return identify(int(written)) if written.isdecimal() else None


def _try_lock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
