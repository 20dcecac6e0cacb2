"""Record a determination: freeze the items it covers, count their periods from its date, and tell the units.

The decision itself is made by people and signed on paper or elsewhere; this keeps what was decided.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import counted, joined, say
from ppid_saas.access.verbs import actor, command
from ppid_saas.cases import queries as case_queries
from ppid_saas.cases import service as cases
from ppid_saas.cases.disputed import disputed
from ppid_saas.cases.models import Case
from ppid_saas.consequence_tests import queries as tests
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.moving import refuse_astray
from ppid_saas.consolidation.rules import DETERMINABLE
from ppid_saas.determinations import queries, styling
from ppid_saas.determinations.capping import past_cap
from ppid_saas.determinations.models import Determination, DeterminationItem
from ppid_saas.determinations.rules import DUTIES, KIND, Letter, code_of, problems
from ppid_saas.documents import service as documents
from ppid_saas.events.service import record
from ppid_saas.law.periods import Period, last_closed_day
from ppid_saas.proofs import digest
from ppid_saas.submissions import service as submissions
from ppid_saas.submissions.queries import central
from tenants import clock
from tenants.db import db, new_id

BEFORE_DETERMINING = ("collect", "sort")


@dataclass(frozen=True, slots=True)
class About:
    """What a determination says beside its head: what it decides, on which test it rests, why, and from which draft it came."""

    kind: str = KIND
    tests: str = ""
    reason: str = ""
    draft_id: UUID | None = None


@command("determination.make")
def make_determination(
    letter: Letter, item_ids: Sequence[UUID] | None = None, signed: documents.Staged | None = None
) -> Determination:
    """Record a determination over the named entries, or over every accepted one.

    Source: PP 61/2010 Ps 3, Ps 4; SOP 03/SOP-PPID between rows 2 and 5.
    """
    refuse_head(letter)
    return determine(letter, _lock(item_ids), About(), signed)


def determine(
    letter: Letter, chosen: Sequence[Entry], about: About, signed: documents.Staged | None = None
) -> Determination:
    """Freeze locked entries under a determination, tell their units and walk their cases; joins a running command."""
    refuse_unfit(chosen, letter.dated_on)
    ends = {entry.item_id: _end(entry, letter.dated_on) for entry in chosen}
    made = write(letter, chosen, about, ends, signed)
    for entry in chosen:
        _settle(entry, made.id, ends[entry.item_id])
    _tell_units(chosen)
    _advance_cases(chosen)
    owe("determination.handover", made.id)
    record("determination.made", made.id, {"items": len(chosen), "dated_on": letter.dated_on.isoformat()})
    return made


def owe(kind: str, subject: UUID) -> date:
    """Owe one of the duties of the SOP's rows 4 to 6 from today, and return its day.

    Source: SOP 01/SOP-PPID baris 4, 5, 6.
    """
    days, source = DUTIES[kind]
    own = actor().settings.get("limits", {}).get(kind)
    return cases.owe(kind, subject, int(own or days), source, clock.today(actor().zone)).due_on


def refuse_unfit(chosen: Sequence[Entry], dated_on: date) -> None:
    """Raise when an item may not be determined under this day, with the reason of each."""
    ids = [entry.item_id for entry in chosen]
    refuse_for(chosen, {**past_cap(chosen, dated_on), **untested(ids), **disputed(ids)})


def refuse_for(chosen: Sequence[Entry], reasons: Mapping[UUID, str]) -> None:
    """Raise when one of these entries has a reason, naming up to five."""
    named = [
        joined(": ", (entry.title, reasons[entry.item_id])) for entry in chosen if entry.item_id in reasons
    ]
    if named:
        raise ConflictError(
            counted(
                "%(num)s butir belum dapat ditetapkan: %(reasons)s",
                len(named),
                reasons=joined("; ", named[:5]),
            )
        )


def untested(item_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return why items lack the consequence test that the tenant's SOP asks for."""
    return tests.untested(item_ids)


def refuse_head(letter: Letter) -> None:
    found = problems(letter, clock.today(actor().zone))
    if found:
        raise InvalidError("Ada isian yang perlu diperbaiki.", found)
    if queries.number_in_use(letter.number):
        raise _used(letter.number)


def _used(number: str) -> ConflictError:
    message = say("Nomor %(number)s sudah dipakai penetapan lain.", number=number.strip())
    return ConflictError(message, {"number": [message]})


