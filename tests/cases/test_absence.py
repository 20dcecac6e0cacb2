"""A sample of the proof of clocks: away over due moments, two sweepers afterwards, each duty takes effect once on its day."""

from tests.fixtures.world import World
from tests.prove import clocks


def test_each_duty_takes_effect_once_after_an_absence(fresh_world: World) -> None:
    region = next(region for region, _ in fresh_world.tenants)
    told = clocks.away(fresh_world, region, 60, seed=3)
    assert told["took_effect"] == told["duties"] == 60
    assert {
        told[name] for name in ("twice", "wrong_day", "out_of_order", "wrong_reads", "due_but_not_done")
    } == {0}
