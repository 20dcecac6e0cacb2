"""What the advisory board reads: what waits for a member, one item, and others' views once her own is given.

Never writes. PPID Utama reads the tally here too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, query
from ppid_saas.cases import queries as cases
from ppid_saas.cases.rules import Chip
from ppid_saas.consequence_tests import queries, walking
from ppid_saas.consequence_tests.models import Opinion, Round
from ppid_saas.consequence_tests.queries import Line
from ppid_saas.consequence_tests.rules import STAYS_CLOSED, Tally, tally
from ppid_saas.consolidation.models import Entry
from tenants import clock
from tenants.db import db


@dataclass(frozen=True)
class Waiting:
    """One item at the board, with what this member has said or drafted, and until when."""

    round: Round
    line: Line
    mine: Opinion | None
    due: Chip

    @property
    def is_given(self) -> bool:
        return self.mine is not None and self.mine.given_at is not None


@dataclass(frozen=True)
class Counted:
    """One item at the board as PPID Utama sees it: every view given, and whether they are enough."""

    line: Line
    opinions: Sequence[Opinion]
    tally: Tally


def _at_board() -> Sequence[Round]:
    chosen = select(Round).where(Round.passed_at.is_not(None), Round.advised_at.is_(None))
    return db.session.execute(chosen.order_by(Round.passed_at, Round.id)).scalars().all()


@query("opinion.give")
def mine() -> list[Waiting]:
    """Return every item that lies at the board, most pressing round first, with the actor's own view."""
    found = _at_board()
    own = _own([one.id for one in found])
    rows = []
    for one in found:
        due = queries.due_of(walking.case_of(one.id))
        rows += [
            Waiting(one, line, own.get((one.id, line.entry.item_id)), due)
            for line in queries.lines(one.id)
            if line.outcome in STAYS_CLOSED
        ]
    return sorted(rows, key=lambda row: (row.due.due is None, row.due.due, row.round.id))


def _own(round_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], Opinion]:
    chosen = select(Opinion).where(Opinion.round_id.in_(round_ids), Opinion.person_id == actor().person_id)
    return {(row.round_id, row.item_id): row for row in db.session.execute(chosen).scalars()}


@query("opinion.give")
def my_item(round_id: UUID, item_id: UUID) -> Waiting:
    """Return one item that lies at the board."""
    for row in mine():
        if (row.round.id, row.line.entry.item_id) == (round_id, item_id):
            return row
    raise NotFoundError


@query("opinion.give")
def others(round_id: UUID, item_id: UUID) -> Sequence[Opinion]:
    """Return the other members' views on an item: none before the actor has given her own."""
    own = _own([round_id]).get((round_id, item_id))
    if own is None or own.given_at is None:
        return ()
    chosen = select(Opinion).where(
        Opinion.round_id == round_id, Opinion.item_id == item_id, Opinion.person_id != actor().person_id,
        Opinion.given_at.is_not(None),
    )  # fmt: skip
    return db.session.execute(chosen.order_by(Opinion.given_at)).scalars().all()


@query("opinion.give")
def my_past() -> Sequence[tuple[Opinion, Round, str]]:
    """Return what the actor has said in rounds that are over, newest first."""
    joined = and_(Round.tenant_id == Opinion.tenant_id, Round.id == Opinion.round_id)
    of_item = and_(Entry.tenant_id == Opinion.tenant_id, Entry.item_id == Opinion.item_id)
    chosen = (
        select(Opinion, Round, Entry.title).join(Round, joined).join(Entry, of_item)
        .where(Opinion.person_id == actor().person_id, Opinion.given_at.is_not(None), Round.advised_at.is_not(None))
        .order_by(Opinion.given_at.desc()).limit(200)
    )  # fmt: skip
    return [(row[0], row[1], row[2]) for row in db.session.execute(chosen)]


@query("test.read")
def counted(round_id: UUID) -> list[Counted]:
    """Return the items of a round that went to the board, each with the views given so far."""
    one = queries.one(round_id)
    chosen = select(Opinion).where(Opinion.round_id == round_id, Opinion.given_at.is_not(None))
    by_item: dict[UUID, list[Opinion]] = {}
    for row in db.session.execute(chosen.order_by(Opinion.given_at)).scalars():
        by_item.setdefault(row.item_id, []).append(row)
    rows = []
    for line in queries.lines(round_id):
        if line.outcome in STAYS_CLOSED:
            given = by_item.get(line.entry.item_id, [])
            rows.append(Counted(line, given, tally([o.view for o in given], one.quorum, one.members)))
    return rows


@query("test.read")
def is_overdue(round_id: UUID) -> bool:
    """Say whether the board's day has passed.

    Source: SOP 01/SOP-PPID baris 3.
    """
    owed = cases.duties([round_id], walking.due_kind("close_advice")).get(round_id)
    return owed is not None and owed.due_on < clock.today(actor().zone)
