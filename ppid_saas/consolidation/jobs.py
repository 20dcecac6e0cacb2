"""What follows at the central when a unit hands in: its items join the consolidated list."""

from ppid_saas.consolidation import service
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event


@handles("submission.sent", "consolidation.receive", for_reader=True)
def receive(event: Event) -> None:
    """Take the submission over."""
    if event.subject is not None:
        service.receive(event.subject)
