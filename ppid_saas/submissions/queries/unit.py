"""What a unit reads of its submissions: windows, what it would hand in, what it handed in, how far the central is.

The central's reading is in `central`. Rows of plane exchange are always asked for by writer and reader.
"""

from collections.abc import Collection as Many
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, query
from ppid_saas.accounts.queries import counterparts
from ppid_saas.cases.queries import calendar_for_tenant
from ppid_saas.cases.rules import day_of
from ppid_saas.events.models import Event
from ppid_saas.proofs import digest
from ppid_saas.register.models import Item
from ppid_saas.register.queries import items_for_submission
from ppid_saas.submissions.models import Collection, Decision, Status, Submission, SubmissionItem, Withdrawal
from ppid_saas.submissions.queries.withdrawn import is_withdrawn
from ppid_saas.submissions.rules import REVIEW_DAYS, Problem, findings_in_words
from ppid_saas.workdays.counting import add_working_days
from tenants import clock, context
from tenants.db import among, db

FINISHED = "review.finished"
BEGUN = "review.begun"


@dataclass(frozen=True)
class Handing:
    """What the unit would hand in now, and what stands in the way."""

    collection: Collection
    round: int
    is_whole: bool
    items: Sequence[Item]
    hashes: Sequence[str]
    last_hashes: Mapping[UUID, str]
    blocks: list[Problem]
    warnings: list[Problem]
    waiting: Submission | None

    @property
    def new(self) -> list[Item]:
        return [item for item in self.items if item.id not in self.last_hashes]

    @property
    def changed(self) -> list[Item]:
        """What differs from what was last handed in."""
        last = self.last_hashes
        pairs = zip(self.items, self.hashes, strict=True)
        return [item for item, mark in pairs if last.get(item.id, mark) != mark]

    @property
    def same(self) -> int:
        return len(self.items) - len(self.new) - len(self.changed)

    @property
    def is_nil(self) -> bool:
        return self.is_whole and not self.items

    @property
    def has_something(self) -> bool:
        return bool(self.items) or self.is_nil


@dataclass(frozen=True)
class Handed:
    """A submission with where it stands."""

    submission: Submission
    collection: Collection
    finished: bool
    returned: int
    withdrawal: Withdrawal | None = None

    @property
    def standing(self) -> str:
        if self.withdrawal:
            return "withdrawn"
        if not self.finished:
            return "sent"
        return "in_repair" if self.returned else "done"


@dataclass(frozen=True)
class Returned:
    """An item to mend, with the note that says why and the field it is about, if it names one."""

    item: Item
    note: str
    field: str
    decided_by: str
    submission_id: UUID
    mended: bool


def recipient() -> UUID:
    """Return the tenant to which the bound one hands in."""
    found = actor().recipient_id
    if found is None:
        raise NotFoundError
    return found


@query("submission.read")
def collections() -> Sequence[Collection]:
    """Return the windows opened for this unit, newest first."""
    mine = select(Collection).where(
        Collection.reader_id == context.tenant_id(), Collection.writer_id == recipient()
    )
    return db.session.execute(mine.order_by(Collection.id.desc())).scalars().all()


@query("submission.read")
def collection(collection_id: UUID) -> Collection:
    """Return one window opened for this unit."""
    found = db.session.get(Collection, (recipient(), context.tenant_id(), collection_id))
    if found is None:
        raise NotFoundError
    return found


@query("submission.read")
def submissions(collection_id: UUID | None = None) -> list[Handed]:
    """Return what this unit handed in, newest first."""
    mine = select(Submission).where(
        Submission.writer_id == context.tenant_id(), Submission.reader_id == recipient()
    )
    if collection_id is not None:
        mine = mine.where(Submission.collection_id == collection_id)
    rows = db.session.execute(mine.order_by(Submission.id.desc())).scalars().all()
    return _with_standing(rows)


@query("submission.read")
def submission(submission_id: UUID) -> Handed:
    """Return one submission of this unit."""
    found = db.session.get(Submission, (context.tenant_id(), recipient(), submission_id))
    if found is None:
        raise NotFoundError
    return _with_standing([found])[0]


def _with_standing(rows: Sequence[Submission]) -> list[Handed]:
    ids = [row.id for row in rows]
    done, back = finished_reviews(recipient(), ids), returned_counts(recipient(), context.tenant_id(), ids)
    windows = {window.id: window for window in collections()}
    taken_back = withdrawals(ids)
    return [
        Handed(row, windows[row.collection_id], row.id in done, back.get(row.id, 0), taken_back.get(row.id))
        for row in rows
    ]


def withdrawals(ids: Many[UUID]) -> dict[UUID, Withdrawal]:
    """Return which of the submissions this unit took back."""
    chosen = select(Withdrawal).where(
        Withdrawal.writer_id == context.tenant_id(), Withdrawal.submission_id.in_(ids)
    )
    return {row.submission_id: row for row in db.session.execute(chosen).scalars()}


@query("submission.read")
def is_begun(submission_id: UUID) -> bool:
    """Say whether the central began with a submission: took it up, answered an item of it, or finished it."""
    answered = select(Decision.id).where(
        Decision.writer_id == recipient(), Decision.reader_id == context.tenant_id(),
        Decision.submission_id == submission_id,
    )  # fmt: skip
    told = select(Event.id).where(
        Event.tenant_id == recipient(), Event.subject == submission_id, Event.kind.in_((FINISHED, BEGUN))
    )
    asked = select(answered.exists() | told.exists())
    return bool(db.session.execute(asked.execution_options(any_readable=True)).scalar_one())


