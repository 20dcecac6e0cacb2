"""A letter to the people of a space who hold certain roles: Indonesian alone, and without a title of any item."""

from collections.abc import Collection, Sequence

from flask import current_app
from sqlalchemy import text

from ppid_saas.access.verbs import actor
from ppid_saas.accounts.queries import people
from ppid_saas.events.models import Event
from ppid_saas.notifications.links import short_link
from ppid_saas.notifications.mail import Mail, send
from tenants.db import leave_transaction
from tenants.http import identity

FOOT = "Tautan ini meminta Anda masuk. Jangan teruskan dokumen lewat surel."


def letter(name: str, lines: Sequence[str], link: str) -> str:
    """Return the text of a mail: who, what, where to go."""
    text = "\n".join([*lines, link])
    return f"Yth. {name},\n\n{text}\n\n{FOOT}\n"


def write_to_operators(event: Event, subject: str, lines: Sequence[str], page: str) -> None:
    """Mail those who run the platform about an event; the letter leads to a page of their console."""
    link = f"{current_app.extensions['ppid']['settings'].origins['console']}/platform/{page}"
    with identity() as connection:
        found = text("select id, name, email from identity.person where is_operator and disabled_at is null")
        receivers = connection.execute(found).all()
    leave_transaction()
    for person in receivers:
        send(
            Mail(person.email, subject, letter(person.name, lines, link), f"{event.id}.{person.id}.operator")
        )


def write_to(roles: Collection[str], event: Event, subject: str, lines: Sequence[str], page: str) -> None:
    """Mail the bound tenant's people of these roles about an event; the letter leads to a page by its short link."""
    who, link = actor(), short_link(page)
    receivers = [row for row in people() if set(roles) & set(row.roles)]
    leave_transaction()
    for person in receivers:
        title, body = f"{subject} – {who.name}", letter(person.name, lines, link)
        send(Mail(person.email, title, body, f"{event.id}.{person.id}.{who.slug}"))
