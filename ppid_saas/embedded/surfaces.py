"""What the web server loads in each of its processes: one surface, tied to the server that forked it.

The surfaces themselves are made in `ppid_saas.app`.
"""

import gc
import logging
import sys
from typing import Any

from ppid_saas.embedded.lifeline import die_with_parent
from ppid_saas.embedded.memory import give_back_what_is_large
from ppid_saas.embedded.webserver import tell_ready

log = logging.getLogger("ppid.server")


def _load(surface: str) -> Any:
    die_with_parent()
    made = make(surface)
    tell_ready()
    return made


def make(surface: str) -> Any:
    """Return the app of a surface, or end this process with one line in the journal that says what is in the way."""
    from ppid_saas import app as composition

    try:
        made = getattr(composition, f"create_{surface}")()
    except Exception as error:  # noqa: BLE001  # whatever it is, this process cannot serve
        log.critical(
            "%s", error
        )  # no traceback: nothing was read yet that it could quote, and people read this
        sys.exit(1)
    gc.collect()
    gc.freeze()  # an app lives as long as its process: nothing in it is ever garbage
    return made


def preload(*surfaces: str) -> None:
    """Read the code of surfaces before anything forks, and keep the collector from touching those pages ever after."""
    from sqlalchemy.orm import configure_mappers

    from ppid_saas import app as composition

    for surface in surfaces:
        composition.preload(surface)
    configure_mappers()
    gc.collect()
    gc.freeze()


def portal() -> Any:
    return _load("portal")


def office() -> Any:
    return _load("office")


def files() -> Any:
    give_back_what_is_large()
    return _load("files")


def console() -> Any:
    return _load("console")
