"""The verbs of room: charge what is kept and tell who must know, set limits, ask for more and answer.

Counting is the ground's (`tenants.quota`); what a file is and who may read it is of no concern here.
"""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as insert_or_skip

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.accounts.provisioning import DEFAULT_CAP
from ppid_saas.events.service import record
from ppid_saas.storage import queries
from ppid_saas.storage.models import RoomAnswer, RoomRequest
from ppid_saas.storage.rules import HOW_TO_WRITE, parse_size
from tenants import clock, quota
from tenants.db import db, new_id
from tenants.models import Quota

LONGEST = 500
NO_POOL = say("Wilayah ini tidak punya ruang sebanyak itu lagi. Minta pengelola sistem menambahnya.")
STORES_MORE = say("Unit ini sudah menyimpan lebih dari itu. Tulis batas yang lebih besar.")
NO_REASON = say("Tulis untuk apa ruang tambahan dipakai, tanpa menyebut judul atau nama berkas.")
TOO_LONG = say("Paling banyak 500 huruf.")
STILL_OPEN = say("Permintaan sebelumnya masih menunggu jawaban PPID Utama.")
ANSWERED = say("Permintaan ini sudah dijawab. Muat ulang halaman.")
REFUSALS = {"pool": NO_POOL, "used": STORES_MORE}


def charge(reservation: UUID, cause: str, room: UUID | None = None) -> int:
    """Charge a stored object inside the command that keeps its row, and tell when a mark of fullness is passed.

    `room` is the reservation that held its room, when its own held nothing.
    """
    size, passed = quota.commit(reservation, cause, room), quota.pass_mark()
    if passed:
        usage = quota.usage()
        data = {"mark": passed, "used": usage.used, "cap": usage.cap}
        record("room.mark", None, data, reader=actor().recipient_id)
    return size


def refund(object_id: UUID, bucket: str, cause: str) -> UUID:
    """Give back what an object takes inside the command that gives it up; marks of fullness can be passed anew."""
    hold = quota.refund(object_id, bucket, cause)
    quota.pass_mark()
    return hold


def size_in(written: str, field: str) -> int:
    """Return a size as written in a form, or raise with how to write one."""
    found = parse_size(written)
    if found is None:
        raise InvalidError(HOW_TO_WRITE, {field: [HOW_TO_WRITE]})
    return found


@command("room.set")
def set_cap(unit_id: UUID, size: int | None) -> None:
    """Set what one unit may store; None lets it follow the region's default again."""
    queries.room(unit_id)
    _refuse(
        db.session.execute(
            text("select door.set_cap(:unit, :bytes, :own)"),
            {"unit": unit_id, "bytes": size or unit_default(), "own": size is not None},
        ).scalar_one(),
        "size",
    )
    record("room.set", unit_id, {"cap": size or unit_default(), "own": size is not None})


@command("room.set")
def set_unit_cap(size: int) -> None:
    """Set what units get that have no limit of their own."""
    _refuse(
        db.session.execute(text("select door.set_unit_cap(:bytes)"), {"bytes": size}).scalar_one(), "default"
    )
    record("room.default_set", None, {"cap": size})


def unit_default() -> int:
    """Return what a unit of the bound central gets by default: the central's word, else the installation's."""
    chosen = db.session.execute(select(Quota.unit_cap)).scalar_one()
    return chosen or DEFAULT_CAP


def _refuse(why: str, field: str) -> None:
    if why:
        raise InvalidError(REFUSALS[why], {field: [REFUSALS[why]]})


@command("room.ask")
def ask(written: str, reason: str) -> UUID:
    """Ask the central for so much more room; one request at a time."""
    size, why = size_in(written, "size"), reason.strip()
    if not why or len(why) > LONGEST:
        message = TOO_LONG if why else NO_REASON
        raise InvalidError(message, {"reason": [message]})
    central = actor().recipient_id
    if central is None:
        raise ConflictError(NO_POOL)
    db.session.execute(select(Quota.cap).with_for_update())
    if any(one.answer is None for one in queries.asked()):
        raise ConflictError(STILL_OPEN)
    usage = quota.usage()
    made = RoomRequest(
        id=new_id(), reader_id=central, bytes=size, reason=why, cap=usage.cap, used=usage.used,
        asked_by=actor().person_name, asked_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    record("room.asked", made.id, {"bytes": size}, reader=central)
    return made.id


@command("room.set")
def answer(unit_id: UUID, request_id: UUID, granted: int, note: str) -> None:
    """Grant a unit so many bytes on top of what it has, or nothing with a note that says why not."""
    said = note.strip()
    queries.request(unit_id, request_id)
    if len(said) > LONGEST or (not granted and not said):
        message = TOO_LONG if said else say("Tulis alasannya, agar unit tahu apa yang dapat dilakukan.")
        raise InvalidError(message, {"note": [message]})
    made = insert_or_skip(RoomAnswer).values(
        reader_id=unit_id, writer_id=actor().tenant_id, request_id=request_id, granted=granted, note=said,
        answered_by=actor().person_name, answered_at=clock.now(),
    )  # fmt: skip
    if db.session.execute(made.on_conflict_do_nothing().returning(RoomAnswer.request_id)).first() is None:
        raise ConflictError(ANSWERED)
    if granted:
        set_cap(unit_id, int(queries.room(unit_id).cap) + granted)
    record("room.answered", request_id, {"granted": granted}, reader=unit_id)
