"""Read what the operator may know: tenants, how full they are, what work goes on, which effects are stuck. Never contents."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from redis.exceptions import RedisError
from sqlalchemy import Row, text

from tenants import clock, context, jobs
from tenants.db import db

TENANTS = """
    select t.id, t.region, t.slug, t.name, t.kind, t.category, t.disabled_at, q.used, q.reserved, q.cap, s.state
    from identity.tenant t left join ops.quota q on q.tenant_id = t.id
    left join lateral (select state from ops.stocktake s where s.tenant_id = t.id order by s.id desc limit 1) s on true
    where :q = '' or t.name ilike '%' || :q || '%' or t.region ilike :q
    order by t.region, t.kind, t.name limit :limit offset :offset
"""
STUCK = """
    select e.tenant_id, e.event_id, e.handler, e.attempt, e.created_at, e.parked_at, t.name, t.zone
    from ops.effect e join identity.tenant t on t.id = e.tenant_id
    where e.done_at is null and (e.parked_at is not null or e.created_at < now() - interval '10 minutes')
    order by e.parked_at is null, e.created_at limit 200
"""

JOBS = """
    select j.id, j.kind, j.state, j.done, j.total, j.created_at, j.finished_at, t.name, t.zone
    from ops.job j join identity.tenant t on t.id = j.tenant_id
    where j.created_at > now() - interval '30 days' and (:state = '' or j.state = :state)
    order by j.created_at desc limit :limit offset :offset
"""
STOCKTAKES = """
    select coalesce(s.state, 'none') as state, count(*) as n from ops.quota q left join lateral
        (select state from ops.stocktake s where s.tenant_id = q.tenant_id order by s.id desc limit 1) s on true
    group by 1
"""
LOOKS = """
    select state, count(*) as n, min(checked_at) as oldest from ops.fixity where tenant_id = :tenant group by state
"""
HARMED = "select state, count(*) as n from ops.fixity where state <> 'whole' group by state"
HARMS = ("damaged", "missing")
STOCKTAKE_STATES = ("agrees", "differs", "asks", "none")
JOB_COUNTS = (
    "select state, count(*) as n from ops.job where created_at > now() - interval '30 days' group by state"
)
JOB_STATES = ("queued", "running", "done", "failed", "cancelled")
EFFECTS = """
    select count(*) filter (where parked_at is null) as waiting,
        count(*) filter (where parked_at is null and lease_until < now()) as lapsed,
        count(*) filter (where parked_at is not null) as parked,
        coalesce(extract(epoch from now() - min(created_at) filter (where parked_at is null)), 0) as oldest
    from ops.effect where done_at is null
"""

DUE_NOT_DONE = {
    "obligations": "select count(*) from ops.obligation where state = 'open' and due_at <= :now",
    "notices": "select count(*) from ops.effect where done_at is null and lease_until < now()"
    " and (handler like 'notices.%' or handler = 'cases.morning')",
}


def is_operator() -> bool:
    """Say whether the signed-in person runs the platform."""
    person = context.current_binding().person_id
    query = text("select is_operator from identity.person where id = :id and disabled_at is null")
    return bool(person) and bool(db.session.execute(query, {"id": person}).scalar())


def tenants(q: str, page: int, size: int = 50) -> Sequence[Row[Any]]:
    """Return one page of tenants with what they store, by region and name."""
    values = {"q": q, "limit": size, "offset": (page - 1) * size}
    return db.session.execute(text(TENANTS), values).all()


def stocktakes(tenant: UUID, size: int = 10) -> Sequence[Row[Any]]:
    """Return the last comparisons of a tenant's store and books, in numbers."""
    chosen = text("select * from ops.stocktake where tenant_id = :tenant order by id desc limit :size")
    return db.session.execute(chosen, {"tenant": tenant, "size": size}).all()


def looks(tenant: UUID) -> dict[str, Row[Any]]:
    """Return how many of a tenant's objects were last found in which state, and the oldest look at one of them."""
    return {row.state: row for row in db.session.execute(text(LOOKS), {"tenant": tenant})}


def stuck_effects() -> Sequence[Row[Any]]:
    """Return effects that are parked or long undone: tenant, handler, attempts, times."""
    return db.session.execute(text(STUCK)).all()


def work(state: str, page: int, size: int = 50) -> Sequence[Row[Any]]:
    """Return one page of the jobs people watch, newest first; of what they are about only the kind."""
    values = {"state": state, "limit": size, "offset": (page - 1) * size}
    return db.session.execute(text(JOBS), values).all()


def work_counts() -> dict[str, int]:
    """Return how many jobs of the last 30 days there are in each state."""
    found = {row.state: int(row.n) for row in db.session.execute(text(JOB_COUNTS))}
    return {state: found.get(state, 0) for state in JOB_STATES}


def bell() -> dict[str, int] | None:
    """Return how many calls wait in the queue and how many workers listen; None when the queue is away."""
    try:
        return jobs.describe()
    except RedisError:
        return None


def gauges() -> Iterator[tuple[str, str, Mapping[str, float]]]:
    """Tell the figures of background work to whoever collects; asked past the door, for nobody is signed in then."""
    with db.engine.connect() as connection:
        effects = connection.execute(text(EFFECTS)).mappings().one()
        harmed = {row.state: float(row.n) for row in connection.execute(text(HARMED))}
        due = {
            name: connection.execute(text(asked), {"now": clock.now()}).scalar_one()
            for name, asked in DUE_NOT_DONE.items()
        }
        checked = {row.state: float(row.n) for row in connection.execute(text(STOCKTAKES))}
    yield "ppid_effects", "state", {name: float(effects[name]) for name in ("waiting", "lapsed", "parked")}
    yield "ppid_oldest_effect_seconds", "", {"": float(effects["oldest"])}
    yield "ppid_due_not_done", "what", {name: float(n) for name, n in due.items()}
    yield "ppid_stocktakes", "state", {state: checked.get(state, 0.0) for state in STOCKTAKE_STATES}
    yield "ppid_objects", "state", {state: harmed.get(state, 0.0) for state in HARMS}
    queue = bell()
    if queue is not None:
        yield "ppid_queue_depth", "", {"": float(queue["waiting"])}
        yield "ppid_workers", "", {"": float(queue["workers"])}
