"""A real clamd for the proof, with a signature of its own: the public ones cannot be had everywhere."""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.inspection.hostile_files import EICAR

# As docs/servers.md tells whoever runs one.
SETTINGS = """
AlertExceedsMax yes
AlertEncrypted yes
StreamMaxLength 1100M
MaxFileSize 1100M
MaxScanSize 1100M
MaxScanTime 240000
"""


def is_installed() -> bool:
    return shutil.which("clamd") is not None


@contextlib.contextmanager
def running(folder: Path, more: str = "") -> Iterator[Path]:
    """Run clamd in a folder and give the path of its socket."""
    (folder / "signatures").mkdir()
    (folder / "signatures" / "own.ndb").write_text(f"Own.EICAR:0:*:{EICAR.hex()}\n")
    path, settings = folder / "clamd.sock", folder / "clamd.conf"
    settings.write_text(
        f"Foreground yes\nLocalSocket {path}\nDatabaseDirectory {folder / 'signatures'}\nTemporaryDirectory {folder}\n"
        + (more or SETTINGS)
    )
    process = subprocess.Popen(["clamd", "-c", str(settings)], stdout=subprocess.DEVNULL)
    try:
        wait_for(path, process)
        yield path
    finally:
        process.terminate()
        process.wait(30)


def wait_for(path: Path, process: "subprocess.Popen[bytes]", seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with socket.socket(socket.AF_UNIX) as line, contextlib.suppress(OSError):
            line.connect(str(path))
            line.sendall(b"zPING\0")
            if line.recv(10) == b"PONG\0":
                return
        time.sleep(0.05)
    raise RuntimeError("clamd did not start")
