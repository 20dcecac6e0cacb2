"""The distribution's own servers, from the files of deploy/: PostgreSQL, PgBouncer, Redis, nginx; and any S3 (rclone)."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ppid_saas.embedded import objects
from ppid_saas.embedded.folders import database_user
from tests.deploy.units import Rendered

PACKAGES = {
    "nginx": "nginx-light", "redis-server": "redis-server", "pgbouncer": "pgbouncer", "initdb": "postgresql",
    "psql": "postgresql-client", "openssl": "openssl",
}  # fmt: skip
PLACES = os.pathsep.join(
    [os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]
    + [str(folder) for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
)


def programs() -> dict[str, str]:
    """Return where every needed program is, or fail in one line that names what to install."""
    found = {name: shutil.which(name, path=PLACES) for name in PACKAGES}
    missing = [PACKAGES[name] for name, path in found.items() if path is None]
    if missing:
        pytest.fail(f"Pasang dahulu: apt install {' '.join(missing)}", pytrace=False)
    return {name: str(path) for name, path in found.items()}


class Part:
    """One server, started and stopped; everything in a group of its own."""

    def __init__(
        self, name: str, argv: Sequence[str], folder: Path, answers: Callable[[], object], *,
        user: pwd.struct_passwd | None = None, how: signal.Signals = signal.SIGTERM, environ: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.name, self.argv, self.folder, self.answers = name, list(argv), folder, answers
        self.user, self.how, self.environ = user, how, environ or {}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Part":
        with (self.folder / f"{self.name}.out").open("ab") as out:
            self.process = subprocess.Popen(
                self.argv, stdout=out, stderr=out, cwd="/", env={**os.environ, **self.environ}, process_group=0,
                user=self.user.pw_uid if self.user else None, group=self.user.pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
            )  # fmt: skip
        deadline = time.monotonic() + 30
        while not self._ready():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, f"{self.name}: {self.said()}"
            time.sleep(0.05)
        return self

    def _ready(self) -> bool:
        try:
            self.answers()
        except Exception:  # noqa: BLE001  # not yet, whatever it says
            return False
        return True

    def said(self) -> str:
        return (self.folder / f"{self.name}.out").read_text(errors="replace")[-2000:]

    def stop(self) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(self.how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None


def owned(path: Path, user: pwd.struct_passwd | None, mode: int = 0o700) -> Path:
    path.chmod(mode)
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)
    return path


def connects(port: int) -> Callable[[], None]:
    return lambda: socket.create_connection(("127.0.0.1", port), 1).close()


def postgres(folder: Path, port: int, password: str, program: str) -> Part:
    """Make a cluster as an unprivileged user and return how to run it."""
    user, home = database_user(), Path(program).parent
    place = folder / "postgres"
    place.mkdir()
    owned(place, user)
    handed = folder / "postgres.password"
    handed.write_text(password)
    owned(handed, user, 0o600)
    made = subprocess.run(
        [program, "-D", place / "data", "-U", "postgres", "--pwfile", handed, "--auth=scram-sha-256", "--no-sync",
         "--encoding=UTF8", "--locale=C.UTF-8"],
        capture_output=True, text=True, check=False, cwd="/",
        user=user.pw_uid if user else None, group=user.pw_gid if user else None, extra_groups=[] if user else None,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    options = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off",
        "max_connections": 200, "password_encryption": "scram-sha-256",
    }  # fmt: skip
    words = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
    return Part(
        "postgres", [str(home / "postgres"), "-D", str(place / "data"), *words], folder, connects(port),
        user=user, how=signal.SIGINT,
    )  # fmt: skip


def pgbouncer(folder: Path, port: int, configuration: Path, program: str) -> Part:
    user = database_user()
    for path in (configuration.parent, *configuration.parent.iterdir()):
        owned(path, user)
    return Part("pgbouncer", [program, str(configuration)], folder, connects(port), user=user)


def redis(folder: Path, port: int, configuration: Path, program: str) -> Part:
    return Part("redis", [program, str(configuration)], folder, connects(port))


def store(
    name: str, folder: Path, port: int, keys: str, *what: str, environ: dict[str, str] | None = None
) -> Part:
    argv = [objects.binary(), "serve", "s3", "--addr", f"127.0.0.1:{port}", "--config", "", *what]
    return Part(
        name, argv, folder, connects(port), environ={"RCLONE_AUTH_KEY": f'"{keys}"', **(environ or {})}
    )


def nginx(folder: Path, port: int, render: Rendered, source: Path, program: str) -> Part:
    """Wrap the sites of deploy/ in the block that the distribution's nginx.conf has, with its files in this folder."""
    sites = render.file(source, folder / "nginx" / "ppid.conf")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    for kind in kinds:
        (folder / "nginx" / kind).mkdir()
    places = "\n".join(f"{kind}_temp_path {folder}/nginx/{kind};" for kind in kinds)
    whole = folder / "nginx" / "nginx.conf"
    whole.write_text(
        f"daemon off; worker_processes 2; pid {folder}/nginx/pid; error_log {folder}/nginx/error.log info;\n"
        f"{'user root;' if os.geteuid() == 0 else ''}\n"
        f"events {{ worker_connections 512; }}\nhttp {{\n{places}\ninclude {sites};\n}}\n"
    )
    return Part("nginx", [program, "-c", str(whole)], folder, connects(port), how=signal.SIGQUIT)
