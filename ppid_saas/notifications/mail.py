"""Send one mail over SMTP. It points to the product and carries nothing of the list; without a server it says so."""

import logging
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from flask import current_app

log = logging.getLogger("ppid.mail")
SECONDS = 20
FOOT = "Tautan ini meminta Anda masuk. Jangan teruskan dokumen lewat surel."


@dataclass(frozen=True)
class Mail:
    """One message: the id makes a repeated sending recognisable to the receiving side."""

    to: str
    subject: str
    text: str
    message_id: str


def letter(name: str, lines: Sequence[str], link: str) -> str:
    """Return the text of a mail: who, what, where to go. Indonesian alone, and without a title of any item."""
    text = "\n".join([*lines, link])
    return f"Yth. {name},\n\n{text}\n\n{FOOT}\n"


def send(mail: Mail) -> bool:
    """Hand the mail to the configured server; returns False when none is configured."""
    settings = current_app.extensions["ppid"]["settings"]
    if not settings.smtp_url:
        log.warning("surel tidak dikirim: PPID_SMTP_URL belum diatur")
        return False
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, mail.to, mail.subject
    message["Message-ID"] = f"<{mail.message_id}@ppid.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    server = urlsplit(settings.smtp_url)
    opener = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    with opener(server.hostname or "localhost", server.port or 0, timeout=SECONDS) as connection:
        if server.scheme == "smtp+starttls":
            connection.starttls()
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(message)
    return True
