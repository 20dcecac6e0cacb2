"""What follows from a submission, and how a round follows its letter: it begins on receipt and ends with the handing out."""

from ppid_saas.consequence_tests import at_unit, dropping, following, service, walking
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.submissions.queries import unit


@handles("submission.sent", "consequence_tests.open", for_reader=True)
def open_round(event: Event) -> None:
    """Begin the round of a submission, its clock running."""
    if event.subject is not None:
        service.open_for(event.subject)


@handles("submission.sent", "consequence_tests.drop", for_reader=True)
def drop(event: Event) -> None:
    """Let items go from older rounds that are handed in anew."""
    if event.subject is not None:
        dropping.drop_handed_in_again(event.subject)


@handles("review.finished", "consequence_tests.take_up")
def take_up(event: Event) -> None:
    """Take what was accepted under test."""
    if event.subject is not None:
        service.take_up_accepted(event.subject)


@handles("submission.withdrawn", "consequence_tests.end", for_reader=True)
def end_round(event: Event) -> None:
    """End the round of a submission that was taken back before it was tested."""
    if event.subject is not None:
        dropping.end_withdrawn(event.subject)


@handles("determination.made", "consequence_tests.follow")
def follow_determination(event: Event) -> None:
    """Lead the rounds of a determination's items to what comes after it."""
    if event.subject is not None:
        following.lead_on(event.subject)


@handles("collection.opened", "consequence_tests.unit_begin", for_reader=True)
def begin_at_unit(event: Event) -> None:
    """Begin the unit's own test where its central tests by an SOP."""
    if event.subject is not None and event.data.get("testing"):
        at_unit.begin(event.subject, str(event.data["testing"]), unit.collection(event.subject).opens_on)


@handles("submission.sent", "consequence_tests.unit_end")
def end_at_unit(event: Event) -> None:
    """End it with what was handed in."""
    if event.subject is not None:
        at_unit.end(unit.submission(event.subject).submission.collection_id)


@handles("reopening.retest_asked", "consequence_tests.retest")
def retest(event: Event) -> None:
    """Take an item whose end nears under test again, where tests are demanded."""
    if event.subject is not None and walking.is_demanded():
        service.begin([event.subject], "period", str(event.data.get("reason", "")))
