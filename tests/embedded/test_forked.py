"""A copy of this process that goes on with other work."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ppid_saas.embedded.forked import Forked
from ppid_saas.embedded.process import Child, Part, await_ready
from ppid_saas.settings import Settings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere parts are programs")


def forked(work: Callable[[], None], log: Path, **environ: str) -> Forked:
    with log.open("ab") as output:
        return Forked("percobaan", work, output.fileno(), environ, signal.SIGKILL)


def idle() -> None:
    while True:
        signal.pause()


def test_it_has_its_own_group_name_and_words_and_none_of_our_open_files(tmp_path: Path) -> None:
    log, held = tmp_path / "log", (tmp_path / "held").open("w")
    read, _ = os.pipe()
    kept = os.dup(0)
    os.dup2(read, 0)  # as if somebody typed into us

    def tell() -> None:
        files = [str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.exists()]
        name = Path("/proc/self/comm").read_text().strip()
        print(os.getpgid(0) == os.getpid(), name, os.environ["GIVEN"], Path.cwd(), flush=True)
        print(*sorted(set(files)), flush=True)

    try:
        copy = forked(tell, log, GIVEN="kata")
    finally:
        os.dup2(kept, 0)
    assert copy.wait(10) == 0
    first, files = log.read_text().splitlines()
    assert first == "True ppid percobaan kata /"
    assert set(files.split()) == {"/dev/null", str(log)}
    held.close()


@pytest.mark.parametrize("code", [0, 3])
def test_it_ends_as_its_work_does(tmp_path: Path, code: int) -> None:
    copy = forked(lambda: sys.exit(code), tmp_path / "log")
    assert copy.wait(10) == copy.poll() == code


def test_a_stop_is_heard_however_early_it_comes(tmp_path: Path) -> None:
    kept = signal.signal(signal.SIGTERM, lambda *_: None)  # what listens in the parent is deaf in the copy
    try:
        for _ in range(20):
            copy = forked(idle, tmp_path / "log")
            copy.send_signal(signal.SIGTERM)
            assert copy.wait(10) == -signal.SIGTERM
    finally:
        signal.signal(signal.SIGTERM, kept)


def test_waiting_for_what_goes_on_has_an_end(tmp_path: Path) -> None:
    copy = forked(idle, tmp_path / "log")
    with pytest.raises(subprocess.TimeoutExpired):
        copy.wait(0.05)
    assert copy.poll() is None
    copy.send_signal(signal.SIGKILL)
    assert copy.wait(10) == -signal.SIGKILL


def test_it_dies_with_the_one_that_made_it(tmp_path: Path) -> None:
    log = tmp_path / "log"

    def make_another() -> None:
        print(forked(idle, log).pid, flush=True)
        idle()

    maker = forked(make_another, log)
    while not (said := log.read_text()).endswith("\n"):
        assert maker.poll() is None
        time.sleep(0.01)
    maker.send_signal(signal.SIGKILL)
    maker.wait(10)
    until = time.monotonic() + 10
    while (place := Path(f"/proc/{int(said)}/stat")).exists() and " Z " not in place.read_text():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_step_that_ends_well_between_two_questions_is_no_failure(tmp_path: Path) -> None:
    settings = Settings.from_env({"PPID_DATA_DIR": str(tmp_path)})
    gate = tmp_path / "gate"

    def waits() -> None:
        while not gate.exists():
            time.sleep(0.01)

    copy = forked(waits, tmp_path / "log")

    def ended_well() -> bool:
        before = copy.poll()
        gate.touch()
        copy.wait(10)  # what ends right after it was asked
        return before == 0

    part = Part(name="langkah", title="Langkah", argv=(), ready=ended_well)
    await_ready(settings, Child(part, copy), time.sleep)
