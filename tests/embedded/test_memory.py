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

# A limit of glibc's own moves with the first large buffer freed; what lives on between them holds the others' place.
FREED = """
import os
from ppid_saas.embedded.memory import give_back_what_is_large, own_share
{first}
large = b"x" * (SIZE // 10); del large
held = [(b"x" * (SIZE // 10), bytes([n]) * 1000) for n in range(10)]
held = [small for _, small in held]
print(own_share(os.getpid()))
"""


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


def test_what_is_freed_goes_back_to_the_system() -> None:
    assert _after_freeing("pass") > SIZE * 0.8
    assert _after_freeing("give_back_what_is_large()") < SIZE * 0.8


def _after_freeing(first: str) -> int:
    code = f"SIZE = {SIZE}" + FREED.replace("{first}", first)
    return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout)
