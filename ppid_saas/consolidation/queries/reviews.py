"""Read the reviewer's desk: one submission in a handful of statements, whatever its size.

Never writes. The lines are laid out by `service.receive`; bodies are read only for the lines that are shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, query
from ppid_saas.cases.queries import calendar_for_tenant
from ppid_saas.cases.rules import Chip
from ppid_saas.consolidation.models import Entry, ReviewLine, ReviewMark, ReviewReason
from ppid_saas.consolidation.queries.inbox import (
    Turn,
    duty_chip,
    is_finished,
    latest_turns,
    turn_in,
    with_duty,
)
from ppid_saas.consolidation.rules import Base, Change, Reason, changes, flags, written_reasons
from ppid_saas.law.checks import completeness
from ppid_saas.submissions.models import Decision, Submission, SubmissionItem, Withdrawal
from ppid_saas.submissions.queries.withdrawn import taken_back
from ppid_saas.submissions.rules import Problem, findings_in_words
from tenants import clock, context
from tenants.db import db

LINES = 20
WEIGHTY = ("new", "changed", "gone")


@dataclass(frozen=True)
class Shown:
    """Which lines to show: a view, without those looked at already, a page. `per_page` None shows them all."""

    view: str = "semua"
    hide: bool = False
    page: int = 1
    per_page: int | None = None


@dataclass(frozen=True)
class Line:
    """One item under review, with what the reviewer is to see of it."""

    row: ReviewLine
    body: dict[str, Any]
    changes: list[Change]
    flags: list[str]
    problems: list[Problem]
    done_fields: int
    viewed: bool
    internal_note: str
    asked: str

    @property
    def item_id(self) -> UUID:
        return self.row.item_id

    @property
    def kind(self) -> str:
        return self.row.kind

    @property
    def examined(self) -> bool:
        return self.viewed or self.row.verdict is not None


@dataclass(frozen=True)
class Counts:
    """How many lines there are of each sort, and how far the reviewer is."""

    items: int
    same: int
    weighty: int
    attention: int
    decided: int
    returned: int
    same_left: int
    examined: int
    left_to_see: dict[str, int]

    def of_view(self, view: str, *, hide: bool) -> int:
        if hide:
            return self.left_to_see[view]
        return {"baru": self.weighty, "perhatian": self.attention, "semua": self.weighty + self.same}[view]


@dataclass(frozen=True)
class Desk:
    """One submission at the central: whose turn, how far, and until when."""

    submission: Submission
    finished: bool
    turn: Turn | None
    counts: Counts
    due: Chip
    last: tuple[UUID, int, str] | None
    reasons: Sequence[Reason]
    withdrawal: Withdrawal | None = None

    @property
    def left(self) -> int:
        return self.submission.item_count - self.counts.decided

    @property
    def ready(self) -> bool:
        """Say whether the lines are laid out; the worker does so within moments."""
        return self.counts.items >= self.submission.item_count


@dataclass(frozen=True)
class Review:
    """A submission under review with the lines asked for."""

    desk: Desk
    lines: list[Line]

    def of_kind(self, *kinds: str) -> list[Line]:
        return [line for line in self.lines if line.kind in kinds]

    @property
    def missing(self) -> list[Line]:
        return self.of_kind("gone")


def _viewed() -> ColumnElement[bool]:
    """Join a line with the actor's own mark, which counts while the item is as it was."""
    return and_(
        ReviewMark.tenant_id == ReviewLine.tenant_id,
        ReviewMark.person_id == (actor().person_id or UUID(int=0)),
        ReviewMark.item_id == ReviewLine.item_id,
        ReviewMark.hash == ReviewLine.hash,
    )


def _of_view(view: str) -> ColumnElement[bool]:
    if view == "baru":
        return ReviewLine.kind.in_(WEIGHTY)
    return ReviewLine.attention.is_(True) if view == "perhatian" else ReviewLine.kind.is_not(None)


