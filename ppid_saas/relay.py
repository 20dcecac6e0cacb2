"""The relay: rings again for whatever nobody did. Any number may run.

It signs in as app_clock, which sees scheduling columns and nothing else, and holds no slice in memory.
"""

import logging
import os
import time

import psycopg

from ppid_saas.settings import Settings
from tenants import clock, jobs

log = logging.getLogger("ppid.relay")
BATCH = 500
PAUSE_SECONDS = 1.0

CLAIM_EFFECTS = """
    with due as (
        select tenant_id, event_id, handler from ops.effect
        where lease_until < now() and done_at is null and parked_at is null
        order by lease_until limit %(batch)s for update skip locked)
    update ops.effect e set lease_until = now() + interval '60 seconds'
    from due d where (e.tenant_id, e.event_id, e.handler) = (d.tenant_id, d.event_id, d.handler)
    returning e.tenant_id, e.event_id, e.handler
"""
DUE_OBLIGATIONS = """
    select tenant_id, id from ops.obligation where state = 'open' and due_at <= %(now)s order by due_at limit %(batch)s
"""
CLAIM_CHECKS = """
    with due as (select tenant_id from ops.quota where check_at <= now() order by check_at limit %(batch)s
        for update skip locked)
    update ops.quota q set check_at = now() + interval '1 hour', check_open = true from due d
    where q.tenant_id = d.tenant_id returning q.tenant_id
"""
CLAIM_UPKEEP = """
    with due as (select tenant_id from ops.quota where upkeep_at <= now() order by upkeep_at limit %(batch)s
        for update skip locked)
    update ops.quota q set upkeep_at = now() + interval '1 hour', upkeep_open = true from due d
    where q.tenant_id = d.tenant_id returning q.tenant_id
"""
CHECKS = 20  # a comparison reads a whole store; there is a day for all of them
LOST_UPLOADS = "select tenant_id, object_id from ops.reservation where expires_at < now() limit %(batch)s"


def relay_once(connection: psycopg.Connection) -> int:
    """Ring for every lapsed effect, due duty, lost upload, due comparison of books and due turn of upkeep; returns how many. Two relays at once never ring the same claim."""
    with connection.transaction():
        effects = connection.execute(CLAIM_EFFECTS, {"batch": BATCH}).fetchall()
        checks = connection.execute(CLAIM_CHECKS, {"batch": CHECKS}).fetchall()
        turns = connection.execute(CLAIM_UPKEEP, {"batch": CHECKS}).fetchall()
    jobs.ring(jobs.RUN_EFFECT, effects)
    duties = connection.execute(DUE_OBLIGATIONS, {"batch": BATCH, "now": clock.now()}).fetchall()
    jobs.ring(jobs.RUN_OBLIGATION, duties)
    lost = connection.execute(LOST_UPLOADS, {"batch": BATCH}).fetchall()
    jobs.ring(jobs.RUN_SWEEP, lost)
    jobs.ring(jobs.RUN_STOCKTAKE, checks)
    jobs.ring(jobs.RUN_UPKEEP, turns)
    return len(effects) + len(duties) + len(lost) + len(checks) + len(turns)


def run_relay() -> None:
    """Ring once a second until told to stop; a lost database is waited for."""
    settings = Settings.from_env(os.environ)
    jobs.connect(settings.redis_url)
    clock.follow(settings.clock_file)
    url = settings.database_url("app_clock").replace("postgresql+psycopg://", "postgresql://")
    while True:
        try:
            with psycopg.connect(url, autocommit=True, **settings.driver_options) as connection:
                while True:
                    relay_once(connection)
                    time.sleep(PAUSE_SECONDS)
        except psycopg.OperationalError:
            log.warning("database away, waiting")
            time.sleep(PAUSE_SECONDS)
