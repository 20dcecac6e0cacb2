"""Lend a paper until a day and take it back. Who is late is a duty that lapses; see `cases`."""

from uuid import UUID

from sqlalchemy import select

from ppid_saas.access.errors import ConflictError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.cases import service as cases
from ppid_saas.events.service import record
from ppid_saas.places.models import Loan
from ppid_saas.places.service import LENT, locked_paper
from tenants import clock
from tenants.db import db, new_id

LOAN_DUE = "loan"
SOURCE = say("Batas pengembalian kertas")
NOT_LENT = say("Kertas ini tidak sedang dipinjam.")


def _open_loan(holding_id: UUID) -> Loan | None:
    chosen = select(Loan).where(Loan.holding_id == holding_id, Loan.returned_at.is_(None))
    return db.session.execute(chosen).scalar_one_or_none()


@command("place.write")
def lend(holding_id: UUID, borrower: str, days: int) -> Loan:
    """Lend a paper for so many working days."""
    locked_paper(holding_id)
    if _open_loan(holding_id) is not None:
        raise ConflictError(LENT)
    loan_id, who = new_id(), actor()
    duty = cases.owe(LOAN_DUE, loan_id, days, SOURCE, clock.today(who.zone))
    loan = Loan(
        id=loan_id, holding_id=holding_id, borrower=borrower, due_on=duty.due_on, lent_at=clock.now(),
        lent_by=who.person_name,
    )  # fmt: skip
    db.session.add(loan)
    record("paper.lent", holding_id, {"loan": str(loan.id), "due_on": loan.due_on.isoformat()})
    return loan


@command("place.write")
def take_back(holding_id: UUID) -> Loan:
    """Record that a lent paper is back where it belongs."""
    locked_paper(holding_id)
    loan = _open_loan(holding_id)
    if loan is None:
        raise ConflictError(NOT_LENT)
    loan.returned_at, loan.returned_by = clock.now(), actor().person_name
    cases.settle_all(LOAN_DUE, loan.id)
    record("paper.returned", holding_id, {"loan": str(loan.id)})
    return loan
