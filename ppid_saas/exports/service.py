"""Take a tenant's whole data along: record who did it and why, freeze the rows of one moment, and send the stream.

Only the tenant's own head may, for an archive is readable. Nothing is stored for it and no room is asked.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Flask, current_app

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command, require
from ppid_saas.documents import service as documents
from ppid_saas.events.service import record
from ppid_saas.exports import queries, tables
from ppid_saas.exports.queries import EXPORTED, Key, Source
from ppid_saas.exports.rules import REASONS
from ppid_saas.exports.rules import Table as Written
from ppid_saas.exports.tables import DOCUMENTS
from ppid_saas.exports.writing import Snapshot, Spool, Stream, UnreadableError
from tenants import clock, context, vault
from tenants.db import db, leave_transaction

NO_REASON = say("Pilih untuk apa seluruh data dibawa.")


def export(reason: str) -> Stream:
    """Return the archive of the bound tenant as a stream that outlives the request."""
    check_reason(reason)
    _record(reason)
    app = cast("Any", current_app)._get_current_object()  # noqa: SLF001  # Flask's documented way to it
    entry = context.current_entry()
    snapshot = _frozen()

    def opener(source: Source) -> BinaryIO:
        with _inside(app, entry):
            return _opened(source)

    def check() -> None:
        with _inside(app, entry):
            require("tenant.export")

    return Stream(snapshot, opener, check)


def check_reason(reason: str) -> None:
    """Raise unless this is a reason that can be recorded."""
    if reason not in REASONS:
        raise InvalidError(NO_REASON, {"reason": [NO_REASON]})


@command("tenant.export")
def _record(reason: str) -> None:
    summary = queries.summary()
    record(EXPORTED, None, {"reason": reason, "files": summary.files, "bytes": summary.size})


@contextmanager
def _inside(app: Flask, entry: context.Entry) -> Iterator[None]:
    """Pass the door once more, in a transaction of its own: who may no longer come in gets no more either."""
    with app.app_context(), context.entering(entry):
        try:
            yield
        finally:
            db.session.remove()


def _opened(source: Source) -> BinaryIO:
    require("tenant.export")
    try:
        if source.table == DOCUMENTS:
            return documents.open_document(UUID(source.key[0]), source.key[1]).stream
        found = vault.open_public(context.tenant_id(), source.object_id, size=source.size, sha=source.sha256)
        return cast("BinaryIO", found)
    except (ConflictError, vault.UnreadableObjectError) as error:
        raise UnreadableError(source.path) from error


def _frozen() -> Snapshot:
    """Read all rows as they stand in one moment."""
    leave_transaction()
    db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    spool = Spool()
    try:
        return _snapshot(spool)
    except BaseException:
        spool.file.close()
        raise
    finally:
        leave_transaction()


def _snapshot(spool: Spool) -> Snapshot:
    who, known, sources = actor(), queries.slugs(), queries.sources()
    written = [_people(spool), *_tables(spool, known, sources)]
    past = [_recorded(spool, name, found) for name, found in queries.past()]
    tenant = {
        "id": str(who.tenant_id), "region": who.region, "slug": who.slug, "kind": who.kind, "category": who.category,
        "name": who.name,
    }  # fmt: skip
    at = clock.now().isoformat(timespec="microseconds")
    return Snapshot(at, who.person_name, tenant, known, spool, written, past, sources)


def _people(spool: Spool) -> Written:
    path = f"data/{tables.PEOPLE}.jsonl"
    return spool.add(tables.PEOPLE, path, ["email", "name", "position", "roles"], queries.people())


def _tables(spool: Spool, known: Mapping[str, str], sources: Iterable[Source]) -> Iterator[Written]:
    paths: dict[str, dict[Key, str]] = {}
    for source in sources:
        paths.setdefault(source.table, {})[source.key] = source.path
    for one in tables.travelling():
        rows = queries.rows(one, known, paths.get(one.name, {}))
        yield spool.add(one.name, f"data/{one.name}.jsonl", tables.written_columns(one), rows)


def _recorded(spool: Spool, name: str, rows: Iterable[Mapping[str, Any]]) -> Written:
    """Write rows of an earlier installation, whose columns only they themselves tell."""
    found = iter(rows)
    first = next(found, {})
    return spool.add(name, f"past/{name}.jsonl", sorted(first), chain([first] if first else [], found))
