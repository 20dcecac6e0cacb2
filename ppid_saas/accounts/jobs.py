"""The invitation mail: the link is minted when it is sent, so that no event ever holds a secret."""

from flask import current_app
from sqlalchemy import text

from ppid_saas.access.verbs import actor
from ppid_saas.accounts.service import make_invitation
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.notifications.mail import Mail, send
from tenants import context
from tenants.http import identity


@handles("member.invited", "accounts.invitation_mail", transactional=False)
def send_invitation(event: Event) -> None:
    """Mail a one-time link to the invited person."""
    _mail(event, beside=False)


@handles("unit.invited", "accounts.unit_invitation_mail", for_reader=True, transactional=False)
def send_unit_invitation(event: Event) -> None:
    """Mail the first officers of a unit, whom its central invited; a link printed before stays good."""
    _mail(event, beside=True)


def _mail(event: Event, *, beside: bool) -> None:
    if event.subject is None:
        return
    with identity() as connection:
        person = connection.execute(
            text("select name, email from identity.person where id = :id"), {"id": event.subject}
        ).one()
        token = make_invitation(connection, event.subject, context.tenant_id(), beside=beside)
    origin = current_app.extensions["ppid"]["settings"].origins["office"]
    send(
        Mail(
            to=person.email,
            subject=f"Undangan bekerja di daftar informasi yang dikecualikan – {actor().name}",
            text=(
                f"Yth. {person.name},\n\nAnda diundang untuk mengelola daftar {actor().name}.\n"
                f"Buka tautan ini untuk membuat kata sandi (berlaku 14 hari, sekali pakai):\n{origin}/undangan/{token}\n\n"
                "Jangan teruskan tautan ini.\n"
            ),
            message_id=f"{event.id}.invitation",
        )
    )
