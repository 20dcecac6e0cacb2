"""`@command` and `@query`: permission and transaction of every verb, in one place.

A command joins a running one, and the outermost commits and then rings the bells. A query never writes: in a GET the
transaction itself is read-only. Not for pages: they call verbs.
"""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from ppid_saas.access import policy
from ppid_saas.access.errors import NotFoundError, NotSignedInError
from tenants import context, jobs
from tenants.db import db, open_door, transaction

P = ParamSpec("P")
R = TypeVar("R")

VERBS: dict[str, str] = {}


def actor() -> context.Binding:
    """Return who acts and as which tenant; binds the transaction if nothing did yet."""
    if not db.session().in_transaction():
        return open_door()
    return context.current_binding()


def require(permission: str) -> None:
    """Raise unless the actor is bound to a tenant in which a role carries the permission."""
    who = actor()
    if who.tenant_id is None:
        raise NotFoundError if who.person_id else NotSignedInError
    if not policy.may(who.roles, permission):
        raise NotFoundError


def _register(function: Callable[P, R], permission: str) -> None:
    if permission not in policy.PERMISSIONS:
        raise LookupError(f"{permission} is not in access.policy")
    VERBS[f"{function.__module__}.{function.__qualname__}"] = permission


def command(permission: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a verb that writes."""

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        _register(function, permission)

        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            require(permission)
            with transaction():
                answer = function(*args, **kwargs)
            ring_bells()
            return answer

        return run

    return mark


def query(permission: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a verb that only reads."""

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        _register(function, permission)

        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            require(permission)
            return function(*args, **kwargs)

        return run

    return mark


def ring_after_commit(function: str, *ids: object, first: bool = False) -> None:
    """Remember a bell until the outermost command has committed."""
    bell = (function, tuple(str(part) for part in ids), first)
    db.session().info.setdefault("bells", []).append(bell)


def ring_bells() -> None:
    """Ring what was remembered, once nothing is left to commit; an idle worker takes the one that rings first."""
    info = db.session().info
    if info.get("commands"):
        return
    for function, ids, first in sorted(info.pop("bells", []), key=lambda bell: not bell[2]):
        jobs.ring(function, [ids], first=first)
