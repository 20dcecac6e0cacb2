"""The verbs of the central over what units hand in: take over, review, finish, and move entries along.

An entry follows the newest submission of its item; the answer for the unit is written by `submissions.service`.
"""

from collections.abc import Collection as Many
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, or_, update
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from ppid_saas.access.errors import ConflictError
from ppid_saas.access.verbs import actor, command
from ppid_saas.accounts import queries as accounts
from ppid_saas.cases import service as cases
from ppid_saas.cases.rules import day_of
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.rules import SETTLED
from ppid_saas.register.rules import listed
from ppid_saas.submissions import service as submissions
from ppid_saas.submissions.models import Submission, SubmissionItem
from ppid_saas.submissions.queries import central
from ppid_saas.submissions.rules import REVIEW_DAYS
from ppid_saas.submissions.service import REVIEW_DUE, Verdict
from tenants import clock
from tenants.db import db

REVIEW_SOURCE = "SOP 01/SOP-PPID, baris 2"
TAKEN_OVER = (
    "sender_slug", "sender_name", "submission_id", "position", "version", "hash", "title", "body", "ends_on", "review_on",
    "sort_on", "updated_at",
)  # fmt: skip
RESTORED = (
    "submission_id",
    "position",
    "version",
    "hash",
    "title",
    "body",
    "ends_on",
    "review_on",
    "sort_on",
)


@command("review.decide")
def receive(submission_id: UUID) -> None:
    """Take a submission over into the consolidated list and owe its review. Safe to repeat at any time after."""
    submissions.serialise(submission_id)
    row = central.one(submission_id)
    if row.withdrawal:
        return
    due_on = None
    if not row.finished:
        days, source = review_limit()
        starts_on = day_of(row.submission.submitted_at, actor().zone)
        due_on = cases.owe(REVIEW_DUE, submission_id, days, source, starts_on).due_on
    items = central.items_of(row.submission)
    taken = _take_over(row.submission, items) if items else []
    submissions.tell(row.submission.writer_id, taken, "received", "central", due_on)


def review_limit() -> tuple[int, str]:
    """Return how many working days a review has and the row that says so; a tenant may set its own number.

    Source: SOP 01/SOP-PPID baris 2 (10 working days).
    """
    own = actor().settings.get("limits", {}).get("review")
    return int(own or REVIEW_DAYS), REVIEW_SOURCE


def _take_over(submission: Submission, items: Sequence[SubmissionItem]) -> list[UUID]:
    """Write each item as an entry unless a newer submission did; returns those that now wait for review."""
    sender = accounts.counterparts()[submission.writer_id]
    rows = [_entry_row(submission, sender, item) for item in items]
    new = insert_or_update(Entry)
    unchanged = and_(Entry.hash == new.excluded.hash, or_(*(Entry.state == state for state in SETTLED)))
    statement = new.on_conflict_do_update(
        index_elements=[Entry.tenant_id, Entry.item_id],
        set_={
            **{name: new.excluded[name] for name in TAKEN_OVER if name not in {"ends_on", "sort_on"}},
            "ends_on": case((unchanged, Entry.ends_on), else_=new.excluded.ends_on),
            "sort_on": case((unchanged, Entry.sort_on), else_=new.excluded.sort_on),
            "state": case((unchanged, Entry.state), else_="received"),
            "before": _before_image(),
        },
        where=and_(
            Entry.sender_id == new.excluded.sender_id, Entry.submission_id < new.excluded.submission_id
        ),
    ).returning(Entry.item_id, Entry.state)
    return [row.item_id for row in db.session.execute(statement, rows) if row.state == "received"]


def _before_image() -> Any:
    """Keep what an entry is before a newer submission takes its place, for the case that it is withdrawn."""
    pairs = [(name, getattr(Entry, name)) for name in (*RESTORED, "state")]
    return func.jsonb_build_object(*(part for name, column in pairs for part in (name, column)))


def _entry_row(submission: Submission, sender: Any, item: SubmissionItem) -> dict[str, Any]:
    columns = listed(item.body)
    return {
        "item_id": item.item_id, "sender_id": submission.writer_id, "sender_slug": sender.slug,
        "sender_name": sender.name, "submission_id": submission.id, "position": item.position,
        "version": item.version, "hash": item.hash, "title": columns.title, "body": item.body, "state": "received",
        "ends_on": columns.ends_on, "review_on": columns.review_on, "sort_on": columns.sort_on, "internal_note": "",
        "updated_at": clock.now(),
    }  # fmt: skip


@command("review.decide")
def decide(submission_id: UUID, verdicts: Sequence[Verdict]) -> int:
    """Answer items of a submission; an item keeps its first answer. Returns how many were answered now.

    Source: SOP 01/SOP-PPID baris 2.
    """
    receive(submission_id)
    row = central.one(submission_id)
    if row.withdrawal:
        raise ConflictError(submissions.WITHDRAWN)
    if row.finished:
        raise ConflictError("Pengajuan ini sudah selesai diperiksa.")
    given = submissions.answer(row.submission, verdicts)
    for verdict in ("accepted", "returned"):
        ids = [one.item_id for one in given if one.verdict == verdict]
        if ids:
            _answered(row.submission, ids, verdict)
    return len(given)


def _answered(submission: Submission, ids: list[UUID], verdict: str) -> None:
    """Move the entries; one that was settled before and came in unchanged keeps its state when accepted."""
    moved = update(Entry).where(Entry.item_id.in_(ids), Entry.submission_id == submission.id)
    if verdict == "accepted":
        moved = moved.where(Entry.state.in_(("received", "in_review", "returned")))
    changed = db.session.execute(
        moved.values(state=verdict, updated_at=clock.now()).returning(Entry.item_id)
    ).scalars()
    if verdict == "accepted":
        submissions.tell(submission.writer_id, list(changed), "accepted", "central")
        return
    window = central.opened_one(submission.collection_id)
    due_on = submissions.repair_day(window.due_on)
    submissions.tell(submission.writer_id, list(changed), "returned", "unit", due_on)


@command("review.decide")
def accept_remaining(submission_id: UUID, item_ids: Many[UUID] | None = None) -> int:
    """Accept whatever has no answer yet, or those of the named items that have none."""
    row = central.one(submission_id)
    decided = central.decisions_of(row.submission)
    waiting = [item.item_id for item in central.items_of(row.submission) if item.item_id not in decided]
    chosen = [item_id for item_id in waiting if item_ids is None or item_id in item_ids]
    return decide(submission_id, [Verdict(item_id, "accepted") for item_id in chosen])


@command("review.decide")
def finish(submission_id: UUID) -> bool:
    """Close a review; the unit is told. Returns False when it was closed before."""
    receive(submission_id)
    return submissions.finish(central.one(submission_id).submission)


@command("review.decide")
def answer_all(submission_id: UUID, verdicts: Sequence[Verdict], *, accept_rest: bool, close: bool) -> None:
    """Answer items, the rest too when asked, and close the review when asked: all of it or none."""
    if verdicts:
        decide(submission_id, verdicts)
    if accept_rest:
        accept_remaining(submission_id)
    if close:
        finish(submission_id)


@command("entry.note")
def note(item_id: UUID, words: str) -> None:
    """Keep a note that only the central reads."""
    db.session.execute(
        update(Entry)
        .where(Entry.item_id == item_id)
        .values(internal_note=words.strip(), updated_at=clock.now())
    )
