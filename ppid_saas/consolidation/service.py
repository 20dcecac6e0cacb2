"""The verbs of the central over what units hand in: receive, take, answer, undo, finish, and move entries along.

An entry follows the newest submission of its item. Answers stay on the reviewer's desk, where they can be undone; only
finishing writes them for the unit, through `submissions.service`.
"""

from collections.abc import Collection as Many
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import counted, say
from ppid_saas.access.verbs import actor, command
from ppid_saas.accounts import queries as accounts
from ppid_saas.cases import service as cases
from ppid_saas.cases.rules import day_of
from ppid_saas.consolidation.models import Entry, ReviewLine, ReviewTurn
from ppid_saas.consolidation.queries.compared import compared, left_out
from ppid_saas.consolidation.queries.inbox import Turn, turn_of
from ppid_saas.consolidation.rules import SETTLED, after_accepting, flags, kind_of
from ppid_saas.events.service import record
from ppid_saas.register.rules import listed
from ppid_saas.submissions import service as submissions
from ppid_saas.submissions.models import Submission, SubmissionItem
from ppid_saas.submissions.queries import central
from ppid_saas.submissions.rules import REVIEW_DAYS, findings_in_words
from ppid_saas.submissions.service import REVIEW_DUE, Verdict, refuse_unfit_verdicts
from tenants import clock, context
from tenants.db import among, db, new_id

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
    if row.finished or not _lay_out(row.submission, items):
        return
    taken = _take_over(row.submission, items) if items else []
    record("submission.taken_over", submission_id, {"items": len(taken)})
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


def _lay_out(submission: Submission, items: Sequence[SubmissionItem]) -> bool:
    """Lay the lines on the reviewer's desk, in the order of the list; what is no longer handed in comes last."""
    if _is_laid_out(submission.id):
        return False
    ids = [item.item_id for item in items]
    before, today = compared(submission, ids), clock.today(actor().zone)
    states = _states(submission, ids)
    rows = []
    for item in items:
        found, was = before.get(item.item_id), states.get(item.item_id)
        base = found.base if found else None
        told = flags(base, item.body, today, was) or any(findings_in_words(item.position, item.body, today))
        rows.append(
            {
                "submission_id": submission.id, "item_id": item.item_id, "position": item.position,
                "kind": kind_of(base, item.body, was), "hash": item.hash, "was": was, "attention": bool(told),
                "base_id": found.submission_id if found else None, "base_on": base.on if base else None,
                "base_accepted": bool(base and base.accepted),
            }
        )  # fmt: skip
    gone = left_out(submission, SETTLED) if submission.is_whole else []
    rows += [_gone_row(submission, n, entry) for n, entry in enumerate(gone, len(items) + 1)]
    if rows:
        db.session.execute(insert(ReviewLine), rows)
    return True


def _states(submission: Submission, ids: Many[UUID]) -> dict[UUID, str]:
    chosen = select(Entry.item_id, Entry.state).where(
        Entry.sender_id == submission.writer_id, among(Entry.item_id, ids)
    )
    return {row.item_id: row.state for row in db.session.execute(chosen)}


def _gone_row(submission: Submission, position: int, entry: Entry) -> dict[str, Any]:
    return {
        "submission_id": submission.id, "item_id": entry.item_id, "position": position, "kind": "gone",
        "hash": entry.hash, "was": entry.state, "attention": True, "base_id": entry.submission_id, "base_on": None,
        "base_accepted": False,
    }  # fmt: skip


def _is_laid_out(submission_id: UUID) -> bool:
    chosen = select(ReviewLine.item_id).where(ReviewLine.submission_id == submission_id).limit(1)
    return db.session.execute(chosen).first() is not None


