"""Takes a backup of a running embedded installation: a base copy, the write-ahead log after it, the objects.

A point of recovery is set in the log first and the objects are copied after it. An object is never overwritten, and a
row names one only when it is whole: so what was copied holds everything that the point's rows name. Bringing it back is
the business of `restoring`. Installations on servers have their servers' own tools.
"""

import contextlib
import dataclasses
import errno
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final

import psycopg

from ppid_saas.embedded.keycopies import keep_keys
from ppid_saas.embedded.lifeline import tied
from ppid_saas.embedded.manifests import NAME, Held, Manifest, hash_file
from ppid_saas.embedded.mirrors import Mirror
from ppid_saas.embedded.postgres import binaries, superuser_connection
from ppid_saas.embedded.process import Wait
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import DATABASE, Settings

ROLE: Final = "replicator"
OBJECTS: Final = "objects"
SESSION: Final = "sesi-"
BASE: Final = "base"
WAL: Final = "wal"
SPARE: Final = 64 * 1024 * 1024
PATIENCE: Final = 60.0
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_Admin = psycopg.Connection[tuple[Any, ...]]


@dataclasses.dataclass(frozen=True)
class Source:
    """A running installation, and how the one who copies it waits."""

    settings: Settings
    keys: Path | None
    wait: Wait


@dataclasses.dataclass(frozen=True)
class _Base:
    """What a base copy holds, and where the log begins that belongs to it."""

    folders: list[str]
    files: dict[str, Held]
    timeline: int
    start: int


