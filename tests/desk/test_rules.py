"""Which page a role gets and what it is asked to do next, without any database."""

from datetime import date

import pytest

from ppid_saas.desk import rules
from ppid_saas.desk.rules import Figures, Stages
from ppid_saas.sop.roles import ROLES


def test_every_role_has_a_page_of_its_own_or_that_of_a_guest() -> None:
    views = {role: rules.view_of("central", {role}) for role in ROLES}
    assert views["central_officer"] == "officer"
    assert views["central_head"] == "head"
    assert {views[role] for role in ("superior", "board_member")} == set(rules.BRIEF) == {"superior", "board"}
    assert views["pembina"] == views["unit_officer"] == rules.GUEST
    assert rules.view_of("unit", {"unit_officer"}) == "officer"
    assert rules.view_of("unit", {"superior"}) == "superior"


def test_who_holds_two_roles_gets_the_page_with_more_to_do() -> None:
    assert rules.view_of("unit", {"tenant_admin", "unit_officer"}) == "officer"
    assert rules.view_of("central", {"auditor", "central_head"}) == "head"


@pytest.mark.parametrize(
    ("register", "opened", "sent", "finished", "step"),
    [
        (Figures(), False, False, False, "begin"),
        (Figures(), True, False, False, "begin"),
        (Figures(3, 1, 3), True, False, False, "complete"),
        (Figures(3, 3, 3), True, False, False, "send"),
        (Figures(3, 3, 3), False, False, False, "ready"),
        (Figures(3, 3, 0), True, True, False, "wait"),
        (Figures(), True, True, False, "wait"),
        (Figures(3, 3, 0), True, True, True, "done"),
        (Figures(3, 2, 0, 1), True, True, True, "mend"),
    ],
)
def test_a_unit_is_asked_for_one_thing(
    *, register: Figures, opened: bool, sent: bool, finished: bool, step: str
) -> None:
    assert rules.unit_step(register, opened=opened, sent=sent, finished=finished) == step


def test_the_first_steps_are_ticked_off_and_leave_for_good() -> None:
    def done(*register: int, sent: bool = False) -> list[bool]:
        return [is_done for _, is_done in rules.first_steps(Figures(*register), sent=sent, accepted=False)]

    assert done() == [False, False, False, False]
    assert done(3, 1) == [True, False, False, False]
    assert done(3, 3) == [True, True, False, False]
    assert done(3, 3, sent=True) == done(sent=True) == [True, True, True, False]
    assert rules.first_steps(Figures(3, 1), sent=False, accepted=True) == []


@pytest.mark.parametrize(
    ("at", "officer", "head"),
    [
        (Stages(), "open", "open"),
        (Stages(opened=True, missing=3), "follow", "follow"),
        (Stages(opened=True, missing=3, waiting=1), "review", "follow"),
        (Stages(opened=True, late=2, accepted=9), "remind", "follow"),
        (Stages(opened=True, repairing=1, accepted=9), "follow", "follow"),
        (Stages(opened=True, accepted=9), "determine", "determine"),
        (Stages(opened=True, missing=1, determined=9), "prepare", "follow"),
        (Stages(opened=True, determined=9, drafts=1, mine_to_publish=1), "publish", "publish"),
        (Stages(opened=True, waiting=1, drafts=1, mine_to_publish=1), "review", "publish"),
        (Stages(opened=True, determined=9, drafts=1), "preview", "look"),
        (Stages(opened=True, waiting=1, approved=True), "review", "follow"),
        (Stages(opened=True, missing=3, approved=True), "record", "follow"),
        (Stages(opened=True, approved=True, returned=True), "mend", "look"),
        (Stages(opened=True), "look", "look"),
    ],
)
def test_the_central_is_asked_for_one_thing(at: Stages, officer: str, head: str) -> None:
    assert rules.officer_step(at) == officer
    assert rules.head_step(at) == head


def test_what_sending_needs_is_asked_for_before_what_is_lacking_more_often() -> None:
    lacking = {"holder": 9, "harm": 2, "interest": 4}
    assert rules.most_lacking(lacking, {"harm", "interest"}) == ("interest", 4)
    assert rules.most_lacking({}, {"harm"}) is None


def test_the_chart_falls_on_the_days_on_which_units_sent() -> None:
    days = [date(2026, 3, 5), date(2026, 3, 2), date(2026, 3, 5)]
    assert rules.left_by_day(days, 5) == [(date(2026, 3, 2), 4), (date(2026, 3, 5), 2)]