@command("review.decide")
def take(submission_id: UUID, reason: str = "") -> None:
    """Take a review nobody has, or take it over from someone and say why; the unit can no longer call it back.

    Source: SOP 01/SOP-PPID baris 2.
    """
    row = _unfinished(submission_id)
    turn = turn_of(submission_id)
    if turn is None:
        _begin(row.submission)
    elif not turn.mine:
        if not reason.strip():
            message = say("Tulis mengapa pemeriksaan ini diambil alih.")
            raise InvalidError(message, {"reason": [message]})
        _add_turn(submission_id, turn.n + 1, reason.strip())
        record("review.taken_over", submission_id, {"from": str(turn.person_id)})


def _unfinished(submission_id: UUID) -> central.InboxRow:
    """Return a submission whose review still goes on, received and locked until the transaction ends."""
    submissions.serialise(submission_id)
    row = central.one(submission_id)
    if row.withdrawal:
        raise ConflictError(submissions.WITHDRAWN)
    if row.finished:
        raise ConflictError("Pengajuan ini sudah selesai diperiksa.")
    if not _is_laid_out(submission_id):
        receive(submission_id)
    return row


def _begin(submission: Submission) -> None:
    _add_turn(submission.id, 1, "")
    db.session.execute(
        update(Entry)
        .where(Entry.submission_id == submission.id, Entry.state == "received")
        .values(state="in_review", updated_at=clock.now())
    )
    submissions.begin(submission)


