"""Find which entries may say the same as an item: those that share a key, fewest bodies read. Never writes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text

from ppid_saas.consolidation.matching_words import Key
from ppid_saas.consolidation.models import Entry
from tenants import context
from tenants.db import among, db

CAP = 40  # a key that so many share tells nothing, unless it is the whole title
NEAREST = 24  # how many are compared with one item, those with most keys in common first

_SHARING = text(
    "select l.item_id as mine, m.item_id as other from unnest(cast(:items as uuid[]), cast(:keys as bigint[]),"
    " cast(:whole as boolean[])) as l (item_id, key, whole) cross join lateral ("
    "select f.item_id, count(*) over () as n from (select k.item_id from work.match_key k"
    " where k.tenant_id = :me and k.key = l.key order by k.item_id limit :cap) f) m"
    " where (m.n < :cap or l.whole) and m.item_id <> l.item_id"
    " group by 1, 2 order by l.item_id, bool_or(l.whole) desc, count(*) desc, m.item_id"
)


class Found(NamedTuple):
    """An entry as it is compared."""

    item_id: UUID
    hash: str
    title: str
    body: dict[str, Any]
    state: str
    sender_name: str


@dataclass(frozen=True)
class Near:
    """The entries near each of some items, and what they say."""

    others: dict[UUID, list[UUID]]
    entries: list[Found]


def candidates(wanted: Sequence[tuple[UUID, Sequence[Key]]]) -> Near:
    """Return the entries that share a key with any of the items; two statements for however many items."""
    flat = [(item_id, key) for item_id, own in wanted for key in own]
    values = {
        "me": context.tenant_id(), "cap": CAP, "items": [item_id for item_id, _ in flat],
        "keys": [key.value for _, key in flat], "whole": [key.whole for _, key in flat],
    }  # fmt: skip
    others: dict[UUID, list[UUID]] = defaultdict(list)
    for mine, other in db.session.execute(_SHARING, values):
        if len(others[mine]) < NEAREST:
            others[mine].append(other)
    ids = {other for found in others.values() for other in found}
    columns = (Entry.item_id, Entry.hash, Entry.title, Entry.body, Entry.state, Entry.sender_name)
    chosen = select(*columns).where(among(Entry.item_id, ids), Entry.state.not_in(("returned", "withdrawn")))
    return Near(dict(others), [Found(*row) for row in db.session.execute(chosen)] if ids else [])
