"""Every role, state, step, ground and kind of code has its pair in the glossary."""

import re
from pathlib import Path

from ppid_saas.law.grounds import catalogue
from ppid_saas.law.periods import PeriodKind
from ppid_saas.sop.catalogue import load_catalogue
from ppid_saas.sop.model import LimitKind
from ppid_saas.sop.roles import ROLES
from ppid_saas.workdays.calendar import DayKind
from ppid_saas.workdays.counting import Band

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"


def glossary() -> dict[str, set[str]]:
    """Code -> its screen words, from rows "| `code` | words | ..."."""
    pairs: dict[str, set[str]] = {}
    for code, words in re.findall(
        r"^\| `([^`]+)` \| ([^|]+?) \|", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE
    ):
        pairs.setdefault(code, set()).add(words)
    return pairs


def used() -> dict[str, str]:
    """Code -> the words that code itself holds for it."""
    words = dict(ROLES) | {code: ground.name for code, ground in catalogue().grounds.items()}
    for sop in load_catalogue().values():
        words |= sop.states
        words |= {step.id: step.button for step in sop.steps}
    return words


def test_every_word_of_code_has_its_pair():
    pairs = glossary()
    wrong = {code: word for code, word in used().items() if word not in pairs.get(code, set())}
    assert wrong == {}


def test_every_kind_is_named():
    named = glossary().keys()
    assert [
        k.value for kind in (PeriodKind, LimitKind, DayKind, Band) for k in kind if k.value not in named
    ] == []
