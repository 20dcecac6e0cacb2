"""Composition root of background work: the RQ worker, and the relay that rings again for whatever nobody did.

Both may run in any number. The relay signs in as app_clock, which sees scheduling columns and nothing else.
"""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
from flask import Flask
from redis import Redis
from rq import Worker
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer

from ppid_saas import app as composition
from ppid_saas.cases import service as cases
from ppid_saas.events import service as events
from ppid_saas.settings import Settings
from tenants import clock, context, jobs, vault
from tenants.db import db, open_door

log = logging.getLogger("ppid.worker")
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

LOST_UPLOADS = "select tenant_id, object_id from ops.reservation where expires_at < now() limit %(batch)s"

_app: Flask | None = None


def worker_app() -> Flask:
    """Return this process's app: the office's slices and engine, without a surface."""
    global _app  # noqa: PLW0603
    if _app is None:
        _app = composition.create_worker_app()
    return _app


@contextmanager
def _work() -> Iterator[None]:
    with worker_app().app_context():
        yield


def run_effect(tenant: str, event: str, handler: str) -> None:
    """RQ's entry to one effect; the arguments are ids, everything else comes from PostgreSQL."""
    with _work():
        events.run_effect(UUID(tenant), UUID(event), handler)


def run_obligation(tenant: str, obligation: str) -> None:
    """RQ's entry to one due duty."""
    with _work():
        cases.settle_due(UUID(tenant), UUID(obligation))


def run_sweep(tenant: str, object_id: str) -> None:
    """RQ's entry to one abandoned upload."""
    with _work(), context.entering(context.Entry("enter_sweep", (UUID(tenant), UUID(object_id)))):
        if open_door().tenant_id is not None:
            vault.release_lost(UUID(object_id))


def _note_crash(job: RqJob, *_: object) -> None:
    if job.func_name == jobs.RUN_EFFECT:
        tenant, event, handler = job.args
        with _work():
            events.note_crash(UUID(tenant), UUID(event), handler)
            db.engine.dispose()  # the next forked process must not inherit an open connection


def run_worker() -> None:
    """Serve the one queue until told to stop."""
    settings = Settings.from_env(os.environ)
    with _work():
        db.engine.dispose()
    worker = Worker(
        [jobs.QUEUE],
        connection=Redis.from_url(settings.redis_url),
        serializer=JSONSerializer,
        work_horse_killed_handler=_note_crash,
    )
    worker.work(with_scheduler=False, logging_level="WARNING")


def relay_once(connection: psycopg.Connection) -> int:
    """Ring for every lapsed effect, due duty and lost upload; returns how many. Two relays at once never ring the same claim."""
    with connection.transaction():
        effects = connection.execute(CLAIM_EFFECTS, {"batch": BATCH}).fetchall()
    jobs.ring(jobs.RUN_EFFECT, effects)
    duties = connection.execute(DUE_OBLIGATIONS, {"batch": BATCH, "now": clock.now()}).fetchall()
    jobs.ring(jobs.RUN_OBLIGATION, duties)
    lost = connection.execute(LOST_UPLOADS, {"batch": BATCH}).fetchall()
    jobs.ring(jobs.RUN_SWEEP, lost)
    return len(effects) + len(duties) + len(lost)


def run_relay() -> None:
    """Ring once a second until told to stop; a lost database is waited for."""
    settings = Settings.from_env(os.environ)
    jobs.connect(settings.redis_url)
    url = settings.database_url("app_clock").replace("postgresql+psycopg://", "postgresql://")
    while True:
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                while True:
                    relay_once(connection)
                    time.sleep(PAUSE_SECONDS)
        except psycopg.OperationalError:
            log.warning("database away, waiting")
            time.sleep(PAUSE_SECONDS)
