"""OpenStack Swift with its S3 interface, on loopback, from the package index into an environment of its own.

The smallest whole: one ring of one device for each kind of server, and the proxy. Its environment is kept where
`PPID_SWIFT_ENV` says, else made anew; Swift runs on Python up to 3.12.
"""

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3

from ppid_saas.embedded.folders import prepare_folders
from ppid_saas.embedded.process import Part, ask_to_stop, await_ready, finish, start
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import Settings
from tests.prove._pooler import free_port

FIRST_PORT = 27900
PYTHONS = ("python3.12", "python3.11")
WANTED = ("setuptools<80", "swift==2.38.*")
SERVER = Path(__file__).with_name("_swift_server.py")
MODULES = {
    "account": "swift.account.server",
    "container": "swift.container.server",
    "object": "swift.obj.server",
    "proxy": "swift.proxy.server",
}
COMMON = "[swift-hash]\nswift_hash_path_prefix = {prefix}\nswift_hash_path_suffix = {suffix}\n"
STORAGE = """\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
FILTERS = ["catch_errors", "gatekeeper", "healthcheck", "listing_formats", "s3api", "tempauth", "bulk", "slo"]
PROXY = """\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
user_ppid_store = {key} .admin
[pipeline:main]
pipeline = {pipeline} proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
"""
FILTER = "[filter:{name}]\nuse = egg:swift#{name}\n"


@dataclass(frozen=True)
class Store:
    """Where the running Swift is reached, as the settings of the product want it."""

    url: str
    key: str

    @property
    def environment(self) -> dict[str, str]:
        places = {"PPID_S3_ENDPOINT_URL": self.url, "PPID_PORTAL_S3_ENDPOINT_URL": self.url}
        keys = {f"PPID_{whose}S3_{kind}_KEY": value for whose in ("", "PORTAL_") for kind, value in self.pair}
        return places | keys

    @property
    def pair(self) -> tuple[tuple[str, str], tuple[str, str]]:
        return ("ACCESS", "ppid:store"), ("SECRET", self.key)


@contextmanager
def swift(settings: Settings, folder: Path, buckets: tuple[str, ...]) -> Iterator[Store]:
    """Run Swift in `folder` and make the buckets."""
    prepare_folders(settings)
    programs = environment(folder) / "bin"
    ports = {kind: free_port(FIRST_PORT + 100 * n) for n, kind in enumerate(MODULES)}
    key = secrets.token_hex(16)
    write_settings(folder, ports, key)
    make_rings(programs, folder, ports)
    with ExitStack() as stack:
        for kind in MODULES:
            stack.enter_context(running(settings, programs, folder, kind, ports[kind]))
        store = Store(f"http://127.0.0.1:{ports['proxy']}", key)
        make_buckets(store, buckets)
        yield store


def environment(folder: Path) -> Path:
    """Return Swift's environment, made now unless one is kept."""
    place = Path(os.environ.get("PPID_SWIFT_ENV") or folder / "env")
    if not (place / "bin" / "swift-proxy-server").exists():
        python = next((found for name in PYTHONS if (found := shutil.which(name)) and runs(found)), None)
        if python is None:
            raise Trouble(f"Swift memerlukan salah satu dari {', '.join(PYTHONS)}")
        subprocess.run([python, "-m", "venv", str(place)], check=True)
        subprocess.run([str(place / "bin" / "pip"), "install", "--quiet", *WANTED], check=True)
    return place


def runs(python: str) -> bool:
    """Say whether there is a Python behind a name: a manager of versions puts names there for those it does not have."""
    return subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0


def write_settings(folder: Path, ports: dict[str, int], key: str) -> None:
    (folder / "devices" / "d1").mkdir(parents=True)
    written = {"prefix": secrets.token_hex(8), "suffix": secrets.token_hex(8)}
    (folder / "swift.conf").write_text(COMMON.format(**written))
    user = subprocess.run(["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()
    for kind, port in ports.items():
        form = PROXY + "".join(FILTER.format(name=name) for name in FILTERS) if kind == "proxy" else STORAGE
        text = form.format(
            port=port, user=user, folder=folder, kind=kind, key=key, pipeline=" ".join(FILTERS)
        )
        (folder / f"{kind}.conf").write_text(text)
        (folder / f"{kind}.conf").chmod(0o600)


def make_rings(programs: Path, folder: Path, ports: dict[str, int]) -> None:
    for kind in ("account", "container", "object"):
        device = f"r1z1-127.0.0.1:{ports[kind]}/d1"
        for words in (("create", "4", "1", "0"), ("add", device, "1"), ("rebalance",)):
            builder = [str(programs / "swift-ring-builder"), f"{kind}.builder", *words]
            subprocess.run(builder, check=True, cwd=folder, capture_output=True)


@contextmanager
def running(settings: Settings, programs: Path, folder: Path, kind: str, port: int) -> Iterator[None]:
    argv = [str(programs / "python"), "-P", str(SERVER), str(folder / "swift.conf"), MODULES[kind]]
    part = Part(
        name=f"swift-{kind}", title=f"Swift ({kind})", argv=[*argv, str(folder / f"{kind}.conf")],
        ready=lambda: listens(port),
    )  # fmt: skip
    child = start(settings, part)
    try:
        await_ready(settings, child, time.sleep)
        yield
    finally:
        ask_to_stop(child)
        finish(settings, child)


def listens(port: int) -> bool:
    return free_port(port) != port


def make_buckets(store: Store, buckets: tuple[str, ...]) -> None:
    client = boto3.client(
        "s3", endpoint_url=store.url, region_name="us-east-1",
        aws_access_key_id=store.pair[0][1], aws_secret_access_key=store.pair[1][1],
    )  # fmt: skip
    for bucket in buckets:
        client.create_bucket(Bucket=bucket)
