"""What reviewers write for themselves and each other: marks of having looked, reasons they often give, internal notes.

Nothing here is ever read by a unit or the public.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, command
from ppid_saas.consolidation.models import Entry, ReviewLine, ReviewMark, ReviewReason
from ppid_saas.consolidation.rules import Reason
from ppid_saas.submissions.queries import central
from tenants import clock
from tenants.db import db


@command("review.decide")
def mark(submission_id: UUID, item_id: UUID, *, viewed: bool) -> None:
    """Remember, or forget, that the actor has looked at an item as it now is. Others' marks stay theirs."""
    chosen = select(ReviewLine.hash).where(
        ReviewLine.submission_id == submission_id, ReviewLine.item_id == item_id
    )
    found, person = db.session.execute(chosen).scalar_one_or_none(), actor().person_id
    if found is None:
        raise NotFoundError
    if not viewed:
        mine = delete(ReviewMark).where(ReviewMark.person_id == person, ReviewMark.item_id == item_id)
        db.session.execute(mine)
        return
    seen = insert_or_update(ReviewMark).values(person_id=person, item_id=item_id, hash=found, at=clock.now())
    key = [ReviewMark.tenant_id, ReviewMark.person_id, ReviewMark.item_id]
    db.session.execute(
        seen.on_conflict_do_update(
            index_elements=key, set_={"hash": seen.excluded.hash, "at": seen.excluded.at}
        )
    )


@command("review.decide")
def keep_reasons(reasons: Sequence[Reason]) -> None:
    """Keep the central's own list of reasons in place of the one before; an empty one brings ours back."""
    db.session.execute(delete(ReviewReason))
    rows = [
        {"n": n, "label": reason.label, "sentence": reason.sentence} for n, reason in enumerate(reasons, 1)
    ]
    if rows:
        db.session.execute(insert(ReviewReason), rows)


@command("entry.note")
def note(item_id: UUID, words: str) -> None:
    """Keep a note that only the central reads."""
    db.session.execute(
        update(Entry)
        .where(Entry.item_id == item_id)
        .values(internal_note=words.strip(), updated_at=clock.now())
    )


@command("entry.note")
def note_under_review(submission_id: UUID, item_id: UUID, words: str) -> None:
    """Keep such a note on an item of a submission, whether or not its review has begun."""
    row = central.one(submission_id)
    chosen = select(ReviewLine.item_id).join(
        Entry, (Entry.tenant_id == ReviewLine.tenant_id) & (Entry.item_id == ReviewLine.item_id)
    )
    known = chosen.where(
        ReviewLine.submission_id == submission_id, ReviewLine.item_id == item_id,
        Entry.sender_id == row.submission.writer_id,
    )  # fmt: skip
    if db.session.execute(known).first() is None:
        raise NotFoundError
    note(item_id, words)
