"""A whole installation from the files of deploy/, on loopback: servers of the distribution, a process for every unit, nginx."""

import contextlib
import hashlib
import http.client
import json
import os
import secrets
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from ppid_saas.settings import ROLES, ROOT, SURFACES
from ppid_saas.web import assets
from tests.deploy import parts
from tests.deploy.units import PYTHON, Rendered, Unit

DEPLOY = ROOT / "deploy"
HOSTS = {"portal": "dik", "office": "kantor", "files": "berkas", "console": "konsol"}
PORTS = ("nginx", "plain", *SURFACES, "pgbouncer", "postgres", "redis", "s3", "portal_s3")
# Which secrets each process may find; docs/servers.md has the same table.
SECRETS = {
    "portal": ("db_app_public", "portal_s3_access_key", "portal_s3_secret_key", "secret_key"),
    "office": (
        "db_app_tenant",
        "db_app_identity",
        "s3_access_key",
        "s3_secret_key",
        "secret_key",
        "root_key",
    ),
    "files": ("db_app_tenant", "db_app_identity", "s3_access_key", "s3_secret_key", "secret_key", "root_key"),
    "console": ("db_platform", "db_app_identity", "secret_key"),
    "worker": (
        "db_app_tenant",
        "db_app_identity",
        "s3_access_key",
        "s3_secret_key",
        "secret_key",
        "root_key",
    ),
    "relay": ("db_app_clock",),
    "migrate": ("db_owner", "db_platform"),
    "operator": ("db_platform", "db_app_identity", "root_key"),
}
ENTRY = [PYTHON, "-m", "ppid_saas.cli"]


