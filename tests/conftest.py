"""What all tests share: one set of embedded servers for the whole run, and the settings that lead to it.

Roles and schema are made by the product's own code; rows are the business of the fixtures beside this file.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ppid_saas.embedded.temporary import prepared_servers
from ppid_saas.settings import Settings

pytest_plugins = ["tests.fixtures.world"]
TESTS = Path(__file__).parent
SHARING = frozenset({"demo", "deploy", "faults", "journey"})  # their servers take long to start


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where the suite is spread over processes, keep each file in one of them, and each folder that shares servers."""
    for item in items:
        place = item.path.relative_to(TESTS)
        item.add_marker(pytest.mark.xdist_group(place.parts[0] if place.parts[0] in SHARING else str(place)))


@pytest.fixture(scope="session")
def data_dir() -> Iterator[Path]:
    """A folder with a short path that the database's user may pass through, which pytest's own folders deny."""
    folder = Path(tempfile.mkdtemp(prefix="ppid-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def settings(data_dir: Path) -> Settings:
    """The settings of the test run; nothing of the caller's environment but the search path reaches them."""
    return Settings.from_env(
        {"PPID_DATA_DIR": str(data_dir), "PPID_PORT": str(18400 + os.getpid() * 45 % 4000)}
    )


@pytest.fixture(scope="session")
def servers(settings: Settings) -> Iterator[Settings]:
    """PostgreSQL, Valkey and S3 for the whole run, migrated; the value is the settings, for convenience."""
    with prepared_servers(settings):
        yield settings
