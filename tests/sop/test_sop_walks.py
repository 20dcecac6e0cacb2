"""A sample of the proof: each SOP walked beside a model written by hand, and a round through its real screens."""

import random

import pytest

from tests.consequence_tests.walking import region_of
from tests.fixtures.world import World
from tests.prove._sop_models import MODELS
from tests.prove._sop_screens import walk_screens
from tests.prove.sop_walks import lay_out, newest, walk_engine


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_engine_allows_what_the_form_allows(name: str) -> None:
    found = walk_engine(newest(name), MODELS[name], random.Random(7), 60, 50)
    assert found["divergences"] == []
    assert found["without_a_way_out"] == []
    assert found["never_reached"] == []


def test_the_screens_of_a_test_offer_what_they_take(fresh_world: World) -> None:
    region = region_of(fresh_world)
    lay_out(fresh_world, region)
    walked = walk_screens(fresh_world, region, random.Random(3), 2, 40)
    assert walked.divergences == []
    assert walked.steps["sampaikan taken"] > 0
    assert walked.steps["tutup refused"] > 0
