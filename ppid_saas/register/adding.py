"""How many new items are written in one statement: items and their first versions, numbered as they come.

Each column travels as one text of many lines, which is many times cheaper than as many parameters; so only what cannot
hold a line's end travels so: ids, dates, numbers, codes, JSON. What many items say beside their titles travels once, is
read once by the database, and has each title put into it there. What a body gives to the columns is `rules`' business.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from ppid_saas.register.rules import COLUMNS, Written

TAKE_NUMBERS = (
    "insert into work.counter as c (tenant_id, name, last) values (:tenant, :name, :n)"
    " on conflict (tenant_id, name) do update set last = c.last + excluded.last returning last"
)
ADD = text(
    f"with taken as ({TAKE_NUMBERS}), beside as materialized ("  # noqa: S608  # our own words alone
    " select b.n, cast(b.body as jsonb) body, b.ends_on, b.review_on, b.sort_on, b.done,"
    " cast(b.missing as text[]) missing from rows from ("
    " string_to_table(:bodies, chr(10)),"
    " unnest(cast(string_to_array(:ends_on, chr(10), '') as date[])),"
    " unnest(cast(string_to_array(:review_on, chr(10), '') as date[])),"
    " unnest(cast(string_to_array(:sort_on, chr(10)) as date[])),"
    " unnest(cast(string_to_array(:done_fields, chr(10)) as int[])), string_to_table(:missing, chr(10))"
    " ) with ordinality as b (body, ends_on, review_on, sort_on, done, missing, n)"
    "), given as materialized ("
    " select l.id, cast(l.n as int) place, jsonb_set(b.body, '{title}', cast(l.title as jsonb)) body, l.hash,"
    " b.ends_on, b.review_on, b.sort_on, b.done, b.missing from rows from ("
    " unnest(cast(string_to_array(:ids, chr(10)) as uuid[])), string_to_table(:titles, chr(10)),"
    " string_to_table(:hashes, chr(10)), unnest(cast(string_to_array(:besides, chr(10)) as bigint[]))"
    " ) with ordinality as l (id, title, hash, beside, n) join beside b on b.n = l.beside order by l.n"
    "), versions as ("
    " insert into work.item_version (tenant_id, item_id, version, body, hash, at, actor)"
    " select :tenant, id, 1, body, hash, :at, :actor from given"
    ") insert into work.item (tenant_id, id, ref, version, state, title, body, ends_on, review_on, sort_on, done_fields,"
    " missing, batch_id, created_at, updated_at)"
    " select :tenant, id, last - :n + place, 1, 'draft', body ->> 'title', body, ends_on, review_on, sort_on, done, missing,"
    " :batch, :at, :at from given, taken"
)


class New(NamedTuple):
    """Many new items, by column: how many there are, and what the statement reads of each as a line of text."""

    n: int
    lines: dict[str, str]


def new_items(ids: Sequence[UUID | str], items: Sequence[Written]) -> New:
    """Put items into lines; touches no database, so that it can be done beside."""
    places: dict[int, int] = {}
    besides = [places.setdefault(id(item.beside), len(places) + 1) for item in items]
    different = {id(item.beside): item.beside for item in items}.values()
    columns = zip(*(beside.columns for beside in different), strict=True)
    lines = {name: "\n".join(column) for name, column in zip(COLUMNS, columns, strict=True)}
    lines["bodies"] = "\n".join(beside.text for beside in different)
    lines["ids"] = "\n".join(map(str, ids))
    lines["titles"] = "\n".join([item.text for item in items])
    lines["hashes"] = "\n".join([item.hash for item in items])
    lines["besides"] = "\n".join(map(str, besides))
    return New(len(items), lines)
