"""Which items a determination would close longer than their grounds allow, counted over all their determinations; and why.

The rule itself is in law.extensions. Never writes.
"""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import query
from ppid_saas.consolidation.models import Entry
from ppid_saas.determinations.models import Determination, DeterminationItem
from ppid_saas.determinations.rules import OPENS
from ppid_saas.law.extensions import cap_passed, ground_codes
from ppid_saas.law.periods import Period
from ppid_saas.web.formats import said_date
from tenants.db import among, db


@query("entry.read")
def past_cap(entries: Collection[Entry], dated_on: date) -> dict[UUID, str]:
    """Return in words why items may not be closed anew on this day: their grounds allow no day so late.

    Source: PP 61/2010 Ps 5(1).
    """
    first = _first_determined(entry.item_id for entry in entries)
    found = {}
    for entry in entries:
        codes = ground_codes(entry.body.get("grounds") or ())
        period = Period.from_dict(entry.body.get("period"))
        latest = cap_passed(period, codes, first.get(entry.item_id), dated_on)
        if latest:
            found[entry.item_id] = _words(latest, first.get(entry.item_id))
    return found


def _words(latest: date, first_on: date | None) -> str:
    if first_on is None:
        return say(
            "Paling lama tertutup sampai %(day)s (PP 61/2010 Pasal 5). Minta unit memperbaiki jangka waktunya.",
            day=said_date(latest),
        )
    return say(
        "Paling lama tertutup sampai %(day)s, dihitung sejak pertama kali ditetapkan %(first)s (PP 61/2010 Pasal 5). "
        "Minta unit memperbaiki jangka waktunya.",
        day=said_date(latest),
        first=said_date(first_on),
    )


def _first_determined(item_ids: Iterable[UUID]) -> dict[UUID, date]:
    """Return the day of the first determination that closed each item, whatever became of that determination."""
    chosen = (
        select(DeterminationItem.item_id, func.min(Determination.dated_on))
        .join(
            Determination,
            (Determination.tenant_id == DeterminationItem.tenant_id)
            & (Determination.id == DeterminationItem.determination_id),
        )
        .where(among(DeterminationItem.item_id, list(item_ids)), Determination.kind.not_in(OPENS))
        .group_by(DeterminationItem.item_id)
    )
    return {row[0]: row[1] for row in db.session.execute(chosen)}
