"""Read facts and jobs: timelines of a subject, the progress of a job."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import query
from ppid_saas.events.models import Event, Job
from tenants import context
from tenants.db import db


@query("job.see")
def job(job_id: UUID) -> Job:
    """Return one job of the bound tenant, fresh from the database."""
    found = db.session.get(Job, (context.tenant_id(), job_id), populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


@query("space.see")
def timeline(subject: UUID, limit: int = 100) -> Sequence[Event]:
    """Return the facts about one subject, newest first."""
    chosen = select(Event).where(Event.subject == subject).order_by(Event.id.desc()).limit(limit)
    return db.session.execute(chosen).scalars().all()
