"""What can go wrong around an installation, and how it ends again: its disk, its queue, its object store, its mail.

The disk is a small one of its own where we may mount one; `Surroundings.why_no_disk` says why when we may not.
"""

import os
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Reader

from ppid_saas.embedded.postgres import superuser_connection
from ppid_saas.embedded.process import await_ready, end_group, start
from ppid_saas.settings import Settings
from tests.prove._faults_site import Site
from tests.prove._outages_proxy import BROKEN, CUT, SILENT, THROUGH, Proxy, proxied
from tests.prove._pooler import free_port

DISK_BYTES = 4 * 1024**3
LEAST_BYTES = 64 * 1024


class Letterbox(Reader):
    """A mail server that keeps how often each letter came."""

    def __init__(self) -> None:
        super().__init__()
        self.letters = Counter[str]()

    def handle_message(self, message: Message) -> None:
        self.letters[str(message["Message-ID"])] += 1


@dataclass
class Surroundings:
    """What is around one installation."""

    proxy: Proxy
    letterbox: Letterbox
    disk: Path | None = None
    why_no_disk: str = ""
    copies: Path | None = None
    circumstances: Counter[str] = field(default_factory=Counter)

    def fill_disk(self) -> None:
        """Leave no room at all, by making the disk as small as what is on it."""
        assert self.disk, self.why_no_disk
        room = os.statvfs(self.disk)
        _remount(self.disk, max(LEAST_BYTES, (room.f_blocks - room.f_bfree) * room.f_frsize))

    def free_disk(self) -> None:
        if self.disk:
            _remount(self.disk, DISK_BYTES)


def _remount(disk: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True, capture_output=True)


@contextmanager
def surroundings(folder: Path, made: list[Surroundings], *, small_disk: bool) -> Iterator[Mapping[str, str]]:
    """Put a small disk under the folder where one is asked for, a proxy before its store and a mail server beside it.

    They are appended to `made`.
    """
    with ExitStack() as stack:
        proxy, port = stack.enter_context(proxied())
        letterbox = Letterbox()
        mail = Controller(letterbox, "127.0.0.1", free_port(23400 + os.getpid() % 2000))
        mail.start()
        stack.callback(mail.stop)
        around = Surroundings(proxy, letterbox)
        if small_disk:
            _mount(folder, around, stack)
        made.append(around)
        spool = folder / "tmp"
        spool.mkdir(mode=0o700)
        yield {
            "PPID_S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "PPID_SMTP_URL": f"smtp://127.0.0.1:{mail.port}",
            "TMPDIR": str(spool),
        }


def keep_no_log_in_advance(settings: Settings) -> None:
    """Let PostgreSQL make each segment of its log when it needs it, so that a full disk is felt at the next one."""
    with superuser_connection(settings) as connection:
        connection.execute("alter system set wal_recycle = off")
        connection.execute("select pg_reload_conf()")
        connection.execute("checkpoint")


def _mount(folder: Path, around: Surroundings, stack: ExitStack) -> None:
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=711", "ppid-disk", str(folder)]
    try:
        subprocess.run(words, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        around.why_no_disk = f"a disk to fill cannot be mounted here: {getattr(error, 'stderr', '') or error}"
        return
    around.disk = folder
    stack.callback(subprocess.run, ["umount", "--lazy", str(folder)], check=True)


class Outage:
    """Something around a site that goes wrong and is put right."""

    def __init__(self, name: str, site: Site, around: Surroundings, *, harshly: bool) -> None:
        self.name, self.site, self.around, self.harshly = name, site, around, harshly
        self.on = self.begun = False

    def prepare(self) -> None:
        """Keep what is needed later: the queue's files as they are now."""
        if self.name == "valkey back":
            shutil.rmtree(self._copy, ignore_errors=True)
            shutil.copytree(self._files, self._copy)

    def begin(self) -> None:
        self.on = self.begun = True
        BEGINNINGS[self.name](self)

    def end(self) -> None:
        if not self.on:
            return
        self.around.proxy.mode = THROUGH
        self.around.free_disk()
        self.site.hopeless = self.on = False
        stuck = self.site.await_postgres()
        self.around.circumstances["PostgreSQL hung after the disk was free and was started again"] += stuck

    @property
    def _files(self) -> Path:
        return self.site.settings.data_dir / "valkey"

    @property
    def _copy(self) -> Path:
        return self.site.settings.data_dir / "valkey.an-hour-ago"

    def break_store(self) -> None:
        self.around.proxy.mode = BROKEN

    def silence_store(self) -> None:
        self.around.proxy.mode = SILENT

    def cut_store(self) -> None:
        """Hang up between product and store; harshly, whoever calls again is hung up on too."""
        if self.harshly:
            self.around.proxy.mode = CUT
        self.around.proxy.cut()

    def cut_database(self) -> None:
        """End every session of the product in the middle of what it does."""
        self.site.outside.sql(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename like 'app%%' and backend_type = 'client backend'"
        )

    def cut_client(self) -> None:
        """Nothing to be done out here: the one who sends sees that this has begun, and sends no more."""

    def empty_valkey(self) -> None:
        self.site.empty_valkey()

    def restore_valkey(self) -> None:
        """Let the queue's server die and come back as it was when the copy was made."""
        fallen = self.site.servers["valkey"]
        fallen.process.send_signal(signal.SIGKILL)
        fallen.process.wait()
        end_group(fallen)
        shutil.rmtree(self._files)
        shutil.copytree(self._copy, self._files)
        self.site.servers["valkey"] = start(self.site.settings, fallen.part)
        await_ready(self.site.settings, self.site.servers["valkey"], time.sleep)

    def fill_disk(self) -> None:
        """Leave no room on the disk of PostgreSQL, its log, the queue, the objects and whatever is spooled.

        Harshly, the log has come to the end of its segment: with the next record the server goes down.
        """
        self.site.hopeless = True
        self.around.fill_disk()
        if self.harshly:
            with superuser_connection(self.site.settings) as connection:
                connection.execute("select pg_switch_wal()")


BEGINNINGS: dict[str, Any] = {
    "valkey emptied": Outage.empty_valkey,
    "valkey back": Outage.restore_valkey,
    "s3 broken": Outage.break_store,
    "s3 silent": Outage.silence_store,
    "disk full": Outage.fill_disk,
    "line to the store cut": Outage.cut_store,
    "line to the database cut": Outage.cut_database,
    "line of the client cut": Outage.cut_client,
}
