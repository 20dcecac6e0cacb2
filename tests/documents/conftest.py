"""Fixtures of stored bytes, for the tests of this folder."""

import pytest

from tests.documents.filing import Office
from tests.fixtures.world import World
from tests.submissions.test_mails import inbox
from tests.vault.storage import Outside, own, store

__all__ = ["inbox", "own", "store"]


@pytest.fixture
def office(own: World, store: Outside) -> Office:
    return Office(own, next(region for region, _ in own.tenants))
