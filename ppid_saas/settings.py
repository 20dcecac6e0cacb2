"""Every setting of an installation, read once from the environment by the composition roots.

Holds addresses, folders and secrets, embedded or on servers alike. It starts nothing, and it opens no connection;
a secret is looked up only when it is asked for, so that a process may be given only those it needs.
"""

import dataclasses
import datetime as dt
import hashlib
import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import quote, urlsplit, urlunsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
ROOT: Final = Path(__file__).resolve().parents[1]
SURFACES: Final = ("portal", "office", "files", "console")
ROLES: Final = ("owner", "app_tenant", "app_public", "app_identity", "app_clock", "platform", "replicator")
SUPERUSER: Final = "postgres"
DATABASE: Final = "ppid"
SOCKET_PATH_LIMIT: Final = 103  # sun_path of macOS, the shortest of those we run on
SHORT_PLACE: Final = Path("/tmp")  # noqa: S108  # not TMPDIR, which may differ between two calls; ownership is checked

PLAIN: Final[Mapping[str, str]] = {
    "PPID_DATA_DIR": str(ROOT / "var"),
    "PPID_PORT": "8400",
    "PPID_BIND": "127.0.0.1",
    "PPID_TRUSTED_PROXIES": "",
    "PPID_WEB_PROCESSES": "2",
    "PPID_STOP_SECONDS": "8",
    "PPID_DATABASE_POOLED": "",
    "PPID_S3_ENDPOINT_URL": "",
    "PPID_S3_REGION": "us-east-1",
    "PPID_S3_BUCKET_QUARANTINE": "quarantine",
    "PPID_S3_BUCKET_EXEMPT": "exempt",
    "PPID_S3_BUCKET_EDITIONS": "editions",
    "PPID_PORTAL_S3_ENDPOINT_URL": "",
    "PPID_ROOT_KEY_FILE": "",
    "PPID_MAIL_FROM": "ppid@localhost",
    "PPID_CLAMD_SOCKET": "",
    "PPID_SIGNATURE_ROOTS": "",
    "PPID_CLOCK": "",
    **{f"PPID_ORIGIN_{surface.upper()}": "" for surface in SURFACES},
}
# Each also as <NAME>_FILE, and else as a file of PPID_DATA_DIR/secrets under the name given here.
SECRETS: Final[Mapping[str, str]] = {
    **{f"PPID_DB_PASSWORD_{role.upper()}": f"db_{role}" for role in ROLES},
    "PPID_DATABASE_URL": "",
    "PPID_REDIS_URL": "",
    "PPID_REDIS_PASSWORD": "redis",
    "PPID_S3_ACCESS_KEY": "s3_access_key",
    "PPID_S3_SECRET_KEY": "s3_secret_key",
    "PPID_PORTAL_S3_ACCESS_KEY": "portal_s3_access_key",
    "PPID_PORTAL_S3_SECRET_KEY": "portal_s3_secret_key",
    "PPID_SECRET_KEY": "secret_key",
    "PPID_SMTP_URL": "",
    "PPID_METRICS_TOKEN": "",
}
# Read by the entry script, the tests and the checks, never by the running service.
OUTSIDE: Final = ("PPID_PYTHON", "PPID_SAMPLE_LISTS", "PPID_CHROMIUM")


