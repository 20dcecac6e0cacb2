"""docs/sop.md traces every row of every shipped form to a step, a screen that exists and a test that names the step."""

import re
from pathlib import Path

import pytest

from ppid_saas.sop.catalogue import load_catalogue
from tests.fixtures.world import World

ROOT = Path(__file__).parents[2]
LINE = re.compile(r"^\| (\S+) \| (\d+) \| `(\w+)` \| `(\S+)` \| `(\S+)::(\w+)` \|$", re.MULTILINE)
TRACED = LINE.findall((ROOT / "docs/sop.md").read_text(encoding="utf-8"))


def test_every_row_of_every_form_is_traced_once() -> None:
    rows = {
        (sop.number, str(step.row), step.id)
        for sop in load_catalogue().values()
        for step in sop.steps
        if step.row
    }
    assert len(TRACED) == len(rows) == 15
    assert {line[:3] for line in TRACED} == rows


def test_every_screen_named_is_one_the_office_serves(world: World) -> None:
    served = {rule.rule for rule in world.app("office").url_map.iter_rules()}
    assert not [line[3] for line in TRACED if line[3] not in served]


@pytest.mark.parametrize("line", TRACED, ids=lambda line: f"{line[0]}-{line[1]}")
def test_the_test_named_exists_and_walks_the_step(line: tuple[str, ...]) -> None:
    step, path, name = line[2], line[4], line[5]
    source = (ROOT / path).read_text(encoding="utf-8")
    found = re.search(rf"^def {name}\(.*?(?=^def |^@|\Z)", source, re.MULTILINE | re.DOTALL)
    assert found, f"{path} has no {name}"
    words = {"test_at_unit": "follow_units|TESTED", "reopen": "opened", "publish": "publish|terbit"}.get(
        step, step
    )
    assert re.search(words, found.group()), f"{name} says nothing of {step}"
