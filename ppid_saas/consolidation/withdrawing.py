"""What a withdrawn submission leaves at the central: entries are again what they were before it, new ones go."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, null, select

from ppid_saas.access.verbs import command
from ppid_saas.cases import service as cases
from ppid_saas.consolidation.models import Entry
from ppid_saas.submissions import service as submissions
from ppid_saas.submissions.models import Submission
from ppid_saas.submissions.queries import central
from ppid_saas.submissions.service import REVIEW_DUE
from tenants import clock
from tenants.db import db

DAYS = ("ends_on", "review_on", "sort_on")
TURNS = {"returned": "unit"}


@command("review.decide")
def undo_receive(submission_id: UUID) -> None:
    """Put entries back as they were before a submission that was withdrawn; repeating it changes nothing."""
    submissions.serialise(submission_id)
    row = central.one(submission_id)
    if row.withdrawal is None:
        return
    cases.settle_all(REVIEW_DUE, submission_id)
    chosen = select(Entry).where(Entry.submission_id == submission_id).with_for_update()
    found = db.session.execute(chosen).scalars().all()
    new = [entry.item_id for entry in found if not entry.before]
    _restore(row.submission, [entry for entry in found if entry.before])
    _remove(row.submission, new)


def _restore(submission: Submission, entries: Sequence[Entry]) -> None:
    told: dict[str, list[UUID]] = {}
    for entry in entries:
        before: dict[str, Any] = entry.before or {}
        waited, state = entry.state == "received", before["state"]
        _put_back(entry, before, whole=waited)
        if waited:
            entry.state = state
            told.setdefault(state, []).append(entry.item_id)
    db.session.flush()
    for state, ids in told.items():
        submissions.tell(submission.writer_id, ids, state, TURNS.get(state, "central"))


def _put_back(entry: Entry, before: dict[str, Any], *, whole: bool) -> None:
    """One that came in unchanged kept its state and may have moved on since: only its place is put back."""
    entry.submission_id, entry.position = UUID(before["submission_id"]), before["position"]
    entry.version, entry.updated_at = before["version"], clock.now()
    if whole:
        entry.hash, entry.title, entry.body = before["hash"], before["title"], before["body"]
        for name in DAYS:
            setattr(entry, name, date.fromisoformat(before[name]) if before[name] else None)
    entry.before = null()  # SQL's null, not JSON's


def _remove(submission: Submission, ids: Sequence[UUID]) -> None:
    if ids:
        db.session.execute(delete(Entry).where(Entry.item_id.in_(ids)))
        submissions.tell(submission.writer_id, ids, "withdrawn", "unit")
