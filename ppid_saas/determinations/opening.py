"""Record that the leadership determined items open: one letter over many items. When they open is said with each.

The letter itself is rendered like any determination; what follows in the list is the business of `reopening`.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import counted, joined, say
from ppid_saas.access.verbs import actor, command
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.service import move
from ppid_saas.determinations import queries
from ppid_saas.determinations.models import Determination, DeterminationItem
from ppid_saas.determinations.rules import Letter, problems
from ppid_saas.documents import service as documents
from ppid_saas.events.service import record
from ppid_saas.proofs import digest
from ppid_saas.submissions.rules import SHOWN
from tenants import clock
from tenants.db import db, new_id

OPENING = "opening"
OPENABLE = ("determined", "published", "reopening")


@command("reopening.decide")
def make_opening(
    letter: Letter,
    item_ids: Collection[UUID],
    signed: documents.Staged | None = None,
    *,
    later: Collection[UUID] = (),
) -> Determination:
    """Record that items are determined open; all become `opened` now but those that open `later`, on their own day.

    Source: PP 61/2010 Ps 10(1); SOP 03/SOP-PPID baris 3.
    """
    _refuse_head(letter)
    chosen = _locked(item_ids)
    made = _write(letter, signed)
    rows = [
        {
            "determination_id": made.id, "item_id": entry.item_id, "body": entry.body, "hash": digest(entry.body),
            "ends_on": entry.ends_on,
        }
        for entry in chosen
    ]  # fmt: skip
    db.session.execute(insert(DeterminationItem), rows)
    now = [entry.item_id for entry in chosen if entry.item_id not in set(later)]
    if now:
        move(now, "opened", turn="unit")
    data = {"items": len(chosen), "dated_on": letter.dated_on.isoformat(), "kind": OPENING}
    record("determination.opening_made", made.id, data)
    return made


def _refuse_head(letter: Letter) -> None:
    found = problems(letter, clock.today(actor().zone))
    if found:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), found)
    if queries.number_in_use(letter.number):
        raise _used(letter.number)


def _used(number: str) -> ConflictError:
    message = say("Nomor %(number)s sudah dipakai penetapan lain.", number=number.strip())
    return ConflictError(message, {"number": [message]})


def _locked(item_ids: Collection[UUID]) -> Sequence[Entry]:
    chosen = consolidation.entries(list(item_ids), for_update=True)
    if not chosen or len(chosen) != len(set(item_ids)):
        raise NotFoundError
    astray = [entry for entry in chosen if entry.state not in OPENABLE]
    if astray:
        titles = joined("; ", (joined(" – ", (one.title, SHOWN[one.state][2])) for one in astray[:5]))
        raise ConflictError(
            counted("%(num)s butir sudah berpindah: %(titles)s. Muat ulang.", len(astray), titles=titles)
        )
    return chosen


def _write(letter: Letter, signed: documents.Staged | None) -> Determination:
    made = Determination(
        id=new_id(), number=letter.number.strip(), kind=OPENING, title=letter.title.strip(),
        signatory=letter.signatory.strip(), signatory_position=letter.signatory_position.strip(),
        place=letter.place.strip(), dated_on=letter.dated_on, state="determined", created_at=clock.now(),
        document_id=documents.keep(signed) if signed else None, created_by=actor().person_id,
    )  # fmt: skip
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise _used(letter.number) from error
    return made
