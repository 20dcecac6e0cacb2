"""What the web server loads in each of its processes: one surface, tied to the server that forked it.

The surfaces themselves are made in `ppid_saas.app`.
"""

from typing import Any

from ppid_saas.embedded.lifeline import die_with_parent


def _load(surface: str) -> Any:
    from ppid_saas import app as composition

    die_with_parent()
    return getattr(composition, f"create_{surface}")()


def portal() -> Any:
    return _load("portal")


def office() -> Any:
    return _load("office")


def files() -> Any:
    return _load("files")


def console() -> Any:
    return _load("console")
