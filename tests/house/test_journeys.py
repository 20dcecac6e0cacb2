"""docs/journeys.md leads from every journey and every check of the browser to tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/journeys.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/\S+\.py)::(\w+)`", PAGE)))
WALKED = [*(f"J{n}" for n in range(1, 10)), "J9", "J11", "J14"]
CHECKS = set(range(6, 41))


def rows(first: str) -> list[list[str]]:
    found = re.findall(rf"^\| ({first}.*) \|$", PAGE, re.MULTILINE)
    return [line.split(" | ") for line in found]


def test_every_journey_is_walked_both_ways_and_every_check_is_held() -> None:
    journeys = rows(r"J\d")
    assert [line[0].split()[0] for line in journeys] == WALKED
    checks = rows(r"\d")
    assert {int(line[0]) for line in checks} == CHECKS
    for line in [*journeys, *checks]:
        tests = line[2:]
        assert len(tests) == (2 if line in journeys else 1)
        assert all(re.fullmatch(r"`tests/\S+\.py::\w+`", test) for test in tests), line


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_the_test_named_exists(path: str, name: str) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    assert re.search(rf"^def {name}\(", source, re.MULTILINE), f"{path} has no {name}"
