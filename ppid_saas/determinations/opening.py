"""Record that the leadership determined items open: one letter over many items. When they open is said with each.

The letter itself is rendered like any determination; what follows in the list is the business of `reopening`.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import command
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.moving import move, refuse_astray
from ppid_saas.determinations import service
from ppid_saas.determinations.models import Determination
from ppid_saas.determinations.rules import Letter
from ppid_saas.documents import service as documents
from ppid_saas.events.service import record

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
    service.refuse_head(letter)
    chosen = _locked(item_ids)
    ends = {entry.item_id: entry.ends_on for entry in chosen}
    made = service.write(letter, chosen, service.About(OPENING), ends, signed)
    now = [entry.item_id for entry in chosen if entry.item_id not in set(later)]
    if now:
        move(now, "opened", turn="unit")
    data = {"items": len(chosen), "dated_on": letter.dated_on.isoformat(), "kind": OPENING}
    record("determination.opening_made", made.id, data)
    record("determination.letter_asked", made.id)
    return made


def _locked(item_ids: Collection[UUID]) -> Sequence[Entry]:
    chosen = consolidation.entries(list(item_ids), for_update=True)
    if not chosen or len(chosen) != len(set(item_ids)):
        raise NotFoundError
    refuse_astray(chosen, OPENABLE)
    return chosen
