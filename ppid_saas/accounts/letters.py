"""A letter to the people of a space who hold certain roles: Indonesian alone, and without a title of any item."""

from collections.abc import Collection, Sequence

from ppid_saas.access.verbs import actor
from ppid_saas.accounts.queries import people
from ppid_saas.events.models import Event
from ppid_saas.notifications.links import short_link
from ppid_saas.notifications.mail import Mail, send
from tenants.db import leave_transaction

FOOT = "Tautan ini meminta Anda masuk. Jangan teruskan dokumen lewat surel."


def letter(name: str, lines: Sequence[str], link: str) -> str:
    """Return the text of a mail: who, what, where to go."""
    text = "\n".join([*lines, link])
    return f"Yth. {name},\n\n{text}\n\n{FOOT}\n"


def write_to(roles: Collection[str], event: Event, subject: str, lines: Sequence[str], page: str) -> None:
    """Mail the bound tenant's people of these roles about an event; the letter leads to a page by its short link."""
    who, link = actor(), short_link(page)
    receivers = [row for row in people() if set(roles) & set(row.roles)]
    leave_transaction()
    for person in receivers:
        text, title = letter(person.name, lines, link), f"{subject} – {who.name}"
        send(Mail(person.email, title, text, f"{event.id}.{person.id}.{who.slug}"))
