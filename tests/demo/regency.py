"""One installation with its demo, started as a person would; its first loading is killed half-way, the second goes on."""

import http.cookiejar
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ppid_saas.embedded.postgres import superuser_connection
from ppid_saas.settings import DATABASE, ROOT, Settings
from tests.embedded.installation import free_ports, until

COMMAND = [sys.executable, "-m", "ppid_saas.cli"]
READY = "Ctrl-C menghentikan semuanya.\n"
ACCOUNT = re.compile(r"^  (\S+@serang\.test) +(\S+) ", re.MULTILINE)


@dataclass
class Regency:
    """The settings of the installation, how its commands are called, and what its starts said."""

    settings: Settings
    environ: dict[str, str] = field(repr=False)
    up: "subprocess.Popen[str] | None" = None
    said: list[str] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=dict, repr=False)

    def start(self, *, wait: bool = True) -> None:
        self.up = subprocess.Popen(
            [*COMMAND, "up"], cwd=ROOT, env=self.environ, text=True, process_group=0, stdout=subprocess.PIPE
        )
        if wait:
            self.said.append(self._hear())
            self.passwords |= dict(ACCOUNT.findall(self.said[-1]))

    def _hear(self) -> str:
        assert self.up
        assert self.up.stdout
        heard = []
        for line in self.up.stdout:
            heard.append(line)
            if line == READY:
                return "".join(heard)
        raise AssertionError(f"ended before it was ready:\n{''.join(heard)}")

    def stop(self) -> None:
        assert self.up
        self.up.terminate()
        assert self.up.wait(60) == 0
        self.kill()

    def kill(self) -> None:
        if self.up:
            self.up.kill()
            self.up.communicate()
            self.up = None

    def call(self, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*COMMAND, *arguments], cwd=ROOT, env=self.environ | environ, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Ask the database past all walls."""
        given = self.settings.database_password("postgres")
        with (
            superuser_connection(self.settings) as connection,
            connection.__class__.connect(
                host=connection.info.host, user="postgres", password=given, dbname=DATABASE
            ) as inside,
        ):
            return inside.execute(query, values or None).fetchall()

    def column(self, query: str) -> set[Any]:
        return {row[0] for row in self.rows(query)}

    def page(self, surface: str, path: str, visitor: "Visitor | None" = None) -> str:
        opener = visitor.opener if visitor else urllib.request.build_opener()
        with opener.open(self.settings.origins[surface] + path, timeout=30) as answer:
            return str(answer.read().decode())

    def sign_in(self, email: str, password: str) -> "Visitor":
        visitor = Visitor()
        form = self.page("office", "/masuk", visitor)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        assert token
        fields = {"email": email, "password": password, "csrf_token": token[1]}
        sent = urllib.parse.urlencode(fields).encode()
        with visitor.opener.open(self.settings.origins["office"] + "/masuk", sent, timeout=30) as answer:
            visitor.landed = answer.geturl()
        return visitor


class Visitor:
    """Someone with cookies of their own."""

    def __init__(self) -> None:
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        self.landed = ""


@contextmanager
def loaded() -> Iterator[Regency]:
    """Start on a new folder, kill the start in the middle of its loading, and start again."""
    folder = Path(tempfile.mkdtemp(prefix="ppid-demo-"))
    folder.chmod(0o711)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PPID_")}
    environ |= {"PPID_DATA_DIR": str(folder), "PPID_PORT": str(free_ports())}
    regency = Regency(Settings.from_env(environ), environ)
    try:
        regency.start(wait=False)
        log = regency.settings.log_dir / "demo.log"
        until(lambda: log.exists() and "\n40 dari " in log.read_text(), 120)
        regency.kill()
        regency.start()
        yield regency
        regency.stop()
    finally:
        regency.kill()
        shutil.rmtree(folder, ignore_errors=True)
