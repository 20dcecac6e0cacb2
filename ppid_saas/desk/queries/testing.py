"""What first pages say of tests: how much PPID Utama has to write, what lies at the board, what waits for a member of it."""

from dataclasses import dataclass
from uuid import UUID

from ppid_saas.access import policy
from ppid_saas.access.verbs import actor, query
from ppid_saas.cases.rules import Chip
from ppid_saas.consequence_tests import board_queries, queries, walking


@dataclass(frozen=True)
class Tests:
    """Rounds under way: items without an outcome, rounds at the board, and the most pressing round of PPID Utama's own."""

    demanded: bool = False
    left: int = 0
    at_board: int = 0
    first: UUID | None = None
    title: str = ""
    chip: Chip | None = None


@dataclass(frozen=True)
class Asked:
    """What waits for the actor's own view, and until when."""

    items: int = 0
    chip: Chip | None = None


@query("space.see")
def tests() -> Tests:
    """Return how far the tests are."""
    if not policy.may(actor().roles, "test.read"):
        return Tests()
    rows = queries.rounds()
    mine = [row for row in rows if row.round.passed_at is None and row.items]
    return Tests(
        demanded=walking.is_demanded(),
        left=sum(row.items - row.decided for row in mine),
        at_board=sum(row.round.passed_at is not None for row in rows),
        first=mine[0].round.id if mine else None,
        title=mine[0].round.title if mine else "",
        chip=mine[0].due if mine else None,
    )


@query("space.see")
def asked() -> Asked:
    """Return what waits for a member of the board."""
    if not policy.may(actor().roles, "opinion.give"):
        return Asked()
    waiting = [row for row in board_queries.mine() if not row.is_given]
    return Asked(len(waiting), waiting[0].due if waiting else None)
