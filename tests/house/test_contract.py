"""What the APIs answer is what they say they answer: no fault of ours, no undocumented status, type, header or shape.

A short look at every operation; the long one is `./ppid prove contract`.
"""

from typing import Any

import pytest

from tests.fixtures.world import build
from tests.prove._contract import Side, examine, operations
from tests.prove.contract import sides

REGION = "kontrak"


@pytest.fixture(scope="module")
def callers(servers: Any, apps: Any) -> dict[str, Side]:
    world = build(servers, (REGION,), apps)
    return {side.name: side for side in sides(world, REGION)}


@pytest.mark.parametrize("name", ["portal", "unit", "central"])
@pytest.mark.filterwarnings("ignore::Warning:schemathesis")
def test_the_description_holds(callers: dict[str, Side], name: str) -> None:
    side = callers[name]
    found = examine(side, seed=1, examples=1)
    assert set(found.asked) >= operations(side.app, side.paths)
    assert not found.faults, "\n\n".join(f"{fault}\n{shown}" for fault, shown in found.faults.items())


def test_every_operation_of_the_office_is_asked(callers: dict[str, Side]) -> None:
    office = callers["unit"].app
    asked = operations(office, callers["unit"].paths) | operations(office, callers["central"].paths)
    assert asked == operations(office, ".")
