"""A sample of `prove tampering`: each kind of harm a few times, and not a byte comes out."""

from tests.fixtures.world import World
from tests.prove.tampering import HARMS, SEGMENT, tamper


def test_nothing_harmed_is_released_and_each_is_told(own: World):
    region = next(region for region, _ in own.tenants)
    trials = 4 * len(HARMS)
    found = tamper(own, region, trials, seed=11, sizes=(1, 900, SEGMENT, 3 * SEGMENT))
    assert found["by_harm"] == dict.fromkeys(sorted(HARMS), 4)
    assert found["plaintext_bytes_released"] == 0
    assert found["told_by_event_and_journal"] == trials
    assert found["unreadable_when_put_right"] == 0
