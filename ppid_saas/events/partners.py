"""Which failures of an effect are a partner's absence and not the effect's own fault: they are waited out, never parked.

Knows classes of errors, not partners: whoever talks to one lets its absence show as one of these.
"""

import smtplib
from datetime import timedelta

from sqlalchemy.exc import OperationalError

from ppid_saas.access.errors import AwayError
from ppid_saas.web.errors import NO_ROOM
from tenants.vault import StoreAwayError

PAUSE = timedelta(seconds=30)


class PutOffError(AwayError):
    """Part of an effect has to wait for a while that is known."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__("Nanti dicoba lagi.")
        self.pause = pause


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


def pause_after(error: Exception) -> timedelta:
    """Return when to offer an effect again whose partner is away."""
    return error.pause if isinstance(error, PutOffError) else PAUSE