def _unseen() -> ColumnElement[bool]:
    return and_(ReviewLine.verdict.is_(None), ReviewMark.hash.is_(None))


def _counted(submission_id: UUID) -> Subquery:
    """Count the lines once, in every way the page asks."""

    def n(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(and_(ReviewLine.kind.is_not(None), *conditions))

    item, weighty = ReviewLine.kind != "gone", _of_view("baru")
    return (
        select(
            n(item).label("handed"), n(ReviewLine.kind == "same").label("same"), n(weighty).label("weighty"),
            n(_of_view("perhatian")).label("attention"), n(ReviewLine.verdict.is_not(None)).label("decided"),
            n(ReviewLine.verdict == "returned").label("returned"),
            n(ReviewLine.kind == "same", ReviewLine.verdict.is_(None)).label("same_left"),
            n(weighty, ~_unseen()).label("examined"), n(weighty, _unseen()).label("new_unseen"),
            n(_of_view("perhatian"), _unseen()).label("attention_unseen"), n(_unseen()).label("unseen"),
        )
        .select_from(ReviewLine)
        .outerjoin(ReviewMark, _viewed())
        .where(ReviewLine.submission_id == submission_id)
        .subquery("counted")
    )  # fmt: skip


def _last_action(submission_id: UUID) -> Subquery:
    """Return what was done last, to be undone first."""
    verdict = func.min(ReviewLine.verdict)
    return (
        select(
            ReviewLine.action_id, func.count().label("n"), verdict.label("low"),
            func.max(ReviewLine.verdict).label("high"),
        )
        .where(ReviewLine.submission_id == submission_id, ReviewLine.action_id.is_not(None))
        .group_by(ReviewLine.action_id)
        .order_by(func.max(ReviewLine.decided_at).desc(), ReviewLine.action_id.desc())
        .limit(1)
        .subquery("last_action")
    )  # fmt: skip


@query("review.read")
def desk(submission_id: UUID) -> Desk:
    """Return where a review stands, in one statement and the calendar's."""
    counted, last, turns = _counted(submission_id), _last_action(submission_id), latest_turns()
    pairs = func.jsonb_build_array(ReviewReason.label, ReviewReason.sentence)
    reasons = select(func.jsonb_agg(aggregate_order_by(pairs, ReviewReason.n))).scalar_subquery()
    chosen = (
        select(Submission, Withdrawal, counted, last, turns.c.person_id, turns.c.person_name, turns.c.at)
        .add_columns(turns.c.n.label("turn_n"), reasons.label("reasons"), is_finished().label("finished"))
        .select_from(Submission)
        .join(counted, counted.c.handed >= 0)
        .outerjoin(last, last.c.n > 0)
        .outerjoin(turns, turns.c.submission_id == Submission.id)
        .outerjoin(Withdrawal, taken_back())
        .where(Submission.reader_id == context.tenant_id(), Submission.id == submission_id)
    )
    row = db.session.execute(with_duty(chosen)).first()
    if row is None:
        raise NotFoundError
    own = [Reason(label, sentence) for label, sentence in row.reasons or ()]
    verdict = row.low if row.low == row.high else ""
    return Desk(
        submission=row.Submission, finished=row.finished or row.Withdrawal is not None, turn=turn_in(row), counts=_counts_of(row),
        due=duty_chip(calendar_for_tenant(), row), last=(row.action_id, row.n, verdict) if row.action_id else None,
        reasons=own or written_reasons(), withdrawal=row.Withdrawal,
    )  # fmt: skip


def _counts_of(row: Row[Any]) -> Counts:
    unseen = {"baru": row.new_unseen, "perhatian": row.attention_unseen, "semua": row.unseen}
    return Counts(
        row.handed, row.same, row.weighty, row.attention, row.decided, row.returned, row.same_left, row.examined,
        unseen,
    )  # fmt: skip


@query("review.read")
def lines(submission: Submission, shown: Shown) -> list[Line]:
    """Return the lines asked for, with their bodies and what they are compared with; a later round asks for notes too."""
    found = db.session.execute(_lines(submission, shown)).all()
    today, asked = clock.today(actor().zone), _asked(submission)
    return [_line(row, today, asked) for row in found]


def _lines(submission: Submission, shown: Shown) -> Select[Any]:
    item, base = aliased(SubmissionItem), aliased(SubmissionItem)

    def handed(one: Any, submission_id: Any) -> ColumnElement[bool]:
        return and_(
            one.writer_id == submission.writer_id, one.reader_id == context.tenant_id(),
            one.submission_id == submission_id, one.item_id == ReviewLine.item_id,
        )  # fmt: skip

    kept = and_(
        Entry.tenant_id == ReviewLine.tenant_id, Entry.item_id == ReviewLine.item_id,
        Entry.sender_id == submission.writer_id,
    )  # fmt: skip
    chosen = (
        select(
            ReviewLine, item.body, base.body.label("base_body"),
            ReviewMark.hash.label("seen"), Entry.internal_note,
        )
        .outerjoin(item, handed(item, ReviewLine.submission_id))
        .outerjoin(base, handed(base, ReviewLine.base_id))
        .outerjoin(ReviewMark, _viewed())
        .outerjoin(Entry, kept)
        .where(ReviewLine.submission_id == submission.id, _of_view(shown.view))
        .order_by(ReviewLine.position)
    )  # fmt: skip
    chosen = chosen.where(_unseen()) if shown.hide else chosen
    if shown.per_page is None:
        return chosen
    return chosen.limit(shown.per_page).offset((shown.page - 1) * shown.per_page)


def _asked(submission: Submission) -> dict[UUID, str]:
    """Return the last note with which each item came back in this collection, for the round that answers it."""
    if submission.round == 1:
        return {}
    earlier = select(Submission.id).where(
        Submission.writer_id == submission.writer_id, Submission.reader_id == context.tenant_id(),
        Submission.collection_id == submission.collection_id, Submission.round < submission.round,
    )  # fmt: skip
    asked = select(Decision.item_id, Decision.note).where(
        Decision.writer_id == context.tenant_id(), Decision.reader_id == submission.writer_id,
        Decision.submission_id.in_(earlier), Decision.verdict == "returned",
    )  # fmt: skip
    return {row.item_id: row.note for row in db.session.execute(asked.order_by(Decision.id))}


def _line(row: Row[Any], today: date, asked: Mapping[UUID, str]) -> Line:
    kept: ReviewLine = row.ReviewLine
    base = Base(row.base_body, kept.base_on or today, kept.base_accepted) if kept.base_id else None
    common: dict[str, Any] = {
        "viewed": row.seen is not None,
        "internal_note": row.internal_note or "",
        "asked": asked.get(kept.item_id, ""),
    }
    if row.body is None:
        return Line(kept, row.base_body or {}, [], [], [], 0, **common)
    blocks, warnings = findings_in_words(kept.position, row.body, today)
    return Line(
        kept, row.body, changes(base.body, row.body) if base else [], flags(base, row.body, today, kept.was),
        [*blocks, *warnings], completeness(row.body)[0], **common,
    )  # fmt: skip


@query("review.read")
def review(submission_id: UUID, shown: Shown | None = None) -> Review:
    """Return a submission line by line: what is new or changed, what to look at, what was answered."""
    found = desk(submission_id)
    return Review(found, lines(found.submission, shown or Shown()))


@query("review.read")
def reasons() -> Sequence[Reason]:
    """Return the reasons offered to reviewers: the central's own, else ours."""
    rows = db.session.execute(select(ReviewReason).order_by(ReviewReason.n)).scalars()
    return [Reason(row.label, row.sentence) for row in rows] or written_reasons()
