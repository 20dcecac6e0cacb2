"""A running download ends with the right to it: slow readers of a real server, cut off while they read."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from ppid_saas.documents import service as documents
from ppid_saas.settings import Settings
from tenants.http import hash_token, identity
from tests.fixtures.forms import token_of
from tests.fixtures.world import World, platform

ROOT = Path(__file__).resolve().parents[2]
SIZE = 24 * 1024 * 1024
BEFORE, WITHIN = 2.0, 5.0
MOUTHFUL, PAUSE = 16 * 1024, 0.04  # some 400 KB/s
ENDS = {
    "dinkes": "delete from identity.membership where tenant_id = :tenant",
    "disdik": "update identity.person set disabled_at = now() where id = :person",
    "dpupr": "delete from identity.session where hash = :session",
    "perumda-air": "update identity.tenant set disabled_at = now() where id = :tenant",
    "kpu": "update identity.membership set role = 'tenant_admin' where tenant_id = :tenant and role = 'unit_officer'",
    "pusat": "update identity.api_key set revoked_at = now() where tenant_id = :tenant",
}


@dataclass
class Reader:
    """A slow client; `ended` is when its connection was cut, 0 when it still reads."""

    connection: socket.socket
    got: int = 0
    ended: float = 0.0
    thread: Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self) -> None:
        try:
            while piece := self.connection.recv(MOUTHFUL):
                self.got += len(piece)
                time.sleep(PAUSE)
        except OSError:
            pass
        self.ended = time.monotonic()


@contextmanager
def serving(settings: Settings, surface: str) -> Iterator[int]:
    port = settings.surface_port(surface)
    server = subprocess.Popen(
        [sys.executable, "-m", "ppid_saas.cli", "web", "--surface", surface],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "PPID_DATA_DIR": str(settings.data_dir), "PPID_PORT": str(settings.port), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while not _answers(port):
            assert server.poll() is None, f"{surface} does not start"
            assert time.monotonic() < deadline, f"{surface} does not come up"
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _answers(port: int) -> bool:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=1)) as asked:
        try:
            asked.request("GET", "/readyz")
            with asked.getresponse() as answer:
                return answer.status == 200
        except OSError:
            time.sleep(0.1)
            return False


def begin(port: int, path: str, headers: dict[str, str], body: str) -> Reader:
    """Ask for a file by a connection that takes little at a time, and return its reader."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
    connection.connect(("127.0.0.1", port))
    lines = [f"POST {path} HTTP/1.1", f"Host: localhost:{port}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    connection.sendall(("\r\n".join([*lines, "", ""]) + body).encode())
    assert connection.recv(12, socket.MSG_WAITALL) == b"HTTP/1.1 200"
    return Reader(connection)


def asks(own: World, who: str, ports: dict[str, int]) -> Callable[[], Reader]:
    """Return what begins this member's download: by her page on the files surface, the central's by a key."""
    with own.acting(who), documents.staging("attachment", "a.bin", os.urandom(SIZE), "application/pdf") as it:
        document = documents.keep(it)
    if own.place(who)[1] == "pusat":
        path = f"/api/v1{own.path(who)}/documents/{document}/download"
        headers = {**own.key(who), "Content-Type": "application/json"}
        return lambda: begin(ports["office"], path, headers, '{"reason": "review"}')
    page = f"{own.path(who)}/berkas/{document}"
    form = urlencode({"reason": "review", "csrf_token": token_of(own.client(who, "files"), page)})
    cookie = own.app("files").session_interface.cookie_name_of(own.app("files"))  # type: ignore[attr-defined]
    headers = {
        "Cookie": f"{cookie}={own.token(who)}", "Content-Type": "application/x-www-form-urlencoded",
        "Origin": own.settings.origins["files"],
    }  # fmt: skip
    return lambda: begin(ports["files"], f"{page}/unduh", headers, form)


@pytest.fixture
def ports(own: World) -> Iterator[dict[str, int]]:
    own.app("files")
    with ExitStack() as stack:
        yield {name: stack.enter_context(serving(own.settings, name)) for name in ("office", "files")}


def revoke(own: World, who: str, slug: str) -> None:
    values = {
        "tenant": own.tenant(who),
        "person": own.people[who],
        "session": hash_token(own.token(who)),
    }
    statement = text(ENDS[slug])
    wanted = {name: value for name, value in values.items() if f":{name}" in ENDS[slug]}
    if "membership" in ENDS[slug] or "tenant set" in ENDS[slug] or "api_key" in ENDS[slug]:
        with platform(own.settings) as connection:
            connection.execute(statement, wanted)
    else:
        with own.app().app_context(), identity() as connection:
            connection.execute(statement, wanted)


def test_a_running_download_ends_within_five_seconds_of_the_right_to_it(own: World, ports: dict[str, int]):
    region, other = dict.fromkeys(region for region, _ in own.tenants)
    names = {slug: f"pusat@{region}" if slug == "pusat" else f"petugas.{slug}@{region}" for slug in ENDS}
    begins = {slug: asks(own, who, ports) for slug, who in names.items()}
    begins["undisturbed"] = asks(own, f"petugas.dinkes@{other}", ports)
    readers = {slug: start() for slug, start in begins.items()}
    time.sleep(BEFORE)
    assert [slug for slug, reader in readers.items() if reader.ended] == []
    for slug, who in names.items():
        revoke(own, who, slug)
    revoked = time.monotonic()
    while time.monotonic() < revoked + WITHIN and not all(readers[slug].ended for slug in names):
        time.sleep(0.05)
    late = {slug: round((readers[slug].ended or revoked + 99) - revoked, 1) for slug in names}
    assert max(late.values()) <= WITHIN, late
    assert all(readers[slug].got < SIZE for slug in names)
    assert not readers["undisturbed"].ended
    for reader in readers.values():
        reader.connection.shutdown(socket.SHUT_RDWR)
        reader.thread.join(10)
        reader.connection.close()
    print("cut off after", late)
