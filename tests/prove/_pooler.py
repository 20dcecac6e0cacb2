"""PgBouncer as we ship it, on loopback and as an unprivileged user, before the embedded PostgreSQL.

Only places, passwords and the size of the pool are other than in `deploy/`; a small pool mixes tenants more.
"""

import os
import shutil
import socket
import time
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path

import psycopg

from ppid_saas.embedded.folders import database_user
from ppid_saas.embedded.process import Part, ask_to_stop, await_ready, finish, start
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import DATABASE, ROLES, Settings

POOL = 4
PROGRAM = "pgbouncer"
SHIPPED = Path(__file__).resolve().parents[2] / "deploy" / "pgbouncer" / "pgbouncer.ini"


def program() -> str:
    found = shutil.which(PROGRAM) or shutil.which(PROGRAM, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise Trouble("PgBouncer tidak ada; pasang dahulu (Debian: apt install pgbouncer)")
    return found


@contextmanager
def pooler(settings: Settings, port: int, *, resets: bool) -> Iterator[str]:
    """Run it and give its address; without `resets` it hands connections on as they were left."""
    user = database_user()
    folder = settings.postgres_socket_dir / f"pooler-{port}"
    folder.mkdir()
    users, configuration = folder / "users", folder / "pgbouncer.ini"
    users.write_text("".join(f'"{role}" "{settings.database_password(role)}"\n' for role in ROLES))
    told = ConfigParser(interpolation=None)
    told.read(SHIPPED, encoding="utf-8")
    told["databases"][DATABASE] = f"host={settings.postgres_socket_dir} dbname={DATABASE}"
    told["pgbouncer"].update({
        "listen_port": str(port), "auth_file": str(users), "logfile": "", "pidfile": "", "default_pool_size": str(POOL),
        "reserve_pool_size": "0", "server_login_retry": "1",
    })  # fmt: skip
    if not resets:
        told["pgbouncer"]["server_reset_query_always"] = "0"
    with configuration.open("w", encoding="utf-8") as file:
        told.write(file)
    for path in (folder, users, configuration):
        path.chmod(0o700 if path is folder else 0o600)
        if user is not None:
            os.chown(path, user.pw_uid, user.pw_gid)
    part = Part(
        name=f"pooler-{port}", title="PgBouncer", argv=[program(), str(configuration)], user=user,
        ready=lambda: _answers(settings, port),
    )  # fmt: skip
    child = start(settings, part)
    try:
        await_ready(settings, child, time.sleep)
        yield f"postgresql://127.0.0.1:{port}/{DATABASE}"
    finally:
        ask_to_stop(child)
        finish(settings, child)
        shutil.rmtree(folder)


def _answers(settings: Settings, port: int) -> bool:
    place = {"host": "127.0.0.1", "port": port, "dbname": DATABASE, "user": "app_tenant"}
    try:
        psycopg.connect(**place, password=settings.database_password("app_tenant")).close()  # type: ignore[arg-type]
    except psycopg.OperationalError:
        return False
    return True


def free_port(first: int) -> int:
    """Return the first port from `first` on that nobody holds."""
    for port in range(first, first + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Trouble(f"tidak ada port bebas dari {first}")
