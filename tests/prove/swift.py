"""Proof: every test of stored bytes passes on another store than the embedded one, OpenStack Swift by its S3 interface.

The tests are the suite's own, run as the suite runs them; only the store behind them is another.
"""

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from ppid_saas.settings import Settings
from tests.prove._swift import swift

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("tests/vault", "tests/quota", "tests/documents", "tests/exports", "tests/editions")
BUCKETS = ("quarantine", "exempt", "editions")
# What is said of the embedded store alone, and so cannot hold of another.
OF_THE_EMBEDDED = ("tests/documents/test_strangers.py::test_the_portal_does_not_get_it_by_its_name",)


def run(seconds: float | None, seed: int) -> dict[str, Any]:  # the suite draws its own chances
    """Start Swift, point the suite at it, and count; with seconds given, the tests of the vault alone."""
    with tempfile.TemporaryDirectory(prefix="ppid-swift-") as made:
        folder = Path(made)
        folder.chmod(0o711)
        settings = Settings.from_env({"PPID_DATA_DIR": made, "PPID_PORT": "27800"})
        with swift(settings, folder, BUCKETS) as store:
            report = folder / "report.xml"
            folders = FOLDERS if seconds is None else FOLDERS[:1]
            given = os.environ | store.environment | {"PPID_TEST_STORE": "given"}
            skipped = [f"--deselect={name}" for name in OF_THE_EMBEDDED]
            subprocess.run(
                [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *skipped, *folders],
                cwd=ROOT, env=given, check=False,
            )  # fmt: skip
            return counted(report)


def counted(report: Path) -> dict[str, Any]:
    cases = list(ET.parse(report).getroot().iter("testcase"))  # noqa: S314  # our own pytest wrote it
    bad = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    return {
        "store": "OpenStack Swift, s3api",
        "tests": len(cases),
        "passed": len(cases) - len(bad) - sum(case.find("skipped") is not None for case in cases),
        "failed": sorted(f"{case.get('classname')}::{case.get('name')}" for case in bad),
        "left_out": list(OF_THE_EMBEDDED),
    }