def finished_reviews(central: UUID, ids: Many[UUID]) -> set[UUID]:
    """Return which submissions the central has finished reviewing: told by its event, which the unit may read."""
    chosen = select(Event.subject).where(
        Event.tenant_id == central, Event.kind == FINISHED, Event.subject.in_(ids)
    )
    found = db.session.execute(chosen.execution_options(any_readable=True)).scalars()
    return {subject for subject in found if subject is not None}


def returned_counts(central: UUID, unit: UUID | None, ids: Many[UUID]) -> dict[UUID, int]:
    """Return how many items of each submission came back."""
    counted = select(Decision.submission_id, func.count()).where(
        Decision.writer_id == central, Decision.submission_id.in_(ids), Decision.verdict == "returned"
    )
    if unit is not None:
        counted = counted.where(Decision.reader_id == unit)
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(Decision.submission_id))}


@query("submission.read")
def review_day(sent: Submission) -> date:
    """Return until when the central reads a submission: the working days it set, from the day it was handed in."""
    central = counterparts().get(sent.reader_id)
    own = (central.settings or {}).get("limits", {}).get("review") if central else None
    since = day_of(sent.submitted_at, actor().zone)
    return add_working_days(calendar_for_tenant(), since, int(own or REVIEW_DAYS))


@query("submission.read")
def handing(collection_id: UUID, *, for_update: bool = False) -> Handing:
    """Return what would be handed in now: everything, or only what came back once a submission stands."""
    window, today = collection(collection_id), clock.today(actor().zone)
    earlier = submissions(collection_id)
    standing = [one for one in earlier if one.withdrawal is None]
    live = items_for_submission(for_update=for_update)
    items = [item for item in live if item.state == "returned"] if standing else list(live)
    checked = [findings_in_words(item.ref, item.body, today, actor().settings) for item in items]
    return Handing(
        collection=window,
        round=len(earlier) + 1,
        is_whole=not standing,
        items=items,
        hashes=[digest(item.body) for item in items],
        last_hashes=_last_hashes([item.id for item in items]),
        blocks=[problem for blocks, _ in checked for problem in blocks],
        warnings=[problem for _, warnings in checked for problem in warnings],
        waiting=standing[0].submission if standing and not standing[0].finished else None,
    )


def _last_hashes(ids: Many[UUID]) -> dict[UUID, str]:
    chosen = last_handed(SubmissionItem.hash).where(among(SubmissionItem.item_id, ids))
    return {row.item_id: row.hash for row in db.session.execute(chosen)}


def last_handed(*columns: Any) -> Select[Any]:
    """Begin a statement about each item as it was last handed in; what was withdrawn does not count."""
    return (
        select(SubmissionItem.item_id, *columns)
        .join(
            Submission,
            (Submission.writer_id == SubmissionItem.writer_id)
            & (Submission.reader_id == SubmissionItem.reader_id)
            & (Submission.id == SubmissionItem.submission_id),
        )
        .where(SubmissionItem.writer_id == context.tenant_id(), ~is_withdrawn())
        .ext(distinct_on(SubmissionItem.item_id))
        .order_by(SubmissionItem.item_id, SubmissionItem.submission_id.desc())
    )


@query("submission.read")
def handed_items(submission_id: UUID) -> Sequence[Row[Any]]:
    """Return the items of one submission with the unit's own number, and how far the central is with each."""
    chosen = (
        select(
            SubmissionItem.item_id, SubmissionItem.position, SubmissionItem.version, SubmissionItem.hash,
            SubmissionItem.body["title"].astext.label("title"), Item.ref,
        )
        .join(Item, (Item.tenant_id == SubmissionItem.writer_id) & (Item.id == SubmissionItem.item_id))
        .where(SubmissionItem.writer_id == context.tenant_id(), SubmissionItem.reader_id == recipient())
        .where(SubmissionItem.submission_id == submission_id)
        .order_by(SubmissionItem.position)
    )  # fmt: skip
    return db.session.execute(chosen).all()


@query("submission.read")
def statuses(ids: Many[UUID]) -> dict[UUID, Status]:
    """Return the newest word of the central about each item."""
    chosen = (
        select(Status)
        .where(
            Status.writer_id == recipient(),
            Status.reader_id == context.tenant_id(),
            among(Status.item_id, ids),
        )
        .ext(distinct_on(Status.item_id))
        .order_by(Status.item_id, Status.n.desc())
    )
    return {row.item_id: row for row in db.session.execute(chosen).scalars()}


@query("submission.read")
def to_mend() -> list[Returned]:
    """Return the items that came back and were not sent again, each with its newest note."""
    handed = (
        (SubmissionItem.writer_id == Decision.reader_id)
        & (SubmissionItem.reader_id == Decision.writer_id)
        & (SubmissionItem.submission_id == Decision.submission_id)
        & (SubmissionItem.item_id == Decision.item_id)
    )
    chosen = (
        select(Decision, SubmissionItem.version)
        .join(SubmissionItem, handed)
        .where(Decision.writer_id == recipient(), Decision.reader_id == context.tenant_id())
        .where(Decision.verdict == "returned")
        .order_by(Decision.id)
    )
    notes = {said.item_id: (said, version) for said, version in db.session.execute(chosen)}
    return [
        _returned(item, *notes[item.id])
        for item in items_for_submission()
        if item.state == "returned" and item.id in notes
    ]


def _returned(item: Item, said: Decision, version: int) -> Returned:
    return Returned(
        item, said.note, said.field, said.decided_by, said.submission_id, mended=item.version > version
    )
