"""Many rows in one statement, each column sent as one text of many lines: several times cheaper than row by row.

What all rows say alike is sent and read once.

Past the ORM and its defaults but for the owner. Lists are not among what a line can say.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, cast

import orjson
from sqlalchemy import Column, Table, Text, TextClause, text
from sqlalchemy.dialects import postgresql

from tenants import context
from tenants.db import TenantOwned, db

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own, untyped


class Lines(NamedTuple):
    """Many rows by column: those that differ as a line for each row, an empty one for nothing; the others as one text."""

    differing: dict[str, str]
    alike: dict[str, str | None]


def insert_rows(table: type[TenantOwned], given: Sequence[Mapping[str, Any]], **same: Any) -> None:
    """Write rows of equal keys for the bound tenant; `same` names further columns in which all are alike."""
    if given:
        insert_lines(table, lines_of(table, given), **same)


def insert_lines(table: type[TenantOwned], lines: Lines, **same: Any) -> None:
    """Write rows that `lines_of` has put into lines already."""
    statement = _statement(_table(table), tuple(lines.differing), tuple(lines.alike), tuple(same))
    db.session.execute(statement, {"tenant": context.tenant_id(), **same, **lines.alike, **lines.differing})


def lines_of(table: type[TenantOwned], given: Sequence[Mapping[str, Any]]) -> Lines:
    """Put rows of equal keys into lines."""
    columns = _table(table).columns
    lines = Lines({}, {})
    for name in given[0]:
        values, write = [row[name] for row in given], _writer(columns[name])
        if _are_alike(values):
            lines.alike[name] = _line(write, values[0]) or None
        else:
            lines.differing[name] = "\n".join([_line(write, value) for value in values])
    return lines


def _are_alike(values: Sequence[Any]) -> bool:
    """Say so only of the very same value and of empty ones; what is merely equal may be written otherwise, as 1 and True."""
    first = values[0]
    empty = type(first) in (list, dict) and not first
    return len(values) > 1 and all(value is first or (empty and value == first) for value in values)


def _line(write: Callable[[Any], str], value: Any) -> str:
    return "" if value is None else write(value)


def _json(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()


def _table(table: type[TenantOwned]) -> Table:
    return cast("Table", table.__table__)  # type: ignore[attr-defined]  # every mapped class has one


def _writer(column: Column[Any]) -> Callable[[Any], str]:
    return _json if isinstance(column.type, postgresql.JSONB | Text) else str


@functools.cache
def _statement(
    table: Table, differing: tuple[str, ...], alike: tuple[str, ...], same: tuple[str, ...]
) -> TextClause:
    into = ", ".join(("tenant_id", *same, *alike, *differing))
    read = ", ".join(
        [
            ":tenant",
            *(f":{name}" for name in same),
            *(_read(table.columns[name], f":{name}") for name in alike),
            *(_read(table.columns[name], f"l.{name}") for name in differing),
        ]
    )
    lines = ", ".join(f"string_to_table(:{name}, chr(10), '')" for name in differing)
    return text(
        f"insert into {table.fullname} ({into}) select {read}"  # noqa: S608  # names of our own columns
        f" from rows from ({lines}) as l ({', '.join(differing)})"
    )


def _read(column: Column[Any], line: str) -> str:
    """Return a line as the column's value; text comes as JSON, for it may hold a line's end."""
    if isinstance(column.type, Text):
        return f"cast({line} as jsonb) #>> '{{}}'"
    return f"cast({line} as {column.type.compile(_DIALECT)})"
