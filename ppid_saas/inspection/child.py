"""The limited process: it forks an examiner for each file it is handed, and never meets a byte of one itself.

An examiner may hold 512 MB and run for ten seconds; it can open no file, no socket and no process, has no environment and no
secret, sees one file, says one word about it, and ends. `warm` starts this; nothing imports it for its own use.
"""

import codecs
import contextlib
import gc
import json
import os
import resource
import signal
import socket
from typing import Any, Final

from ppid_saas.inspection.allowed import TYPES
from ppid_saas.inspection.formats import finish, read
from ppid_saas.inspection.refusals import RefusedFileError

MEMORY: Final = 512 * 1024 * 1024
SECONDS: Final = 10
PIECE: Final = 1024 * 1024
READY: Final = b"+"
NOBODY: Final = 65534
CODECS: Final = ("ascii", "cp437", "cp1252", "latin-1", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "idna")


def main() -> None:
    """Fork an examiner for each line that comes, until nobody is left who could send one."""
    prepare()
    with socket.socket(fileno=os.dup(0)) as lines:
        while True:
            said, handed, _, _ = socket.recv_fds(lines, 1, 1)
            if not said:
                return
            for each in handed:
                if not os.fork():
                    lines.close()
                    examine_apart(each)
                os.close(each)


def prepare() -> None:
    """Load now what can no longer be opened later, and give up what no examiner needs."""
    for name in CODECS:
        codecs.lookup(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    limit(resource.RLIMIT_AS, MEMORY)
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_FSIZE, 0)
    if not os.geteuid():
        with contextlib.suppress(OSError):  # a root who may not do this can do little else
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
    gc.freeze()
    os.dup2(1, 2)  # what a library complains of may quote a file


def limit(kind: int, most: int) -> None:
    resource.setrlimit(kind, (most, most))


def examine_apart(handed: int) -> None:
    """Examine one file in the forked process and end it, whatever comes."""
    try:
        os.close(0)
        limit(resource.RLIMIT_CPU, SECONDS)
        with socket.socket(fileno=handed) as line:
            limit(resource.RLIMIT_NOFILE, 0)
            line.sendall(READY)
            said = verdict(line)
            line.shutdown(socket.SHUT_RD)
            used = resource.getrusage(resource.RUSAGE_SELF)
            spent = round(used.ru_utime + used.ru_stime, 3)
            line.sendall(json.dumps({"said": said, "seconds": spent, "kib": used.ru_maxrss}).encode())
    finally:
        os._exit(0)


def verdict(line: socket.socket) -> str:
    """Return `good`, or the code of the refusal."""
    try:
        head = heading(line)
        reading = read(TYPES[head["ending"]], head["size"])
        next(reading)
        while chunk := line.recv(PIECE):
            reading.send(chunk)
        finish(reading)
    except RefusedFileError as refusal:
        return refusal.code
    except MemoryError:
        return "bomb"
    except Exception:  # noqa: BLE001  # whatever a foreign file brings about, it is the file's fault
        return "damaged"
    return "good"


def heading(line: socket.socket) -> dict[str, Any]:
    """Read the first line, which comes before the file: what it is to be."""
    said = b""
    while not said.endswith(b"\n"):
        said += line.recv(1)
    told: dict[str, Any] = json.loads(said)
    return told


if __name__ == "__main__":
    main()
