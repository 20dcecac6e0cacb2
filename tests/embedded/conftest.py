"""Data folders for installations under test."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """A new folder that the database's user may pass through, which pytest's own folders deny."""
    made = Path(tempfile.mkdtemp(prefix="ppid-up-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)
