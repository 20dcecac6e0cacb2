"""One row for each of two regencies in every table that a tenant owns, whatever its columns are."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import randrange
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from ppid_saas.settings import Settings
from tenants.lints import OWNERLESS, PLANES

VALUES: dict[str, Callable[[], Any]] = {
    "text": lambda: str(uuid4()), "integer": lambda: randrange(1, 2**30), "bigint": lambda: randrange(1, 2**30),
    "boolean": lambda: False, "date": lambda: "2026-01-05", "timestamp with time zone": lambda: "2026-01-05T00:00:00Z",
    "jsonb": lambda: "{}", "bytea": lambda: b"x", "ARRAY": list, "uuid": uuid4,
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A table with an owner: its name and the column that names the owner."""

    name: str
    owner: str

    @property
    def plane(self) -> str:
        return self.name.partition(".")[0]

    @property
    def sql(self) -> sql.Composable:
        return sql.Identifier(*self.name.split("."))


@dataclass(frozen=True)
class Pair:
    """A unit with the central it sends to."""

    unit: UUID
    central: UUID


def url(settings: Settings, role: str) -> str:
    return settings.database_url(role).replace("postgresql+psycopg://", "postgresql://")


def owned_tables(conn: psycopg.Connection) -> list[Table]:
    rows = conn.execute(
        "select table_schema || '.' || table_name as name from information_schema.tables"
        " where table_schema = any(%s) and table_type = 'BASE TABLE' order by 1",
        [[plane for plane in PLANES if plane != "identity"]],
    )
    return [Table(name, PLANES[name.partition(".")[0]]) for (name,) in rows if name not in OWNERLESS]


def columns(conn: psycopg.Connection, table: Table) -> list[tuple[str, str]]:
    schema, name = table.name.split(".")
    rows = conn.execute(
        "select column_name, data_type from information_schema.columns where table_schema = %s and table_name = %s"
        " and is_generated = 'NEVER' order by ordinal_position",
        [schema, name],
    )
    return [(column, kind) for column, kind in rows]


def row_for(conn: psycopg.Connection, table: Table, pair: Pair) -> dict[str, Any]:
    row = {column: VALUES[kind]() for column, kind in columns(conn, table)}
    if table.plane == "exchange":
        row |= {"writer_id": pair.unit, "reader_id": pair.central}
    elif table.name == "ops.event":
        row |= {"tenant_id": pair.unit, "reader_id": None}
    else:
        row[table.owner] = pair.central if table.plane == "publication" else pair.unit
    if table.name == "publication.list":
        row["slug"] = str(uuid4())
    if table.name == "ops.quota":
        row |= {"cap": 10, "used": 0, "reserved": 0}
    return row


def insert(conn: psycopg.Connection, table: Table, row: dict[str, Any]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, row))
    places = sql.SQL(", ").join(sql.Placeholder() * len(row))
    values = [json.dumps(v) if isinstance(v, dict) else v for v in row.values()]
    conn.execute(sql.SQL("insert into {} ({}) values ({})").format(table.sql, names, places), values)


def fill(conn: psycopg.Connection, pairs: tuple[Pair, ...]) -> None:
    """Insert as superuser, beside every check: what the probes must not see has to exist."""
    conn.execute("set local session_replication_role = replica")
    for table in owned_tables(conn):
        for pair in pairs:
            owner = pair.central if table.plane == "publication" else pair.unit
            query = sql.SQL("select 1 from {} where {} = %s").format(table.sql, sql.Identifier(table.owner))
            if not conn.execute(query, [owner]).fetchone():
                insert(conn, table, row_for(conn, table, pair))
    conn.execute("set local session_replication_role = origin")
