"""A closed file on its way out: whoever fetches it passes the door again every second, and loses it when she may no more.

Not for public files, and not the recording of a download: that comes before the first byte and is the slice's.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO, Final, cast

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from ppid_saas.access.policy import may
from tenants import context
from tenants.db import leave_transaction, open_door
from tenants.http import note_seen

log = logging.getLogger("ppid.web")
PIECE: Final = 64 * 1024  # what a slow reader may still get unasked
RECHECK_SECONDS: Final = 1.0


class CutOffError(RuntimeError):
    """The stream ends here, short of its length, so that nobody takes what came for the whole."""


def while_allowed(stream: BinaryIO, permission: str) -> Iterator[bytes]:
    """Return a stream in pieces for as long as the running request's actor holds `permission` where she is now."""
    app = cast("Any", current_app)._get_current_object()  # noqa: SLF001  # Flask's documented way to it
    entry = replace(context.current_entry(), read_only=True)
    who = context.current_binding()
    return _pieces(stream, lambda: _still_allowed(app, entry, who, permission))


def _pieces(stream: BinaryIO, allowed: Callable[[], bool]) -> Iterator[bytes]:
    checked = time.monotonic()
    while piece := stream.read(PIECE):
        if time.monotonic() - checked >= RECHECK_SECONDS:
            if not allowed():
                log.warning("a running download was cut off")
                raise CutOffError
            checked = time.monotonic()
        yield piece


def _still_allowed(app: Flask, entry: context.Entry, who: context.Binding, permission: str) -> bool:
    """Pass the door anew in a transaction of its own; a door that does not answer lets nobody on."""
    with app.app_context(), context.entering(entry):
        try:
            found = open_door()
            leave_transaction()
            same = (found.person_id, found.tenant_id) == (who.person_id, who.tenant_id)
            if not (same and found.tenant_id and may(found.roles, permission)):
                return False
            if found.session:
                note_seen(entry.arguments[0], found.session.get("seen_at"))
        except SQLAlchemyError:
            return False
    return True
