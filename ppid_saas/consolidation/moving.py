"""Entries change their state here and nowhere else once they were accepted, and their units are told.

Joins a running command of a later slice, which knows why; what an entry says is rewritten by a test alone.
"""

from collections import defaultdict
from collections.abc import Collection as Many
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from ppid_saas.access.errors import ConflictError, NotFoundError
from ppid_saas.access.sayings import counted, joined
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.queries import entries
from ppid_saas.register.rules import listed, whole_body
from ppid_saas.submissions import service as submissions
from ppid_saas.submissions.rules import SHOWN
from tenants import clock

NAMED = 5


def move(
    ids: Many[UUID], to: str, *, turn: str, due_on: date | None = None, frm: Many[str] | None = None
) -> Sequence[Entry]:
    """Lead entries to a state, all or none: locked, refused by name when one is not in `frm`, each unit told."""
    chosen = entries(list(ids), for_update=True)
    if len(chosen) != len(set(ids)):
        raise NotFoundError
    moved = [entry for entry in chosen if frm is not None and entry.state not in frm]
    if moved:
        titles = joined("; ", (joined(" – ", (one.title, SHOWN[one.state][2])) for one in moved[:NAMED]))
        raise ConflictError(
            counted("%(num)s butir sudah berpindah keadaan: %(titles)s. Muat ulang, lalu pilih lagi.",
                    len(moved), titles=titles)
        )  # fmt: skip
    by_unit: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for entry in chosen:
        entry.state, entry.updated_at = to, clock.now()
        by_unit[entry.sender_id].append(entry.item_id)
    for unit_id, mine in by_unit.items():
        submissions.tell(unit_id, mine, to, turn, due_on)
    return chosen


def rewrite(entry: Entry, body: dict[str, Any]) -> None:
    """Let a locked entry say what its test found; `hash` stays that of what the unit handed in."""
    said = whole_body(body)
    columns = listed(said)
    entry.body, entry.title = said, columns.title
    entry.ends_on, entry.review_on, entry.sort_on = columns.ends_on, columns.review_on, columns.sort_on
    entry.updated_at = clock.now()
