"""The limited process: warm for the next file, replaced when it died, shared by threads and forks, and able to do nothing else."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ppid_saas.inspection import EXAMINERS, examining
from ppid_saas.inspection.refusals import RefusedFileError
from ppid_saas.limited import lender
from tests.inspection.examined import examined
from tests.inspection.good_files import good_files

ROOT = Path(__file__).parents[2]
NAME = "denah.png"


def test_one_process_serves_many_files():
    first = EXAMINERS.warm_up()
    assert {examined(name, data).said for name, data in good_files().items()} == {
        name.rpartition(".")[2] for name in good_files()
    }
    assert EXAMINERS.warm_up() == first


def test_one_that_was_killed_is_replaced_and_no_file_is_blamed():
    killed = EXAMINERS.warm_up()
    os.kill(killed, signal.SIGKILL)
    assert examined(NAME, good_files()[NAME]).said == "png"
    assert EXAMINERS.warm_up() != killed


def test_an_installation_whose_process_cannot_start_says_so_and_may_be_tried_again(
    monkeypatch: pytest.MonkeyPatch,
):
    EXAMINERS.stop()
    monkeypatch.setattr(EXAMINERS, "module", "ppid_saas.inspection.refusals")
    with pytest.raises(RefusedFileError) as refused, examining(NAME, 10):
        pass
    assert (refused.value.code, refused.value.passing) == ("busy", True)
    EXAMINERS.stop()


def test_threads_share_it():
    with ThreadPoolExecutor(12) as threads:
        said = list(threads.map(lambda _: examined(NAME, good_files()[NAME]).said, range(48)))
    assert said == ["png"] * 48


def test_a_forked_worker_shares_it_too():
    first = EXAMINERS.warm_up()
    child = os.fork()
    if not child:
        os._exit(
            0 if examined(NAME, good_files()[NAME]).said == "png" and EXAMINERS.warm_up() == first else 1
        )
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert examined(NAME, good_files()[NAME]).said == "png"


def test_a_file_left_in_the_middle_frees_its_examiner():
    for _ in range(3 * lender.MOST_AT_ONCE):
        with examining(NAME, 1000) as examination:
            examination.feed(b"\x89PNG")
    assert examined(NAME, good_files()[NAME]).said == "png"


PROBE = """
import os, resource, socket, sys
from ppid_saas.limited import process
process.prepare()
ours, theirs = socket.socketpair()
def probe(line):
    found = []
    for name, attempt in {
        "file": lambda: open("/etc/passwd"), "socket": lambda: socket.socket(), "write": lambda: os.memfd_create("x"),
        "memory": lambda: bytes(600 * 1024 * 1024), "root": lambda: os.setuid(0), "more files": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9)),
    }.items():
        try:
            attempt()
            found.append(name)
        except (OSError, MemoryError, ValueError):
            pass
    line.sendall(("could: " + ",".join(found)).encode())
if not os.fork():
    process.work_apart(theirs.detach(), probe)
theirs.close()
print(b"".join(iter(lambda: ours.recv(1000), b"")).decode())
"""


def test_an_examiner_can_open_nothing_and_take_no_more_memory():
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"A_SECRET": "x"},
    )
    assert done.stdout.strip() == "+could:"


def test_who_needs_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A reader that never ends is killed by its limit; the word for its file is that of a bomb."""
    slow = tmp_path / "slow.py"
    slow.write_text(
        "from ppid_saas.limited import process\n"
        "def forever(line):\n    while True: pass\n"
        "process.SECONDS = 1\nprocess.serve(forever)\n"
    )
    EXAMINERS.stop()
    monkeypatch.setattr(EXAMINERS, "module", "slow")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    monkeypatch.setattr(lender, "KEPT", (*lender.KEPT, "PYTHONPATH"))
    assert examined(NAME, good_files()[NAME]).said == "bomb"
    EXAMINERS.stop()
