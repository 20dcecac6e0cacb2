"""A database in which every tenant table has a row of two regencies, and a value sealed in a transaction long past."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.fixtures.world import World
from tests.tenancy.probes import MINE, THEIRS, enter
from tests.tenancy.rows import Pair, fill, url

Pairs = tuple[Pair, Pair]


@pytest.fixture(scope="session")
def pairs(world: World) -> Pairs:
    return tuple(
        Pair(world.tenant(who), world.tenant(f"pusat@{who.partition('@')[2]}")) for who in (MINE, THEIRS)
    )


@pytest.fixture(scope="session")
def stale(world: World) -> str:
    with psycopg.connect(url(world.settings, "app_tenant")) as conn:
        enter(conn, world, THEIRS)
        row = conn.execute("select current_setting('ppid.ctx')").fetchone()
    assert row
    return str(row[0])


@pytest.fixture
def filled(world: World, pairs: Pairs) -> Iterator[psycopg.Connection]:
    """A superuser's transaction with the rows in it, rolled back at the end; `set local role` makes it anyone."""
    with psycopg.connect(url(world.settings, "postgres")) as conn:
        fill(conn, pairs)
        yield conn
        conn.rollback()
