"""What follows at the central when a unit hands in: its items join the consolidated list, or leave it."""

from ppid_saas.consolidation import service, withdrawing
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event


@handles("submission.sent", "consolidation.receive", for_reader=True)
def receive(event: Event) -> None:
    """Take the submission over."""
    if event.subject is not None:
        service.receive(event.subject)


@handles("submission.withdrawn", "consolidation.undo_receive", for_reader=True)
def undo_receive(event: Event) -> None:
    """Put the list back as it was before a submission."""
    if event.subject is not None:
        withdrawing.undo_receive(event.subject)
