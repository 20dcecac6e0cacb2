"""The case behind a round: where the central's walk through the testing SOP begins, its steps, and the clock of each.

Joins running commands. What a step means for items is said by the verbs that take it.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor
from ppid_saas.cases import queries as case_queries
from ppid_saas.cases import service as cases
from ppid_saas.cases.models import Case, Obligation
from ppid_saas.sop.engine import with_limits
from ppid_saas.sop.model import LimitKind, Sop
from tenants import clock
from tenants.db import among, db

SUBJECT = "test_round"
# The clocks of this slice; those of the letter's own way are owed where the letter is.
OWED = frozenset({"test_at_central", "close_advice", "draft_letter"})


def is_demanded() -> bool:
    """Say whether this tenant chose a testing SOP; without one a test is possible and never asked for."""
    return bool(actor().settings.get("sop", {}).get("testing"))


def due_kind(step: str) -> str:
    """Return the kind of the duty behind a step."""
    return f"sop.{step}"


def begin(round_id: UUID, since: date) -> Case:
    """Open the round's case behind row 1: the unit's own walk ended when it handed in.

    Source: SOP 01/SOP-PPID baris 1, 2.
    """
    case = cases.open_case("testing", SUBJECT, round_id)
    sop = case_queries.sop_of(case)
    case.state = next(step.to_state for step in sop.steps if step.row == 1)
    owe_step(case, since)
    return case


def case_of(round_id: UUID) -> Case:
    """Return the case of a round."""
    found = cases_of([round_id]).get(round_id)
    if found is None:
        raise NotFoundError
    return found


def cases_of(round_ids: Collection[UUID]) -> dict[UUID, Case]:
    """Return the cases of rounds."""
    chosen = select(Case).where(Case.subject_kind == SUBJECT, among(Case.subject_id, round_ids))
    return {case.subject_id: case for case in db.session.execute(chosen).scalars()}


def owed(round_ids: Collection[UUID]) -> dict[UUID, Obligation]:
    """Return what is still to be done in each round, of the clocks kept here."""
    kinds = [due_kind(step) for step in OWED]
    chosen = select(Obligation).where(
        among(Obligation.subject, round_ids), Obligation.kind.in_(kinds), Obligation.settled_at.is_(None)
    )
    rows = db.session.execute(chosen.order_by(Obligation.id)).scalars()
    return {row.subject: row for row in rows if row.subject is not None}


def sop_with_limits(case: Case) -> Sop:
    """Return the version the case began with, with the tenant's own numbers of days."""
    return with_limits(case_queries.sop_of(case), actor().settings.get("limits", {}))


def owe_step(case: Case, since: date) -> date | None:
    """Owe what is now to be done, counted from the end of the step before; returns until when."""
    sop, due_on = sop_with_limits(case), None
    for step in sop.steps:
        if step.from_state != case.state or step.id not in OWED:
            continue
        if step.limit.kind is LimitKind.WORKING_DAYS:
            source = f"{sop.number}, baris {step.row}"
            duty = cases.owe(due_kind(step.id), case.subject_id, step.limit.n or 0, source, since, case.id)
            due_on = duty.due_on
    return due_on


def step(case: Case, action: str) -> date | None:
    """Take a step: what was owed before it is done, what comes after it is owed; returns until when."""
    before = case.state
    cases.advance(case, action)
    for one in case_queries.sop_of(case).steps:
        if one.from_state == before:
            cases.settle_all(due_kind(one.id), case.subject_id)
    return owe_step(case, clock.today(actor().zone))


def may(case: Case, action: str) -> bool:
    """Say whether the actor may take this step now."""
    return any(offered.id == action for offered in case_queries.case_actions(case))
