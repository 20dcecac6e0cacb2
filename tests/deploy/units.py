"""Reads the systemd units of deploy/ and starts what they say, as systemd would: environment, socket, command, reload."""

import contextlib
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from ppid_saas.settings import ROOT

SYSTEMD = ROOT / "deploy" / "systemd"
PYTHON = "/opt/ppid/.venv/bin/python"


def lines_of(name: str) -> Iterator[tuple[str, str]]:
    """Return every setting of a unit with its drop-ins, in order."""
    unit = SYSTEMD / name
    template = unit if unit.exists() else SYSTEMD / re.sub(r"@.*\.", "@.", name)
    dropins = sorted((SYSTEMD / f"{name}.d").glob("*.conf"))
    instance = name.partition("@")[2].rpartition(".")[0]
    for path in (template, *dropins):
        for line in path.read_text().splitlines():
            key, equals, value = line.partition("=")
            if equals and not line.startswith("#"):
                yield key.strip(), value.strip().replace("%i", instance)


def environment(name: str, render: "Rendered") -> dict[str, str]:
    """Return what systemd would give the process: files after, and over, the unit's own lines."""
    own: dict[str, str] = {}
    files: dict[str, str] = {}
    for key, value in lines_of(name):
        if key == "Environment":
            own |= dict(word.split("=", 1) for word in shlex.split(render.text(value)))
        elif key == "EnvironmentFile":
            path = Path(render.text(value.removeprefix("-")))
            if path.exists() or not value.startswith("-"):
                files |= read_environment(path)
    return own | files


def read_environment(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


class Rendered:
    """The files of deploy/ with host names, ports and paths of this test; nothing else is changed."""

    def __init__(self, replaced: Mapping[str, str]) -> None:
        self.replaced = dict(replaced)
        self.pattern = re.compile(
            "|".join(re.escape(word) for word in sorted(replaced, key=len, reverse=True))
        )

    def text(self, source: str) -> str:
        return self.pattern.sub(lambda found: self.replaced[found[0]], source)

    def file(self, source: Path, target: Path) -> Path:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(self.text(source.read_text()))
        return target


class Unit:
    """One service of deploy/systemd, with its socket if it has one."""

    def __init__(self, name: str, render: Rendered, journal: Path) -> None:
        self.name, self.journal = name, journal
        self.settings = dict(lines_of(f"{name}.service"))
        clean = {key: value for key, value in os.environ.items() if not key.startswith("PPID_")}
        self.environ = clean | environment(f"{name}.service", render)
        self.argv = shlex.split(render.text(self.settings["ExecStart"]))
        self.socket = self._listen(render) if f"ppid-web@{name.partition('@')[2]}" == name else None
        self.process: subprocess.Popen[bytes] | None = None

    def _listen(self, render: Rendered) -> socket.socket:
        place = render.text(dict(lines_of(f"{self.name}.socket"))["ListenStream"])
        host, _, port = place.rpartition(":")
        return socket.create_server((host, int(port)), backlog=1024)

    @property
    def port(self) -> int:
        assert self.socket
        return int(self.socket.getsockname()[1])

    def start(self) -> "Unit":
        with self.journal.open("ab") as out:
            if self.socket is None:
                self.process = subprocess.Popen(self.argv, env=self.environ, stdout=out, stderr=out, cwd="/")
            else:
                self.process = self._start_with_socket(out)
        return self

    def _start_with_socket(self, out: object) -> "subprocess.Popen[bytes]":
        """Hand the socket in as number 3, which systemd does between fork and exec."""
        assert self.socket
        handing = (
            "import os, sys; n = int(sys.argv[1]); os.dup2(n, 3) if n != 3 else os.set_inheritable(3, True);"
            " os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid())); os.execve(sys.argv[2], sys.argv[2:], os.environ)"
        )
        number = self.socket.fileno()
        return subprocess.Popen(
            [sys.executable, "-c", handing, str(number), *self.argv],
            env=self.environ, stdout=out, stderr=out, cwd="/", pass_fds=(number,),
        )  # type: ignore[call-overload,no-any-return]  # fmt: skip

    def run(self) -> int:
        return self.start().process.wait(120)  # type: ignore[union-attr]

    def reload(self) -> None:
        """Do what ExecReload says."""
        assert self.process
        command = self.settings["ExecReload"].replace("$MAINPID", str(self.process.pid))
        subprocess.run(shlex.split(command), check=True)

    def stop(self, seconds: float = 60) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def close(self) -> None:
        self.stop(15)
        if self.socket is not None:
            self.socket.close()

    def said(self) -> str:
        return self.journal.read_text(errors="replace")

    def heard(self, words: str, times: int = 1, seconds: float = 60) -> None:
        """Wait until the process has said something so often."""
        deadline = time.monotonic() + seconds
        while self.said().count(words) < times:
            assert self.process
            assert self.process.poll() is None, self.said()[-2000:]
            assert time.monotonic() < deadline, f"{self.name} never said {words!r}"
            time.sleep(0.05)
