"""What a central reads of what units hand it: the board of a collection, the inbox, one submission with its items.

Queries alone; the unit's own reading is in `unit`.
"""

from collections.abc import Collection as Many
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, query
from ppid_saas.accounts.queries import counterparts
from ppid_saas.events.models import Event
from ppid_saas.submissions.models import Collection, Decision, Submission, SubmissionItem, Withdrawal
from ppid_saas.submissions.queries.unit import finished_reviews, returned_counts
from ppid_saas.submissions.queries.withdrawn import is_withdrawn
from ppid_saas.submissions.rules import OWING, standing
from tenants import clock, context
from tenants.db import db

REMINDED = "collection.reminded"
MESSAGED = "collection.messaged"


@dataclass(frozen=True)
class BoardRow:
    """One unit in a collection."""

    unit: Row[Any]
    standing: str
    latest: Submission | None
    returned: int
    reminded_at: datetime | None
    messaged_at: datetime | None

    @property
    def contact(self) -> tuple[datetime, str] | None:
        """When and how the unit was last reminded: `mail` or `whatsapp`."""
        made = [(self.reminded_at, "mail"), (self.messaged_at, "whatsapp")]
        return max(((at, channel) for at, channel in made if at), default=None)


@dataclass(frozen=True)
class InboxRow:
    """One submission at the central, with its review so far."""

    submission: Submission
    unit: Row[Any]
    decided: int
    returned: int
    finished: bool
    withdrawal: Withdrawal | None = None


@query("collection.read")
def opened() -> list[Row[Any]]:
    """Return the collections this central opened, newest first, with the number of units asked."""
    chosen = (
        select(
            Collection.id, Collection.title, Collection.opens_on, Collection.due_on, Collection.sop,
            Collection.sop_version, func.count().label("units"),
        )
        .where(Collection.writer_id == context.tenant_id())
        .group_by(
            Collection.id, Collection.title, Collection.opens_on, Collection.due_on, Collection.sop,
            Collection.sop_version,
        )
        .order_by(Collection.id.desc())
    )  # fmt: skip
    return list(db.session.execute(chosen))


@query("collection.read")
def opened_one(collection_id: UUID) -> Row[Any]:
    """Return one collection this central opened."""
    for row in opened():
        if row.id == collection_id:
            return row
    raise NotFoundError


@query("collection.read")
def board(collection_id: UUID) -> list[BoardRow]:
    """Return every unit asked in a collection and where it stands, by name."""
    due_on = opened_one(collection_id).due_on
    known, latest = counterparts(), _latest_rounds(collection_id)
    ids = [row.id for row in latest.values()]
    done, back = finished_reviews(context.tenant_id(), ids), returned_counts(context.tenant_id(), None, ids)
    told, overdue = reminders(collection_id), clock.today(actor().zone) > due_on
    rows = []
    for unit_id in asked(collection_id):
        last = latest.get(unit_id)
        stands = standing(
            rounds=last.round if last else 0,
            finished=last is not None and last.id in done,
            returned=back.get(last.id, 0) if last else 0,
            overdue=overdue,
        )
        if unit_id in known:
            returned = back.get(last.id, 0) if last else 0
            by_mail, by_hand = (told.get((unit_id, kind)) for kind in (REMINDED, MESSAGED))
            rows.append(BoardRow(known[unit_id], stands, last, returned, by_mail, by_hand))
    return sorted(rows, key=lambda row: str(row.unit.name))


@query("collection.read")
def asked(collection_id: UUID) -> Sequence[UUID]:
    """Return the units asked in a collection."""
    chosen = select(Collection.reader_id).where(
        Collection.writer_id == context.tenant_id(), Collection.id == collection_id
    )
    return db.session.execute(chosen).scalars().all()


@query("collection.remind")
def to_remind(collection_id: UUID, slugs: Many[str]) -> list[BoardRow]:
    """Return those of the named units that still owe something, by name."""
    return [row for row in board(collection_id) if row.unit.slug in slugs and row.standing in OWING]


