"""Loads the demo into an empty database, and goes on with a loading that was stopped half-way. Only on one machine.

All acts are done before any surface answers, so that nobody meets half a regency.
"""

import dataclasses
import logging
from collections.abc import Callable

from ppid_saas import app as composition
from ppid_saas.demo import cast, marker
from ppid_saas.demo.stage import ZONE, Stage
from ppid_saas.demo.story import acts
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import Settings
from tenants import clock, jobs
from tenants.vault import RootKey

HALF = (
    "Data contoh baru termuat sebagian; lanjutkan dengan ./ppid up, atau mulai lagi di folder lain dengan"
    " PPID_DATA_DIR=…"
)


def look(settings: Settings) -> None:
    """Note what the database holds without bringing anything about; an empty one is left to be found anew."""
    found = _found(settings)
    if found == cast.LOADING:
        raise Trouble(HALF)
    if found:
        marker.note(settings, "loaded" if found == cast.LOADED else "other")


def load(settings: Settings, say: Callable[[str], None]) -> None:
    """Bring the demo about unless the database holds something else, and note what it holds then."""
    if not marker.is_local(settings):
        raise Trouble(marker.NOT_LOCAL)
    if _found(settings) in {"", cast.LOADING}:
        with cast.as_role(settings, "platform") as connection:
            cast.make(connection, RootKey.load(settings.root_key_file))
        _perform(settings, say)
        with cast.as_role(settings, "platform") as connection:
            cast.mark(connection, cast.LOADED)
    look(settings)


def _found(settings: Settings) -> str:
    with cast.as_role(settings, "platform") as connection:
        return cast.found_in(connection)


def _perform(settings: Settings, say: Callable[[str], None]) -> None:
    """Act without mail: nobody in the demo has a letterbox."""
    silent = {name: value for name, value in settings.given.items() if name != "PPID_SMTP_URL"}
    logging.getLogger("ppid.mail").setLevel(logging.ERROR)
    app = composition.create("worker", dataclasses.replace(settings, given=silent))
    with cast.as_role(settings, "app_identity") as connection:
        people = cast.people_ids(connection)
    stage = Stage(app, settings, clock.today(ZONE.key), people)
    try:
        stage.perform(acts(stage), say)
    finally:
        stage.leave()
        jobs.hush()  # every bell rung here was answered here
