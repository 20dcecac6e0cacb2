"""What follows at a KPU office when KPU RI, being its recipient in the system, grants."""

from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.kpu import queries, service


@handles("kpu.given", "kpu.given", for_reader=True)
def given(event: Event) -> None:
    """The round that waits for it goes on."""
    if event.subject is not None and queries.is_kpu():
        service.accept_grant(event.subject)
