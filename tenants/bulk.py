"""Many rows in one statement, each column sent as one text of many lines: several times cheaper than row by row.

Past the ORM and its defaults but for the owner. Lists are not among what a line can say.
"""

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Column, Table, Text, TextClause, text
from sqlalchemy.dialects import postgresql

from tenants import context
from tenants.db import TenantOwned, db

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own, untyped
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


def insert_rows(table: type[TenantOwned], given: Sequence[Mapping[str, Any]], **same: Any) -> None:
    """Write rows of equal keys for the bound tenant; `same` names the columns in which all are alike."""
    if given:
        insert_lines(table, lines_of(table, given), **same)


def insert_lines(table: type[TenantOwned], lines: Mapping[str, str], **same: Any) -> None:
    """Write rows that `lines_of` has put into lines already."""
    statement = _statement(_table(table), tuple(lines), tuple(same))
    db.session.execute(statement, {"tenant": context.tenant_id(), **same, **lines})


def lines_of(table: type[TenantOwned], given: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return each column of the rows as lines; an empty line is nothing."""
    columns = _table(table).columns
    return {name: _lines(_writer(columns[name]), [row[name] for row in given]) for name in given[0]}


def _lines(write: Callable[[Any], str], values: Sequence[Any]) -> str:
    return "\n".join(["" if value is None else write(value) for value in values])


def _table(table: type[TenantOwned]) -> Table:
    return cast("Table", table.__table__)  # type: ignore[attr-defined]  # every mapped class has one


def _writer(column: Column[Any]) -> Callable[[Any], str]:
    return _json if isinstance(column.type, postgresql.JSONB | Text) else str


@functools.cache
def _statement(table: Table, names: tuple[str, ...], same: tuple[str, ...]) -> TextClause:
    into = ", ".join(("tenant_id", *same, *names))
    alike = "".join(f" :{name}," for name in same)
    read = ", ".join(_read(table.columns[name]) for name in names)
    lines = ", ".join(f"string_to_table(:{name}, chr(10), '')" for name in names)
    return text(
        f"insert into {table.fullname} ({into}) select :tenant,{alike} {read}"  # noqa: S608  # names of our own columns
        f" from rows from ({lines}) as l ({', '.join(names)})"
    )


def _read(column: Column[Any]) -> str:
    """Return a line as the column's value; text comes as JSON, for it may hold a line's end."""
    if isinstance(column.type, Text):
        return f"cast(l.{column.name} as jsonb) #>> '{{}}'"
    return f"cast(l.{column.name} as {column.type.compile(_DIALECT)})"
