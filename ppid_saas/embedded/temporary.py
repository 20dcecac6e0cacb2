"""Embedded servers for the length of a block: for tests and for measuring. Nothing restarts them; `up` does that."""

import contextlib
import time
from collections.abc import Iterator

from ppid_saas.embedded.credentials import ensure_secrets
from ppid_saas.embedded.database import prepare_database
from ppid_saas.embedded.folders import prepare_folders
from ppid_saas.embedded.process import Child, ask_to_stop, await_ready, finish, start
from ppid_saas.embedded.supervisor import server_parts
from ppid_saas.settings import Settings


@contextlib.contextmanager
def servers(settings: Settings, *, durable: bool = False) -> Iterator[None]:
    """Run the embedded servers without a schema; by default faster than they are safe."""
    prepare_folders(settings)
    ensure_secrets(settings)
    children: list[Child] = []
    try:
        children.extend(start(settings, part) for part in server_parts(settings, durable=durable))
        for child in children:
            await_ready(settings, child, time.sleep)
        yield
    finally:
        for child in reversed(children):
            ask_to_stop(child)
        for child in reversed(children):
            finish(settings, child)


@contextlib.contextmanager
def prepared_servers(settings: Settings, *, durable: bool = False) -> Iterator[None]:
    """Run the embedded servers with roles and schema."""
    with servers(settings, durable=durable):
        prepare_database(settings)
        yield