class SettingsError(ValueError):
    """A setting is missing or cannot be read; the message names it and the remedy."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ObjectStore:
    """How one reader reaches the S3 buckets."""

    endpoint_url: str
    access_key: str = dataclasses.field(repr=False)
    secret_key: str = dataclasses.field(repr=False)
    region: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one process; `from_env` is the only way they are made."""

    data_dir: Path
    bind: str
    port: int
    s3_region: str
    bucket_quarantine: str
    bucket_exempt: str
    bucket_editions: str
    root_key_file: Path
    mail_from: str
    clamd_socket: Path | None
    signature_roots: Path | None
    clock: dt.datetime | None
    origins: Mapping[str, str]
    endpoints: Mapping[str, str]
    pooled: bool
    proxies: tuple[Network, ...]
    web_processes: int
    stop_seconds: int
    given: Mapping[str, str] = dataclasses.field(repr=False)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the settings; raise SettingsError for one that cannot be understood."""
        plain = {name: environ.get(name) or default for name, default in PLAIN.items()}
        data_dir = Path(plain["PPID_DATA_DIR"]).expanduser().absolute()
        port = _port(plain["PPID_PORT"])
        return cls(
            data_dir=data_dir,
            bind=plain["PPID_BIND"],
            port=port,
            s3_region=plain["PPID_S3_REGION"],
            bucket_quarantine=plain["PPID_S3_BUCKET_QUARANTINE"],
            bucket_exempt=plain["PPID_S3_BUCKET_EXEMPT"],
            bucket_editions=plain["PPID_S3_BUCKET_EDITIONS"],
            root_key_file=Path(plain["PPID_ROOT_KEY_FILE"] or data_dir / "secrets" / "root_key"),
            mail_from=plain["PPID_MAIL_FROM"],
            clamd_socket=Path(plain["PPID_CLAMD_SOCKET"]) if plain["PPID_CLAMD_SOCKET"] else None,
            signature_roots=Path(plain["PPID_SIGNATURE_ROOTS"]) if plain["PPID_SIGNATURE_ROOTS"] else None,
            clock=_instant(plain["PPID_CLOCK"]),
            origins={
                surface: plain[f"PPID_ORIGIN_{surface.upper()}"].rstrip("/") or f"http://localhost:{port + n}"
                for n, surface in enumerate(SURFACES)
            },
            endpoints={
                "s3": plain["PPID_S3_ENDPOINT_URL"],
                "portal_s3": plain["PPID_PORTAL_S3_ENDPOINT_URL"],
            },
            pooled=_yes("PPID_DATABASE_POOLED", plain["PPID_DATABASE_POOLED"]),
            proxies=_networks(plain["PPID_TRUSTED_PROXIES"]),
            web_processes=_count("PPID_WEB_PROCESSES", plain["PPID_WEB_PROCESSES"], 64),
            stop_seconds=_count("PPID_STOP_SECONDS", plain["PPID_STOP_SECONDS"], 86400),
            given={name: value for name in SECRETS if (value := _given(environ, name))},
        )

    @property
    def secrets_dir(self) -> Path:
        return self.data_dir / "secrets"

    @property
    def run_dir(self) -> Path:
        return self.data_dir / "run"

    @property
    def log_dir(self) -> Path:
        return self.data_dir / "log"

    @property
    def demo_dir(self) -> Path:
        """Where an installation on one machine notes whether its data are a demo."""
        return self.data_dir / "demo"

    @property
    def is_demo(self) -> bool:
        return (self.demo_dir / "loaded").exists()

    @property
    def clock_file(self) -> Path | None:
        """The file that moves the clock of all processes; only a demo has one."""
        return self.demo_dir / "clock" if self.is_demo else None

    @property
    def postgres_socket_dir(self) -> Path:
        """Where the embedded PostgreSQL listens."""
        return self._socket_dir("pg", ".s.PGSQL.5432")

    @property
    def valkey_socket(self) -> Path:
        """Where the embedded Valkey listens."""
        return self._socket_dir("valkey", "valkey.sock") / "valkey.sock"

    @property
    def embeds_database(self) -> bool:
        return "PPID_DATABASE_URL" not in self.given

    @property
    def embeds_redis(self) -> bool:
        return "PPID_REDIS_URL" not in self.given

    @property
    def embeds_s3(self) -> bool:
        return not self.endpoints["s3"]

    @property
    def smtp_url(self) -> str | None:
        """The mail server, or None: then mails are kept and marked as not sent."""
        return self.given.get("PPID_SMTP_URL")

    @property
    def metrics_token(self) -> str | None:
        """What a collector of figures must show; without it only this machine may ask."""
        return self.given.get("PPID_METRICS_TOKEN")

    @property
    def driver_options(self) -> dict[str, Any]:
        """What psycopg must be told: behind a pooler no statement may be prepared for a session one does not keep."""
        return {"prepare_threshold": None} if self.pooled else {}

    @property
    def secret_key(self) -> str:
        return self.secret("PPID_SECRET_KEY")

    @property
    def redis_url(self) -> str:
        if url := self.given.get("PPID_REDIS_URL"):
            return url
        password = quote(self.secret("PPID_REDIS_PASSWORD"), safe="")
        return f"unix://ppid:{password}@{quote(str(self.valkey_socket))}?db=0"

    @property
    def s3(self) -> ObjectStore:
        """All buckets, for reading and writing."""
        return self._store("s3", "PPID_S3")

    @property
    def portal_s3(self) -> ObjectStore:
        """The bucket of editions alone, for reading."""
        return self._store("portal_s3", "PPID_PORTAL_S3")

    def database_url(self, role: str) -> str:
        """Return the SQLAlchemy URL by which a role signs in."""
        credentials = f"{role}:{quote(self.database_password(role), safe='')}"
        given = self.given.get("PPID_DATABASE_URL")
        if given is None:
            host = quote(str(self.postgres_socket_dir), safe="")
            return f"postgresql+psycopg://{credentials}@/{DATABASE}?host={host}"
        parts = urlsplit(given)
        place = parts.netloc.rpartition("@")[2]
        return urlunsplit(("postgresql+psycopg", f"{credentials}@{place}", parts.path, parts.query, ""))

    def database_password(self, role: str) -> str:
        """Return the password of a database role, from the environment or the secrets folder."""
        if role == SUPERUSER:
            return _read_secret(self.secrets_dir / f"db_{SUPERUSER}", "basis data tertanam")
        return self.secret(f"PPID_DB_PASSWORD_{role.upper()}")

    def secret(self, name: str) -> str:
        """Return one secret by its setting's name."""
        if name in self.given:
            return self.given[name]
        return _read_secret(self.secrets_dir / SECRETS[name], f"setelan {name} atau {name}_FILE")

    def surface_port(self, surface: str) -> int:
        return self.port + SURFACES.index(surface)

    def recorded_port_file(self, part: str) -> Path:
        """Return where a part that took a free port wrote it down."""
        return self.run_dir / f"{part}.port"

    def _store(self, part: str, prefix: str) -> ObjectStore:
        return ObjectStore(
            endpoint_url=self.endpoints[part] or self._embedded_endpoint(part),
            access_key=self.secret(f"{prefix}_ACCESS_KEY"),
            secret_key=self.secret(f"{prefix}_SECRET_KEY"),
            region=self.s3_region,
        )

    def _embedded_endpoint(self, part: str) -> str:
        if not self.embeds_s3:
            return self.endpoints["s3"]
        return f"http://127.0.0.1:{_read_secret(self.recorded_port_file(part), 'layanan S3 tertanam')}"

    def _socket_dir(self, name: str, socket_name: str) -> Path:
        """Return run/<name>, or a short folder of this data folder's own where its path is too long for a socket."""
        wanted = self.run_dir / name
        if len(str(wanted / socket_name)) <= SOCKET_PATH_LIMIT:
            return wanted
        return short_dir(self.data_dir) / name


