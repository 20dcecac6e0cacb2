"""What first pages say of decisions under way: letters drafted, approved and recorded, and the most pressing of their days."""

from dataclasses import dataclass

from sqlalchemy import select

from ppid_saas.access import policy
from ppid_saas.access.verbs import actor, query
from ppid_saas.cases import queries as cases
from ppid_saas.cases.models import Obligation
from ppid_saas.cases.rules import Chip
from ppid_saas.determinations import draft_queries
from ppid_saas.determinations.models import DeterminationDraft
from ppid_saas.determinations.rules import DRAFT_STATES
from tenants.db import db

APPROVED = "approved"
RETURNED = "returned"
# Source: SOP 01/SOP-PPID baris 4-6
DUTIES = ("sop.draft_letter", "determination.draft", "determination.approval", "determination.handover")


@dataclass(frozen=True)
class Deciding:
    """Letters under way, oldest first, and until when the next step of any decision is due."""

    drafts: tuple[DeterminationDraft, ...] = ()
    chip: Chip | None = None

    def first(self, state: str) -> DeterminationDraft | None:
        return next((draft for draft in self.drafts if draft.state == state), None)

    @property
    def words(self) -> str:
        """Return the state of the letter that was begun first."""
        return DRAFT_STATES[self.drafts[0].state][0] if self.drafts else ""


@query("space.see")
def deciding() -> Deciding:
    """Return how far the decisions are."""
    if not policy.may(actor().roles, "determination.read"):
        return Deciding()
    owed = select(Obligation).where(Obligation.kind.in_(DUTIES), Obligation.settled_at.is_(None))
    first = db.session.execute(owed.order_by(Obligation.due_on).limit(1)).scalar_one_or_none()
    return Deciding(
        tuple(one.draft for one in reversed(draft_queries.drafts())),
        cases.duty_chip(first) if first else None,
    )