def _lock(item_ids: Sequence[UUID] | None) -> Sequence[Entry]:
    """Hold the entries until the command ends; a foreign one is not found, one that moved on is named."""
    ids = [entry.item_id for entry in consolidation.accepted_entries()] if item_ids is None else item_ids
    chosen = consolidation.entries(ids, for_update=True)
    if len(chosen) != len(set(ids)):
        raise NotFoundError
    if not chosen:
        raise ConflictError("Belum ada butir diterima yang dapat ditetapkan.")
    refuse_astray(chosen, DETERMINABLE)
    return chosen


def _end(entry: Entry, dated_on: date) -> date | None:
    """Return the last closed day; an item whose period is over cannot be determined as exempt.

    Source: UU 14/2008 Ps 20(2); PP 61/2010 Ps 10.
    """
    ends_on = last_closed_day(Period.from_dict(entry.body.get("period")), dated_on)
    if ends_on is not None and ends_on < dated_on:
        message = say(
            "Masa pengecualian “%(title)s” sudah habis sebelum tanggal penetapan.", title=entry.title
        )
        raise InvalidError(message, {"items": [message]})
    return ends_on


def write(
    letter: Letter,
    chosen: Sequence[Entry],
    about: About,
    ends: Mapping[UUID, date | None],
    signed: documents.Staged | None,
) -> Determination:
    """Write a determination and freeze what the entries say; a number that is taken is refused."""
    hashes = {entry.item_id: digest(entry.body) for entry in chosen}
    earlier = list(dict.fromkeys(entry.determination_id for entry in chosen if entry.determination_id))
    how = "revokes" if about.kind == "revocation" else "amends"
    made = Determination(
        id=new_id(), number=letter.number.strip(), kind=about.kind, title=letter.title.strip(),
        signatory=letter.signatory.strip(), signatory_position=letter.signatory_position.strip(),
        place=letter.place.strip(), dated_on=letter.dated_on, state="determined", created_at=clock.now(),
        document_id=documents.keep(signed) if signed else None, created_by=actor().person_id, tests=about.tests,
        reason=about.reason, draft_id=about.draft_id, links=[{"how": how, "id": str(one)} for one in earlier],
        code=_code(letter, about, list(hashes.values())), style=styling.said(),
    )  # fmt: skip
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise _used(letter.number) from error
    rows = [
        {
            "determination_id": made.id, "item_id": entry.item_id, "body": entry.body, "hash": hashes[entry.item_id],
            "ends_on": ends[entry.item_id], "earlier_id": entry.determination_id,
        }
        for entry in chosen
    ]  # fmt: skip
    db.session.execute(insert(DeterminationItem), rows)
    return made


def _code(letter: Letter, about: About, hashes: list[str]) -> str:
    head = {"kind": about.kind, "number": letter.number.strip(), "dated_on": letter.dated_on.isoformat()}
    return code_of(digest({**head, "items": sorted(hashes)}))


def _settle(entry: Entry, determination_id: UUID, ends_on: date | None) -> None:
    entry.state, entry.determination_id, entry.ends_on = "determined", determination_id, ends_on
    entry.sort_on = ends_on or entry.review_on or date.max
    entry.updated_at = clock.now()


def _tell_units(chosen: Sequence[Entry]) -> None:
    by_unit: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for entry in chosen:
        by_unit[entry.sender_id].append(entry.item_id)
    for unit_id, ids in by_unit.items():
        submissions.tell(unit_id, ids, "determined", "none")


def _advance_cases(chosen: Sequence[Entry]) -> None:
    """Record the determination in the SOP case of every collection the items came from.

    Determining ends the collecting and the ordering (the list is always in that order), where the actor may end them.
    """
    collections = {central.one(found).submission.collection_id for found in {e.submission_id for e in chosen}}
    for collection_id in collections:
        case = case_queries.case_of("collection", collection_id)
        if case is not None:
            _walk(collection_id, case)


def _walk(collection_id: UUID, case: Case) -> None:
    for step in BEFORE_DETERMINING:
        if any(action.id == step for action in case_queries.case_actions(case)):
            submissions.take_step(collection_id, step)
    if case.state in {"collecting", "collected"}:
        raise ConflictError("Petugas PPID Utama perlu menutup dan mengurutkan pengumpulan lebih dahulu.")
    if any(action.id == "determine" for action in case_queries.case_actions(case)):
        cases.advance(case, "determine")
