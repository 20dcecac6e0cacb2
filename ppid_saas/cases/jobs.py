"""What happens in a tenant's morning: duties that press are told, and everything that waits goes out as one mail a person."""

from datetime import date
from uuid import UUID

from ppid_saas.cases import mornings, queries
from ppid_saas.cases.models import MORNING, Obligation
from ppid_saas.cases.service import settle
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.notifications import service as notices
from ppid_saas.notifications.delivering import deliver
from tenants import context
from tenants.db import db, transaction

SECONDS = 600


@handles("obligation.due", "cases.morning", transactional=False, seconds=SECONDS)
def morning(event: Event) -> None:
    """Have the morning once; a mail that must be tried again does not begin it anew."""
    if event.data.get("kind") != MORNING:
        return
    with transaction():
        _wake(event)
    deliver(event.id)


def _wake(event: Event) -> None:
    duty = db.session.get_one(
        Obligation, (context.tenant_id(), UUID(event.data["obligation"])), with_for_update=True
    )
    if duty.settled_at is not None:
        return
    settle(duty)
    mornings.escalate(event.id)
    day = date.fromisoformat(event.data["due_on"])
    notices.gather(event.id, begins_week=mornings.begins_week(queries.calendar_for_tenant(), day))
    if mornings.is_owed() or notices.is_waited_for():
        mornings.arm()
