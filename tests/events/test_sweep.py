"""An upload that died is swept by the worker, though its unit never comes back; a live one is left alone."""

import psycopg
import pytest

from ppid_saas import worker
from ppid_saas.relay import relay_once
from tenants import jobs
from tests.fixtures.world import World
from tests.tenancy.rows import url

HOLD = """
    with room as (update ops.quota set reserved = reserved + 7 where tenant_id = %(tenant)s)
    insert into ops.reservation (tenant_id, id, bytes, bucket, object_id, expires_at)
    values (%(tenant)s, gen_random_uuid(), 7, 'exempt', gen_random_uuid(), now() + %(left)s::interval) returning object_id
"""


@pytest.mark.parametrize(("left", "rung", "held"), [("-1 second", 1, 0), ("1 hour", 0, 7)])
def test_only_what_lapsed_is_swept(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch, left: str, rung: int, held: int
) -> None:
    who = next(w for w in fresh_world.people if w.startswith("petugas.dinkes"))
    tenant = fresh_world.tenant(who)
    fresh_world.app()
    with psycopg.connect(url(fresh_world.settings, "postgres"), autocommit=True) as conn:
        row = conn.execute(HOLD, {"tenant": tenant, "left": left}).fetchone()
        assert row
        with psycopg.connect(url(fresh_world.settings, "app_clock"), autocommit=True) as clockwork:
            relay_once(clockwork)
        calls = [
            job.args for job in jobs.queue().get_jobs() if job is not None and job.args[0] == str(tenant)
        ]
        assert len([args for args in calls if args[1] == str(row[0])]) == rung
        monkeypatch.setattr(worker, "_app", fresh_world.app())
        worker.run_sweep(str(tenant), str(row[0]))
        found = conn.execute("select reserved from ops.quota where tenant_id = %s", [tenant]).fetchone()
        assert found == (held,)
        conn.execute("delete from ops.reservation where tenant_id = %s", [tenant])
