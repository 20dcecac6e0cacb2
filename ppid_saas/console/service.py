"""The operator's one verb on work: offer a parked effect again."""

from uuid import UUID

from sqlalchemy import text

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import ring_after_commit, ring_bells
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
