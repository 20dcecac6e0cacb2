"""How a round follows the letter over its items: drafted, approved or returned, determined, handed out.

Called by the slice that writes letters, which takes no step of a test itself; a step that is not open is left alone.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from ppid_saas.access.verbs import command
from ppid_saas.consequence_tests import queries, walking
from ppid_saas.consequence_tests.models import Round, Sheet
from ppid_saas.consequence_tests.rules import STAYS_CLOSED
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.rules import DETERMINABLE
from tenants.db import among, db

UNDECIDED = (*DETERMINABLE, "awaiting_superior")


def follow(item_ids: Collection[UUID], action: str) -> None:
    """Take a step in every round that tested one of these items, where the actor may take it now.

    Source: SOP 01/SOP-PPID baris 4, 5, 6.
    """
    for round_id in _rounds_of(item_ids):
        case = walking.case_of(round_id)
        if walking.may(case, action):
            walking.step(case, action)


def _rounds_of(item_ids: Collection[UUID]) -> Collection[UUID]:
    chosen = (
        select(Round.id)
        .join(Sheet, (Sheet.tenant_id == Round.tenant_id) & (Sheet.round_id == Round.id))
        .where(among(Sheet.item_id, item_ids), Round.advised_at.is_not(None))
        .distinct()
    )
    return db.session.execute(chosen).scalars().all()


@command("test.write")
def lead_on(determination_id: UUID) -> None:
    """Lead every round whose last item was determined to its handing out, however the letter came about.

    Source: SOP 01/SOP-PPID baris 4, 5; PP 61/2010 Ps 3.
    """
    covered = select(Entry.item_id).where(Entry.determination_id == determination_id)
    ids = list(db.session.execute(covered).scalars())
    for round_id in _rounds_of(ids):
        if not _is_waiting(round_id):
            for action in ("draft_letter", "approve_letter"):
                case = walking.case_of(round_id)
                if walking.may(case, action):
                    walking.step(case, action)


def _is_waiting(round_id: UUID) -> bool:
    lines = queries.lines(round_id)
    return any(line.outcome in STAYS_CLOSED and line.entry.state in UNDECIDED for line in lines)
