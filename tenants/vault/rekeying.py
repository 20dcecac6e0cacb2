"""New keys for old: private keys wrapped by the installation's newest key, data keys sealed to a tenant's newest one.

No object is touched: its own key stays, only what that key is sealed to changes. Which rows hold data keys is not known here.
"""

from uuid import UUID

import tink
from sqlalchemy import func, select, text

from tenants import context
from tenants.db import db
from tenants.models import TenantKey
from tenants.vault.keys import seal, unseal
from tenants.vault.objects import _key_binding, connected, private_key, public_key
from tenants.vault.store import UnreadableObjectError

REWRAP = text("select door.rewrap_key(:n, :was, :becomes, :root)")


def newest_key() -> int | None:
    """Return the number of the bound tenant's newest living key, None when it has none any more."""
    newest = select(func.max(TenantKey.n)).where(TenantKey.destroyed_at.is_(None))
    return db.session.execute(newest).scalar_one()


def rewrap_keys() -> int:
    """Wrap the bound tenant's private keys by the installation's newest key; returns how many were not yet."""
    root = connected().root
    if root is None:
        raise UnreadableObjectError("this process may not use the tenants' keys")
    stale = select(TenantKey.n, TenantKey.public, TenantKey.wrapped).where(
        TenantKey.destroyed_at.is_(None), TenantKey.root != root.name
    )
    rows = db.session.execute(stale).all()
    for n, public, wrapped in rows:
        try:
            becomes = root.wrap(root.unwrap(wrapped, public), public)
        except tink.TinkError as error:
            raise UnreadableObjectError("no known key of the installation wrapped this one") from error
        db.session.execute(REWRAP, {"n": n, "was": wrapped, "becomes": becomes, "root": root.name})
    return len(rows)


def sealed_anew(owner: UUID, object_id: UUID, purpose: str, key: bytes, key_n: int) -> tuple[int, bytes]:
    """Return the bound tenant's data key of an object, sealed to its newest key."""
    me = context.tenant_id()
    bound_to = _key_binding(owner, object_id, purpose, me)
    n, public = public_key(me)
    return n, seal(_opened(key, key_n, bound_to), public, bound_to)


def sealed_for(reader: UUID, object_id: UUID, purpose: str, key: bytes, key_n: int) -> tuple[int, bytes]:
    """Return the data key of the bound tenant's own object, sealed to the newest key of a reader it may send to."""
    me = context.tenant_id()
    data_key = _opened(key, key_n, _key_binding(me, object_id, purpose, me))
    n, public = public_key(reader)
    return n, seal(data_key, public, _key_binding(me, object_id, purpose, reader))


def newest_key_of(reader: UUID) -> int:
    """Return the number of the key that a reader is sent data keys for."""
    return public_key(reader)[0]


def retire_keys() -> int:
    """Let go the keys that a newer one has replaced for a day; returns how many."""
    return int(db.session.execute(text("select door.retire_keys()")).scalar_one())


def _opened(key: bytes, key_n: int, bound_to: bytes) -> bytes:
    try:
        return unseal(key, private_key(key_n), bound_to)
    except tink.TinkError as error:
        raise UnreadableObjectError("key or binding are others") from error
