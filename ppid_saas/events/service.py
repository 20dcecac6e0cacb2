"""Record facts in the business transaction, run what must follow exactly once, and keep the jobs people watch."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, command, ring_after_commit, ring_bells
from ppid_saas.events.handlers import HANDLERS, Handler, names_for
from ppid_saas.events.models import Effect, Event, Job
from ppid_saas.events.partners import is_away, pause_after
from tenants import clock, context, jobs
from tenants.bulk import insert_rows
from tenants.db import db, new_id, new_ids, transaction

MAX_ATTEMPTS = 5


def record(
    kind: str, subject: UUID | None = None, data: Mapping[str, Any] | None = None, reader: UUID | None = None
) -> Event:
    """Write a fact with its effects into the running command. `data` holds ids and numbers, never content of the list."""
    who = actor()
    event = Event(
        id=new_id(), kind=kind, subject=subject, reader_id=reader, actor=who.person_id, actor_name=who.person_name,
        at=clock.now(), data=dict(data or {}),
    )  # fmt: skip
    db.session.add(event)
    for name in names_for(kind, for_reader=False):
        _add_effect(event, name)
    if reader is not None:
        _emit(event, reader, names_for(kind, for_reader=True))
    return event


def record_many(kind: str, facts: Sequence[tuple[UUID | None, Mapping[str, Any]]]) -> None:
    """Write many facts of one kind with their effects in a few statements. No bell is rung: the relay finds what must follow."""
    if not facts:
        return
    who, at, tenant, ids = actor(), clock.now(), context.tenant_id(), new_ids(len(facts))
    rows = [
        {"id": new, "actor": who.person_id, "subject": subject, "data": data}
        for new, (subject, data) in zip(ids, facts, strict=True)
    ]
    insert_rows(Event, rows, kind=kind, actor_name=who.person_name, at=at)
    effects = [{"event_id": new} for new in ids]
    for name in names_for(kind, for_reader=False):
        insert_rows(Effect, effects, handler=name, source_id=tenant)


def _add_effect(event: Event, name: str) -> None:
    tenant = context.tenant_id()
    lease = func.now() + timedelta(seconds=HANDLERS[name].seconds)
    db.session.add(Effect(event_id=event.id, handler=name, source_id=tenant, lease_until=lease))
    ring_after_commit(jobs.RUN_EFFECT, tenant, event.id, name, first=HANDLERS[name].watched)


def _emit(event: Event, reader: UUID, names: list[str]) -> None:
    if not names:
        return
    db.session.flush()
    db.session.execute(
        text("select door.emit(:event, :reader, :names)"),
        {"event": event.id, "reader": reader, "names": names},
    )
    for name in names:
        ring_after_commit(jobs.RUN_EFFECT, reader, event.id, name)


def run_effect(tenant: UUID, event_id: UUID, name: str) -> bool:
    """Do one effect unless it is done: the worker's whole work. Returns whether it did it."""
    handler = HANDLERS[name]
    with context.entering(context.Entry("enter_job", (tenant, event_id, name))):
        try:
            return _run_once(handler, event_id) if handler.transactional else _run_apart(handler, event_id)
        except Exception as error:
            db.session.rollback()
            pause = pause_after(error) if is_away(error) else None
            _note_failure(handler, event_id, type(error).__name__, pause)
            raise
        finally:
            db.session.remove()


def _locked(handler: Handler, event_id: UUID) -> tuple[Effect, Event] | None:
    if actor().tenant_id is None:
        return None
    effect = db.session.execute(
        select(Effect)
        .where(Effect.event_id == event_id, Effect.handler == handler.name)
        .where(Effect.done_at.is_(None), Effect.parked_at.is_(None))
        .with_for_update(skip_locked=True)
    ).scalar_one_or_none()
    if effect is None:
        return None
    return effect, event_of(effect)


