"""The product in one walk, with scripts and without: a workbook goes in, and a citizen and a program read the list."""

import json
import urllib.request
from pathlib import Path

import pytest

from tests.journey.conftest import WITH, WITHOUT, Story, Told
from tests.journey.walk import TITLE
from tests.prove import follower


@pytest.fixture(params=[WITH, WITHOUT])
def told(request: pytest.FixtureRequest, story: Story) -> Told:
    return story(request.param)


def fetch(told: Told, path: str) -> bytes:
    with urllib.request.urlopen(told.watch.running.at("portal", path), timeout=10) as answer:  # noqa: S310  # our own portal
        return answer.read()


def test_a_workbook_becomes_a_published_list_that_a_program_can_follow(told: Told, tmp_path: Path):
    portal, name = told.watch.running.at("portal", ""), told.region.slug
    follower.follow(portal, name, tmp_path / "list.json", 4)
    snapshot = fetch(told, f"/api/v1/lists/{name}/snapshot")
    assert follower.as_snapshot(tmp_path / "list.json", name) == snapshot
    items = json.loads(snapshot)["items"]
    assert len(items) == told.items + 1
    mine = next(item for item in items if item["title"] == TITLE)
    assert told.item_address.endswith(f"/{name}/dik/{mine['code']}")
    assert mine["ends_on"] == told.last_day.isoformat()


def test_no_browser_had_anything_to_complain_of(told: Told):
    """Neither the content policy, nor a script, nor a request to any other place."""
    assert told.watch.complaints == []


def test_the_public_site_gave_no_cookie(told: Told):
    assert told.citizen.context.cookies() == []


def test_what_blocked_was_found_and_mended_by_its_link(story: Story):
    assert story(WITHOUT).mended > 0
