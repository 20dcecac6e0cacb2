"""What follows at a central from KPU RI's act, or from a review that ends when the act is known already."""

from ppid_saas.determinations import kpu
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.submissions.queries import central


@handles("kpu.granted", "determinations.kpu_granted", for_reader=True)
def granted(event: Event) -> None:
    """An office told of KPU RI's act."""
    kpu.settle_grants(event.tenant_id)


@handles("review.finished", "determinations.kpu_reviewed")
def reviewed(event: Event) -> None:
    """Items that came in after the act need not wait."""
    if event.subject is not None:
        kpu.settle_grants(central.one(event.subject).submission.writer_id)
