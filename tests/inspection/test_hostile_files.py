"""No hostile file is ever taken for a good one: some of every kind here, all of them in `prove hostile_files`."""

from collections import Counter

import pytest

from ppid_saas.inspection.refusals import MESSAGES
from tests.inspection.examined import examined
from tests.inspection.hostile_files import FAMILIES, Hostile, hostile_files
from tests.inspection.mutations import mutations
from tests.inspection.second_look import against

MOST_KIB = 512 * 1024


@pytest.mark.parametrize("family", [*FAMILIES, "size", "eicar"])
def test_hostile_files_are_refused_for_what_they_are(family: str, sample: dict[str, list[Hostile]]):
    wrong = []
    for each in sample[family]:
        told = examined(each.name, each.data, size=each.announced)
        if (
            told.said not in each.allowed
            or not told.message.endswith(".")
            or (told.used and told.used.kib > MOST_KIB)
        ):
            wrong.append((each.name, told))
    assert not wrong
    assert sample[family]


@pytest.fixture(scope="module")
def sample() -> dict[str, list[Hostile]]:
    found: dict[str, list[Hostile]] = {}
    for each in hostile_files(most=12):
        if not each.scanner:
            found.setdefault(each.family, []).append(each)
    return found


def test_files_changed_at_random_are_refused_or_still_sound():
    wrong, said = [], Counter[str]()
    for name, data in mutations(seed=7, count=380):
        ending = name.rpartition(".")[2]
        told = examined(name, data)
        said[told.said if told.said in MESSAGES else "accepted"] += 1
        if told.said == ending and (fault := against(ending, data)):
            wrong.append((name, fault))
    assert not wrong
    assert said["damaged"] > 100
    assert said["accepted"] > 50
    assert not said["busy"]
