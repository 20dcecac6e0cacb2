"""The end of an import and the way back: rows become items or the next versions of items, and are taken back again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, Select, Text, cast, select

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import command
from ppid_saas.events.service import record
from ppid_saas.intake.ahead import one_ahead
from ppid_saas.intake.models import ImportBatch, ImportRow
from ppid_saas.intake.pausing import uncollected
from ppid_saas.intake.rules.bodies import written_of
from ppid_saas.intake.rules.comparing import merged
from ppid_saas.intake.service.batches import CHUNK, NOT_SAVED, NOTHING_TAKEN, locked, refuse_closed
from ppid_saas.intake.service.grid import mapped_of
from ppid_saas.register import queries as register_queries
from ppid_saas.register import service as register
from ppid_saas.register.adding import New
from ppid_saas.register.models import Item
from tenants.db import db

NewRow = Row[int, str, str | None]
FIRST = 200
NOT_UNDONE = say("Batalkan impornya dahulu.")


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of an undone import: how many items went, how many got their former contents, which stay."""

    removed: int
    restored: int
    kept: Sequence[Item]


@uncollected()
@command("import.run")
def save(batch_id: UUID) -> ImportBatch:
    """Make an item of every taken new row, the next version of every taken changed one. A second call makes nothing."""
    batch = locked(batch_id)
    if batch.state == "saved":
        return batch
    refuse_closed(batch)
    changes = db.session.execute(_taken(batch_id, "changed")).scalars().all()
    made = _make(batch_id)
    if not made and not changes:
        raise InvalidError(NOTHING_TAKEN, {"row": [NOTHING_TAKEN]})
    changed = _change(changes, mapped_of(batch)) if changes else 0
    batch.state = "saved"
    record("import.saved", batch_id, {"items": made, "changed": changed})
    return batch


def _taken(batch_id: UUID, fate: str) -> Select[Any]:
    mine = (ImportRow.batch_id == batch_id, ImportRow.kind == "data", ImportRow.take, ImportRow.fate == fate)
    return select(ImportRow).where(*mine).order_by(ImportRow.n)


def _make(batch_id: UUID) -> int:
    """Make the new items, some thousand rows at a time; returns how many."""
    made = 0
    for new in one_ahead(_prepared, _new_rows(batch_id)):
        register.put_written(new, batch_id)
        made += new.n
    return made


def _new_rows(batch_id: UUID) -> Iterator[Sequence[NewRow]]:
    last = -1
    # as text: read beside, not while the database waits for more to write
    columns = (ImportRow.n, cast(ImportRow.cells, Text), cast(ImportRow.item_id, Text))
    chosen = _taken(batch_id, "new").with_only_columns(*columns)
    most = FIRST  # few, for while they are prepared nothing can be written yet
    while rows := db.session.execute(chosen.where(ImportRow.n > last).limit(most)).all():
        yield rows
        if len(rows) < most:
            return
        last, most = rows[-1].n, CHUNK


def _prepared(rows: Sequence[NewRow]) -> New:
    ids = [item_id for _, _, item_id in rows if item_id]
    return register.prepared(ids, [written_of(orjson.loads(cells)) for _, cells, _ in rows])


def _change(rows: Sequence[ImportRow], mapped: frozenset[str]) -> int:
    """Write the file's cells into the items; one that was sent, deleted or changed since the file was read is left alone."""
    items = register_queries.by_ids([UUID(row.match["item"]) for row in rows], for_update=True)
    bodies = {}
    for row in rows:
        item = items[UUID(row.match["item"])]
        if item.version != row.match["version"] or item.state == "submitted" or item.deleted_at is not None:
            row.take, row.match = False, row.match | {"left": True}
            continue
        body = merged(item.body, row.cells, mapped, row.match["keep"])
        if body != item.body:
            bodies[item.id], row.item_id = body, item.id
            row.match = row.match | {"before": item.body, "after": item.version + 1}
    register.change_items(bodies)
    return len(bodies)


@command("import.run")
def undo(batch_id: UUID) -> Undone:
    """Take an import back: untouched items go or get back what they said, others stay and are named. Repeating changes nothing."""
    batch = locked(batch_id)
    if batch.state == "undone":
        return Undone(0, 0, register_queries.left_of_batch(batch_id))
    if batch.state != "saved":
        raise ConflictError(NOT_SAVED)
    removed, kept = register.take_back(batch_id)
    restored, others = _restore(_changed_rows(batch_id))
    batch.state = "undone"
    record(
        "import.undone",
        batch_id,
        {"removed": removed, "restored": restored, "kept": len(kept) + len(others)},
    )
    return Undone(removed, restored, [*kept, *others])


def _changed_rows(batch_id: UUID) -> Sequence[ImportRow]:
    changed = ImportRow.match.has_key("before")
    chosen = select(ImportRow).where(ImportRow.batch_id == batch_id, changed).order_by(ImportRow.n)
    return db.session.execute(chosen).scalars().all()


def _restore(rows: Sequence[ImportRow]) -> tuple[int, list[Item]]:
    """Give untouched items their contents from before the import, as a version more; return the others."""
    items = register_queries.by_ids([row.item_id for row in rows if row.item_id], for_update=True)
    bodies: dict[UUID, dict[str, Any]] = {}
    kept = []
    for row in rows:
        item = items[UUID(row.match["item"])]
        if item.version == row.match["after"] and item.state != "submitted" and item.deleted_at is None:
            bodies[item.id], row.match = row.match["before"], row.match | {"restored": True}
        else:
            kept.append(item)
    register.change_items(bodies)
    return len(bodies), kept


@command("import.run")
def put_back(batch_id: UUID, n: int) -> None:
    """Take back one row of an undone import though its item was edited since: a person chose so. Sent items stay."""
    batch = locked(batch_id)
    if batch.state != "undone":
        raise ConflictError(NOT_UNDONE)
    chosen = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.n == n)
    row = db.session.execute(chosen).scalar_one_or_none()
    item_id = row.became(batch) if row else None
    if row is None or item_id is None:
        raise NotFoundError
    item = register_queries.by_ids([item_id], for_update=True)[item_id]
    if item.deleted_at is not None or row.match.get("restored"):
        return
    if item.state == "submitted":
        raise ConflictError(register.LOCKED)
    if "before" in row.match:
        register.save_item(row.match["before"], item.ref, item.version)
        row.match = row.match | {"restored": True}
    else:
        register.delete_item(item.ref, item.version)
