"""Keys of tenants as the operator keeps them, as role platform: made, counted and destroyed, but never read."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from tenants.vault import RootKey, generate_tenant_key

NEW = """
    insert into keys.tenant_key (tenant_id, n, public, wrapped, root)
    select :tenant, max(n) + 1, :public, :wrapped, :root from keys.tenant_key where tenant_id = :tenant
    having bool_and(destroyed_at is null)
"""
TURN = "update ops.quota set upkeep_at = now() where cast(:tenant as uuid) is null or tenant_id = cast(:tenant as uuid)"
TENANTS = """
    select t.id, t.region, t.slug from identity.tenant t join keys.tenant_key k on k.tenant_id = t.id
    group by t.id having bool_and(k.destroyed_at is null) order by t.region, t.slug
"""
KEYS = """
    select t.region, t.slug, count(*) filter (where k.destroyed_at is null) as living, max(k.n) as newest,
        max(k.created_at) as since, max(k.destroyed_at) as destroyed_at,
        array_agg(distinct k.root) filter (where k.destroyed_at is null) as roots
    from identity.tenant t join keys.tenant_key k on k.tenant_id = t.id
    where cast(:tenant as uuid) is null or t.id = cast(:tenant as uuid)
    group by t.id order by t.region, t.slug
"""
OTHERS = "select count(*) from keys.tenant_key where destroyed_at is null and root <> :root"


def name_of(connection: Connection, tenant: UUID) -> str:
    """Return a tenant's full name."""
    name = text("select name from identity.tenant where id = :tenant")
    return str(connection.execute(name, {"tenant": tenant}).scalar_one())


def with_keys(connection: Connection) -> list[Row[Any]]:
    """Return the tenants whose keys are alive: id, region, slug."""
    return list(connection.execute(text(TENANTS)))


def rotate(connection: Connection, tenant: UUID, root: RootKey) -> None:
    """Give a tenant a new key and let the workers seal everything to it."""
    public, wrapped = generate_tenant_key(root)
    values = {"tenant": tenant, "public": public, "wrapped": wrapped, "root": root.name}
    if not connection.execute(text(NEW), values).rowcount:
        raise LookupError("kunci tenant ini sudah dimusnahkan; tidak ada yang dapat diganti")
    take_turn(connection, tenant)


def take_turn(connection: Connection, tenant: UUID | None) -> int:
    """Have the upkeep of one tenant, or of all, done now; returns how many."""
    return connection.execute(text(TURN), {"tenant": tenant}).rowcount


def shred(connection: Connection, tenant: UUID) -> int:
    """Close a tenant and destroy its keys; returns how many there were."""
    closed = text(
        "update identity.tenant set disabled_at = coalesce(disabled_at, now()), sessions_from = now() where id = :tenant"
    )
    connection.execute(closed, {"tenant": tenant})
    gone = connection.execute(text("select door.destroy_keys(:tenant)"), {"tenant": tenant})
    return int(gone.scalar_one())


def keys(connection: Connection, tenant: UUID | None) -> list[Row[Any]]:
    """Return of each tenant how many keys it has, since when the newest, and which root keys wrapped them."""
    return list(connection.execute(text(KEYS), {"tenant": tenant}))


def under_others(connection: Connection, root: RootKey) -> int:
    """Return how many living keys are wrapped by another than the newest root key."""
    return int(connection.execute(text(OTHERS), {"root": root.name}).scalar_one())
