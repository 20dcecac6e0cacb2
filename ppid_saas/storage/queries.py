"""Read room: a tenant's own, that of a central's units in sizes alone, and the requests between them. Never writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, select, text

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import query
from ppid_saas.accounts import queries as accounts
from ppid_saas.storage.models import RoomAnswer, RoomRequest
from tenants import context, quota
from tenants.db import db
from tenants.models import Quota

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with its answer, if there is one, and the name of the unit that asked."""

    request: RoomRequest
    answer: RoomAnswer | None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """What a central may give: its default for units, the whole it was given, and what it has given out."""

    unit_cap: int | None
    pool: int | None
    given: int


@dataclass(frozen=True, slots=True)
class Attention:
    """How many requests wait for a central, and which units have passed a mark."""

    waiting: int = 0
    nearly_full: Sequence[Row[Any]] = ()


ATTENTION = text("""
    select w.waiting, r.name, r.used, r.cap from
        (select count(*) as waiting from exchange.room_request q where q.reader_id = :me and not exists
            (select from exchange.room_answer a where a.writer_id = q.reader_id and a.reader_id = q.writer_id
                and a.request_id = q.id)) w
        left join (select * from door.rooms() where used * 100 >= cap * 80) r on true
    order by r.used::numeric / greatest(r.cap, 1) desc, r.name
""")


@query("room.ask")
def asked() -> list[Asked]:
    """Return what this unit asked for, newest first."""
    mine = _requests().where(RoomRequest.writer_id == context.tenant_id())
    return [Asked(row[0], row[1]) for row in db.session.execute(mine)]


def _requests() -> Select[RoomRequest, RoomAnswer]:
    same = and_(
        RoomAnswer.writer_id == RoomRequest.reader_id,
        RoomAnswer.reader_id == RoomRequest.writer_id,
        RoomAnswer.request_id == RoomRequest.id,
    )
    joined = select(RoomRequest, RoomAnswer).outerjoin(RoomAnswer, same)
    return joined.order_by(RoomRequest.id.desc()).limit(SHOWN)


@query("room.read")
def rooms() -> Sequence[Row[Any]]:
    """Return the units below this central with what they may store and do store, the fullest first."""
    found = text("select * from door.rooms() order by used::numeric / greatest(cap, 1) desc, name")
    return db.session.execute(found).all()


@query("room.read")
def room(unit_id: UUID) -> Row[Any]:
    """Return one of them."""
    found = next((row for row in rooms() if row.id == unit_id), None)
    if found is None:
        raise NotFoundError
    return found


@query("room.read")
def region(given: Sequence[Row[Any]]) -> Region:
    """Return what this central may give its units, `given` being all of theirs."""
    row = db.session.execute(select(Quota.unit_cap, Quota.pool)).one()
    return Region(row.unit_cap, row.pool, sum(one.cap for one in given))


@query("room.read")
def own() -> quota.Usage:
    """Return the central's own figures."""
    return quota.usage()


@query("room.read")
def waiting() -> list[Asked]:
    """Return the requests that nobody has answered, oldest first."""
    units = accounts.counterparts()
    open_ones = _requests().where(
        RoomRequest.reader_id == context.tenant_id(), RoomAnswer.request_id.is_(None)
    )
    rows = db.session.execute(open_ones.order_by(None).order_by(RoomRequest.id)).all()
    return [Asked(row[0], None, units[row[0].writer_id].name) for row in rows if row[0].writer_id in units]


@query("room.read")
def request(unit_id: UUID, request_id: UUID) -> Asked:
    """Return one request to this central."""
    found = db.session.execute(
        _requests().where(
            RoomRequest.reader_id == context.tenant_id(),
            RoomRequest.writer_id == unit_id,
            RoomRequest.id == request_id,
        )
    ).first()
    units = accounts.counterparts()
    if found is None or unit_id not in units:
        raise NotFoundError
    return Asked(found[0], found[1], units[unit_id].name)


@query("room.read")
def attention() -> Attention:
    """Return what of its units' room a central should look at, in one statement for its first page."""
    rows = db.session.execute(ATTENTION, {"me": context.tenant_id()}).all()
    return Attention(rows[0].waiting, [row for row in rows if row.name is not None])
