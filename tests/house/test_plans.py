"""No list or page of the register reads a table from end to end: every statement finds its tenant's rows by an index.

A sample on the suite's small database, where the planner is forbidden what it would rightly do there. Every statement, at
the size of the country and with its planning time, is measured by tests/bench/walls.py.
"""

from collections.abc import Iterator

import psycopg
import pytest

from ppid_saas.settings import SUPERUSER, Settings
from tenants.http import hash_token
from tests.bench._office import Statement, bearer, cookie, watch
from tests.bench._plans import plan_of
from tests.fixtures.walk import fill
from tests.fixtures.world import World

WHO = "petugas.dinkes@sana"
AT = "/sana/u/dinkes"
REQUESTS = (
    f"/api/v1{AT}/items",
    f"{AT}/butir",
    f"{AT}/butir?q=a&status=draft&dasar=17h&urut=-judul",
    f"{AT}/butir/1",
)


@pytest.fixture
def bound(servers: Settings, world: World) -> Iterator[psycopg.Connection]:
    """A transaction of role app_tenant bound to the unit, begun by the superuser and rolled back."""
    url = servers.database_url(SUPERUSER).replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url) as connection:
        connection.execute("set local enable_seqscan = off")
        connection.execute("select door.enter(%s, %s, %s)", (hash_token(world.token(WHO)), *world.place(WHO)))
        yield connection
        connection.rollback()


def asked(world: World, path: str) -> list[Statement]:
    """Return what a member's GET of this address sends to the database."""
    fill(world, WHO)
    app, key = world.app(), world.key(WHO)["Authorization"].split()[1]
    headers = bearer(key) if path.startswith("/api") else cookie(app, world.token(WHO))
    statements = watch(app, path, headers).statements
    assert any("work.item" in statement for statement, _ in statements)
    return statements


def scanned(connection: psycopg.Connection, statements: list[Statement]) -> list[str]:
    """Return the tables that some statement would read whole."""
    connection.execute("set local role app_tenant")
    return [
        table for statement, values in statements for table in plan_of(connection, statement, values).scans
    ]


@pytest.mark.parametrize("path", REQUESTS)
def test_a_request_finds_its_rows_by_index(world: World, bound: psycopg.Connection, path: str) -> None:
    assert scanned(bound, asked(world, path)) == []


def test_a_key_that_is_gone_is_noticed(world: World, bound: psycopg.Connection) -> None:
    statements = asked(world, f"{AT}/butir/1")
    bound.execute("alter table work.item_version drop constraint item_version_pkey")
    assert scanned(bound, statements) == ["work.item_version"]


def test_a_reader_finds_what_was_sent_to_it_by_index(servers: Settings) -> None:
    """Row security asks "written by me or for me"; the key serves the first half, an index must serve the other."""
    url = servers.database_url(SUPERUSER).replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url) as connection:
        without = connection.execute("""
            select c.relname from pg_class c where c.relnamespace = 'exchange'::regnamespace and c.relkind = 'r'
                and not exists (select from pg_index x join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0]
                    where x.indrelid = c.oid and a.attname = 'reader_id')
        """).fetchall()
    assert without == []
