"""The demo is loaded once for all that look at it."""

from collections.abc import Iterator

import pytest

from tests.demo.regency import Regency, loaded


@pytest.fixture(scope="package")
def regency() -> Iterator[Regency]:
    with loaded() as regency:
        yield regency
