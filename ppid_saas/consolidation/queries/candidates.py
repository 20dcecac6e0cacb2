"""Find which entries may say the same as an item: those that share a key, fewest bodies read. Never writes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from ppid_saas.consolidation.matching_words import Key
from tenants import context
from tenants.db import db

CAP = 40  # a key that so many share tells nothing, unless it is the whole title
NEAREST = 24  # how many are compared with one item, those with most keys in common first

# An item is told by its place in what is asked: forty numbers travel faster than forty ids, once for each key.
_NEAREST = text(
    "select n.at, e.item_id, e.hash, e.title, e.body, e.state, e.sender_name from ("
    "select s.at, s.item_id, row_number() over (partition by s.at order by s.whole desc, s.keys desc, s.item_id) as rank from ("
    "select l.at, m.item_id, bool_or(l.whole) as whole, count(*) as keys"
    " from unnest(cast(:at as int[]), cast(:keys as bigint[]), cast(:whole as boolean[])) as l (at, key, whole)"
    " cross join lateral (select f.item_id, count(*) over () as n from (select k.item_id from work.match_key k"
    " where k.tenant_id = :me and k.key = l.key order by k.item_id limit :cap) f) m"
    " where m.n < :cap or l.whole group by 1, 2) s) n"
    " join work.entry e on e.tenant_id = :me and e.item_id = n.item_id"
    " where n.rank <= :nearest and e.state not in ('returned', 'withdrawn') order by n.at, n.rank"
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
    """Return the entries that share a key with any of the items; one statement for however many items."""
    flat = [(at, key) for at, (_, own) in enumerate(wanted) for key in own]
    values = {
        "me": context.tenant_id(), "cap": CAP, "nearest": NEAREST + 1, "at": [at for at, _ in flat],
        "keys": [key.value for _, key in flat], "whole": [key.whole for _, key in flat],
    }  # fmt: skip
    others: dict[UUID, list[UUID]] = defaultdict(list)
    entries: dict[UUID, Found] = {}
    for at, *columns in db.session.execute(_NEAREST, values):
        found, (mine, _) = Found(*columns), wanted[at]
        if found.item_id != mine and len(others[mine]) < NEAREST:
            others[mine].append(found.item_id)
            entries[found.item_id] = found
    return Near(dict(others), list(entries.values()))
