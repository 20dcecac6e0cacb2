"""Read what the operator may know: which tenants there are, how full they are, which effects are stuck. Never contents."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text

from tenants import context
from tenants.db import db

TENANTS = """
    select t.region, t.slug, t.name, t.kind, t.category, t.disabled_at, q.used, q.reserved, q.cap
    from identity.tenant t left join ops.quota q on q.tenant_id = t.id
    where :q = '' or t.name ilike '%' || :q || '%' or t.region ilike :q
    order by t.region, t.kind, t.name limit :limit offset :offset
"""
STUCK = """
    select e.tenant_id, e.event_id, e.handler, e.attempt, e.created_at, e.parked_at, t.name
    from ops.effect e join identity.tenant t on t.id = e.tenant_id
    where e.done_at is null and (e.parked_at is not null or e.created_at < now() - interval '10 minutes')
    order by e.created_at limit 200
"""


def is_operator() -> bool:
    """Say whether the signed-in person runs the platform."""
    person = context.current_binding().person_id
    query = text("select is_operator from identity.person where id = :id and disabled_at is null")
    return bool(person) and bool(db.session.execute(query, {"id": person}).scalar())


def tenants(q: str, page: int, size: int = 50) -> Sequence[Row[Any]]:
    """Return one page of tenants with what they store, by region and name."""
    values = {"q": q, "limit": size, "offset": (page - 1) * size}
    return db.session.execute(text(TENANTS), values).all()


def stuck_effects() -> Sequence[Row[Any]]:
    """Return effects that are parked or long undone: tenant, handler, attempts, times."""
    return db.session.execute(text(STUCK)).all()
