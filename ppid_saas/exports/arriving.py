"""Write an archive's rows into the bound tenant, all or none; joins the running command. Bytes come before, elsewhere.

The tenant comes from the door, never from the archive; other tenants are found again by their address in the region.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Final

from sqlalchemy import Column, Integer, LargeBinary, Text, Uuid, text, update
from sqlalchemy.dialects.postgresql import dialect
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError

from ppid_saas.access.sayings import say
from ppid_saas.exports import queries, tables
from ppid_saas.exports.models import PastRow
from ppid_saas.exports.reading import Archive
from ppid_saas.exports.rules import OTHER_VERSION, UNFIT, RefusedArchiveError, is_sound
from ppid_saas.exports.rules import Table as Member
from ppid_saas.exports.tables import OWNERS, PEOPLE, Travelling
from ppid_saas.publication.models import PublishedList
from tenants import context
from tenants.db import db, new_id

AT_ONCE: Final = 1_000
EVENT: Final = "ops.event"
# What a fact is here: nobody else reads it, whoever could read it there.
FACT: Final = ("id", "kind", "subject", "actor", "actor_name", "at", "data")
NO_SUCH_UNIT: Final = say(
    "Unit %(name)s belum ada di wilayah ini. Buat dulu unitnya, lalu pulihkan sekali lagi."
)
QUOTED: Final = dialect().identifier_preparer  # type: ignore[no-untyped-call]  # only asked how names are quoted

Row = Mapping[str, Any]
Filling = Mapping[str, Mapping[str, Any]]


def check_tables(archive: Archive) -> None:
    """Raise unless the archive has exactly the tables this version writes, with the same columns and sound rows."""
    ours = {one.name: tables.written_columns(one) for one in tables.travelling()}
    theirs = {member.name: member.columns for member in archive.manifest.tables if member.name != PEOPLE}
    if ours != theirs:
        raise RefusedArchiveError(OTHER_VERSION)
    members = _members(archive)
    for one in tables.travelling():
        shapes = tables.json_shapes(one.model)
        for row in archive.lines(members[one.name]):
            if not is_sound(one.name, row, shapes):
                raise RefusedArchiveError(say(UNFIT, name=members[one.name].path))


def _members(archive: Archive) -> dict[str, Member]:
    return {member.name: member for member in archive.manifest.tables}


def bring(archive: Archive, filling: Filling) -> int:
    """Write every row; `filling` says for each file of the archive what its row knows of the sealed object."""
    written, members, ids = 0, _members(archive), {slug: id_ for id_, slug in queries.slugs().items()}
    for one in tables.travelling():
        member = members[one.name]
        try:
            if one.is_live:
                written += _bring_rows(one, archive.lines(member), filling, ids)
            else:
                written += _bring_record(archive, one.name, member)
        except (DataError, IntegrityError, ProgrammingError) as error:
            raise RefusedArchiveError(say(UNFIT, name=member.path)) from error
    return written


def _bring_rows(one: Travelling, rows: Iterable[Row], filling: Filling, ids: Mapping[str, str]) -> int:
    if one.model is PublishedList:
        return _go_on_counting(rows)
    made = (_filled(one, row, filling, ids) for row in rows)
    refers_to_itself = any(key.referred_table is one.table for key in one.table.foreign_key_constraints)
    written = 0
    for some in _chunks(made, None if refers_to_itself else AT_ONCE):
        insert(one.table.fullname, _owners(one)[0], some)
        written += len(some)
    return written


def _go_on_counting(rows: Iterable[Row]) -> int:
    """A central's list exists already, under its own address; its numbers go on where they were."""
    for row in rows:
        mine = PublishedList.central_id == context.tenant_id()
        chosen = update(PublishedList).where(mine).values(dict(row))
        db.session.execute(chosen.execution_options(synchronize_session=False))
    return 1


def _filled(one: Travelling, row: Row, filling: Filling, ids: Mapping[str, str]) -> dict[str, Any]:
    made = {name: value for name, value in row.items() if name != "file"} | _neutral(one)
    for name in one.tenant_columns:
        made[name] = _tenant(made[name], ids)
    return made | dict(filling.get(row.get("file") or "", {}))


def _tenant(address: str, ids: Mapping[str, str]) -> str:
    if address not in ids:
        raise RefusedArchiveError(say(NO_SUCH_UNIT, name=address))
    return ids[address]


def _neutral(one: Travelling) -> dict[str, Any]:
    """Return what columns hold that stayed behind and may not be empty: nothing that leads anywhere."""
    left = [column for column in one.table.columns if column not in one.columns and column.computed is None]
    return {c.name: _nothing(c) for c in left if not c.nullable and c.name not in _owners(one)}


def _nothing(column: Column[Any]) -> Any:
    if isinstance(column.type, Uuid):
        return str(new_id())
    if isinstance(column.type, LargeBinary):
        return "\\x"
    return 0 if isinstance(column.type, Integer) else "" if isinstance(column.type, Text) else []


def _owners(one: Travelling) -> tuple[str, ...]:
    return next(names for mixin, names in OWNERS.items() if issubclass(one.model, mixin))


def _bring_record(archive: Archive, name: str, member: Member) -> int:
    """Keep rows as they were written elsewhere, the older first; facts are told in timelines besides."""
    before = [one for one in archive.manifest.past if one.name == name]
    lines = chain.from_iterable(archive.lines(one) for one in (*before, member))
    written = 0
    for some in _chunks(lines, AT_ONCE):
        kept = [{"source": name, "n": written + n, "row": row} for n, row in enumerate(some)]
        insert(tables.table_of(PastRow).fullname, "tenant_id", kept)
        if name == EVENT:
            insert(name, "tenant_id", [{key: row[key] for key in FACT} for row in some])
        written += len(some)
    return written


def _chunks(rows: Iterable[Row], size: int | None) -> Iterator[list[Row]]:
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some


def insert(table: str, owner: str, rows: Sequence[Row]) -> None:
    """Write rows for the bound tenant in one statement; the database reads each value as the column's own type."""
    schema, _, name = table.partition(".")
    target = f"{schema}.{QUOTED.quote(name)}"
    columns = ", ".join(QUOTED.quote(column) for column in rows[0])
    db.session.execute(
        text(
            f"insert into {target} ({owner}, {columns}) select :owner, {columns}"  # noqa: S608  # names of our own tables
            f" from json_populate_recordset(cast(null as {target}), cast(:given as json))"
        ),
        {"owner": context.tenant_id(), "given": json.dumps(rows, ensure_ascii=False)},
    )
