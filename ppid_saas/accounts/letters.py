"""A letter to those who run the platform. What members of a tenant are told is the business of `notifications`."""

from collections.abc import Sequence

from flask import current_app
from sqlalchemy import text

from ppid_saas.events.models import Event
from ppid_saas.notifications.mail import Mail, letter, send
from tenants.db import leave_transaction
from tenants.http import identity


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
