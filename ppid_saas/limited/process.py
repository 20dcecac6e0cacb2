"""The limited process: it forks one more for each file it is handed, and never meets a byte of one itself.

What it forks may hold 512 MB and run for ten seconds; it can open no file, no socket and no process, has no environment and no
secret, sees one file, answers, and ends.
"""

import codecs
import contextlib
import gc
import os
import resource
import signal
import socket
from collections.abc import Callable
from typing import Final

MEMORY: Final = 512 * 1024 * 1024
SECONDS: Final = 10
READY: Final = b"+"
NOBODY: Final = 65534
CODECS: Final = ("ascii", "cp437", "cp1252", "latin-1", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "idna")

Work = Callable[[socket.socket], None]


def serve(work: Work) -> None:
    """Fork a process for each line that comes, until nobody is left who could send one."""
    prepare()
    with socket.socket(fileno=os.dup(0)) as lines:
        while True:
            said, handed, _, _ = socket.recv_fds(lines, 1, 1)
            if not said:
                break
            for each in handed:
                if not os.fork():
                    lines.close()
                    work_apart(each, work)
                os.close(each)
    reap(0)


def prepare() -> None:
    """Load now what can no longer be opened later, and give up what no file needs."""
    for name in CODECS:
        codecs.lookup(name)
    signal.signal(signal.SIGCHLD, lambda *_: reap(os.WNOHANG))
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


def reap(how: int) -> None:
    """Let those go that have ended: what they used is then told to whoever waits for this process."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, how)[0]:
            pass


def limit(kind: int, most: int) -> None:
    resource.setrlimit(kind, (most, most))


def work_apart(handed: int, work: Work) -> None:
    """Work on one file in the forked process and end it, whatever comes."""
    try:
        os.close(0)
        limit(resource.RLIMIT_CPU, SECONDS)
        with socket.socket(fileno=handed) as line:
            limit(resource.RLIMIT_NOFILE, 0)
            line.sendall(READY)
            work(line)
    finally:
        os._exit(0)
