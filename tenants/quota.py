"""Room for bytes: reserve, then commit or give back, exact to the byte against one row with a CHECK.

Reserving and giving back are transactions of their own, because an upload lies between; committing and refunding join
the caller's. Knows no store: whoever gives back says how an object is deleted.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from uuid import UUID

from babel.numbers import format_decimal
from sqlalchemy import ColumnElement, and_, delete, func, select, true, update
from sqlalchemy.orm import Session

from tenants import context
from tenants.db import db, new_id, transaction
from tenants.models import Ledger, Quota, Reservation

UPLOAD_LIFE = timedelta(hours=2)
RETRY_AFTER = timedelta(minutes=5)
MARKS = (100, 95, 80)
_UNITS = ("B", "KB", "MB", "GB", "TB")
_STEP = 1024

Remove = Callable[[str, UUID], None]


class QuotaExceededError(Exception):
    """There is no room for this many bytes; the message is for people."""

    def __init__(self, size: int, left: int) -> None:
        self.size, self.left = size, left
        self.message = f"Berkas {_words(size, ROUND_CEILING)}, sisa kuota {_words(left, ROUND_FLOOR)}."
        super().__init__(self.message)


class ReservationLostError(RuntimeError):
    """The reservation was given back meanwhile; its object is no longer there."""


@dataclass(frozen=True)
class Usage:
    """What a tenant may store, does store, and holds room for, in bytes as stored."""

    cap: int
    used: int
    reserved: int

    @property
    def left(self) -> int:
        return max(0, self.cap - self.used - self.reserved)


def usage() -> Usage:
    """Return the bound tenant's figures."""
    row = db.session.execute(select(Quota.cap, Quota.used, Quota.reserved)).one()
    return Usage(row.cap, row.used, row.reserved)


def reserve(size: int, bucket: str, object_id: UUID, life: timedelta = UPLOAD_LIFE) -> UUID:
    """Hold room for an object about to be uploaded, or raise; returns what to commit."""
    if size < 0:
        raise ValueError("an object has no negative size")
    with _own_transaction() as session:
        if not _move(session, Quota.used + Quota.reserved + size <= Quota.cap, reserved=size):
            raise QuotaExceededError(size, usage().left)
        return _hold(session, size, bucket, object_id, life)


def commit(reservation: UUID, cause: str, room: UUID | None = None) -> int:
    """Turn a reservation into use, inside the caller's command; returns the bytes charged.

    `room` is one that held the room while the object's own held nothing: both are taken, or none is.
    """
    session = _of_command()
    held = _take(session, Reservation.id == reservation)
    lent = _take(session, Reservation.id == room) if room else []
    if not held or len(lent) != bool(room):
        raise ReservationLostError(str(reservation))
    [(own, _, object_id)] = held
    size = own + sum(bytes_ for bytes_, _, _ in lent)
    _settle(session, used=size, reserved=-size)
    session.add(Ledger(id=new_id(), delta=size, cause=cause, object_id=object_id))
    return size


def refund(object_id: UUID, bucket: str, cause: str) -> UUID:
    """Give back what an object was charged, inside the caller's command; returns what to `abandon` once it has committed.

    Its bytes stay held until the object is deleted: room is free when the store has it free. Whoever never comes to
    delete it leaves that to the sweep.
    """
    session = _of_command()
    session.execute(select(Quota.cap).with_for_update())
    charged = select(func.coalesce(func.sum(Ledger.delta), 0)).where(Ledger.object_id == object_id)
    size = int(session.execute(charged).scalar_one())
    if size <= 0:
        raise LookupError("nothing is charged for this object")
    _settle(session, used=-size, reserved=size)
    session.add(Ledger(id=new_id(), delta=-size, cause=cause, object_id=object_id))
    return _hold(session, size, bucket, object_id, RETRY_AFTER)


def prolong(reservation: UUID, life: timedelta) -> None:
    """Let a reservation live so much longer from now on, inside the caller's command; one whose time is over is lost."""
    kept = _of_command().execute(
        update(Reservation)
        .where(Reservation.tenant_id == context.tenant_id(), Reservation.id == reservation)
        .where(Reservation.expires_at >= func.now())
        .values(expires_at=func.now() + life)
        .returning(Reservation.id)
        .execution_options(synchronize_session=False)
    )
    if kept.first() is None:
        raise ReservationLostError(str(reservation))


def _of_command() -> Session:
    session = db.session()
    if not session.info.get("commands"):
        raise RuntimeError("settle a reservation inside the command that keeps the row")
    return session


