"""Read sittings: their list, one with its agenda and people, and what may be put on an agenda, with why. Never writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, query
from ppid_saas.consequence_tests import queries
from ppid_saas.consequence_tests.models import Round, Sitting, SittingItem, SittingPerson
from ppid_saas.consequence_tests.queries import Line
from ppid_saas.consequence_tests.rules import TRIGGERS, contested
from ppid_saas.consolidation.queries.compared import compared
from ppid_saas.consolidation.queries.matches import doubles_of_items
from ppid_saas.consolidation.rules import flags, kind_of
from ppid_saas.submissions.queries import central
from tenants import clock, context
from tenants.db import db


@dataclass(frozen=True)
class Candidate:
    """An item that a sitting could test, and why it should; without a reason it need not."""

    line: Line
    why: list[str]


@dataclass(frozen=True)
class AgendaLine:
    """One item on the agenda with its sheet."""

    row: SittingItem
    line: Line


@dataclass(frozen=True)
class SittingRow:
    """A sitting with how far it is."""

    sitting: Sitting
    items: int
    decided: int


@query("test.read")
def sittings() -> list[SittingRow]:
    """Return every sitting, newest first."""
    counted = (
        select(SittingItem.sitting_id, func.count().label("n"), func.count(SittingItem.decided_at).label("done"))
        .group_by(SittingItem.sitting_id)
        .subquery()
    )  # fmt: skip
    chosen = (
        select(Sitting, func.coalesce(counted.c.n, 0), func.coalesce(counted.c.done, 0))
        .outerjoin(counted, counted.c.sitting_id == Sitting.id)
        .order_by(Sitting.n.desc())
    )
    return [SittingRow(row[0], row[1], row[2]) for row in db.session.execute(chosen)]


@query("test.read")
def sitting(sitting_id: UUID) -> Sitting:
    """Return one sitting."""
    found = db.session.get(Sitting, (context.tenant_id(), sitting_id), populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


@query("test.read")
def agenda(sitting_id: UUID) -> list[AgendaLine]:
    """Return the items of a sitting in the order in which they are taken."""
    sitting(sitting_id)
    chosen = select(SittingItem).where(SittingItem.sitting_id == sitting_id).order_by(SittingItem.position)
    rows = db.session.execute(chosen.execution_options(populate_existing=True)).scalars().all()
    known: dict[UUID, Line] = {}
    for round_id in {row.round_id for row in rows}:
        known |= {line.entry.item_id: line for line in queries.lines(round_id)}
    return [AgendaLine(row, known[row.item_id]) for row in rows if row.item_id in known]


@query("test.read")
def agenda_line(sitting_id: UUID, item_id: UUID) -> AgendaLine:
    """Return one item of the agenda."""
    for one in agenda(sitting_id):
        if one.row.item_id == item_id:
            return one
    raise NotFoundError


@query("test.read")
def people(sitting_id: UUID) -> Sequence[SittingPerson]:
    """Return who was asked to a sitting."""
    chosen = select(SittingPerson).where(SittingPerson.sitting_id == sitting_id).order_by(SittingPerson.n)
    return db.session.execute(chosen.execution_options(populate_existing=True)).scalars().all()


@query("test.read")
def next_number() -> int:
    """Return the number the next sitting gets."""
    return (db.session.execute(select(func.max(Sitting.n))).scalar() or 0) + 1


@query("test.read")
def candidates() -> list[Candidate]:
    """Return what is under test and on no open agenda, what is contested first.

    Source: SOP 01/SOP-PPID baris 2.
    """
    taken = select(SittingItem.item_id).join(
        Sitting, (Sitting.tenant_id == SittingItem.tenant_id) & (Sitting.id == SittingItem.sitting_id)
    )
    busy = set(db.session.execute(taken.where(Sitting.closed_at.is_(None))).scalars())
    found = []
    for one in db.session.execute(select(Round).where(Round.passed_at.is_(None))).scalars().all():
        why = _why(one)
        found += [
            Candidate(line, why(line)) for line in queries.lines(one.id) if line.entry.item_id not in busy
        ]
    return sorted(found, key=lambda one: not one.why)


def _why(one: Round) -> Any:
    """Return what says why an item of this round is contested: what changed since it was last accepted, and doubles."""
    today = clock.today(actor().zone)
    ids = [line.entry.item_id for line in queries.lines(one.id)]
    before = compared(central.one(one.submission_id).submission, ids) if one.submission_id else {}
    doubles = doubles_of_items(ids)

    def why(line: Line) -> list[str]:
        entry = line.entry
        base = before[entry.item_id].base if entry.item_id in before else None
        told = flags(base, entry.body, today) if one.submission_id else []
        kind = kind_of(base, entry.body) if one.submission_id else ""
        told += [] if one.trigger == "routine" else [TRIGGERS[one.trigger]]
        return contested(told, kind, len(doubles.get(entry.item_id, ())))

    return why
