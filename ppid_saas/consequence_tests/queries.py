"""Read rounds, sheets and what is still untested. Never writes; the board reads in `board_queries`, sittings in `sitting_queries`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import query
from ppid_saas.cases import queries as cases
from ppid_saas.cases.models import Case, Obligation
from ppid_saas.cases.rules import Chip
from ppid_saas.consequence_tests import walking
from ppid_saas.consequence_tests.models import Round, Sheet
from ppid_saas.consequence_tests.rules import DROPPED, OUTCOMES, STARTS, tested_words
from ppid_saas.consolidation.models import Entry
from tenants import context
from tenants.db import among, db

STAGE = "central"


@dataclass(frozen=True)
class Line:
    """One item of a round: its entry, the sheet as it now is, and the outcome PPID Utama has written."""

    entry: Entry
    sheet: Sheet

    @property
    def outcome(self) -> str:
        return self.sheet.outcome if self.sheet.stage == STAGE else ""

    @property
    def proposed(self) -> str:
        """What the unit's own test came to."""
        return self.sheet.outcome


@dataclass(frozen=True)
class RoundRow:
    """One round with its case, its clock and how far it is."""

    round: Round
    case: Case
    state: str
    due: Chip
    items: int
    decided: int


@query("test.read")
def one(round_id: UUID) -> Round:
    """Return one round."""
    found = db.session.get(Round, (context.tenant_id(), round_id), populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


@query("test.read")
def sheets(round_ids: Collection[UUID]) -> Sequence[Sheet]:
    """Return the newest sheet of every item of these rounds."""
    chosen = (
        select(Sheet)
        .where(Sheet.round_id.in_(round_ids))
        .ext(distinct_on(Sheet.round_id, Sheet.item_id))
        .order_by(Sheet.round_id, Sheet.item_id, Sheet.version.desc())
    )
    return [sheet for sheet in db.session.execute(chosen).scalars() if sheet.outcome != DROPPED]


@query("test.read")
def dropped(item_ids: Collection[UUID], number: str) -> list[tuple[Round, Sheet]]:
    """Return the sheets that this submission took out of their rounds and that are still out."""
    chosen = (
        select(Round, Sheet)
        .join(Sheet, (Sheet.tenant_id == Round.tenant_id) & (Sheet.round_id == Round.id))
        .where(among(Sheet.item_id, item_ids))
        .ext(distinct_on(Sheet.round_id, Sheet.item_id))
        .order_by(Sheet.round_id, Sheet.item_id, Sheet.version.desc())
    )
    rows = db.session.execute(chosen)
    return [(row[0], row[1]) for row in rows if (row[1].outcome, row[1].reason) == (DROPPED, number)]


@query("test.read")
def versions(round_id: UUID, item_id: UUID) -> Sequence[Sheet]:
    """Return every version of one sheet, oldest first; the first is the unit's own."""
    chosen = select(Sheet).where(Sheet.round_id == round_id, Sheet.item_id == item_id)
    found = db.session.execute(chosen.order_by(Sheet.version)).scalars().all()
    if not found:
        raise NotFoundError
    return found


@query("test.read")
def lines(round_id: UUID) -> list[Line]:
    """Return the items of a round in the order in which they end."""
    one(round_id)
    newest = {sheet.item_id: sheet for sheet in sheets([round_id])}
    return [Line(entry, newest[entry.item_id]) for entry in _entries(newest)]


def _entries(ids: Collection[UUID]) -> Sequence[Entry]:
    chosen = select(Entry).where(among(Entry.item_id, ids)).order_by(Entry.sort_on, Entry.item_id)
    return db.session.execute(chosen).scalars().all()


@query("test.read")
def line(round_id: UUID, item_id: UUID) -> Line:
    """Return one item of a round."""
    found = [one for one in lines(round_id) if one.entry.item_id == item_id]
    if not found:
        raise NotFoundError
    return found[0]


@query("test.read")
def rounds(*, advised: bool = False) -> list[RoundRow]:
    """Return the rounds under way, most pressing first, or those the board has spoken on, newest first."""
    done = Round.advised_at.is_not(None) if advised else Round.advised_at.is_(None)
    found = db.session.execute(select(Round).where(done).order_by(Round.id.desc()).limit(200)).scalars().all()
    rows = _rows(found)
    return rows if advised else sorted(rows, key=lambda row: (row.due.due is None, row.due.due))


def _rows(found: Sequence[Round]) -> list[RoundRow]:
    """Read sheets, cases and clocks of many rounds in three questions."""
    ids = [one.id for one in found]
    by_round: dict[UUID, list[Sheet]] = {round_id: [] for round_id in ids}
    for sheet in sheets(ids) if ids else ():
        by_round[sheet.round_id].append(sheet)
    known = walking.cases_of(ids)
    owed = walking.owed(ids)
    return [_row(one, by_round[one.id], known[one.id], owed.get(one.id)) for one in found]


def _row(one: Round, made: Sequence[Sheet], case: Case, owed: Obligation | None) -> RoundRow:
    decided = sum(bool(sheet.outcome) and sheet.stage == STAGE for sheet in made)
    return RoundRow(
        one, case, cases.sop_of(case).states[case.state], cases.duty_chip(owed), len(made), decided
    )


@query("test.read")
def round_row(round_id: UUID) -> RoundRow:
    """Return one round with its case and clock."""
    return _rows([one(round_id)])[0]


def due_of(case: Case) -> Chip:
    """Return the chip of what is to be done now in a case."""
    return cases.duty_chip(walking.owed([case.subject_id]).get(case.subject_id))


@query("test.read")
def letter_duty(item_ids: Collection[UUID]) -> Obligation | None:
    """Return what is owed of a letter over these items, the first day of the rounds that tested them.

    Source: SOP 01/SOP-PPID baris 4.
    """
    chosen = select(Sheet.round_id).where(among(Sheet.item_id, item_ids)).distinct()
    owed = walking.owed(db.session.execute(chosen).scalars().all()).values()
    drafting = [one for one in owed if one.kind == walking.due_kind("draft_letter")]
    return min(drafting, key=lambda one: one.due_on, default=None)


@query("test.read")
def earlier_tests(item_id: UUID, before: UUID) -> Sequence[Sheet]:
    """Return how this item was tested before this round, newest first: only what PPID Utama came to."""
    chosen = (
        select(Sheet)
        .where(Sheet.item_id == item_id, Sheet.round_id < before, Sheet.stage == STAGE, Sheet.outcome.in_(OUTCOMES))
        .ext(distinct_on(Sheet.round_id))
        .order_by(Sheet.round_id.desc(), Sheet.version.desc())
    )  # fmt: skip
    return db.session.execute(chosen).scalars().all()


@query("entry.read")
def untested(item_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return in words why items may not be determined yet; nothing where no testing SOP was chosen.

    Source: UU 14/2008 Ps 19; SOP 01/SOP-PPID baris 1 to 4.
    """
    if not walking.is_demanded() or not item_ids:
        return {}
    newest = _newest(item_ids)
    entries = select(Entry.item_id, Entry.hash).where(among(Entry.item_id, item_ids))
    found = {}
    for row in db.session.execute(entries):
        sheet, advised = newest.get(row.item_id, (None, False))
        outcome = (
            None
            if sheet is None or sheet.outcome == DROPPED
            else sheet.outcome
            if sheet.stage == STAGE
            else ""
        )
        stale = sheet is not None and sheet.hash != row.hash
        found[row.item_id] = tested_words(outcome, stale=stale, advised=advised)
    return {item_id: words for item_id, words in found.items() if words}


def _newest(item_ids: Collection[UUID]) -> dict[UUID, tuple[Sheet, bool]]:
    chosen = (
        select(Sheet, Round.advised_at)
        .join(Round, (Round.tenant_id == Sheet.tenant_id) & (Round.id == Sheet.round_id))
        .where(among(Sheet.item_id, item_ids))
        .ext(distinct_on(Sheet.item_id))
        .order_by(Sheet.item_id, Round.opened_at.desc(), Sheet.version.desc())
    )
    return {row[0].item_id: (row[0], row[1] is not None) for row in db.session.execute(chosen)}


@query("test.read")
def startable() -> Sequence[Entry]:
    """Return the entries that may be taken up for a test, in the order in which they end."""
    chosen = select(Entry).where(Entry.state.in_(STARTS)).order_by(Entry.sort_on, Entry.item_id)
    return db.session.execute(chosen).scalars().all()
