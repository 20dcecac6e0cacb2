"""The list query through the wall and past it, by the driver alone: what row security and the door cost in the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from tenants.http import hash_token
from tests.bench._country import Place, Settings, connect, superuser
from tests.bench._office import Statement
from tests.bench._pairs import Pair

LIST = (
    "select id, ref, title, state, version, ends_on, review_on, done_fields, updated_at, body -> 'period' as period"
    " from work.item where tenant_id = %s and deleted_at is null and ref > %s order by ref limit 41"
)
BIND = "select door.bind(%s, %s)"
ENTER = "select door.enter(%s, %s, %s)"


@contextmanager
def bound_pair(settings: Settings, chosen: list[Place]) -> Iterator[Pair]:
    """Return the transaction bound to its tenant and guarded by row security, and the raw one: what the wall itself costs.

    Binding alone is no door of the office's: the right to it is lent for the length of the measurement.
    """
    with (
        superuser(settings, autocommit=True) as raw,
        connect(settings, "app_tenant", autocommit=True) as office,
    ):
        raw.execute("grant execute on function door.bind(uuid, uuid) to app_tenant")
        try:
            yield _pair(office, raw, chosen, [(BIND, (place.id, place.id)) for place in chosen])
        finally:
            raw.execute("revoke execute on function door.bind(uuid, uuid) from app_tenant")


@contextmanager
def entered_pair(settings: Settings, chosen: list[Place]) -> Iterator[Pair]:
    """Return the same with the door as requests pass it: session, person, tenant and roles besides the binding."""
    with (
        superuser(settings, autocommit=True) as raw,
        connect(settings, "app_tenant", autocommit=True) as office,
    ):
        doors = [(ENTER, (hash_token(place.session), place.region, place.slug)) for place in chosen]
        yield _pair(office, raw, chosen, doors)


def _pair(
    office: psycopg.Connection[Any], raw: psycopg.Connection[Any], chosen: list[Place], doors: list[Statement]
) -> Pair:
    def guarded(n: int) -> list[Any]:
        return _in_one_go(office, chosen[n % len(chosen)], doors[n % len(chosen)])

    def plain(n: int) -> list[Any]:
        return _in_one_go(raw, chosen[n % len(chosen)])

    if len(plain(0)) < 2 or guarded(0) != plain(0):
        raise RuntimeError("the two lists of the first tenant differ")
    return Pair(guarded, plain, raw.info.backend_pid)


def _in_one_go(connection: Any, place: Place, *before: tuple[str, tuple[Any, ...]]) -> list[Any]:
    with connection.pipeline():
        connection.execute("begin", prepare=True)
        for statement, values in before:
            connection.execute(statement, values, prepare=True)
        answer = connection.execute(LIST, (place.id, 0), prepare=True)
        connection.execute("commit", prepare=True)
        found: list[Any] = answer.fetchall()
    return found