def short_dir(data_dir: Path) -> Path:
    """Return the short folder for sockets that belongs to a data folder with a long path."""
    digest = hashlib.sha256(str(data_dir).encode()).hexdigest()[:16]
    return SHORT_PLACE / f"ppid-{digest}"


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 65535 - len(SURFACES):
        raise SettingsError(f"PPID_PORT harus bilangan 1 sampai {65535 - len(SURFACES)}, bukan {text!r}")
    return int(text)


def _count(name: str, text: str, most: int) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise SettingsError(f"{name} harus bilangan 1 sampai {most}, bukan {text!r}")
    return int(text)


def _yes(name: str, text: str) -> bool:
    if text not in {"", "no", "yes"}:
        raise SettingsError(f"{name} harus yes atau no, bukan {text!r}")
    return text == "yes"


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise SettingsError(
            f"PPID_TRUSTED_PROXIES harus alamat atau jaringan dipisah koma, misalnya 127.0.0.1,10.0.0.0/8: {error}"
        ) from error


def _instant(text: str) -> dt.datetime | None:
    if not text:
        return None
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise SettingsError(
            f"PPID_CLOCK harus waktu ISO 8601 dengan zona, misalnya 2027-01-04T08:00+07:00, bukan {text!r}"
        )
    return instant


def _given(environ: Mapping[str, str], name: str) -> str | None:
    if value := environ.get(name):
        return value
    file = environ.get(f"{name}_FILE")
    return _read_secret(Path(file), f"setelan {name}_FILE") if file else None


def _read_secret(path: Path, needed_by: str) -> str:
    try:
        value = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(
            f"{path} tidak terbaca ({error.strerror}); diperlukan untuk {needed_by}"
        ) from error
    if not value:
        raise SettingsError(f"{path} kosong; diperlukan untuk {needed_by}")
    return value
