"""What only the office may read is planted on the way as words found nowhere else, and looked for wherever all may read.

A word in a public field is planted beside them and must be found in every form, or the looking would prove nothing.
Source: UU 14/2008 Ps 17, 52, 54.
"""

import json
import re
import urllib.parse
import urllib.request

import pytest

from tests.journey.conftest import WITH, WITHOUT, Story, Told
from tests.journey.public import everything

FILES = {"json", "jsonl", "csv", "xlsx", "pdf"}


@pytest.fixture(params=[WITH, WITHOUT])
def told(request: pytest.FixtureRequest, story: Story) -> Told:
    return story(request.param)


@pytest.fixture
def public(told: Told) -> dict[str, str]:
    return everything(told.watch.running.at("portal", ""), told.region.slug)


def joined(text: str) -> str:
    """Text without its breaks: a narrow column or a line end must not hide a word."""
    return re.sub(r"[\s\u00ad\u200b-]", "", text)


def test_nothing_planted_comes_out_in_public(told: Told, public: dict[str, str]):
    out = {
        (where, address)
        for address, text in public.items()
        for where, planted in told.watch.secret.items()
        if planted in text or joined(planted) in joined(text)
    }
    assert out == set()


def test_what_is_public_is_found_in_every_form(told: Told, public: dict[str, str]):
    found = {address for address, text in public.items() if told.public_word in joined(text)}
    last = {address.rpartition("/")[2] for address in found if "/berkas/" in address}
    assert {form.partition("-")[0] for form in last} >= FILES
    assert told.item_address in found
    assert {address for address in found if "/changes?" in address or address.endswith("/snapshot")}


def test_the_search_does_not_know_what_is_planted(told: Told):
    for where, planted in told.watch.secret.items():
        asked = urllib.parse.urlencode({"q": planted})
        address = told.watch.running.at("portal", f"/{told.region.slug}/dik?{asked}")
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  # our own portal
            assert "Tidak ada yang cocok" in answer.read().decode(), where


def test_no_log_holds_what_was_written(told: Told):
    folder = told.watch.running.settings.log_dir
    logs = {path.name: path.read_text(errors="replace") for path in folder.iterdir()}
    assert {"office.log", "postgres.log", "worker.log"} <= set(logs)
    assert [
        (where, name)
        for name, text in logs.items()
        for where, planted in told.watch.secret.items()
        if planted in text
    ] == []


def test_every_closed_field_was_planted(told: Told):
    """The walk must really have passed all places where something closed is written."""
    item = json.dumps(sorted(told.watch.secret))
    for place in (
        "note of the unit", "document that carries it", "benefit of opening", "loss by closing", "deleted draft",
        "reason of the conclusion", "number of the request", "participant of the test", "place of the soft copy",
        "place of the hard copy", "retention of the archive", "summary for later", "maker of the document",
        "place it was made", "earlier release", "imported file", "name of the letter", "signatory", "internal note", "returned item",
        "undetermined item",
    ):  # fmt: skip
        assert place in item
