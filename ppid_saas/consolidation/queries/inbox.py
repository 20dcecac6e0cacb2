"""Read what units handed in, whose turn each is and until when; and the pieces of that which a single review needs too.

Never writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, query
from ppid_saas.accounts.queries import counterparts
from ppid_saas.cases.models import Obligation
from ppid_saas.cases.queries import calendar_for_tenant
from ppid_saas.cases.rules import NO_LIMIT, Chip, chip, day_of, settled_chip
from ppid_saas.consolidation.models import ReviewLine, ReviewTurn
from ppid_saas.events.models import Event
from ppid_saas.submissions.models import Submission
from ppid_saas.submissions.queries.unit import FINISHED
from ppid_saas.submissions.queries.withdrawn import is_withdrawn
from ppid_saas.submissions.service import REVIEW_DUE
from ppid_saas.workdays.calendar import Calendar
from tenants import clock, context
from tenants.db import among, db

FINISHED_SHOWN = 50


@dataclass(frozen=True)
class Turn:
    """Who reviews, since when."""

    person_id: UUID
    name: str
    at: datetime
    n: int

    @property
    def mine(self) -> bool:
        return self.person_id == actor().person_id


@dataclass(frozen=True)
class InboxRow:
    """One submission in the inbox."""

    submission: Submission
    unit: Row[Any]
    decided: int
    returned: int
    finished: bool
    turn: Turn | None
    due: Chip


@dataclass(frozen=True)
class _Begun:
    """How far a review is: whose turn, how many of its lines are decided and how many of those sent back."""

    turn: Turn | None
    tally: tuple[int, int]


NOT_BEGUN = _Begun(None, (0, 0))


def latest_turns(*which: ColumnElement[bool]) -> Subquery:
    """Return the newest turn of each submission."""
    return (
        select(
            ReviewTurn.submission_id,
            ReviewTurn.person_id,
            ReviewTurn.person_name,
            ReviewTurn.at,
            ReviewTurn.n,
        )
        .where(*which)
        .ext(distinct_on(ReviewTurn.submission_id))
        .order_by(ReviewTurn.submission_id, ReviewTurn.n.desc())
        .subquery("turn")
    )


def is_finished() -> ColumnElement[bool]:
    told = (
        Event.tenant_id == Submission.reader_id,
        Event.kind == FINISHED,
        Event.subject == Submission.id,
    )
    return select(Event.id).where(*told).correlate(Submission).exists()


def with_duty(chosen: Select[Any]) -> Select[Any]:
    owed = and_(
        Obligation.tenant_id == Submission.reader_id,
        Obligation.subject == Submission.id,
        Obligation.kind == REVIEW_DUE,
    )
    due = (Obligation.due_on, Obligation.n.label("days"), Obligation.source, Obligation.settled_at)
    return chosen.add_columns(*due).outerjoin(Obligation, owed)


def duty_chip(calendar: Calendar, row: Row[Any]) -> Chip:
    zone = actor().zone
    if row.due_on is None:
        return NO_LIMIT
    if row.settled_at is not None:
        return settled_chip(calendar, row.due_on, day_of(row.settled_at, zone))
    return chip(calendar, row.due_on, max(row.days, 1), clock.today(zone), row.source)


def turn_in(row: Row[Any]) -> Turn | None:
    return Turn(row.person_id, row.person_name, row.at, row.turn_n) if row.person_id else None


@query("review.read")
def turn_of(submission_id: UUID) -> Turn | None:
    """Return whose turn a review is."""
    chosen = select(ReviewTurn).where(ReviewTurn.submission_id == submission_id)
    row = db.session.execute(chosen.order_by(ReviewTurn.n.desc()).limit(1)).scalar_one_or_none()
    return Turn(row.person_id, row.person_name, row.at, row.n) if row else None


@query("review.read")
def inbox(*, finished: int | None = FINISHED_SHOWN) -> list[InboxRow]:
    """Return what units handed in: unfinished first by due date, then the newest of what is finished."""
    chosen = _listed().where(~is_withdrawn())
    waiting = chosen.where(~is_finished()).order_by(Obligation.due_on.nulls_first(), Submission.id)
    done = chosen.where(is_finished()).order_by(Submission.id.desc()).limit(finished)
    return _rows([*db.session.execute(waiting), *db.session.execute(done)])


@query("review.read")
def inbox_one(submission_id: UUID) -> InboxRow:
    """Return one submission as the inbox shows it."""
    rows = _rows(db.session.execute(_listed().where(Submission.id == submission_id)).all())
    if not rows:
        raise NotFoundError
    return rows[0]


def _listed() -> Select[Any]:
    finished = (is_finished() | is_withdrawn()).label("finished")
    return with_duty(
        select(Submission).add_columns(finished).where(Submission.reader_id == context.tenant_id())
    )


def _rows(found: Sequence[Row[Any]]) -> list[InboxRow]:
    known, calendar = counterparts(), calendar_for_tenant()
    rows = [row for row in found if row.Submission.writer_id in known]
    begun = _begun([row.Submission.id for row in rows])
    return [
        InboxRow(
            row.Submission, known[row.Submission.writer_id], *begun.get(row.Submission.id, NOT_BEGUN).tally, row.finished,
            begun.get(row.Submission.id, NOT_BEGUN).turn, replace(duty_chip(calendar, row), source=""),
        )
        for row in rows
    ]  # fmt: skip


def _begun(ids: Sequence[UUID]) -> dict[UUID, "_Begun"]:
    """Return what has begun, apart from what lists it: joined in, planning would take longer than the answer."""
    turns = latest_turns(among(ReviewTurn.submission_id, ids))
    counted = (
        select(turns.c.submission_id, turns.c.person_id, turns.c.person_name, turns.c.at, turns.c.n.label("turn_n"))
        .add_columns(
            func.count(ReviewLine.verdict).label("decided"), func.count().filter(ReviewLine.verdict == "returned").label("returned")
        )
        .join(ReviewLine, ReviewLine.submission_id == turns.c.submission_id)
        .group_by(*turns.c)
    )  # fmt: skip
    return {
        row.submission_id: _Begun(turn_in(row), (row.decided, row.returned))
        for row in db.session.execute(counted)
    }
