"""What follows from a submission: its round begins on receipt, takes up what the review accepts, and ends with it."""

from ppid_saas.consequence_tests import service
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event


@handles("submission.sent", "consequence_tests.open", for_reader=True)
def open_round(event: Event) -> None:
    """Begin the round of a submission, its clock running."""
    if event.subject is not None:
        service.open_for(event.subject)


@handles("review.finished", "consequence_tests.take_up")
def take_up(event: Event) -> None:
    """Take what was accepted under test."""
    if event.subject is not None:
        service.take_up_accepted(event.subject)


@handles("submission.withdrawn", "consequence_tests.end", for_reader=True)
def end_round(event: Event) -> None:
    """End the round of a submission that was taken back before it was tested."""
    if event.subject is not None:
        service.end_withdrawn(event.subject)
