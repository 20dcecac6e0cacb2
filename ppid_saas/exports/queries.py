"""Read all of a tenant: how much it is, its rows in the form an export has, and whether there is anything at all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Text, exists, func, select, text

from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import query
from ppid_saas.documents.models import Document, DocumentVersion
from ppid_saas.documents.queries import COLUMNS
from ppid_saas.events.models import Event
from ppid_saas.exports import tables
from ppid_saas.exports.models import PastRow
from ppid_saas.exports.rules import file_path
from ppid_saas.exports.tables import DOCUMENTS, EDITIONS, FILED, ME, Travelling
from ppid_saas.publication.models import EditionFile
from ppid_saas.register.models import Item
from tenants import quota
from tenants.db import db

EXPORTED: Final = "tenant.exported"
IMPORTED: Final = "tenant.imported"
AT_ONCE: Final = 500
SHOWN: Final = 50
# What a tenant may have before it is given anything: its list, and what its surroundings owe it.
MAY_BE_THERE: Final = frozenset({"publication.list", "work.case"})
WORDS: Final = {
    "work.item": say("butir"),
    "work.document": say("berkas"),
    "work.import_batch": say("impor"),
    "work.place": say("tempat"),
}
OTHERWISE: Final = say("catatan lain")

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Source:
    """Bytes that go along: the row that owns them, where they lie in the archive, and what they must be."""

    table: str
    key: Key
    path: str
    size: int
    sha256: str
    object_id: UUID


@dataclass(frozen=True)
class Handed:
    """What was handed in at another place."""

    number: str
    item_count: int
    submitted_at: datetime
    submitted_by: str


@dataclass(frozen=True)
class Summary:
    """How much there is to take along."""

    items: int
    files: int
    size: int
    last: Row[str, datetime] | None


def plain(value: Any) -> Any:
    """Return a column's value as JSON has it: instants in UTC with microseconds, ids and days as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, UUID | date) else value


@query("space.see")
def slugs() -> dict[str, str]:
    """Return the address within the region of every tenant that rows may name, by its id."""
    return {str(row.id): row.slug for row in db.session.execute(text("select id, slug from door.tenants()"))}


@query("tenant.export")
def rows(one: Travelling, known: Mapping[str, str], paths: Mapping[Key, str]) -> Iterator[dict[str, Any]]:
    """Yield a table's rows of the bound tenant as an export has them, in the order of its key."""
    order = [column.collate("C") if isinstance(column.type, Text) else column for column in one.key]
    chosen = select(*one.columns).where(tables.belongs(one)).order_by(*order)
    for row in db.session.connection().execute(chosen, execution_options={"yield_per": AT_ONCE}).mappings():
        values = {name: plain(value) for name, value in row.items()}
        for name in one.tenant_columns:
            values[name] = known.get(values[name], values[name])
        if one.name in FILED:
            values["file"] = paths.get(tuple(values[column.name] for column in one.key))
        yield values


@query("tenant.export")
def people() -> list[dict[str, Any]]:
    """Return the members by whom they are and what they do here: nothing that lets anyone in."""
    found = db.session.execute(text("select name, email, position, roles from door.people()")).mappings()
    said = [dict(row) | {"email": row["email"].lower()} for row in found]
    return sorted(said, key=lambda one: str(one["email"]))


@query("tenant.export")
def sources() -> list[Source]:
    """Return every file that can still be opened: versions of documents, and files of editions."""
    versions = select(*COLUMNS).join(Document, Document.id == DocumentVersion.document_id)
    kept = versions.where(func.octet_length(DocumentVersion.key) > 0).order_by(
        DocumentVersion.document_id, DocumentVersion.n
    )
    documents = [
        Source(
            DOCUMENTS, (str(row.document_id), row.n), file_path(row.document_id, row.n, row.name), row.size,
            row.sha_plain, row.object_id,
        )
        for row in db.session.execute(kept)
    ]  # fmt: skip
    made = select(EditionFile).where(EditionFile.central_id == ME).order_by(EditionFile.n, EditionFile.format)
    return documents + [
        Source(
            EDITIONS,
            (one.n, one.format),
            file_path("edisi", one.n, one.format),
            one.size,
            one.sha256,
            one.object_id,
        )
        for one in db.session.execute(made).scalars()
    ]


@query("tenant.export")
def past() -> Iterator[tuple[str, Iterator[Mapping[str, Any]]]]:
    """Yield the record of earlier installations by the tables it came from, each as it was written there."""
    names = db.session.execute(select(PastRow.source).distinct()).scalars().all()
    for name in sorted(names):
        chosen = select(PastRow.row).where(PastRow.source == name).order_by(PastRow.n)
        yield name, iter(db.session.execute(chosen, execution_options={"yield_per": AT_ONCE}).scalars())


@query("tenant.export")
def summary() -> Summary:
    """Return what would go out now, and who took it along last."""
    stored = select(func.count(), func.coalesce(func.sum(DocumentVersion.size), 0)).where(
        func.octet_length(DocumentVersion.key) > 0
    )
    files, size = db.session.execute(stored).one()
    items = db.session.execute(select(func.count()).select_from(Item)).scalar_one()
    last = select(Event.actor_name, Event.at).where(Event.kind == EXPORTED).order_by(Event.id.desc()).limit(1)
    return Summary(items, files, int(size), db.session.execute(last).first())


@query("tenant.import")
def in_the_way() -> list[str]:
    """Return in words what a tenant already has that an import would mix with; nothing for an empty one."""
    found = []
    for one in tables.travelling():
        if one.is_live and one.table.schema in ("work", "publication") and one.name not in MAY_BE_THERE:
            there = select(exists(select(1).select_from(one.table).where(tables.belongs(one))))
            if db.session.connection().execute(there).scalar():
                found.append(one.name)
    return [word for name, word in WORDS.items() if name in found] or [OTHERWISE] * bool(found)


@query("tenant.import")
def room() -> quota.Usage:
    """Return how much may be stored here."""
    return quota.usage()


@query("tenant.import")
def arrival() -> Event | None:
    """Return the fact of the import that happened here, with what it brought."""
    brought = select(PastRow.row["id"].astext).where(PastRow.source == "ops.event")
    chosen = select(Event).where(Event.kind == IMPORTED, Event.id.cast(Text).not_in(brought)).limit(1)
    return db.session.execute(chosen).scalars().first()


@query("tenant.import")
def record() -> list[Handed]:
    """Return the newest of what was handed in elsewhere."""
    chosen = select(PastRow.row).where(PastRow.source == "exchange.submission").order_by(PastRow.n.desc())
    found = (_handed(row) for row in db.session.execute(chosen.limit(SHOWN)).scalars())
    return [one for one in found if one is not None]


def _handed(row: Mapping[str, Any]) -> Handed | None:
    """Read a row of the record; what cannot be read is kept, but has no line of its own."""
    try:
        at = datetime.fromisoformat(row["submitted_at"])
        return Handed(str(row["number"]), int(row["item_count"]), at, str(row["submitted_by"]))
    except (KeyError, TypeError, ValueError):
        return None
