"""What all tests share: one set of embedded servers for the whole run, and the settings that lead to it.

Roles and schema are made by the product's own code; rows are the business of the fixtures beside this file.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ppid_saas.embedded.temporary import prepared_servers
from ppid_saas.settings import Settings

hypothesis.settings.register_profile("untimed", deadline=None)  # machines are slow at times
hypothesis.settings.load_profile("untimed")
pytest_plugins = ["tests.fixtures.world"]
TESTS = Path(__file__).parent
SHARING = frozenset({"demo", "deploy", "faults", "journey"})  # their servers take long to start


class BySharedServers(LoadScopeScheduling):
    """Where the suite is spread over processes, each file stays in one, and so does each folder that shares servers."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = file.split("/")[1]
        return folder if folder in SHARING else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BySharedServers:
    return BySharedServers(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no process is left with it at the end."""
    items.sort(key=lambda item: item.path.relative_to(TESTS).parts[0] not in SHARING)


@pytest.fixture(scope="session")
def data_dir() -> Iterator[Path]:
    """A folder with a short path that the database's user may pass through, which pytest's own folders deny."""
    folder = Path(tempfile.mkdtemp(prefix="ppid-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def settings(data_dir: Path) -> Settings:
    """The settings of the test run; of the caller's environment only a store reaches them, where a proof gives one."""
    place = {"PPID_DATA_DIR": str(data_dir), "PPID_PORT": str(18400 + os.getpid() * 45 % 4000)}
    return Settings.from_env(place | given_store())


def given_store() -> dict[str, str]:
    if os.environ.get("PPID_TEST_STORE") != "given":
        return {}
    return {
        name: value for name, value in os.environ.items() if name.startswith(("PPID_S3_", "PPID_PORTAL_S3_"))
    }


@pytest.fixture(scope="session")
def servers(settings: Settings) -> Iterator[Settings]:
    """PostgreSQL, Valkey and S3 for the whole run, migrated; the value is the settings, for convenience."""
    with prepared_servers(settings):
        yield settings
