"""Which failures of an effect are a partner's absence and not the effect's own fault: they are waited out, never parked.

Knows classes of errors, not partners: whoever talks to one lets its absence show as one of these.
"""

import smtplib

from sqlalchemy.exc import OperationalError

from ppid_saas.access.errors import AwayError
from ppid_saas.web.errors import NO_ROOM
from tenants.vault import StoreAwayError

AWAY = (
    AwayError,
    StoreAwayError,
    OperationalError,
    ConnectionError,
    TimeoutError,
    smtplib.SMTPServerDisconnected,
    smtplib.SMTPConnectError,
)


def is_away(error: Exception) -> bool:
    """Say whether trying again later may help: database, store or mail server are gone, or the disk is full."""
    return isinstance(error, AWAY) or (isinstance(error, OSError) and error.errno in NO_ROOM)
