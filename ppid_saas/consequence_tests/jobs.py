"""What follows from a submission, and how a round follows its letter: it begins on receipt and ends with the handing out."""

from ppid_saas.consequence_tests import following, service
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


@handles("determination.made", "consequence_tests.follow")
def follow_determination(event: Event) -> None:
    """Lead the rounds of a determination's items to what comes after it."""
    if event.subject is not None:
        following.lead_on(event.subject)
