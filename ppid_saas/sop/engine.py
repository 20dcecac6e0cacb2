"""The one engine over an SOP: what may be done now, by whom, and until when.

The same function draws the buttons and guards the POST. It changes no state and knows no case.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ppid_saas.sop.model import LimitKind, Sop, Step, Subject
from ppid_saas.workdays.calendar import Calendar, is_estimate
from ppid_saas.workdays.counting import add_working_days, subtract_working_days


@dataclass(frozen=True, slots=True)
class Action:
    """A step somebody may take now: its verb, the words on its button, where it leads."""

    id: str
    button: str
    row: int | None
    to_state: str
    prepared_by: str | None


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline with all it was computed from; `estimated` while the calendar is not decreed."""

    step: str
    starts_on: date
    n: int | None
    opens_on: date
    due_on: date
    calendar_version: str
    source: str
    estimated: bool


def actions(sop: Sop, state: str, roles: Collection[str], subject: Subject = "case") -> list[Action]:
    """Every step that leaves this state and that one of the roles may take, in the order of the form."""
    return [
        Action(step.id, step.button, step.row, step.to_state, step.prepared_by)
        for step in steps_from(sop, state, subject)
        if not step.roles.isdisjoint(roles)
    ]


def may(sop: Sop, state: str, action: str, roles: Collection[str], subject: Subject = "case") -> bool:
    return any(offered.id == action for offered in actions(sop, state, roles, subject))


def steps_from(sop: Sop, state: str, subject: Subject = "case") -> list[Step]:
    """The steps that are open in this state, whoever takes them: whose turn it is."""
    return [step for step in sop.steps if step.subject == subject and step.from_state == state]


def due(sop: Sop, step: Step, start: date, calendar: Calendar) -> Due | None:
    """Until when, counted from the trigger; None for "tentatif".

    With a limit before the period's end, `start` is that end. A window is counted in whole weeks from the start.
    """
    limit = step.limit
    if limit.kind is LimitKind.NONE:
        return None
    opens_on = start
    if limit.kind is LimitKind.WINDOW:
        opens_on = start + timedelta(weeks=(limit.first_week or 1) - 1)
        due_on = start + timedelta(weeks=limit.last_week or 1, days=-1)
    elif limit.anchor == "period_end":
        due_on = subtract_working_days(calendar, start, limit.n or 0)
    else:
        due_on = add_working_days(calendar, start, limit.n or 0)
    source = f"{sop.number}, baris {step.row}" if step.row else step.source
    guess = limit.kind is LimitKind.WORKING_DAYS and is_estimate(calendar, start, due_on)
    return Due(step.id, start, limit.n, opens_on, due_on, calendar.version, source, guess)


def with_limits(sop: Sop, days: Mapping[str, int]) -> Sop:
    """The SOP with a tenant's own numbers of working days, by step; a step without such a limit keeps its own."""
    return replace(sop, steps=tuple(_with_limit(step, days) for step in sop.steps))


def _with_limit(step: Step, days: Mapping[str, int]) -> Step:
    if step.id not in days or step.limit.kind is not LimitKind.WORKING_DAYS:
        return step
    return replace(step, limit=replace(step.limit, n=days[step.id]))
