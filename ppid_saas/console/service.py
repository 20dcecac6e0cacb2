"""The operator's verbs: offer a parked effect again, and say how much room a tenant gets."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text

from ppid_saas.access.errors import InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import ring_after_commit, ring_bells
from ppid_saas.storage import provisioning
from ppid_saas.storage.rules import HOW_TO_WRITE, parse_size
from tenants import jobs
from tenants.db import db, transaction

REPLAY = """
    update ops.effect set parked_at = null, attempt = 0, lease_until = now()
    where tenant_id = :tenant and event_id = :event and handler = :handler and parked_at is not null
    returning event_id
"""


def replay(tenant: UUID, event: UUID, handler: str) -> None:
    """Take an effect out of the park and ring for it."""
    with transaction():
        values = {"tenant": tenant, "event": event, "handler": handler}
        if db.session.execute(text(REPLAY), values).first() is None:
            raise NotFoundError
        ring_after_commit(jobs.RUN_EFFECT, tenant, event, handler)
    ring_bells()


def set_room(tenant: UUID, written: Mapping[str, str]) -> None:
    """Set a tenant's limit and, for a central, what its units get; what is left empty stays as it is."""
    wanted = {name: parse_size(text) for name, text in written.items() if text.strip()}
    faults = {name: [HOW_TO_WRITE] for name, size in wanted.items() if size is None}
    if faults:
        raise InvalidError(HOW_TO_WRITE, faults)
    try:
        with transaction() as session:
            sizes = {name: size for name, size in wanted.items() if size}
            provisioning.set_room(session.connection(), tenant, sizes)
    except provisioning.StoresMoreError:
        message = say("Penyewa ini sudah menyimpan lebih dari itu.")
        raise InvalidError(message, {"cap": [message]}) from None


def check_now(tenant: UUID, allowed: int) -> None:
    """Have store and books compared now; `allowed` strays may be removed this once, however large a share they are."""
    with transaction() as session:
        provisioning.check_now(session.connection(), tenant, allowed)
