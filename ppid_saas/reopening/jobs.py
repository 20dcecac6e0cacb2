"""What follows by itself: a determination's periods are planned, a due day does what the law says, a unit gets its task."""

from datetime import date, timedelta

from ppid_saas.access.verbs import actor
from ppid_saas.cases import service as cases
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.reopening import copies, opening, rules, service
from tenants import clock


@handles("determination.made", "reopening.plan", seconds=300)
def plan(event: Event) -> None:
    """Owe the notices, the decision and the end of each item the determination closed."""
    if event.subject is not None:
        service.plan(event.subject)


@handles("obligation.due", "reopening.fall_due")
def fall_due(event: Event) -> None:
    """Do what a due day says: remind, or note that the item is open."""
    kind, due_on = str(event.data.get("kind")), date.fromisoformat(event.data["due_on"])
    if event.subject is None:
        return
    if kind in rules.REMINDERS:
        service.give_notice(event.subject, kind, due_on)
    elif kind == rules.END:
        opening.fall_open(event.subject, due_on)


@handles("reopening.opened", "reopening.prepare_copy", for_reader=True)
def prepare_copy(event: Event) -> None:
    """Owe the unit's task: a copy that the public may ask for.

    Source: UU 14/2008 Ps 22.
    """
    if event.subject is not None:
        opens_on = date.fromisoformat(event.data["opens_on"])
        since = max(opens_on - timedelta(days=1), clock.today(actor().zone) - timedelta(days=1))
        cases.owe(copies.COPY, event.subject, copies.DAYS, copies.SOURCE, since)
