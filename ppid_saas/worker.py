"""Composition root of background work: the RQ worker, of which any number may run.

What nobody did is rung for again by `ppid_saas.relay`.
"""

import gc
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import Flask
from redis import Redis
from rq import Worker
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer
from sqlalchemy.orm import configure_mappers

from ppid_saas import app as composition
from ppid_saas.cases import recounting
from ppid_saas.cases import service as cases
from ppid_saas.events import service as events
from ppid_saas.inspection import EXAMINERS
from ppid_saas.intake.workbooks.apart import READERS
from ppid_saas.settings import Settings
from ppid_saas.storage import stocktaking, upkeep
from ppid_saas.web import journal
from tenants import context, jobs, vault
from tenants.db import db, open_door

log = logging.getLogger("ppid.worker")
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


@contextmanager
def _told(**ids: str) -> Iterator[None]:
    """Write one journal line for a piece of work: whose, which, how long; of a failure its class and places alone."""
    began = time.perf_counter()
    try:
        yield
    except Exception as error:
        log.error("failed", extra=ids | journal.trouble(error))  # noqa: TRY400  # a traceback may quote content
        raise
    log.info("done", extra=ids | {"ms": round((time.perf_counter() - began) * 1000, 2)})


def run_effect(tenant: str, event: str, handler: str) -> None:
    """RQ's entry to one effect; the arguments are ids, everything else comes from PostgreSQL."""
    with _work(), _told(tenant=tenant, event=event, handler=handler):
        events.run_effect(UUID(tenant), UUID(event), handler)


def run_obligation(tenant: str, obligation: str) -> None:
    """RQ's entry to one due duty."""
    with _work(), _told(tenant=tenant, event=obligation, handler="obligation"):
        cases.settle_due(UUID(tenant), UUID(obligation))


def run_sweep(tenant: str, object_id: str) -> None:
    """RQ's entry to one abandoned upload."""
    entry = context.Entry("enter_sweep", (UUID(tenant), UUID(object_id)))
    with _work(), _told(tenant=tenant, event=object_id, handler="sweep"), context.entering(entry):
        if open_door().tenant_id is not None:
            vault.release_lost(UUID(object_id))


def run_stocktake(tenant: str) -> None:
    """RQ's entry to the comparison of one tenant's store and books."""
    entry = context.Entry("enter_stocktake", (UUID(tenant),))
    with _work(), _told(tenant=tenant, handler="stocktake"), context.entering(entry):
        try:
            if open_door().tenant_id is not None:
                stocktaking.take_stock()
        finally:
            db.session.remove()


def run_upkeep(tenant: str) -> None:
    """RQ's entry to one tenant's turn of upkeep: deadlines counted by the newest calendar, keys renewed, objects read again."""
    entry = context.Entry("enter_upkeep", (UUID(tenant),))
    with _work(), _told(tenant=tenant, handler="upkeep"), context.entering(entry):
        try:
            if open_door().tenant_id is not None:
                if recounting.is_behind():
                    recounting.recount()
                upkeep.take_turn()
        finally:
            db.session.remove()


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
        vault.prepare()
    for lender in (EXAMINERS, READERS):  # one limited process each for every job that is forked from here
        lender.warm_up()
    configure_mappers()  # once, or each of those does it again
    gc.freeze()  # or each collects, and so copies, what it shares with this process
    worker = Worker(
        [jobs.QUEUE],
        connection=Redis.from_url(settings.redis_url),
        serializer=JSONSerializer,
        work_horse_killed_handler=_note_crash,
    )
    worker.work(with_scheduler=False, logging_level="WARNING")
