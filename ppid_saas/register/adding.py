"""Writes many new items in one statement: items, their first versions and their grounds, each body read once by the database.

Each column travels as one text of many lines, which is many times cheaper than as many parameters; so only what cannot
hold a line's end travels so: ids, dates, numbers, codes, JSON. What a body gives to the columns is `rules`' business.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from ppid_saas.access.verbs import actor
from ppid_saas.register.rules import COLUMNS, Written
from tenants import clock, context
from tenants.db import db

_ADD = text(
    "with given as materialized ("
    " select l.id, cast(:first + l.n - 1 as int) ref, cast(l.body as jsonb) body, l.hash, cast(l.cited as jsonb) cited,"
    " l.ends_on, l.review_on, l.sort_on, l.done, cast(l.missing as text[]) missing from rows from ("
    " unnest(cast(string_to_array(:ids, chr(10)) as uuid[])), string_to_table(:bodies, chr(10)), string_to_table(:hashes, chr(10)),"
    " string_to_table(:cited, chr(10)), unnest(cast(string_to_array(:ends_on, chr(10), '') as date[])),"
    " unnest(cast(string_to_array(:review_on, chr(10), '') as date[])),"
    " unnest(cast(string_to_array(:sort_on, chr(10)) as date[])),"
    " unnest(cast(string_to_array(:done_fields, chr(10)) as int[])), string_to_table(:missing, chr(10))"
    " ) with ordinality as l (id, body, hash, cited, ends_on, review_on, sort_on, done, missing, n)"
    "), versions as ("
    " insert into work.item_version (tenant_id, item_id, version, body, hash, at, actor)"
    " select :tenant, id, 1, body, hash, :at, :actor from given"
    "), grounds as ("
    " insert into work.item_ground (tenant_id, item_id, n, code, law)"
    " select :tenant, id, c.n - 1, c.pair ->> 0, c.pair ->> 1"
    " from given, jsonb_array_elements(cited) with ordinality as c (pair, n)"
    ") insert into work.item (tenant_id, id, ref, version, state, title, body, ends_on, review_on, sort_on, done_fields,"
    " missing, batch_id, created_at, updated_at)"
    " select :tenant, id, ref, 1, 'draft', body ->> 'title', body, ends_on, review_on, sort_on, done, missing,"
    " :batch, :at, :at from given"
)


def add_items(ids: Sequence[UUID], first: int, items: Sequence[Written], batch_id: UUID | None) -> None:
    """Add drafts in their first version, numbered from `first`; joins the running command."""
    columns = zip(*(item.beside.columns for item in items), strict=True)
    given = {name: "\n".join(column) for name, column in zip(COLUMNS, columns, strict=True)}
    given["bodies"] = "\n".join(item.text for item in items)
    given["hashes"] = "\n".join(item.hash for item in items)
    acting = {"tenant": context.tenant_id(), "at": clock.now(), "actor": actor().person_id}
    db.session.execute(
        _ADD, {"ids": "\n".join(map(str, ids)), "first": first, "batch": batch_id, **given, **acting}
    )
