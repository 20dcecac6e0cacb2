"""The bound tenant's own settings, one key at a time. What a key means and who may set it is its slice's business."""

import json
from typing import Any

from sqlalchemy import text

from ppid_saas.access.verbs import actor
from ppid_saas.events.service import record
from tenants import context
from tenants.http import identity


def put_setting(key: str, value: Any) -> None:
    """Keep one setting of the bound tenant, seen from the next request on; call it within the command that checked it."""
    record("settings.changed", context.tenant_id(), {"key": key, "was": actor().settings.get(key)})
    with identity() as connection:
        connection.execute(
            text(
                "update identity.tenant set settings = settings || jsonb_build_object(cast(:key as text), cast(:value as jsonb))"
                " where id = :tenant"
            ),
            {"key": key, "value": json.dumps(value), "tenant": context.tenant_id()},
        )
