"""Roles as people read them, one line for one person."""

from collections.abc import Iterable

from ppid_saas.access.sayings import joined, say
from ppid_saas.sop.roles import ROLES


def role_names(roles: Iterable[str]) -> str:
    """Return role codes as one line of Indonesian."""
    return joined(", ", (say(ROLES[role]) for role in roles))
