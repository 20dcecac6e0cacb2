"""What follows when a unit has arrived: what it once handed in elsewhere may be worked on here, if a list is asked for."""

from ppid_saas.access.verbs import actor
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.exports.queries import IMPORTED
from ppid_saas.register.service import unlock_submitted
from ppid_saas.submissions.queries import unit


@handles("tenant.imported", "exports.unlock")
def unlock_arrived(event: Event) -> None:
    """Open the items again when a window waits for them here already; a later window does so by itself."""
    if event.kind == IMPORTED and actor().kind == "unit" and unit.collections() and not unit.submissions():
        unlock_submitted()