def mark_of(used: int, cap: int) -> int:
    """Return the highest mark of fullness that is passed, 0 for none; `door.mark` says the same."""
    return next((mark for mark in MARKS if used * 100 >= cap * mark), 0)


def pass_mark() -> int:
    """Inside the command that commits: return a mark that was not announced before, and note that it is now."""
    row = db.session.execute(select(Quota.used, Quota.cap, Quota.told).with_for_update()).one()
    mark = mark_of(row.used, row.cap)
    if mark != row.told:
        db.session.execute(
            update(Quota)
            .where(Quota.tenant_id == context.tenant_id())
            .values(told=mark)
            .execution_options(synchronize_session=False)
        )
    return mark if mark > row.told else 0


def release(reservation: UUID) -> bool:
    """Give held room back; returns False when nothing is held (any more)."""
    with _own_transaction() as session:
        held = _take(session, Reservation.id == reservation)
        for size, _, _ in held:
            _settle(session, reserved=-size)
        return bool(held)


def abandon(reservation: UUID, remove: Remove) -> bool:
    """Delete an object that shall not be kept, then give its room back; a committed one is not touched."""
    return _give_back(Reservation.id == reservation, remove) > 0


def postpone(reservation: UUID) -> bool:
    """Leave an upload that shall not be kept to the sweep: its room stays held, but can be committed no more."""
    return bool(_hold_anew(Reservation.id == reservation))


def release_expired(remove: Remove) -> int:
    """Do the same for whatever the bound tenant's dead uploads left behind; returns for how many."""
    return _give_back(Reservation.expires_at < func.now(), remove)


def release_lost(object_id: UUID, remove: Remove) -> int:
    """Do the same for one dead upload, when its time has passed."""
    return _give_back(and_(Reservation.expires_at < func.now(), Reservation.object_id == object_id), remove)


def _give_back(condition: ColumnElement[bool], remove: Remove) -> int:
    """Hold anew what is to go, and only then delete and free it. A crash in between leaves the new hold, which expires."""
    doomed = _hold_anew(condition)
    for hold, bucket, object_id in doomed:
        remove(bucket, object_id)
        release(hold)
    return len(doomed)


def _hold_anew(condition: ColumnElement[bool]) -> list[tuple[UUID, str, UUID]]:
    """Exchange reservations for short ones, so that no one who knows the old number can commit it any more."""
    with _own_transaction() as session:
        return [
            (_hold(session, size, bucket, object_id, RETRY_AFTER), bucket, object_id)
            for size, bucket, object_id in _take(session, condition)
        ]


def _hold(session: Session, size: int, bucket: str, object_id: UUID, life: timedelta) -> UUID:
    reservation = new_id()
    session.add(
        Reservation(
            id=reservation, bytes=size, bucket=bucket, object_id=object_id, expires_at=func.now() + life
        )
    )
    return reservation


def _take(session: Session, condition: ColumnElement[bool]) -> list[tuple[int, str, UUID]]:
    """Delete reservations; of two who try, one gets them."""
    rows = session.execute(
        delete(Reservation)
        .where(Reservation.tenant_id == context.tenant_id(), condition)
        .returning(Reservation.bytes, Reservation.bucket, Reservation.object_id)
        .execution_options(synchronize_session=False)
    )
    return [(row.bytes, row.bucket, row.object_id) for row in rows]


def _move(session: Session, condition: ColumnElement[bool], *, used: int = 0, reserved: int = 0) -> bool:
    """Change both figures in one statement that waits for its neighbours and looks again."""
    row = session.execute(
        update(Quota)
        .where(Quota.tenant_id == context.tenant_id(), condition)
        .values(used=Quota.used + used, reserved=Quota.reserved + reserved)
        .returning(Quota.used)
        .execution_options(synchronize_session=False)
    ).first()
    return row is not None


def _settle(session: Session, *, used: int = 0, reserved: int = 0) -> None:
    if not _move(session, true(), used=used, reserved=reserved):
        raise LookupError("the tenant has no quota")


@contextmanager
def _own_transaction() -> Iterator[Session]:
    if db.session().info.get("commands"):
        raise RuntimeError("room is reserved and given back outside of commands")
    with transaction() as session:
        if not session.in_transaction():
            session.connection()
        yield session


def _words(octets: int, rounding: str) -> str:
    """Write a size so that what does not fit never reads as if it did: the file rounded up, the rest down."""
    amount, unit = Decimal(octets), 0
    while unit < len(_UNITS) - 1 and amount >= _STEP:
        amount, unit = amount / _STEP, unit + 1
    shown = amount.quantize(Decimal("0.1"), rounding=rounding)
    return f"{format_decimal(shown, '#,##0.#', locale='id')} {_UNITS[unit]}"
