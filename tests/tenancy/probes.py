"""What a curious or broken program would try on a tenant table, and what must come of it: no foreign row, no foreign write."""

from collections.abc import Callable, Iterator
from uuid import UUID

import psycopg
from psycopg import sql

from tenants.http import hash_token
from tests.fixtures.world import World
from tests.tenancy.rows import Pair, Table, insert, owned_tables, row_for

Context = Callable[[psycopg.Connection], None]
MINE, THEIRS = "petugas.dinkes@sana", "petugas.dinkes@sini"


def enter(conn: psycopg.Connection, world: World, who: str) -> None:
    region, slug = world.place(who)
    answer = conn.execute(
        "select door.enter(%s, %s, %s)", [hash_token(world.token(who)), region, slug]
    ).fetchone()
    assert answer
    assert answer[0]["tenant_id"] == str(world.tenant(who))


def unbound_contexts(world: World, stale: str) -> dict[str, Context]:
    """Contexts in which nothing at all may be seen: none, empty, a bare id, stale, from another transaction, forged."""
    forged = f"{world.tenant(THEIRS)}||%s|%s|{'0' * 64}"

    def say(value: str) -> Context:
        return lambda conn: conn.execute("select set_config('ppid.ctx', %s, true)", [value]) and None

    def forge(conn: psycopg.Connection) -> None:
        here = conn.execute("select pg_backend_pid(), extract(epoch from now())::text").fetchone()
        assert here
        conn.execute("select set_config('ppid.ctx', %s, true)", [forged % here])

    def swap(conn: psycopg.Connection) -> None:
        enter(conn, world, MINE)
        held = conn.execute("select current_setting('ppid.ctx')").fetchone()
        assert held
        taken = held[0].replace(str(world.tenant(MINE)), str(world.tenant(THEIRS)))
        conn.execute("select set_config('ppid.ctx', %s, true)", [taken])

    return {"none": lambda _: None, "empty": say(""), "bare": say(str(world.tenant(THEIRS))), "stale": say(stale), "forged": forge,
            "swapped": swap}  # fmt: skip


def sees(conn: psycopg.Connection, table: Table, owner: UUID) -> int:
    """Count an owner's rows as the connection may see them; a refusal counts as none."""
    with conn.transaction(force_rollback=True):
        try:
            query = sql.SQL("select count(*) from {} where {} = %s").format(
                table.sql, sql.Identifier(table.owner)
            )
            row = conn.execute(query, [owner]).fetchone()
        except psycopg.errors.InsufficientPrivilege:
            return 0
    return int(row[0]) if row else 0


def writes(conn: psycopg.Connection, table: Table, owner: UUID, foreign: Pair) -> Iterator[tuple[str, int]]:
    """Try every kind of foreign write; yields its name and how many rows it touched."""
    key = sql.Identifier(table.owner)
    attempts = {
        "update foreign": (
            sql.SQL("update {} set {} = {} where {} = %s").format(table.sql, key, key, key),
            [owner],
        ),
        "delete foreign": (sql.SQL("delete from {} where {} = %s").format(table.sql, key), [owner]),
        "move to foreign": (
            sql.SQL("update {} set {} = %s where {} <> %s").format(table.sql, key, key),
            [owner, owner],
        ),
        "lock foreign": (
            sql.SQL("select 1 from {} where {} = %s for update").format(table.sql, key),
            [owner],
        ),
    }
    for name, (statement, values) in attempts.items():
        yield name, touched(conn, lambda s=statement, v=values: conn.execute(s, v).rowcount)  # type: ignore[misc]
    row = row_for(conn, table, foreign)
    if table.name == "ops.event":
        row["reader_id"] = None
    yield "insert foreign", touched(conn, lambda: insert(conn, table, row) or 1)  # type: ignore[func-returns-value]


def touched(conn: psycopg.Connection, attempt: Callable[[], int]) -> int:
    refusals = (
        psycopg.errors.InsufficientPrivilege,
        psycopg.errors.ForeignKeyViolation,
        psycopg.errors.CheckViolation,
    )
    with conn.transaction(force_rollback=True):
        try:
            return attempt()
        except refusals:
            return 0
        except psycopg.errors.UniqueViolation:
            return 1  # the row got past the policy and told that another exists


def breaches(conn: psycopg.Connection, world: World, pairs: tuple[Pair, Pair], stale: str) -> Iterator[str]:
    """Run every probe on every table in the connection's transaction; yields one sentence per wall that did not hold."""
    mine, theirs = pairs
    for name, context in unbound_contexts(world, stale).items():
        with conn.transaction(force_rollback=True):
            context(conn)
            for table in owned_tables_of(conn):
                for pair in pairs:
                    owner = pair.central if table.plane == "publication" else pair.unit
                    if sees(conn, table, owner):
                        yield f"{name} context reads {table.name}"
                    yield from (
                        f"{name} context: {what} on {table.name}"
                        for what, n in writes(conn, table, owner, pair)
                        if n
                    )
    with conn.transaction(force_rollback=True):
        enter(conn, world, MINE)
        for table in owned_tables_of(conn):
            foreign = theirs.central if table.plane == "publication" else theirs.unit
            if sees(conn, table, foreign):
                yield f"foreign tenant reads {table.name}"
            yield from (
                f"foreign tenant: {what} on {table.name}"
                for what, n in writes(conn, table, foreign, theirs)
                if n
            )
            if table.plane == "exchange":
                row = row_for(conn, table, Pair(mine.unit, theirs.central))
                if touched(conn, lambda t=table, r=row: insert(conn, t, r) or 1):  # type: ignore[misc, func-returns-value]
                    yield f"a unit sends to a stranger through {table.name}"
            if (
                table.plane != "publication"
                and table.name != "keys.tenant_key"
                and not sees(conn, table, mine.unit)
            ):
                yield f"own rows of {table.name} are hidden, so the probe proves nothing"


def owned_tables_of(conn: psycopg.Connection) -> list[Table]:
    with conn.transaction(force_rollback=True):
        return owned_tables(conn)
