"""Makes .venv and installs a hash-locked list into it: a program of its own, run by the entry script.

It runs before anything is installed, so it uses the standard library alone and imports nothing of ours.
"""

import fcntl
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Final

REQUIREMENT: Final = re.compile(r"^[A-Za-z0-9]", re.MULTILINE)
TELL_EVERY: Final = 2.0
TROUBLES: Final = (
    (
        re.compile(r"No space left on device|Errno 28|Disk quota exceeded"),
        "disk penuh; kosongkan sebagian, lalu ulangi",
    ),
    (
        re.compile(r"THESE PACKAGES DO NOT MATCH THE HASHES|DO NOT MATCH"),
        "paket yang diunduh tidak cocok dengan daftar terkunci; periksa jaringan atau cermin paket, lalu ulangi",
    ),
    (
        re.compile(r"NewConnectionError|Connection refused|ConnectionError|ConnectTimeout|ReadTimeout|Name or service"
                   r"|name resolution|Network is unreachable|ProxyError|No matching distribution|Could not find a ver"),
        "paket tidak dapat diunduh; sambungkan ke jaringan, atau sebut cermin dengan PIP_INDEX_URL, lalu ulangi",
    ),
)  # fmt: skip
NO_VENV: Final = re.compile(
    r"No module named '?(venv|ensurepip)|ensurepip is not available|python3?[0-9.]*-venv"
)


def install(python: str, root: Path, lock: str) -> str | None:
    """Bring .venv to a lock file; return what went wrong as one line, or None."""
    with (root / "ppid").open("rb") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        fingerprint = _fingerprint(root / "deploy" / lock)
        stamp = root / ".venv" / f"{lock}.installed"
        if stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint and _works(root):
            return None
        return _make_environment(python, root) or _install_wheels(root, lock, stamp, fingerprint)


def _make_environment(python: str, root: Path) -> str | None:
    folder = root / ".venv"
    if _works(root):
        return None
    _tell("Menyiapkan lingkungan Python di .venv …")
    shutil.rmtree(folder, ignore_errors=True)
    made = subprocess.run([python, "-m", "venv", str(folder)], capture_output=True, text=True, check=False)
    if made.returncode == 0:
        return None
    shutil.rmtree(folder, ignore_errors=True)
    output = made.stdout + made.stderr
    if NO_VENV.search(output):
        return f"{python} tidak punya modul venv; pasang (Debian: apt install python3-venv), lalu ulangi"
    return _reason(output) or f".venv tidak dapat dibuat: {_last_line(output)}"


def _install_wheels(root: Path, lock: str, stamp: Path, fingerprint: str) -> str | None:
    path = root / "deploy" / lock
    total = len(REQUIREMENT.findall(path.read_text(encoding="utf-8")))
    _tell(f"Memasang {total} paket dari {lock} …")
    log = root / ".venv" / "install.log"
    with log.open("w", encoding="utf-8") as record:
        pip = subprocess.Popen(
            [
                str(root / ".venv" / "bin" / "python"), "-m", "pip", "install", "--require-hashes",
                "--disable-pip-version-check", "--no-input", "--progress-bar=off", "--retries=2", "--timeout=15",
                "-r", str(path),
            ],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        )  # fmt: skip
        output = _follow(pip, record, total)
    if pip.wait() != 0:
        return f"{_reason(output) or _last_line(output)} (selengkapnya di {log})"
    stamp.write_text(fingerprint, encoding="ascii")
    return None


def _follow(pip: "subprocess.Popen[str]", record: IO[str], total: int) -> str:
    """Keep pip's output, and tell every few seconds how far it is."""
    lines, collected, told = [], 0, time.monotonic()
    for line in pip.stdout or ():
        lines.append(line)
        record.write(line)
        collected += line.startswith(("Collecting", "Requirement already satisfied"))
        if time.monotonic() - told > TELL_EVERY or line.startswith("Installing collected"):
            told = time.monotonic()
            _tell(f"  {collected} dari {total} paket" if collected < total else "  memasang paket …")
    return "".join(lines)


def _reason(output: str) -> str | None:
    return next((remedy for pattern, remedy in TROUBLES if pattern.search(output)), None)


def _last_line(output: str) -> str:
    return next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "tanpa pesan")


def _works(root: Path) -> bool:
    """Tell whether .venv has a Python that runs, with pip; a moved or upgraded base leaves a broken one."""
    python = root / ".venv" / "bin" / "python"
    if not python.exists():
        return False
    return (
        subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    )


def _fingerprint(path: Path) -> str:
    """Return what the entry script compares: cksum is the one checksum every POSIX system has."""
    with path.open("rb") as file:
        return subprocess.run(
            ["cksum"], stdin=file, capture_output=True, text=True, check=True
        ).stdout.strip()


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def main(arguments: list[str]) -> int:
    python, root, lock = arguments
    try:
        trouble = install(python, Path(root), lock)
    except PermissionError as error:
        trouble = f"tidak boleh menulis di {error.filename}; beri izin atau salin ke folder milik sendiri"
    except OSError as error:
        trouble = _reason(str(error)) or str(error)
    except KeyboardInterrupt:
        trouble = "dihentikan; ulangi kapan saja"
    if trouble is not None:
        _tell(f"ppid: {trouble}")
    return 0 if trouble is None else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
