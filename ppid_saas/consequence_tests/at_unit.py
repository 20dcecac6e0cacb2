"""The unit's own test: its clock from the window's opening to the handing in, and how far each item's sheet is.

The sheet is the item itself: reasons, trigger, conclusion and participants are written in its form and travel with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from ppid_saas.access.verbs import actor, command, query
from ppid_saas.cases import queries as case_queries
from ppid_saas.cases import service as cases
from ppid_saas.cases.models import Obligation
from ppid_saas.cases.rules import Chip
from ppid_saas.consequence_tests.models import Sheet
from ppid_saas.consequence_tests.papers import Around, Occasion, Tested, sheet_paper
from ppid_saas.consequence_tests.rules import OF_BALANCE, TRIGGERS, lacking
from ppid_saas.letters import paper as parts
from ppid_saas.register import queries as register
from ppid_saas.register.models import Item
from ppid_saas.sop.catalogue import load_catalogue
from ppid_saas.sop.engine import with_limits
from tenants import clock
from tenants.db import db

SUBJECT = "unit_test"
DUE = "sop.test_at_unit"


@dataclass(frozen=True)
class Line:
    """One item of the register with what its sheet lacks before it is a whole test."""

    item: Item
    outcome: str
    missing: list[str]


@command("submission.send")
def begin(collection_id: UUID, sop_key: str, since: date) -> None:
    """Begin the unit's walk under the version its central walks by; told twice, it is still one.

    Source: SOP 01/SOP-PPID baris 1.
    """
    if case_queries.case_of(SUBJECT, collection_id) is not None or sop_key not in load_catalogue():
        return
    sop = with_limits(load_catalogue()[sop_key], actor().settings.get("limits", {}))
    case = cases.open_case("testing", SUBJECT, collection_id)
    case.sop, case.sop_version, case.state = sop.id, sop.version, sop.initial
    step = next(one for one in sop.steps if one.row == 1)
    source = f"{sop.number}, baris {step.row}"
    cases.owe(DUE, collection_id, step.limit.n or 0, source, since, case.id)


@command("submission.send")
def end(collection_id: UUID) -> None:
    """End the unit's walk: its list and with it every sheet was handed in."""
    case = case_queries.case_of(SUBJECT, collection_id)
    if case is None or case.closed_at is not None:
        return
    step = next(one for one in case_queries.sop_of(case).steps if one.row == 1)
    if case.state == step.from_state:
        cases.settle_all(DUE, collection_id)
        cases.advance(case, step.id)
        case.closed_at = clock.now()


@query("item.read")
def due() -> Chip | None:
    """Return until when the unit's own test is to be handed in; nothing where none is asked."""
    chosen = select(Obligation).where(Obligation.kind == DUE, Obligation.settled_at.is_(None))
    owed = db.session.execute(chosen.order_by(Obligation.due_on)).scalars().first()
    return case_queries.duty_chip(owed) if owed else None


@query("item.read")
def lines() -> list[Line]:
    """Return the unit's items with what each sheet lacks, what lacks most first."""
    found = [_line(item) for item in register.items_for_submission()]
    return sorted(found, key=lambda line: -len(line.missing))


def _line(item: Item) -> Line:
    body = item.body
    outcome = OF_BALANCE.get(body.get("balance") or "", "")
    wanting = {} if outcome else lacking(body, "", body.get("balance_reason") or "")
    wanting |= lacking(body, outcome or "exempt", body.get("balance_reason") or "")
    return Line(item, outcome, [messages[0] for messages in wanting.values()])


@query("item.read")
def paper(size: str) -> parts.Paper:
    """Return the unit's own test sheet over all its items."""
    who, found = actor(), register.items_for_submission()
    people: Sequence[str] = list(
        dict.fromkeys(one for item in found for one in item.body.get("participants") or ())
    )
    rows = [Tested(who.name, _sheet(item)) for item in found]
    triggers = {item.body.get("trigger") for item in found} - {None, "routine"}
    at = Occasion(
        on=clock.today(who.zone), trigger=next((one for one in triggers if one in TRIGGERS), "routine"),
        people=[parts.Signer("", one) for one in people], done=all(not line.missing for line in lines()),
    )  # fmt: skip
    return sheet_paper(
        rows, at, Around(who.name, size if size in parts.PAPERS else parts.PAPERS[0], who.zone)
    )


def _sheet(item: Item) -> Sheet:
    """Return the item as a sheet that is kept nowhere."""
    body = item.body
    return Sheet(
        item_id=item.id, version=item.version, stage="unit", hash="", body=body,
        outcome=OF_BALANCE.get(body.get("balance") or "", ""), reason=body.get("balance_reason") or "",
    )  # fmt: skip
