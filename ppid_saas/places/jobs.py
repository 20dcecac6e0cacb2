"""What follows when a paper is not back in time: the unit's officers get a mail that points to the list of late papers."""

from ppid_saas.accounts.letters import write_to
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.places.lending import LOAN_DUE

TEXT = "Batas pengembalian satu kertas yang dipinjam sudah lewat. Hubungi peminjamnya, lalu catat pengembaliannya."


@handles("obligation.due", "places.overdue_mail", transactional=False)
def mail_overdue(event: Event) -> None:
    """Tell the unit's officers; the letter names neither the paper nor who has it."""
    if event.data.get("kind") != LOAN_DUE:
        return
    write_to({"unit_officer"}, event, "Kertas belum dikembalikan", [TEXT], "tempat/kertas?status=late")
