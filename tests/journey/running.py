"""One real `./ppid up` of its own, seeded, for browsers to walk through. Started and asked as the README says."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis
from rq import Queue

from ppid_saas.settings import ROOT, SURFACES, Settings
from tenants import jobs
from tests.embedded.installation import free_ports, until

LONGEST_WORK = 300  # seconds
IDLE_LOOKS = 60  # over a second: what one job leaves to the next is rung for within one
READY = "Ctrl-C menghentikan semuanya.\n"


@dataclass(frozen=True)
class Running:
    """The settings of the installation, and the environment its commands are called in."""

    settings: Settings
    environ: dict[str, str] = field(repr=False)

    def call(self, *arguments: str, told: str = "") -> str:
        """Run a command of the README and return what it printed."""
        done = subprocess.run(
            [ROOT / "ppid", *arguments], env=self.environ, input=told, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def finish_work(self) -> None:
        """Wait until the worker has come to rest, so that whoever comes next does not wait for it."""
        queue, looks = (
            Queue(jobs.QUEUE, connection=Redis.from_url(self.settings.redis_url)),
            deque([1], IDLE_LOOKS),
        )

        def rests() -> bool:
            looks.append(queue.count + queue.started_job_registry.count)
            return len(looks) == IDLE_LOOKS and not any(looks)

        until(rests, LONGEST_WORK)

    def at(self, surface: str, path: str = "/") -> str:
        return self.settings.origins[surface] + path

    @property
    def hosts(self) -> set[str]:
        """The only places a page of ours may ask anything of."""
        return {f"localhost:{self.settings.surface_port(surface)}" for surface in SURFACES}


@contextlib.contextmanager
def brought_up() -> Iterator[Running]:
    """Start `up` on a new folder, whose path the database's user may pass through, and stop it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="ppid-journey-"))
    folder.chmod(0o711)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PPID_")}
    environ |= {"PPID_DATA_DIR": str(folder), "PPID_PORT": str(free_ports())}
    with subprocess.Popen(
        [ROOT / "ppid", "up", "--empty"], env=environ, text=True, stdout=subprocess.PIPE
    ) as up:
        try:
            _hear(up)
            yield Running(Settings.from_env(environ), environ)
            up.terminate()
            assert up.wait(60) == 0
        finally:
            up.kill()
            shutil.rmtree(folder, ignore_errors=True)


def _hear(up: "subprocess.Popen[str]") -> None:
    """Return when it says that it is ready; fail when it ends without."""
    assert up.stdout
    assert any(line == READY for line in up.stdout), "up ended before it was ready"
