"""What follows at the central when a unit hands in: its items join the consolidated list, or leave it."""

from uuid import UUID

from ppid_saas.consolidation import matching, rebuilding, service, withdrawing
from ppid_saas.consolidation.rules import OPENED
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


@handles("submission.taken_over", "consolidation.match")
def match(event: Event) -> None:
    """Look for doubles among what came in."""
    if event.subject is not None:
        matching.match_submission(event.subject)


@handles("entry.moved", "consolidation.match_opened")
def match_opened(event: Event) -> None:
    """Compare again what is open now: elsewhere the same may still be closed."""
    if event.data["to"] in OPENED:
        matching.match_again([UUID(one) for one in event.data["items"]])


@handles("match.rebuild_asked", "consolidation.rebuild", transactional=False)
def rebuild(event: Event) -> None:
    """Compare the whole list anew."""
    rebuilding.rebuild(UUID(event.data["job"]))
