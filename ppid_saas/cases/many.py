"""Owe and give up many duties at once: an effect of one determination may owe thousands. Joins a running command."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert, update

from ppid_saas.access.verbs import actor
from ppid_saas.cases import mornings, queries
from ppid_saas.cases.models import Obligation
from ppid_saas.cases.rules import REMINDS_AT, Due
from ppid_saas.cases.service import end_of
from tenants import clock
from tenants.db import among, db, new_ids

REPLACED = "replaced"


def owe_many(duties: Sequence[Due], starts_on: date) -> None:
    """Owe duties whose days are known; whoever asks knows that they are not owed yet."""
    if not duties:
        return
    zone, version = actor().zone, queries.calendar_for_tenant().version
    rows = [
        {
            "id": new, "kind": due.kind, "subject": due.subject, "starts_on": starts_on, "n": due.n,
            "due_on": due.due_on, "due_at": _moment(due, zone), "calendar_version": version, "source": due.source,
            "state": "open", "counted": "backward" if due.anchor else "fixed", "anchor": due.anchor,
        }
        for new, due in zip(new_ids(len(duties)), duties, strict=True)
    ]  # fmt: skip
    db.session.execute(insert(Obligation), rows)
    mornings.arm()


def _moment(due: Due, zone: str) -> datetime:
    return (
        datetime.combine(due.due_on, REMINDS_AT, ZoneInfo(zone)) if due.reminds else end_of(due.due_on, zone)
    )


def close_many(kinds: Collection[str], subjects: Collection[UUID], state: str = "settled") -> None:
    """Close whatever is owed of these kinds about these subjects; with `REPLACED`, because other duties took their place."""
    owed = (Obligation.kind.in_(kinds), among(Obligation.subject, subjects), Obligation.settled_at.is_(None))
    still_open = (*owed, Obligation.state == "open")
    db.session.execute(update(Obligation).where(*still_open).values(state=state, settled_at=clock.now()))
    db.session.execute(update(Obligation).where(*owed).values(settled_at=clock.now()))