def _latest_rounds(collection_id: UUID) -> dict[UUID, Submission]:
    chosen = select(Submission).where(
        Submission.reader_id == context.tenant_id(),
        Submission.collection_id == collection_id,
        ~is_withdrawn(),
    )
    return {row.writer_id: row for row in db.session.execute(chosen.order_by(Submission.round)).scalars()}


def reminders(collection_id: UUID) -> dict[tuple[UUID, str], datetime]:
    """Return when each unit was last reminded of a collection, by unit and kind of fact."""
    chosen = (
        select(Event.reader_id, Event.kind, func.max(Event.at))
        .where(Event.kind.in_((REMINDED, MESSAGED)), Event.subject == collection_id)
        .group_by(Event.reader_id, Event.kind)
    )
    return {(reader, kind): at for reader, kind, at in db.session.execute(chosen) if reader is not None}


@query("review.read")
def inbox(collection_id: UUID | None = None) -> list[InboxRow]:
    """Return what units handed in and did not take back, unfinished first, oldest first."""
    chosen = select(Submission).where(Submission.reader_id == context.tenant_id(), ~is_withdrawn())
    if collection_id is not None:
        chosen = chosen.where(Submission.collection_id == collection_id)
    rows = db.session.execute(chosen.order_by(Submission.id)).scalars().all()
    return sorted(_with_review(rows), key=lambda row: row.finished)


def _with_review(rows: Sequence[Submission]) -> list[InboxRow]:
    ids, known = [row.id for row in rows], counterparts()
    done, decided = finished_reviews(context.tenant_id(), ids), _decided_counts(ids)
    back = returned_counts(context.tenant_id(), None, ids)
    return [
        InboxRow(row, known[row.writer_id], decided.get(row.id, 0), back.get(row.id, 0), row.id in done)
        for row in rows
        if row.writer_id in known
    ]


def _decided_counts(ids: Many[UUID]) -> dict[UUID, int]:
    counted = select(Decision.submission_id, func.count()).where(
        Decision.writer_id == context.tenant_id(), Decision.submission_id.in_(ids)
    )
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(Decision.submission_id))}


@query("review.read")
def one(submission_id: UUID) -> InboxRow:
    """Return one submission handed in to this central; one taken back is over, and says so."""
    taken_back = (
        (Withdrawal.writer_id == Submission.writer_id)
        & (Withdrawal.reader_id == Submission.reader_id)
        & (Withdrawal.submission_id == Submission.id)
    )
    chosen = select(Submission, Withdrawal).outerjoin(Withdrawal, taken_back)
    mine = chosen.where(Submission.reader_id == context.tenant_id(), Submission.id == submission_id)
    found = db.session.execute(mine).one_or_none()
    rows = _with_review([found[0]]) if found else []
    if not found or not rows:
        raise NotFoundError
    return replace(rows[0], withdrawal=found[1], finished=True) if found[1] else rows[0]


@query("review.read")
def items_of(submission: Submission) -> Sequence[SubmissionItem]:
    """Return the items of a submission as they were handed in, in order."""
    chosen = select(SubmissionItem).where(
        SubmissionItem.writer_id == submission.writer_id,
        SubmissionItem.reader_id == context.tenant_id(),
        SubmissionItem.submission_id == submission.id,
    )
    return db.session.execute(chosen.order_by(SubmissionItem.position)).scalars().all()


@query("review.read")
def decisions_of(submission: Submission) -> dict[UUID, Decision]:
    """Return the answers given so far, by item."""
    chosen = select(Decision).where(
        Decision.writer_id == context.tenant_id(),
        Decision.reader_id == submission.writer_id,
        Decision.submission_id == submission.id,
    )
    return {row.item_id: row for row in db.session.execute(chosen).scalars()}
