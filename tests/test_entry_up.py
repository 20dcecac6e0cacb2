"""The whole, as a person meets it: `./ppid up` on a new folder serves the real surfaces, and stops."""

import os
import shutil
import signal
import subprocess
import tempfile
import urllib.request
from pathlib import Path

from ppid_saas.settings import ROOT, SURFACES
from tests.embedded.installation import free_ports


def test_up_on_a_new_folder_serves_the_real_surfaces() -> None:
    folder = Path(tempfile.mkdtemp(prefix="ppid-whole-"))
    folder.chmod(0o711)
    first = free_ports()
    environ = {**os.environ, "PPID_DATA_DIR": str(folder), "PPID_PORT": str(first)}
    with subprocess.Popen([ROOT / "ppid", "up"], env=environ, text=True, stdout=subprocess.PIPE) as up:
        try:
            assert "Siap.\n" in _said_until_ready(up)
            for port, _surface in enumerate(SURFACES, first):
                with urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=10) as answer:
                    assert answer.status == 200
            up.send_signal(signal.SIGTERM)
            assert "Semua proses sudah berhenti." in up.stdout.read()
            assert up.wait(60) == 0
        finally:
            up.kill()
            shutil.rmtree(folder, ignore_errors=True)


def _said_until_ready(up: "subprocess.Popen[str]") -> list[str]:
    said = []
    for line in up.stdout:
        said.append(line)
        if line == "Ctrl-C menghentikan semuanya.\n":
            break
    return said
