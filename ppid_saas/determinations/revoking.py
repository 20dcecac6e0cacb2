"""Take an exemption back before its period ends: one item or a whole determination, by a decision with a number and a reason.

What was determined stays as it was; the items become *dicabut*, and what the public sees of them goes by an effect.
"""

from collections.abc import Sequence
from uuid import UUID

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import command
from ppid_saas.cases.disputed import disputed
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.moving import move, refuse_astray
from ppid_saas.determinations import queries, service
from ppid_saas.determinations.filing import locked
from ppid_saas.determinations.models import Determination
from ppid_saas.determinations.rules import OPENS, REVOCABLE, Letter
from ppid_saas.documents import service as documents
from ppid_saas.events.service import record

NO_REASON = say("Tulis mengapa pengecualian ini dicabut.")
NOT_REVOCABLE = say("Penetapan ini tidak dapat dicabut: ia sendiri membuka informasi, atau sudah dicabut.")
NOTHING_LEFT = say("Tidak ada butir penetapan ini yang masih dikecualikan.")


@command("determination.make")
def revoke(
    letter: Letter,
    determination_id: UUID,
    reason: str,
    item_ids: Sequence[UUID] | None = None,
    signed: documents.Staged | None = None,
) -> Determination:
    """Record that items of a determination, or all that still rest on it, are no longer exempt.

    Source: PP 61/2010 Ps 14 (classification and its change); Perki 1/2021 Ps 49.
    """
    service.refuse_head(letter)
    if not reason.strip():
        raise InvalidError(NO_REASON, {"reason": [NO_REASON]})
    old = locked(determination_id)
    if old.kind in OPENS or old.state != "determined":
        raise ConflictError(NOT_REVOCABLE)
    chosen = _chosen(old, item_ids)
    about = service.About("revocation", reason=" ".join(reason.split()))
    made = service.write(letter, chosen, about, {entry.item_id: entry.ends_on for entry in chosen}, signed)
    ids = [entry.item_id for entry in chosen]
    move(ids, "revoked", turn="unit", frm=REVOCABLE)
    if not _resting(old):
        old.state = "revoked"
    service.owe("determination.handover", made.id)
    record("determination.revoked", made.id, {"of": str(old.id), "items": [str(one) for one in ids]})
    record("determination.letter_asked", made.id)
    return made


def _chosen(old: Determination, item_ids: Sequence[UUID] | None) -> Sequence[Entry]:
    resting = _resting(old)
    ids = resting if item_ids is None else list(item_ids)
    chosen = consolidation.entries(ids, for_update=True)
    if not ids or not chosen:
        raise ConflictError(NOTHING_LEFT)
    if len(chosen) != len(set(ids)) or any(entry.determination_id != old.id for entry in chosen):
        raise NotFoundError
    refuse_astray(chosen, REVOCABLE)
    kept = disputed(ids)
    if kept:
        raise ConflictError(next(iter(kept.values())))
    return chosen


def _resting(old: Determination) -> list[UUID]:
    """Return the items that are still exempt by this determination."""
    return [one.item.item_id for one in queries.covered(old.id) if one.state in REVOCABLE and one.resting]
