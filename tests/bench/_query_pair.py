"""The list query through the wall and past it, by the driver alone: what row security and the door cost in the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tenants.http import hash_token
from tests.bench._country import Place, Settings, connect, superuser
from tests.bench._pairs import Pair

LIST = (
    "select id, ref, title, state, version, ends_on, review_on, done_fields, updated_at, body -> 'period' as period"
    " from work.item where tenant_id = %s and deleted_at is null and ref > %s order by ref limit 41"
)
ENTER = "select door.enter(%s, %s, %s)"


@contextmanager
def query_pair(settings: Settings, chosen: list[Place]) -> Iterator[Pair]:
    """Return the bound, guarded transaction and the raw one; each is one pipeline of the same driver."""
    with (
        connect(settings, "app_tenant", autocommit=True) as office,
        superuser(settings, autocommit=True) as raw,
    ):
        tokens = [hash_token(place.session) for place in chosen]

        def guarded(n: int) -> object:
            place = chosen[n % len(chosen)]
            return _in_one_go(office, place, (ENTER, (tokens[n % len(chosen)], place.region, place.slug)))

        def plain(n: int) -> object:
            return _in_one_go(raw, chosen[n % len(chosen)])

        for work in (guarded, plain):
            rows: Any = work(0)
            if len(rows) < 2:
                raise RuntimeError("the list of the first tenant is empty")
        yield Pair(guarded, plain, raw.info.backend_pid)


def _in_one_go(connection: Any, place: Place, *before: tuple[str, tuple[Any, ...]]) -> list[Any]:
    with connection.pipeline():
        connection.execute("begin", prepare=True)
        for statement, values in before:
            connection.execute(statement, values, prepare=True)
        answer = connection.execute(LIST, (place.id, 0), prepare=True)
        connection.execute("commit", prepare=True)
        found: list[Any] = answer.fetchall()
    return found
