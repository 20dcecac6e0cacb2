"""Brings an installation back from a backup folder into an empty data folder, every byte checked on its way.

The database recovers here to the backup's point and not beyond; `up` finds it whole. Nothing is taken over but data:
passwords are made anew, and only the keys come from elsewhere.
"""

import contextlib
import dataclasses
import functools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from ppid_saas.embedded.backups import BASE, FULL, WAL, check_embedded, check_room, find_segment
from ppid_saas.embedded.credentials import ensure_secrets
from ppid_saas.embedded.folders import Lock, database_user, give_to, prepare_folders
from ppid_saas.embedded.keycopies import bury_destroyed, check_root_key, fetch_root_key
from ppid_saas.embedded.manifests import Held, Manifest, copy_file
from ppid_saas.embedded.postgres import NAME, postgres_part, superuser_connection
from ppid_saas.embedded.process import Part, Wait, ask_to_stop, await_ready, finish, start
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import DATABASE, SUPERUSER, Settings

Say = Callable[[str], None]


def restore(settings: Settings, folder: Path, keys: Path | None, wait: Wait, say: Say) -> Manifest:
    """Fill an empty data folder from a backup; on any failure leave it as empty as it was."""
    check_embedded(settings)
    manifest = Manifest.load(folder)
    with _filling(settings, manifest.size):
        fetch_root_key(settings, keys)
        ensure_secrets(settings)
        say(f"Menyalin dan memeriksa {len(manifest.files)} berkas …")
        _copy_all(settings, folder, manifest, wait)
        say("Memulihkan basis data sampai titik pulih …")
        with _recovered(settings, manifest, wait) as admin:
            check_root_key(settings, admin)
            if buried := bury_destroyed(admin, keys):
                say(f"{buried} kunci unit yang sudah dimusnahkan tetap dimusnahkan.")
        os.sync()
    return manifest


@contextlib.contextmanager
def _filling(settings: Settings, size: int) -> Iterator[None]:
    """Hold an empty data folder while it is filled, and empty it again when that fails."""
    place = settings.data_dir
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise Trouble(f"{place} tidak kosong; pulihkan ke folder baru dengan PPID_DATA_DIR=…")
    prepare_folders(settings)
    lock = Lock(settings)
    if not lock.acquire():
        raise Trouble(f"Proses lain sedang memakai {place}")
    try:
        check_room(place, size)
        yield
    except BaseException as error:
        _empty(place)
        if isinstance(error, OSError) and error.errno in FULL:
            raise Trouble(f"Disk untuk {place} penuh; pilih disk lain dengan PPID_DATA_DIR=…") from error
        raise
    finally:
        lock.release()


def _empty(folder: Path) -> None:
    for each in folder.iterdir():
        if each.is_dir():
            shutil.rmtree(each)
        else:
            each.unlink()


def _copy_all(settings: Settings, folder: Path, manifest: Manifest, wait: Wait) -> None:
    cluster, user = settings.data_dir / NAME, database_user()
    give_to(user, cluster)
    for each in (*manifest.folders, "pg_wal"):
        (cluster / each).mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, held in manifest.files.items():
        _copy(settings, folder, manifest, name, held)
        wait(0)
    if user is not None:
        for path in (cluster, *cluster.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)


def _copy(settings: Settings, folder: Path, manifest: Manifest, name: str, held: Held) -> None:
    """Copy one file to where it belongs; raise Trouble when it is not, byte for byte, the one written down."""
    log, base = f"{manifest.session}/{WAL}/", f"{manifest.session}/{BASE}/"
    source, cluster = folder / name, settings.data_dir / NAME
    if name.startswith(log):
        source, target = find_segment(source), cluster / "pg_wal" / name.removeprefix(log)
    elif name.startswith(base):
        target = cluster / name.removeprefix(base)
    else:
        target = settings.data_dir / name
    if not target.resolve().is_relative_to(settings.data_dir.resolve()):
        raise Trouble(f"Cadangan di {folder} menyebut berkas di luar folder data: {name}")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        copied = copy_file(source, target, held.size)
    except FileNotFoundError as error:
        raise Trouble(f"{name} hilang dari cadangan di {folder}; pakai cadangan yang lain") from error
    if copied != held:
        raise Trouble(f"{name} di cadangan {folder} rusak; pakai cadangan yang lain")
    target.chmod(0o600)
    if name.startswith(log) and not name.endswith(".history"):
        os.truncate(target, manifest.segment_size)  # what follows the point is not needed, but the length is


@contextlib.contextmanager
def _recovered(
    settings: Settings, manifest: Manifest, wait: Wait
) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """Run the database alone: first to the point, then for the block, reached by nobody but us."""
    (settings.data_dir / NAME / "recovery.signal").touch()
    rules = settings.run_dir / "pulih_hba.conf"
    rules.write_text("local all all trust\n", encoding="ascii")
    part = postgres_part(settings)
    child = start(settings, _recovering(part, manifest, rules, settings))
    try:
        await_ready(settings, child, wait)
        with superuser_connection(settings, DATABASE) as admin:
            password = psycopg.sql.Literal(settings.database_password(SUPERUSER))
            admin.execute(
                psycopg.sql.SQL("alter role {} password {}").format(
                    psycopg.sql.Identifier(SUPERUSER), password
                )
            )
            yield admin
    finally:
        ask_to_stop(child)
        finish(settings, child)
        rules.unlink()


def _recovering(part: Part, manifest: Manifest, rules: Path, settings: Settings) -> Part:
    options = {
        "restore_command": "exit 1",  # everything lies in pg_wal already
        "recovery_target_name": manifest.point,
        "recovery_target_action": "promote",
        "hba_file": str(rules),
    }
    words = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
    return dataclasses.replace(
        part, argv=[*part.argv, *words], ready=functools.partial(_is_open, settings), ready_seconds=24 * 3600
    )


def _is_open(settings: Settings) -> bool:
    try:
        with superuser_connection(settings) as admin:
            [(recovering,)] = admin.execute("select pg_is_in_recovery()").fetchall()
            return not recovering
    except psycopg.OperationalError:
        return False
