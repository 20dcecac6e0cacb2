"""What a part holds is what its processes hold together, and nothing of anybody else's."""

import os
import subprocess
import sys

from ppid_saas.embedded.memory import held_by, own_share

SIZE = 40 * 1024 * 1024
HOLDER = f"held = b'x' * {SIZE}; print(flush=True); input()"
PARENT = (
    "import subprocess, sys;"
    "child = subprocess.Popen([sys.executable, '-c', sys.argv[1]], stdin=sys.stdin, stdout=sys.stdout); child.wait()"
)


def test_a_part_holds_what_its_children_hold() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as part:
        assert part.stdin
        assert part.stdout
        part.stdout.readline()
        own, together = own_share(part.pid), held_by([part.pid])[part.pid]
        part.stdin.write(b"\n")
        part.stdin.close()
    assert 0 < own < SIZE < together < 3 * SIZE


def test_a_process_that_is_gone_has_no_figure() -> None:
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    assert held_by([gone.pid, os.getpid()]).keys() == {os.getpid()}
