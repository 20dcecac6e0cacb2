"""Compare store, ledger and rows of one tenant, and take away what nobody has known for a day.

The store is listed first and the books are read after it, in one moment; so what is on its way never looks like a
stray. A stray is noted the first time and removed when it still is one a day later; more of them than a twentieth of
all objects are not removed but reported, until the operator says so. What is missing is told, never mended.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_skip

from ppid_saas.access.verbs import ring_bells
from ppid_saas.events.service import record
from ppid_saas.storage.rules import Books, Compared, compare, may_remove
from tenants import context, vault
from tenants.db import db, leave_transaction, new_id, transaction
from tenants.models import Ledger, Quota, Reservation, Stocktake, Stray

GRACE: Final = timedelta(hours=24)
EVERY: Final = timedelta(days=1)
LOOKED_FOR: Final = 1_000

Holder = Callable[[], Iterable[tuple[UUID, int]]]
HOLDERS: list[Holder] = []


def holds(holder: Holder) -> Holder:
    """Register what tells which objects a slice's rows claim, and how large they are stored."""
    HOLDERS.append(holder)
    return holder


def take_stock() -> None:
    """Compare the bound tenant's store and books, act on what is safe, and write down what was found."""
    leave_transaction()
    listed = vault.listing()
    books = _books()
    found = compare({one: each.size for one, each in listed.items()}, books)
    doomed = _note_strays(found, listed)
    safe = may_remove(len(doomed), len(listed), _allowed())
    leave_transaction()
    removed = _remove(doomed) if safe else 0
    _keep(found, books, len(listed), removed, asks=not safe)


def _books() -> Books:
    """Read ledger, holds and rows as they stand in one moment."""
    leave_transaction()
    db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    charged = select(Ledger.object_id, func.sum(Ledger.delta)).group_by(Ledger.object_id)
    sums = {row[0]: int(row[1]) for row in db.session.execute(charged) if row[1]}
    held = {row[0]: row[1] for row in db.session.execute(select(Reservation.object_id, Reservation.bytes))}
    rows = {one: size for holder in HOLDERS for one, size in holder()}
    used, reserved = db.session.execute(select(Quota.used, Quota.reserved)).one()
    drift = abs(sum(sums.values()) - used) + abs(sum(held.values()) - reserved)
    leave_transaction()
    return Books(sums, held, rows, drift)


def _note_strays(found: Compared, listed: Mapping[UUID, vault.Found]) -> list[tuple[str, UUID]]:
    """Remember strays seen for the first time, forget those that are none any more; return those whose day is over."""
    with transaction():
        gone = delete(Stray).where(
            Stray.tenant_id == context.tenant_id(), Stray.object_id.not_in(list(found.strays))
        )
        db.session.execute(gone.execution_options(synchronize_session=False))
        rows = [
            {"bucket": listed[one].bucket, "object_id": one, "size": listed[one].size} for one in found.strays
        ]
        if rows:
            db.session.execute(insert_or_skip(Stray).on_conflict_do_nothing(), rows)
        old = select(Stray.bucket, Stray.object_id).where(Stray.seen_at < func.now() - GRACE)
        return [(row.bucket, row.object_id) for row in db.session.execute(old)]


def _allowed() -> int:
    return db.session.execute(select(Quota.allowed)).scalar_one()


def _remove(doomed: Iterable[tuple[str, UUID]]) -> int:
    removed = 0
    for bucket, object_id in doomed:
        vault.remove_stray(bucket, object_id)
        with transaction():
            gone = delete(Stray).where(
                Stray.tenant_id == context.tenant_id(), Stray.bucket == bucket, Stray.object_id == object_id
            )
            db.session.execute(gone.execution_options(synchronize_session=False))
        removed += 1
    return removed


def _still_missing(found: Compared) -> int:
    """Count what is missing; what was stored since the listing is there when it is looked for again."""
    looked = sorted(found.missing)[:LOOKED_FOR]
    return sum(not vault.is_there(one) for one in looked) + len(found.missing) - len(looked)


def _keep(found: Compared, books: Books, objects: int, removed: int, *, asks: bool) -> None:
    missing = _still_missing(found)
    faults = (missing, len(found.differing), len(found.uncharged), len(found.unheld), books.drift)
    with transaction() as session:
        kept = Stocktake(
            id=new_id(), state="asks" if asks else "differs" if any(faults) else "agrees", objects=objects,
            missing=missing, differing=len(found.differing), uncharged=len(found.uncharged),
            unheld=len(found.unheld), strays=len(found.strays) - removed, removed=removed, drift=books.drift,
        )  # fmt: skip
        session.add(kept)
        if removed:
            record("room.strays_removed", kept.id, {"removed": removed})
        done = {"check_at": func.now() + EVERY, "check_open": False, "allowed": 0}
        chosen = update(Quota).where(Quota.tenant_id == context.tenant_id()).values(done)
        session.execute(chosen.execution_options(synchronize_session=False))
    ring_bells()