class Session:
    """One base copy and the log since it began, in a folder of their own below the backup folder."""

    def __init__(self, source: Source, folder: Path, admin: _Admin, stream: "_Stream") -> None:
        self.source, self.folder, self.admin, self.stream = source, folder, admin, stream
        self.mirror = Mirror(source.settings.data_dir / OBJECTS, folder / OBJECTS, _earlier_objects(folder))
        self.segment_size, self.system = _facts(admin)
        self.segments: dict[str, Held] = {}
        self._still = ""
        self._set_point()  # so that there is log to receive
        self._await(lambda: any(stream.folder.iterdir()))
        self.base = _copy_base(source, self.stream.folder.parent)

    def is_still(self) -> bool:
        """Tell whether nothing was committed since the last point was set."""
        self.stream.check()
        [(snapshot,)] = self.admin.execute("select pg_current_snapshot()::text").fetchall()
        return bool(snapshot == self._still)

    def reach_point(self) -> Manifest:
        """Set a point of recovery, have everything it needs in the backup folder, and say so there."""
        name, end, at = self._set_point()
        self._await(lambda: self._received(end))
        self.admin.execute(
            "select pg_replication_slot_advance(%s, '0/0'::pg_lsn + %s::numeric)",
            [_slot(self.stream.session), end],
        )
        objects = self.mirror.catch_up(lambda: self.source.wait(0))
        if self.source.keys:
            keep_keys(self.source.settings, self.admin, self.source.keys)
        made = Manifest(
            point=name,
            at=at,
            system=self.system,
            session=self.stream.session,
            segment_size=self.segment_size,
            folders=self.base.folders,
            files={
                **self.base.files,
                **self._log_until(end),
                **{f"{OBJECTS}/{each}": held for each, held in objects.items()},
            },
        )
        made.save(self.folder)
        self.mirror.drop_gone()
        return made

    def _set_point(self) -> tuple[str, int, str]:
        """Return a new point's name, the end of its record in the log, and its time; it is committed to disk."""
        name = f"ppid-{secrets.token_hex(8)}"
        [(before, end, own, at)] = self.admin.execute(
            "select pg_current_snapshot()::text, pg_create_restore_point(%s) - '0/0'::pg_lsn,"
            " pg_current_xact_id()::text::bigint, now()::timestamptz(0)::text",
            [name],
        ).fetchall()
        # Nobody was in the middle of a write: then a snapshot of this form says that nobody has written since.
        self._still = f"{own + 1}:{own + 1}:" if before == f"{own}:{own}:" else ""
        return name, int(end), at

    def _received(self, end: int) -> bool:
        [(there,)] = self.admin.execute(
            "select coalesce(max(flush_lsn - '0/0'::pg_lsn), 0) from pg_stat_replication where application_name = %s",
            [self.stream.session],
        ).fetchall()
        return bool(there >= end)

    def _await(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not holds():
            self.stream.check()
            if time.monotonic() > deadline:
                raise Trouble("Log basis data tidak kunjung diterima; lihat ./ppid logs postgres")
            self.source.wait(0.02)

    def _log_until(self, end: int) -> dict[str, Held]:
        """Measure the log from the base copy's beginning: whole segments once, the last one as far as the point."""
        place, found = f"{self.stream.session}/{WAL}", {}
        for path in self.stream.folder.glob("*.history"):
            found[f"{place}/{path.name}"] = hash_file(path)
        per_file = 0x100000000 // self.segment_size
        last, rest = divmod(end - 1, self.segment_size)
        for number in range(self.base.start // self.segment_size, last + 1):
            name = f"{self.base.timeline:08X}{number // per_file:08X}{number % per_file:08X}"
            limit = rest + 1 if number == last else self.segment_size
            if name not in self.segments or self.segments[name].size != limit:
                self.segments[name] = hash_file(find_segment(self.stream.folder / name), limit)
            found[f"{place}/{name}"] = self.segments[name]
        return found


def _slot(session: str) -> str:
    return session.replace("-", "_")


def find_segment(path: Path) -> Path:
    """Return where a segment lies: whole, or still being received."""
    return path if path.exists() else path.with_name(f"{path.name}.partial")


class _Stream:
    """The program that receives the log as it is written, and ends with us."""

    def __init__(self, settings: Settings, session: str, folder: Path, errors: IO[bytes]) -> None:
        self.session, self.folder, self._errors = session, folder, errors
        self.process = subprocess.Popen(
            _program(
                settings, "pg_receivewal", "--directory", str(folder), "--synchronous", "--no-loop",
                "--dbname", f"application_name={session}",
            ),
            env=_environ(settings), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
            process_group=0, preexec_fn=tied(signal.SIGTERM),  # noqa: PLW1509  # we have no threads
        )  # fmt: skip

    def check(self) -> None:
        """Raise Trouble when it has ended."""
        if self.process.poll() is not None:
            self._errors.seek(0)
            raise Trouble(f"Penerimaan log basis data berhenti: {_reason(self._errors.read().decode())}")

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()


@contextlib.contextmanager
def session(source: Source, folder: Path) -> Iterator[Session]:
    """Copy the base and receive the log for the length of the block. Without a point reached nothing is left behind."""
    check_embedded(source.settings)
    prepare_folder(source.settings, folder)
    name = f"{SESSION}{secrets.token_hex(6)}"
    with _admin(source.settings) as admin, tempfile.TemporaryFile() as errors:
        check_room(folder, _room_needed(source.settings, admin, folder))
        (folder / name / WAL).mkdir(mode=0o700, parents=True)
        # Until it is received nothing is thrown away; a temporary slot ends with this connection, come what may.
        admin.execute("select pg_create_physical_replication_slot(%s, true, true)", [_slot(name)])
        stream = _Stream(source.settings, name, folder / name / WAL, errors)
        try:
            yield Session(source, folder, admin, stream)
        except psycopg.OperationalError as error:
            raise Trouble(
                "Basis data berhenti di tengah pencadangan; ulangi setelah ia berjalan lagi"
            ) from error
        except OSError as error:
            if error.errno not in FULL:
                raise
            raise Trouble(
                f"Disk untuk {folder} penuh; cadangan yang terakhir tetap utuh, pilih disk lain"
            ) from error
        finally:
            stream.end()
            _drop_other_sessions(folder)


def check_embedded(settings: Settings) -> None:
    """Raise Trouble for an installation whose data lie on servers."""
    if not (settings.embeds_database and settings.embeds_s3):
        raise Trouble(
            "Data instalasi ini ada di server lain; pakai alat cadangan server itu (lihat docs/backup.md)"
        )


def prepare_folder(settings: Settings, folder: Path) -> None:
    """Make the backup folder; raise Trouble when it is no place for a backup."""
    if folder.resolve().is_relative_to(settings.data_dir.resolve()):
        raise Trouble(f"{folder} ada di dalam folder data; pilih folder lain, sebaiknya di disk lain")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        ours = {NAME, OBJECTS}
        strange = [
            each.name
            for each in folder.iterdir()
            if each.name not in ours and not each.name.startswith((SESSION, f".{NAME}"))
        ]
    except OSError as error:
        raise Trouble(f"{folder} tidak dapat dipakai ({error.strerror}); pilih folder lain") from error
    if strange:
        raise Trouble(
            f"{folder} berisi hal lain ({strange[0]}); pilih folder kosong atau folder cadangan sebelumnya"
        )


def check_room(folder: Path, needed: int) -> None:
    """Raise Trouble when a disk has not so much room."""
    free, mib = shutil.disk_usage(folder).free, 1024 * 1024
    if free < needed:
        raise Trouble(
            f"Disk untuk {folder} tidak cukup (sisa {free // mib} MiB, perlu {needed // mib} MiB); pilih disk lain"
        )


def _room_needed(settings: Settings, admin: _Admin, folder: Path) -> int:
    """Return what the base copy and the objects not yet copied take, with some room for the log."""
    [(database,)] = admin.execute("select sum(pg_database_size(oid))::bigint from pg_database").fetchall()
    there, here = (_weigh(place / OBJECTS) for place in (settings.data_dir, folder))
    return int(database) + max(0, there - here) + SPARE


def _weigh(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _earlier_objects(folder: Path) -> dict[str, Held]:
    if not (folder / NAME).exists():
        return {}
    prefix = f"{OBJECTS}/"
    files = Manifest.load(folder).files
    return {name.removeprefix(prefix): held for name, held in files.items() if name.startswith(prefix)}


def _drop_other_sessions(folder: Path) -> None:
    """Delete the base copies and logs that the manifest does not name."""
    used = Manifest.load(folder).session if (folder / NAME).exists() else ""
    for each in folder.glob(f"{SESSION}*"):
        if each.name != used:
            shutil.rmtree(each)


def _copy_base(source: Source, place: Path) -> _Base:
    copying = subprocess.Popen(
        _program(
            source.settings, "pg_basebackup", "--pgdata", str(place / BASE), "--wal-method", "none",
            "--checkpoint", "fast", "--manifest-checksums", "SHA256",
        ),
        env=_environ(source.settings), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        process_group=0, preexec_fn=tied(signal.SIGTERM),  # noqa: PLW1509  # we have no threads
    )  # fmt: skip
    try:
        while copying.poll() is None:
            source.wait(0.02)
        _, errors = copying.communicate()
    finally:
        if copying.poll() is None:
            copying.terminate()
            copying.communicate()
    if copying.returncode:
        raise Trouble(f"Basis data tidak dapat disalin: {_reason(errors.decode())}")
    return _read_base(place)


def _read_base(place: Path) -> _Base:
    """Read PostgreSQL's own account of the copy, whose hashes were made as the server read the files."""
    root, listed = f"{place.name}/{BASE}", place / BASE / "backup_manifest"
    told = json.loads(listed.read_text(encoding="utf-8"))
    files = {f"{root}/{each['Path']}": Held(each["Size"], each["Checksum"]) for each in told["Files"]}
    [log] = told["WAL-Ranges"]
    high, low = (int(part, 16) for part in log["Start-LSN"].split("/"))
    folders = sorted(
        str(path.relative_to(place / BASE)) for path in (place / BASE).rglob("*") if path.is_dir()
    )
    return _Base(folders, files, log["Timeline"], (high << 32) + low)


def _facts(admin: _Admin) -> tuple[int, str]:
    [(size, system)] = admin.execute(
        "select setting::bigint, (select system_identifier::text from pg_control_system())"
        " from pg_settings where name = 'wal_segment_size'"
    ).fetchall()
    return size, system


def _admin(settings: Settings) -> _Admin:
    try:
        return superuser_connection(settings, DATABASE)
    except psycopg.OperationalError as error:
        raise Trouble(
            "Basis data tidak berjalan; jalankan ./ppid up di terminal lain lebih dahulu"
        ) from error


def _program(settings: Settings, name: str, *arguments: str) -> list[str]:
    place = ("--host", str(settings.postgres_socket_dir), "--username", ROLE, "--no-password")
    return [str(binaries() / name), *place, *arguments]


def _environ(settings: Settings) -> dict[str, str]:
    return {**os.environ, "PGPASSWORD": settings.database_password(ROLE), "LC_ALL": "C"}


def _reason(errors: str) -> str:
    """Return the last thing a program complained about; a full disk by its remedy."""
    if "No space left on device" in errors:
        return "disk folder cadangan penuh; pilih disk lain"
    lines = [line.rpartition("error: ")[2] for line in errors.splitlines() if "error:" in line]
    return "; ".join(lines) or "tanpa pesan"
