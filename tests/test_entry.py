"""The entry script on a machine that has only Python: environment, locked wheels, and what it says when it cannot.

A copy of the script with a list of one small wheel of our own, so that nothing comes from a network.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BASE_PYTHON = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
CLI = """
import os, sys
try:
    import tiny
    version = tiny.VERSION
except ImportError:
    version = None
print(version, *sys.argv[1:], os.getcwd(), sep="|")
"""


class Checkout:
    """A copy of what the entry script needs, and a shelf of wheels in place of the package index."""

    def __init__(self, root: Path) -> None:
        self.root = root / "source"
        self.shelf = root / "shelf"
        self.shelf.mkdir()
        (self.root / "ppid_saas/commands").mkdir(parents=True)
        (self.root / "deploy").mkdir()
        shutil.copy(ROOT / "ppid", self.root)
        shutil.copy(ROOT / "ppid_saas/commands/install.py", self.root / "ppid_saas/commands")
        (self.root / "ppid_saas/__init__.py").touch()
        (self.root / "ppid_saas/cli.py").write_text(CLI)
        self.environ = {
            "PATH": os.environ["PATH"], "HOME": str(root), "PPID_PYTHON": str(BASE_PYTHON),
            "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.shelf),
        }  # fmt: skip
        self.lock("requirements.txt", 1)
        self.lock("requirements-test.txt", 1)

    def lock(self, name: str, version: int) -> None:
        wheel = _wheel(self.shelf, version)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        (self.root / "deploy" / name).write_text(f"tiny=={version} \\\n    --hash=sha256:{digest}\n")

    def run(self, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [self.root / "ppid", *arguments], env=self.environ | environ, cwd="/",
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def refused(self, **environ: str) -> str:
        """Run, and return the one line it refused with, beside what told of progress."""
        ended = self.run("status", **environ)
        assert (ended.returncode, ended.stdout) == (1, "")
        [line] = [line for line in ended.stderr.splitlines() if line.startswith("ppid: ")]
        assert "Traceback" not in ended.stderr
        return line


def _wheel(shelf: Path, version: int) -> Path:
    path = shelf / f"tiny-{version}-py3-none-any.whl"
    info = f"tiny-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in {
            "tiny.py": f"VERSION = {version}\n",
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": "",
        }.items():
            wheel.writestr(zipfile.ZipInfo(name), text)
    return path


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_the_first_run_installs_and_later_runs_only_when_the_lock_changed(checkout: Checkout) -> None:
    first = checkout.run("status", "two words")
    assert first.stdout == "1|status|two words|/\n"
    assert "Menyiapkan lingkungan Python" in first.stderr
    assert "Memasang 1 paket" in first.stderr

    again = checkout.run("status")
    assert (again.stdout, again.stderr) == ("1|status|/\n", "")

    checkout.lock("requirements.txt", 2)
    changed = checkout.run("status")
    assert changed.stdout == "2|status|/\n"
    assert "Menyiapkan lingkungan" not in changed.stderr

    checkout.lock("requirements-test.txt", 3)
    assert checkout.run("status").stderr == ""
    assert checkout.run("test", "-k", "x").stdout == "3|test|-k|x|/\n"


def test_a_broken_environment_is_made_again(checkout: Checkout) -> None:
    checkout.run("status")
    python = checkout.root / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/nonexistent/python3")
    assert checkout.run("status").stdout == "1|status|/\n"


def test_it_is_found_through_a_link(checkout: Checkout, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere"
    link.symlink_to(checkout.root / "ppid")
    ended = subprocess.run(
        [link, "x"], env=checkout.environ, cwd="/", capture_output=True, text=True, check=False
    )
    assert ended.stdout == "1|x|/\n"


def test_two_first_runs_at_once_share_one_installation(checkout: Checkout) -> None:
    runs = [
        subprocess.Popen(
            [checkout.root / "ppid", "x"], env=checkout.environ, stdout=-1, stderr=-1, text=True, cwd="/"
        )
        for _ in range(2)
    ]
    said = [run.communicate() for run in runs]
    assert [out for out, _ in said] == ["1|x|/\n"] * 2
    assert sorted(err.count("Memasang") for _, err in said) == [0, 1]


def test_no_network_is_told_with_the_remedy(checkout: Checkout) -> None:
    line = checkout.refused(
        PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="0"
    )
    assert "sambungkan ke jaringan" in line
    assert checkout.run("status").stdout == "1|status|/\n"


def test_a_wheel_that_is_not_the_locked_one_is_refused(checkout: Checkout) -> None:
    with zipfile.ZipFile(checkout.shelf / "tiny-1-py3-none-any.whl", "a") as wheel:
        wheel.writestr("extra.py", "")
    assert "tidak cocok dengan daftar terkunci" in checkout.refused()


def test_a_lock_without_a_hash_is_refused(checkout: Checkout) -> None:
    (checkout.root / "deploy/requirements.txt").write_text("tiny==1\n")
    assert "ppid: " in checkout.refused()
    assert not (checkout.root / ".venv/requirements.txt.installed").exists()


def _python_that(folder: Path, refuses: str, says: str) -> str:
    """Return a Python that ends with a message when its arguments hold a certain word, as Debian's does."""
    path = folder / "python3"
    path.write_text(
        f'#!/bin/sh\ncase "$*" in *"{refuses}"*) echo "{says}" >&2; exit 1;; esac\nexec {BASE_PYTHON} "$@"\n'
    )
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    "says",
    ["No module named venv", "The virtual environment was not created because ensurepip is not available."],
)
def test_a_python_without_venv_is_told_with_the_remedy(checkout: Checkout, tmp_path: Path, says: str) -> None:
    line = checkout.refused(PPID_PYTHON=_python_that(tmp_path, "-m venv", says))
    assert "tidak punya modul venv" in line
    assert "apt install python3-venv" in line
    assert not (checkout.root / ".venv").exists()


def test_a_full_disk_while_installing_is_told(checkout: Checkout, tmp_path: Path) -> None:
    says = "OSError: [Errno 28] No space left on device"
    line = checkout.refused(PPID_PYTHON=_python_that(tmp_path, "-m venv", says))
    assert "disk penuh" in line


def test_a_python_that_is_too_old_is_passed_over(checkout: Checkout, tmp_path: Path) -> None:
    old = _python_that(tmp_path, "version_info", "")
    assert "bukan Python 3.11" in checkout.refused(PPID_PYTHON=old)
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "dirname", "readlink", "cat", "cksum"):
        (tools / name).symlink_to(shutil.which(name) or name)
    shutil.copy(old, tools / "python3")
    assert "Python 3.11 atau lebih baru tidak ditemukan" in checkout.refused(PPID_PYTHON="", PATH=str(tools))


def test_something_in_the_way_of_the_environment_is_told(checkout: Checkout) -> None:
    (checkout.root / ".venv").write_text("in the way")
    assert ".venv tidak dapat dibuat" in checkout.refused()
