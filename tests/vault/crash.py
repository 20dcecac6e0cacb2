"""A process that stores one document and is killed at a named step. Run by test_crashes; not a test itself."""

import importlib
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from ppid_saas import app as composition
from ppid_saas.documents import service as documents
from ppid_saas.settings import Settings
from tenants import context
from tenants.db import open_door


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str) -> None:
    """Make the process die before or after a step, as `after tenants.vault.store:Store.upload`."""
    when, _, place = point.partition(" ")
    module, _, path = place.partition(":")
    *owners, name = path.split(".")
    owner: Any = importlib.import_module(module)
    for step in owners:
        owner = getattr(owner, step)
    step = getattr(owner, name)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            die()
        answer = step(*args, **kwargs)
        die()
        return answer

    setattr(owner, name, deadly)


def main(point: str, failing: str, arguments: list[str]) -> None:
    settings = Settings.from_env(os.environ)
    app = composition.create("office", settings)
    token, region, slug = arguments
    entry = context.Entry("enter", (bytes.fromhex(token), region, slug))
    arm(point)
    with app.app_context(), context.entering(entry):
        open_door()
        keep: Callable[[documents.Staged], Any] = documents.discard if failing else documents.keep
        with documents.staging("attachment", "lembar.pdf", b"rahasia " * 4000, "application/pdf") as staged:
            keep(staged)
    die()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
