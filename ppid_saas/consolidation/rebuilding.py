"""Compare a whole consolidated list anew, in parts that each commit, with progress for whoever waits.

Repeating it, or stopping half-way, leaves nothing wrong: what was compared stays compared.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select

from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command, query
from ppid_saas.consolidation.matching import match_entries
from ppid_saas.consolidation.models import Entry, MatchItem
from ppid_saas.events.service import progress, record, start_job
from tenants.db import db

PART = 200
STEP = say("Butir dibandingkan")


@command("match.decide")
def start() -> UUID:
    """Ask for the whole list to be compared anew."""
    job = start_job("match.rebuild", None, f"/{actor().region}/pusat/pertentangan")
    record("match.rebuild_asked", job.id, {"job": str(job.id)})
    return job.id


def rebuild(job_id: UUID) -> None:
    """Compare every entry, oldest first; called by the job, outside any transaction."""
    total, done, last = _begin(), 0, UUID(int=0)
    while ids := _next(last):
        _compare(ids)
        done, last = done + len(ids), ids[-1]
        if not progress(job_id, step=STEP, done=done, total=total):
            progress(job_id, state="cancelled", step=STEP, done=done, total=total)
            return
    progress(job_id, state="done", step=STEP, done=done, total=total)


@command("match.find")
def _begin() -> int:
    """Forget what each entry was compared as, keys of entries that are gone too; returns how many there are."""
    gone = select(Entry.item_id)
    db.session.execute(delete(MatchItem).where(MatchItem.item_id.not_in(gone)))
    return db.session.execute(select(func.count(Entry.item_id))).scalar_one()


@query("entry.read")
def _next(last: UUID) -> Sequence[UUID]:
    chosen = select(Entry.item_id).where(Entry.item_id > last).order_by(Entry.item_id).limit(PART)
    return db.session.execute(chosen).scalars().all()


@command("match.find")
def _compare(ids: Sequence[UUID]) -> None:
    match_entries(ids, anew=True)
