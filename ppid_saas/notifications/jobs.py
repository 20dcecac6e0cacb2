"""What follows from facts that people are told of: their notices, and the mails that point to them."""

from uuid import UUID

from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.notifications import service
from ppid_saas.notifications.delivering import deliver
from ppid_saas.notifications.kinds import facts_told

SECONDS = 600  # a slow mail server and many people


def tell(event: Event) -> None:
    """Write the notices, then bring the mails on their way; both are taken up where they were left."""
    service.tell(event)
    deliver(event.id)


for _kind, _for_reader in sorted(facts_told()):
    _name = f"notices.{_kind}" + (".reader" if _for_reader else "")
    handles(_kind, _name, for_reader=_for_reader, transactional=False, seconds=SECONDS)(tell)


@handles("notice.retried", "notices.retry", transactional=False, seconds=SECONDS)
def retry(event: Event) -> None:
    """Send a mail once more that was given up."""
    deliver(UUID(event.data["event"]))
