"""What follows when a paper is not back in time: the unit's officers get a mail that points to the list of late papers."""

from ppid_saas.access.verbs import actor
from ppid_saas.accounts import queries as accounts
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.notifications.links import short_link
from ppid_saas.notifications.mail import Mail, send
from ppid_saas.places.lending import LOAN_DUE
from tenants.db import leave_transaction

SUBJECT = "Kertas belum dikembalikan"
TEXT = (
    "Yth. {name},\n\nBatas pengembalian satu kertas yang dipinjam sudah lewat. Hubungi peminjamnya, lalu catat"
    " pengembaliannya.\n{link}\n\nTautan ini meminta Anda masuk.\n"
)


@handles("obligation.due", "places.overdue_mail", transactional=False)
def mail_overdue(event: Event) -> None:
    """Tell the unit's officers; the letter names neither the paper nor who has it."""
    if event.data.get("kind") != LOAN_DUE:
        return
    who, link = actor(), short_link("tempat/kertas?status=late")
    people = [row for row in accounts.people() if "unit_officer" in row.roles]
    leave_transaction()
    for person in people:
        text = TEXT.format(name=person.name, link=link)
        send(Mail(person.email, f"{SUBJECT} – {who.name}", text, f"{event.id}.{person.id}"))
