"""Read what a submission is compared with: each item's last answered version, and what is no longer handed in.

Never writes.
"""

from collections.abc import Collection as Many
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from ppid_saas.access.verbs import actor, query
from ppid_saas.cases.rules import day_of
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.rules import Base
from ppid_saas.submissions.models import Decision, Submission, SubmissionItem
from tenants import context
from tenants.db import among, db


@dataclass(frozen=True)
class Compared:
    """What an item is compared with, and the submission in which it came."""

    base: Base
    submission_id: UUID


@query("review.read")
def compared(submission: Submission, ids: Many[UUID]) -> dict[UUID, Compared]:
    """Return for each item the version accepted last, else the last one answered; what was never answered counts not."""
    answered = and_(
        Decision.writer_id == SubmissionItem.reader_id, Decision.reader_id == SubmissionItem.writer_id,
        Decision.submission_id == SubmissionItem.submission_id, Decision.item_id == SubmissionItem.item_id,
    )  # fmt: skip
    came = and_(
        Submission.writer_id == SubmissionItem.writer_id, Submission.reader_id == SubmissionItem.reader_id,
        Submission.id == SubmissionItem.submission_id,
    )  # fmt: skip
    accepted = Decision.verdict == "accepted"
    chosen = (
        select(
            SubmissionItem.item_id, SubmissionItem.submission_id, SubmissionItem.body, Submission.submitted_at,
            accepted.label("accepted"),
        )
        .join(Decision, answered)
        .join(Submission, came)
        .where(SubmissionItem.writer_id == submission.writer_id, SubmissionItem.reader_id == context.tenant_id())
        .where(SubmissionItem.submission_id < submission.id, among(SubmissionItem.item_id, ids))
        .ext(distinct_on(SubmissionItem.item_id))
        .order_by(SubmissionItem.item_id, accepted.desc(), SubmissionItem.submission_id.desc())
    )  # fmt: skip
    zone = actor().zone
    return {
        row.item_id: Compared(Base(row.body, day_of(row.submitted_at, zone), row.accepted), row.submission_id)
        for row in db.session.execute(chosen)
    }


@query("review.read")
def left_out(submission: Submission, states: Many[str]) -> Sequence[Entry]:
    """Return what the unit handed in before and leaves out of a first round, although nothing opened it."""
    handed = select(SubmissionItem.item_id).where(
        SubmissionItem.writer_id == submission.writer_id, SubmissionItem.reader_id == context.tenant_id(),
        SubmissionItem.submission_id == submission.id,
    )  # fmt: skip
    chosen = select(Entry).where(
        Entry.sender_id == submission.writer_id, Entry.item_id.not_in(handed),
        Entry.submission_id < submission.id, or_(*(Entry.state == state for state in states)),
    )  # fmt: skip
    return db.session.execute(chosen.order_by(Entry.sort_on, Entry.item_id)).scalars().all()