def event_of(effect: Effect) -> Event:
    """Return the event behind an effect, the tenant's own or one it may read."""
    return db.session.execute(
        select(Event)
        .where(Event.tenant_id == effect.source_id, Event.id == effect.event_id)
        .execution_options(any_readable=True)
    ).scalar_one()


def _run_once(handler: Handler, event_id: UUID) -> bool:
    with transaction():
        found = _locked(handler, event_id)
        if found is None:
            return False
        effect, event = found
        handler.run(event)
        effect.done_at = func.now()
    ring_bells()
    return True


def _run_apart(handler: Handler, event_id: UUID) -> bool:
    with transaction():
        found = _locked(handler, event_id)
        if found is None or not _claim(found[0], handler):
            return False
    handler.run(found[1])
    with transaction():
        again = _locked(handler, event_id)
        if again is not None:
            again[0].done_at = func.now()
    ring_bells()
    return True


def _claim(effect: Effect, handler: Handler) -> bool:
    """Take a long effect: `claimed_until` keeps a second worker away while the first still works."""
    taken = db.session.execute(
        update(Effect)
        .where(Effect.event_id == effect.event_id, Effect.handler == effect.handler)
        .where(Effect.claimed_until.is_(None) | (Effect.claimed_until < func.now()))
        .values(claimed_until=func.now() + timedelta(seconds=handler.seconds),
                lease_until=func.now() + timedelta(seconds=handler.seconds))
        .returning(Effect.event_id)
    )  # fmt: skip
    return taken.first() is not None


def note_crash(tenant: UUID, event_id: UUID, name: str) -> None:
    """Count an effect whose process was killed under it, told by the worker that survives."""
    with context.entering(context.Entry("enter_job", (tenant, event_id, name))):
        try:
            _note_failure(HANDLERS[name], event_id, "ProcessKilled")
        finally:
            db.session.remove()


def _note_failure(handler: Handler, event_id: UUID, error: str, pause: timedelta | None = None) -> None:
    """Count the failure and park poison. Only the error's class is kept: its text might quote content.

    What waits for a partner is offered again after a pause as long as it takes, and is not counted as a failure of its own.
    """
    with transaction():
        found = _locked(handler, event_id)
        if found is None:
            return
        effect, event = found
        effect.attempt += pause is None
        effect.error = error
        effect.claimed_until = None
        effect.lease_until = func.now() + (pause or timedelta(seconds=2**effect.attempt))
        if effect.attempt >= MAX_ATTEMPTS:
            effect.parked_at = func.now()
            _fail_job(event)


def _fail_job(event: Event) -> None:
    """Tell whoever watches the job of a parked effect that it will not come by itself."""
    job = db.session.get(Job, (context.tenant_id(), UUID(event.data["job"]))) if "job" in event.data else None
    if job is not None and job.finished_at is None:
        job.state, job.finished_at, job.error = "failed", clock.now(), event.kind


def start_job(kind: str, subject: UUID | None, next_path: str = "", total: int = 0) -> Job:
    """Create a job row for work someone will watch; joins the running command."""
    job = Job(
        id=new_id(), kind=kind, subject=subject, next_path=next_path, total=total, created_at=clock.now()
    )
    db.session.add(job)
    return job


@command("job.see")
def cancel_job(job_id: UUID) -> None:
    """Ask a running job to stop at its next step."""
    job = db.session.get(Job, (context.tenant_id(), job_id))
    if job is None:
        raise NotFoundError
    job.cancel = True


def progress(
    job_id: UUID, *, state: str = "running", step: str, done: int = 0, total: int = 0, error: str = ""
) -> bool:
    """Tell the watcher how far a job is, in a transaction of its own; returns False when it was asked to stop."""
    with transaction():
        told = {"state": state, "step": step, "done": done, "total": total, "error": error or None}
        if state in {"done", "failed", "cancelled"}:
            told["finished_at"] = clock.now()
        written = update(Job).where(Job.id == job_id).values(told).returning(Job.cancel)
        return not db.session.execute(written).scalar_one()
