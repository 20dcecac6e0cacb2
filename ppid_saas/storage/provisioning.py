"""Room as the operator sets it, as role platform: limits of tenants, what a region may share out, comparisons of books."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import IntegrityError

from ppid_saas.accounts.provisioning import DEFAULT_CAP
from ppid_saas.web.formats import INDONESIAN, size

ROOM = """
    select t.id, t.region, t.slug, t.name, t.kind, t.zone, q.cap, q.used, q.reserved, q.own, q.unit_cap, q.pool,
        (select sum(o.cap) from ops.quota o join identity.tenant c on c.id = o.tenant_id where c.parent_id = t.id) as given
    from identity.tenant t join ops.quota q on q.tenant_id = t.id where t.id = :tenant
"""
SET_CAP = """
    update ops.quota q set cap = :bytes, own = :own, told = least(q.told, door.mark(q.used, :bytes))
    where q.tenant_id = :tenant
"""
SET_UNITS = """
    update ops.quota q set cap = greatest(:bytes, q.used + q.reserved),
        told = least(q.told, door.mark(q.used, greatest(:bytes, q.used + q.reserved)))
    from identity.tenant t where t.id = q.tenant_id and t.parent_id = :tenant and not q.own
"""
DEFAULT = """
    select coalesce((select q.unit_cap from ops.quota q join identity.tenant t on t.parent_id = q.tenant_id
        where t.id = :tenant), :cap)
"""
CHECK_NOW = "update ops.quota set check_at = now(), allowed = :allowed where tenant_id = :tenant"
LAST = """
    select t.region, t.slug, s.* from identity.tenant t join lateral
        (select * from ops.stocktake s where s.tenant_id = t.id order by s.id desc limit 1) s on true
    where cast(:tenant as uuid) is null or t.id = cast(:tenant as uuid) order by t.region, t.slug
"""


class StoresMoreError(LookupError):
    """A limit below what the tenant stores already."""


def room_of(connection: Connection, tenant: UUID) -> Row[Any] | None:
    """Return a tenant's limits and figures."""
    return connection.execute(text(ROOM), {"tenant": tenant}).one_or_none()


def set_room(connection: Connection, tenant: UUID, sizes: Mapping[str, int], *, follow: bool = False) -> None:
    """Set `cap` of a tenant, `unit_cap` and `pool` of a region; `follow` gives a unit back to its region's default."""
    if "pool" in sizes:
        pool = text("update ops.quota set pool = :bytes where tenant_id = :tenant")
        connection.execute(pool, {"tenant": tenant, "bytes": sizes["pool"]})
    if "unit_cap" in sizes:
        values = {"tenant": tenant, "bytes": sizes["unit_cap"]}
        connection.execute(text("update ops.quota set unit_cap = :bytes where tenant_id = :tenant"), values)
        connection.execute(text(SET_UNITS), values)
    if follow or "cap" in sizes:
        default = connection.execute(text(DEFAULT), {"tenant": tenant, "cap": DEFAULT_CAP}).scalar_one()
        values = {"tenant": tenant, "bytes": default if follow else sizes["cap"], "own": not follow}
        try:
            connection.execute(text(SET_CAP), values)
        except IntegrityError as error:
            raise StoresMoreError("tenant ini sudah menyimpan lebih dari itu") from error


def described(room: Row[Any] | None) -> str:
    """Return a tenant's room in lines for a terminal."""
    if room is None:
        raise LookupError("tenant ini tidak punya kuota")
    own = "sendiri" if room.own else "bawaan"
    lines = [
        f"{room.region}/{room.slug}  {size(room.used, INDONESIAN)} dari {size(room.cap, INDONESIAN)} ({own})",
        f"ditahan unggahan: {size(room.reserved, INDONESIAN)}",
    ]
    if room.kind == "central":
        pool = size(room.pool, INDONESIAN) if room.pool else "tanpa batas"
        lines.append(f"bawaan unit: {size(room.unit_cap or DEFAULT_CAP, INDONESIAN)}")
        lines.append(f"dibagikan: {size(int(room.given or 0), INDONESIAN)} dari {pool}")
    return "\n".join(lines)


def check_now(connection: Connection, tenant: UUID | None, allowed: int = 0) -> int:
    """Have the store and books of one tenant, or of all, compared by the workers now; returns how many."""
    if tenant is None:
        return connection.execute(text("update ops.quota set check_at = now()")).rowcount
    return connection.execute(text(CHECK_NOW), {"tenant": tenant, "allowed": allowed}).rowcount


def last_checks(connection: Connection, tenant: UUID | None) -> list[Row[Any]]:
    """Return the last comparison of each tenant, or of one."""
    return list(connection.execute(text(LAST), {"tenant": tenant}))