class Site:
    """The installation while it runs."""

    def __init__(self, folder: Path, ports: dict[str, int]) -> None:
        self.folder, self.ports = folder, ports
        self.secrets = {name: secrets.token_hex(32) for names in SECRETS.values() for name in names}
        self.secrets |= {f"db_{role}": secrets.token_hex(16) for role in (*ROLES, "postgres")}
        self.redis_url = f"redis://ppid:{secrets.token_hex(16)}@127.0.0.1:{ports['redis']}/0"
        self.render = Rendered(self._replaced())
        self.units: dict[str, Unit] = {}
        self.parts: dict[str, parts.Part] = {}

    def _replaced(self) -> dict[str, str]:
        made = {f"127.0.0.1:{8400 + n}": f"127.0.0.1:{self.ports[name]}" for n, name in enumerate(SURFACES)}
        made |= {f"https://{host}.contoh.go.id": self.origin(name) for name, host in HOSTS.items()}
        made |= {f"{host}.contoh.go.id": f"{host}.localhost" for host in HOSTS.values()}
        folder = self.folder
        return made | {
            "PPID_PORT=8400": f"PPID_PORT={self.ports['portal']}",
            "listen 443 ": f"listen 127.0.0.1:{self.ports['nginx']} ", "listen 80;": f"listen 127.0.0.1:{self.ports['plain']};",
            "127.0.0.1:6432": f"127.0.0.1:{self.ports['pgbouncer']}", "listen_port = 6432": f"listen_port = {self.ports['pgbouncer']}",
            "127.0.0.1:5432": f"127.0.0.1:{self.ports['postgres']}",
            "host=127.0.0.1 port=5432": f"host=127.0.0.1 port={self.ports['postgres']}", "port 6379": f"port {self.ports['redis']}",
            "https://s3.contoh.go.id": f"http://127.0.0.1:{self.ports['s3']}",
            "/etc/ppid": f"{folder}/etc", "/var/lib/ppid-valkey": f"{folder}/valkey", "/var/lib/ppid": f"{folder}/lib",
            "/opt/ppid/.venv/bin/python": str(ROOT / ".venv/bin/python"), "/opt/ppid": str(ROOT),
            "/etc/pgbouncer": f"{folder}/pooler", "/var/log/postgresql": f"{folder}/pooler",
            "/run/postgresql": f"{folder}/pooler", "/var/log/nginx": f"{folder}/nginx",
        }  # fmt: skip

    def origin(self, surface: str) -> str:
        return f"https://{HOSTS[surface]}.localhost:{self.ports['nginx']}"

    # --- bringing it up ---

    def start(self) -> None:
        found = parts.programs()
        assets.build()
        self._write_etc(found["openssl"])
        postgres = parts.postgres(
            self.folder, self.ports["postgres"], self.secrets["db_postgres"], found["initdb"]
        )
        self.parts["postgres"] = postgres.start()
        self._make_roles(found["psql"])
        self._start_servers(found)
        migrate = Unit("ppid-migrate", self.render, self.folder / "migrate.log")
        assert migrate.run() == 0, migrate.said()
        for name in ("ppid-worker", "ppid-relay", *(f"ppid-web@{surface}" for surface in SURFACES)):
            self.units[name.rpartition("@")[2].removeprefix("ppid-")] = Unit(
                name, self.render, self.folder / f"{name}.log"
            ).start()
        nginx = parts.nginx(
            self.folder, self.ports["nginx"], self.render, DEPLOY / "nginx/ppid.conf", found["nginx"]
        )
        self.parts["nginx"] = nginx.start()
        for surface in SURFACES:
            self.await_ready(surface)

    def _write_etc(self, openssl: str) -> None:
        etc = self.folder / "etc"
        (etc / "tls").mkdir(parents=True)
        self.render.file(DEPLOY / "ppid.env", etc / "ppid.env")
        self.render.file(DEPLOY / "migrate.env", etc / "migrate.env")
        for name in ("portal", "office", "files", "console", "worker", "relay"):
            portal = f"PPID_PORTAL_S3_ENDPOINT_URL=http://127.0.0.1:{self.ports['portal_s3']}\n"
            (etc / f"{name}.env").write_text(
                f"PPID_REDIS_URL={self.redis_url}\n{portal if name == 'portal' else ''}"
            )
        for name, names in SECRETS.items():
            place = self.folder / "lib" / name / "secrets"
            place.mkdir(parents=True)
            for secret in names:
                (place / secret).write_text(self.secrets[secret])
                (place / secret).chmod(0o600)
        alt = ",".join(f"DNS:{host}.localhost" for host in HOSTS.values())
        subprocess.run(
            [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=uji", "-addext", f"subjectAltName={alt}", "-keyout", etc / "tls/privkey.pem",
             "-out", etc / "tls/fullchain.pem"], check=True, capture_output=True,
        )  # fmt: skip

    def _make_roles(self, psql: str) -> None:
        """Run the two scripts an administrator runs."""
        place = {"PGHOST": "127.0.0.1", "PGPORT": str(self.ports["postgres"]), "PGUSER": "postgres"}
        passwords = {f"PPID_DB_PASSWORD_{role.upper()}": self.secrets[f"db_{role}"] for role in ROLES}
        environ = {**os.environ, **place, **passwords, "PGPASSWORD": self.secrets["db_postgres"]}

        def run(*words: object) -> str:
            done = subprocess.run([psql, *words], env=environ, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            return done.stdout

        for _ in range(2):  # safe to repeat
            run("-qX", "-f", DEPLOY / "postgresql/roles.sql", "postgres")
        (self.folder / "pooler").mkdir()
        users = run("-qAtX", "-f", DEPLOY / "pgbouncer/userlist.sql", "postgres")
        (self.folder / "pooler/userlist.txt").write_text(users)

    def _start_servers(self, found: dict[str, str]) -> None:
        folder, ports = self.folder, self.ports
        configuration = self.render.file(DEPLOY / "pgbouncer/pgbouncer.ini", folder / "pooler/pgbouncer.ini")
        self.parts["pgbouncer"] = parts.pgbouncer(
            folder, ports["pgbouncer"], configuration, found["pgbouncer"]
        )
        (folder / "valkey").mkdir()
        password = self.redis_url.split(":")[2].partition("@")[0]
        denied = "-config -shutdown -debug -acl -module -replicaof -slaveof -flushall"
        assert denied in (DEPLOY / "valkey/ppid.conf").read_text()
        (folder / "etc/valkey.acl").write_text(
            f"user ppid on >{password} ~* &* +@all {denied}\nuser default off\n"
        )
        bell = self.render.file(DEPLOY / "valkey/ppid.conf", folder / "etc/valkey.conf")
        self.parts["redis"] = parts.redis(folder, ports["redis"], bell, found["redis-server"])
        for bucket in ("ppid-quarantine", "ppid-exempt", "ppid-editions"):
            (folder / "objects" / bucket).mkdir(parents=True)
        keys = ",".join(self.secrets[f"s3_{each}"] for each in ("access_key", "secret_key"))
        self.parts["s3"] = parts.store("s3", folder, ports["s3"], keys, str(folder / "objects"))
        keys = ",".join(self.secrets[f"portal_s3_{each}"] for each in ("access_key", "secret_key"))
        upstream = {
            "RCLONE_CONFIG_PORTAL_TYPE": "combine",
            "RCLONE_CONFIG_PORTAL_UPSTREAMS": f'"ppid-editions={folder}/objects/ppid-editions"',
        }
        only = ("--read-only", "--dir-cache-time", "0s", "portal:")
        self.parts["portal_s3"] = parts.store(
            "portal_s3", folder, ports["portal_s3"], keys, *only, environ=upstream
        )
        for name in ("pgbouncer", "redis", "s3", "portal_s3"):
            self.parts[name].start()

    # --- speaking to it ---

    def await_ready(self, surface: str, status: int = 200, seconds: float = 60) -> dict[str, Any]:
        deadline, found = time.monotonic() + seconds, 0
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                found, body, _ = self.ask(surface, "/readyz")
                if found == status:
                    return dict(json.loads(body))
            process = self.units[surface].process
            alive = process is not None and process.poll() is None
            assert alive, self.units[surface].said()[-2000:]
            assert time.monotonic() < deadline, f"{surface} answered {found}"
            time.sleep(0.1)

    def ask(
        self,
        surface: str,
        path: str,
        headers: dict[str, str] | None = None,
        *,
        method: str = "GET",
        body: Any = None,
    ) -> tuple[int, bytes, Any]:
        """Ask a surface itself, past nginx."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[surface], timeout=20)
        with contextlib.closing(connection):
            connection.request(method, path, body=body, headers={"Connection": "close", **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers

    def through(
        self, surface: str, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes, Any]:
        """Ask as the world does: by name, over TLS, through nginx."""
        host = f"{HOSTS[surface]}.localhost"
        trust = ssl.create_default_context(cafile=str(self.folder / "etc/tls/fullchain.pem"))
        with socket.create_connection(("127.0.0.1", self.ports["nginx"]), 30) as plain:
            connection = http.client.HTTPConnection(host, timeout=60)
            connection.sock = trust.wrap_socket(plain, server_hostname=host)
            given = {"Host": f"{host}:{self.ports['nginx']}", "Connection": "close", **(headers or {})}
            with contextlib.closing(connection):
                connection.request(method, path, body=body, headers=given)
                answer = connection.getresponse()
                return answer.status, answer.read(), answer.headers

    def call(self, *arguments: str, told: str = "") -> str:
        """Run a command as the operator of docs/servers.md does."""
        environ = {key: value for key, value in os.environ.items() if not key.startswith("PPID_")}
        environ |= dict(
            line.split("=", 1) for line in (self.folder / "etc/ppid.env").read_text().splitlines() if line.startswith("PPID_")
        )  # fmt: skip
        environ |= {"PPID_DATA_DIR": str(self.folder / "lib/operator"), "PYTHONPATH": str(ROOT)}
        argv = [self.render.text(word) for word in ENTRY]
        done = subprocess.run(
            [*argv, *arguments],
            env=environ,
            input=told,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def at(self, surface: str, path: str = "/") -> str:
        return self.origin(surface) + path

    @property
    def hosts(self) -> set[str]:
        return {self.origin(surface).removeprefix("https://") for surface in SURFACES}

    def superuser(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(
            host="127.0.0.1", port=self.ports["postgres"], user="postgres", password=self.secrets["db_postgres"],
            dbname="ppid", autocommit=True,
        )  # fmt: skip

    def pooled(self, role: str) -> "psycopg.Connection[Any]":
        return psycopg.connect(
            host="127.0.0.1", port=self.ports["pgbouncer"], user=role, password=self.secrets[f"db_{role}"],
            dbname="ppid", prepare_threshold=None,
        )  # fmt: skip

    def journals(self) -> dict[str, str]:
        return {name: unit.said() for name, unit in self.units.items()}

    def stop(self) -> None:
        for unit in self.units.values():
            if unit.process is not None:
                unit.process.terminate()
        for unit in self.units.values():
            unit.close()
        for part in reversed(self.parts.values()):
            part.stop()


def free_ports() -> dict[str, int]:
    with contextlib.ExitStack() as held:
        first = _run_of_ports(held, len(SURFACES))
        others = {}
        for name in PORTS:
            if name not in SURFACES:
                probe = held.enter_context(socket.socket())
                probe.bind(("127.0.0.1", 0))
                others[name] = int(probe.getsockname()[1])
    return others | {surface: first + n for n, surface in enumerate(SURFACES)}


def _run_of_ports(held: contextlib.ExitStack, count: int) -> int:
    """Find ports in a row, which PPID_PORT wants."""
    for first in range(21000 + os.getpid() * 45 % 6000, 32000, 10):
        with contextlib.ExitStack() as tried:
            try:
                for port in range(first, first + count):
                    tried.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            held.push(tried.pop_all())
            return first
    raise AssertionError("no free ports")


@contextlib.contextmanager
def installed() -> Iterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="ppid-deploy-"))
    folder.chmod(0o711)
    site = Site(folder, free_ports())
    try:
        site.start()
        yield site
    finally:
        site.stop()
        shutil.rmtree(folder, ignore_errors=True)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
