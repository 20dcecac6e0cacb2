"""Walks through SOPs: who may do what when, and until when; the shipped one and two forms it must carry."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppid_saas.sop.catalogue import load_catalogue, parse_sop
from ppid_saas.sop.engine import actions, due, may, steps_from, with_limits
from ppid_saas.sop.model import Sop
from ppid_saas.sop.roles import ROLES
from ppid_saas.workdays.calendar import Calendar
from ppid_saas.workdays.national import national_calendar

SOP = load_catalogue()["03-sop-ppid.v1"]
NATIONAL = national_calendar(range(2025, 2030))
HEAD = "\n".join(
    f'[header.{name}]\nlabel = "x"\nreading = "illegible"'
    for name in [
        "unit",
        "number",
        "made_on",
        "revised_on",
        "approved_on",
        "approved_by",
        "basis",
        "qualifications",
        "related",
        "equipment",
        "warning",
        "recording",
    ]
)


def form(limits: list[str], roles: list[str]) -> Sop:
    """An SOP of our own with these limits, one row each, state s0 to sN."""
    states = "\n".join(f'[[state]]\nid = "s{n}"\nname = "S{n}"' for n in range(len(limits) + 1))
    steps = "\n".join(
        f'[[step]]\nrow = {n + 1}\nid = "step_{chr(97 + n)}"\nactivity = "x"\nbutton = "x"\nactor = "x"\n'
        f'roles = ["{role}"]\nfrom = "s{n}"\nto = "s{n + 1}"\ninputs = []\noutputs = []\nlimit = {limit}\nsource = "x"'
        for n, (limit, role) in enumerate(zip(limits, roles, strict=True))
    )
    states += "\nfinal = true"
    top = 'id = "our-form"\nversion = 1\nnumber = "01/X"\ntitle = "x"\nprocess = "testing"\nsource = "x"'
    return parse_sop(f"{top}\n{HEAD}\n{states}\n{steps}")


SIX = form(
    [f'{{ kind = "working_days", n = {n} }}' for n in (10, 10, 7, 30, 3, 10)],
    ["unit_officer", "central_officer", "board_member", "central_officer", "superior", "central_officer"],
)
FOUR = form(
    ['{ kind = "window", first_week = 1, last_week = 2, printed = "minggu 1-2" }']
    + ['{ kind = "none", printed = "tentatif" }'] * 3,
    ["unit_officer", "superior", "unit_officer", "unit_officer"],
)


def test_a_collection_walks_from_open_to_published():
    walk = [
        ("central_officer", "collect", "collected"),
        ("central_officer", "sort", "sorted"),
        ("central_head", "determine", "determined"),
        ("central_officer", "store", "stored"),
        ("central_head", "publish", "published"),
    ]
    state = SOP.initial
    for role, verb, to in walk:
        (offered,) = actions(SOP, state, {role})
        assert (offered.id, offered.to_state) == (verb, to)
        state = offered.to_state
    assert steps_from(SOP, state) == []


def test_publishing_needs_two():
    (publish,) = actions(SOP, "stored", {"central_head", "central_officer"})
    assert publish.prepared_by == "central_officer"
    assert actions(SOP, "stored", {"central_officer"}) == []


def test_reopening_concerns_an_item_and_never_the_case():
    assert may(SOP, "reopening", "reopen", {"central_head"}, subject="item")
    assert not may(SOP, "reopening", "reopen", {"central_head"})
    assert not may(SOP, "reopening", "reopen", {"central_officer"}, subject="item")


@pytest.mark.parametrize("state", SOP.states)
def test_what_is_drawn_is_what_is_let_through(state: str):
    every = {step.id: step for step in SOP.steps}
    for role, subject in product(ROLES, ("case", "item")):
        drawn = {a.id for a in actions(SOP, state, {role}, subject)}
        assert {verb for verb in every if may(SOP, state, verb, {role}, subject)} == drawn
        assert all((every[v].from_state, every[v].subject) == (state, subject) for v in drawn)
    assert actions(SOP, state, set()) == actions(SOP, state, {"stranger"}) == []


def test_reopening_is_due_thirty_days_before_the_end():
    found = due(SOP, SOP.step("reopen"), date(2026, 12, 31), NATIONAL)
    assert found is not None
    assert (found.due_on, found.n, found.source) == (date(2026, 11, 17), 30, "03/SOP-PPID, baris 3")
    assert (found.calendar_version, found.estimated) == (NATIONAL.version, False)


def test_a_deadline_in_a_year_without_a_decree_is_an_estimate():
    found = due(SOP, SOP.step("reopen"), date(2028, 6, 30), NATIONAL)
    assert found is not None
    assert found.estimated


@pytest.mark.parametrize("verb", ["collect", "sort", "determine", "store", "publish"])
def test_a_step_without_a_limit_has_no_deadline(verb: str):
    assert due(SOP, SOP.step(verb), date(2026, 1, 5), NATIONAL) is None


def test_six_rows_take_seventy_days():
    day, state = date(2026, 1, 5), SIX.initial
    for step in SIX.steps:
        found = due(SIX, step, day, NATIONAL)
        assert found is not None
        assert [a.id for a in actions(SIX, state, ROLES)] == [step.id]
        day, state = found.due_on, step.to_state
    assert day == date(2026, 4, 24)


def test_a_window_opens_and_closes_in_weeks():
    found = due(FOUR, FOUR.steps[0], date(2026, 1, 5), NATIONAL)
    assert found is not None
    assert (found.opens_on, found.due_on, found.n) == (date(2026, 1, 5), date(2026, 1, 18), None)
    assert all(due(FOUR, step, date(2026, 1, 5), NATIONAL) is None for step in FOUR.steps[1:])


def test_a_tenant_sets_its_own_days_and_only_where_days_are_counted():
    own = with_limits(SIX, {"step_d": 5})
    assert [s.limit.n for s in own.steps] == [10, 10, 7, 5, 3, 10]
    assert [s.limit.n for s in SIX.steps] == [10, 10, 7, 30, 3, 10]
    assert with_limits(FOUR, {"step_a": 5}) == FOUR


@given(st.dates(date(2025, 6, 1), date(2027, 6, 1)), st.integers(1, 60))
def test_the_clock_starts_the_day_after_the_trigger(start: date, n: int):
    weekends = Calendar("weekends", {}, frozenset(range(2024, 2030)))
    found = due(with_limits(SIX, {"step_a": n}), with_limits(SIX, {"step_a": n}).steps[0], start, weekends)
    assert found is not None
    assert found.due_on > start
    assert found.due_on.isoweekday() <= 5
