"""The whole, as a person meets it: `./ppid up --empty` on a new folder serves the real surfaces, says how to go on, and stops."""

import os
import shutil
import signal
import subprocess
import tempfile
import urllib.request
from pathlib import Path

from ppid_saas.settings import ROOT, SURFACES
from tests.embedded.installation import free_ports

FIRST_COMMANDS = [["tenant", "add-central"], ["tenant", "import"], ["member", "add"]]


def test_up_on_a_new_folder_serves_the_real_surfaces() -> None:
    folder = Path(tempfile.mkdtemp(prefix="ppid-whole-"))
    folder.chmod(0o711)
    first_port = free_ports()
    environ = {**os.environ, "PPID_DATA_DIR": str(folder), "PPID_PORT": str(first_port)}
    with subprocess.Popen(
        [ROOT / "ppid", "up", "--empty"], env=environ, text=True, stdout=subprocess.PIPE
    ) as up:
        try:
            said = _said_until_ready(up)
            assert "Siap.\n" in said
            first = [line for line in said if line.startswith("  ./ppid ")]
            assert [line.split()[1:3] for line in first] == FIRST_COMMANDS
            for port, _surface in enumerate(SURFACES, first_port):
                with urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=10) as answer:
                    assert answer.status == 200
            with urllib.request.urlopen(f"http://localhost:{first_port + 1}/masuk", timeout=10) as answer:
                sign_in = answer.read().decode()
            assert all(f"./ppid {' '.join(words)}" in sign_in for words in FIRST_COMMANDS)
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