def _add_turn(submission_id: UUID, n: int, reason: str) -> None:
    who = actor()
    db.session.add(
        ReviewTurn(
            submission_id=submission_id, n=n, person_id=who.person_id, person_name=who.person_name, reason=reason,
            at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()


def _mine(submission_id: UUID) -> Submission:
    """Return a submission the actor reviews; one that nobody reviews becomes hers."""
    row, turn = _unfinished(submission_id), turn_of(submission_id)
    if turn is None:
        _begin(row.submission)
    elif not turn.mine:
        raise ConflictError(_taken(turn))
    return row.submission


def _taken(turn: Turn) -> str:
    return say("Sedang diperiksa %(name)s. Ambil alih lebih dahulu.", name=turn.name)


@command("review.decide")
def decide(submission_id: UUID, verdicts: Sequence[Verdict]) -> int:
    """Answer items; an item keeps its answer until it is undone. Returns how many were answered now.

    Source: SOP 01/SOP-PPID baris 2.
    """
    submission = _mine(submission_id)
    chosen = select(ReviewLine.item_id).where(
        ReviewLine.submission_id == submission_id, ReviewLine.kind != "gone"
    )
    known = set(db.session.execute(chosen).scalars())
    if any(given.item_id not in known for given in verdicts):
        raise NotFoundError
    refuse_unfit_verdicts(verdicts)
    written = db.session.execute(
        text(
            "update work.review_line l set verdict = g.verdict, note = g.note, field = g.field, decided_by = :who, decided_at = :at,"
            " action_id = :action from unnest(cast(:ids as uuid[]), cast(:verdicts as text[]), cast(:notes as text[]),"
            " cast(:fields as text[]))"
            " as g (item_id, verdict, note, field) where l.tenant_id = :me and l.submission_id = :submission"
            " and l.item_id = g.item_id and l.verdict is null returning l.item_id, l.verdict"
        ),
        {
            "me": context.tenant_id(), "submission": submission.id, "who": actor().person_name, "at": clock.now(),
            "action": new_id(), "ids": [given.item_id for given in verdicts],
            "verdicts": [given.verdict for given in verdicts], "notes": [given.note.strip() for given in verdicts],
            "fields": [given.field for given in verdicts],
        },
    ).all()  # fmt: skip
    return _judged(submission_id, written)


@command("review.decide")
def accept_remaining(
    submission_id: UUID, item_ids: Many[UUID] | None = None, *, kinds: Many[str] = ("new", "changed", "same")
) -> int:
    """Accept whatever has no answer yet: of all items, of those named, or of those kinds."""
    submission = _mine(submission_id)
    waiting = update(ReviewLine).where(
        ReviewLine.submission_id == submission.id, ReviewLine.verdict.is_(None), ReviewLine.kind.in_(kinds),
        ReviewLine.kind != "gone",
    )  # fmt: skip
    if item_ids is not None:
        waiting = waiting.where(ReviewLine.item_id.in_(item_ids))
    values = {
        "verdict": "accepted", "note": "", "field": "", "decided_by": actor().person_name, "decided_at": clock.now(),
        "action_id": new_id(),
    }  # fmt: skip
    written = db.session.execute(waiting.values(**values).returning(ReviewLine.item_id, ReviewLine.verdict))
    return _judged(submission_id, written.all())


def _judged(submission_id: UUID, written: Sequence[Any]) -> int:
    if written:
        data = {
            v: [str(row.item_id) for row in written if row.verdict == v] for v in {w.verdict for w in written}
        }
        record("review.judged", submission_id, data)
    return len(written)


@command("review.decide")
def undo(submission_id: UUID, *, item_id: UUID | None = None, action_id: UUID | None = None) -> int:
    """Take back the answer to one item, or everything one action answered, while the review goes on."""
    submission = _mine(submission_id)
    chosen = update(ReviewLine).where(
        ReviewLine.submission_id == submission.id, ReviewLine.verdict.is_not(None)
    )
    named = ReviewLine.item_id == item_id if item_id else ReviewLine.action_id == action_id
    empty = {
        "verdict": None,
        "note": "",
        "field": "",
        "decided_by": None,
        "decided_at": None,
        "action_id": None,
    }
    freed = (
        db.session.execute(chosen.where(named).values(**empty).returning(ReviewLine.item_id)).scalars().all()
    )
    if freed:
        record("review.undone", submission_id, {"items": [str(one) for one in freed]})
    return len(freed)


@command("review.decide")
def finish(submission_id: UUID) -> bool:
    """Hand the answers to the unit and close the review. Returns False when it was closed before."""
    submissions.serialise(submission_id)
    if central.one(submission_id).finished:
        return False
    submission = _mine(submission_id)
    rows = db.session.execute(
        select(ReviewLine.item_id, ReviewLine.verdict, ReviewLine.note, ReviewLine.field).where(
            ReviewLine.submission_id == submission_id, ReviewLine.kind != "gone"
        )
    ).all()
    left = sum(row.verdict is None for row in rows)
    if left:
        raise ConflictError(counted("%(num)s butir belum diperiksa.", left))
    given = submissions.answer(
        submission, [Verdict(row.item_id, row.verdict, row.note, row.field) for row in rows]
    )
    for verdict in ("accepted", "returned"):
        ids = [one.item_id for one in given if one.verdict == verdict]
        if ids:
            _answered(submission, ids, verdict)
    return submissions.finish(submission)


def _answered(submission: Submission, ids: list[UUID], verdict: str) -> None:
    """Move the entries; one that was settled before and came in unchanged keeps its state when accepted."""
    moved = update(Entry).where(Entry.item_id.in_(ids), Entry.submission_id == submission.id)
    if verdict == "accepted":
        moved = moved.where(Entry.state.in_(("received", "in_review", "returned")))
    sender = accounts.counterparts()[submission.writer_id]
    state, turn = after_accepting(sender.category) if verdict == "accepted" else (verdict, "unit")
    changed = db.session.execute(
        moved.values(state=state, updated_at=clock.now()).returning(Entry.item_id)
    ).scalars()
    if verdict == "accepted":
        submissions.tell(submission.writer_id, list(changed), state, turn)
        return
    window = central.opened_one(submission.collection_id)
    due_on = submissions.repair_day(window.due_on)
    submissions.tell(submission.writer_id, list(changed), "returned", "unit", due_on)


@command("review.decide")
def answer_all(submission_id: UUID, verdicts: Sequence[Verdict], *, accept_rest: bool, close: bool) -> None:
    """Answer items, the rest too when asked, and close the review when asked: all of it or none."""
    if verdicts:
        decide(submission_id, verdicts)
    if accept_rest:
        accept_remaining(submission_id)
    if close:
        finish(submission_id)
