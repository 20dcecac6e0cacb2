"""The one place that says in which state an entry now is, and tells its unit. Rules of who may stay with each verb."""

from collections.abc import Collection as Many
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from ppid_saas.access.errors import ConflictError, NotFoundError
from ppid_saas.access.sayings import counted, joined
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.queries.entries import entries
from ppid_saas.events.service import record
from ppid_saas.submissions import service as submissions
from ppid_saas.submissions.rules import SHOWN
from tenants import clock
from tenants.db import db


def move(
    ids: Many[UUID], to: str, *, turn: str, due_on: date | None = None, frm: Many[str] | None = None
) -> Sequence[Entry]:
    """Lock entries, see where they come from, write where they are now, tell each sender. Joins a running command."""
    chosen = entries(list(ids), for_update=True)
    if len(chosen) != len(set(ids)):
        raise NotFoundError
    if frm is not None:
        refuse_astray(chosen, frm)
    told: dict[UUID, list[UUID]] = {}
    for one in chosen:
        one.state, one.updated_at = to, clock.now()
        told.setdefault(one.sender_id, []).append(one.item_id)
    db.session.flush()
    for sender_id, item_ids in told.items():
        submissions.tell(sender_id, item_ids, to, turn, due_on)
    record("entry.moved", None, {"to": to, "items": [str(one.item_id) for one in chosen]})
    return chosen


def refuse_astray(chosen: Sequence[Entry], states: Many[str]) -> None:
    """Raise when an entry is in another state by now, naming the first few."""
    astray = [one for one in chosen if one.state not in states]
    if astray:
        titles = joined("; ", (joined(" – ", (one.title, SHOWN[one.state][2])) for one in astray[:5]))
        raise ConflictError(
            counted("%(num)s butir sudah berpindah: %(titles)s. Muat ulang.", len(astray), titles=titles)
        )
