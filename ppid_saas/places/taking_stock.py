"""Take an inventory: begin it, scan places and papers one after the other, end it with lists, mend what they say."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.events.service import record
from ppid_saas.places import queries, rules
from ppid_saas.places.models import Holding, Inventory, Place, Sighting
from ppid_saas.places.service import NO_PLACE, place_papers
from tenants import clock, context
from tenants.db import db, new_id

UNKNOWN = say("Kode %(code)s tidak dikenal di unit ini. Periksa labelnya, lalu pindai lagi.")
PLACE_FIRST = say("Pindai tempatnya dahulu, baru kertas di dalamnya.")
NOTHING_READ = say("Pindai label, atau ketik kodenya.")
OVER = say("Inventaris ini sudah selesai. Mulai yang baru bila perlu.")
NOT_OVER = say("Selesaikan inventaris ini dahulu.")
SHOWN_LETTERS = 40


@dataclass(frozen=True, slots=True)
class Scan:
    """What was scanned: a place to go on from, or a paper and whether it belongs there."""

    place: Place | None = None
    holding: Holding | None = None
    at_home: bool = True


@command("place.write")
def begin(where: str = "") -> Inventory:
    """Begin an inventory of a place with all that lies in it, or of everything."""
    place = queries.place_named(where) if where.strip() else None
    if where.strip() and place is None:
        raise InvalidError(NO_PLACE, {"where": [NO_PLACE]})
    inventory = Inventory(
        id=new_id(), place_id=place.id if place else None, begun_at=clock.now(), begun_by=actor().person_name
    )
    db.session.add(inventory)
    record("inventory.begun", inventory.id, {"place": str(place.id) if place else None})
    return inventory


def _running(inventory_id: UUID) -> Inventory:
    chosen = select(Inventory).where(Inventory.id == inventory_id).with_for_update()
    found = db.session.execute(chosen.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    if found.ended_at is not None:
        raise ConflictError(OVER)
    return found


@command("place.write")
def scan(inventory_id: UUID, read: str, here: UUID | None) -> Scan:
    """Take what was scanned: a place becomes `here`, a paper was seen `here`."""
    _running(inventory_id)
    if not read.strip():
        raise InvalidError(NOTHING_READ, {"code": [NOTHING_READ]})
    place = queries.place_named(read)
    if place is not None:
        return Scan(place=place)
    holding = queries.paper_named(read)
    if holding is None:
        words = say(UNKNOWN, code=read.replace("\x00", "").strip()[:SHOWN_LETTERS])
        raise InvalidError(words, {"code": [words]})
    places = queries.places()
    if here is None or here not in places:
        raise InvalidError(PLACE_FIRST, {"code": [PLACE_FIRST]})
    _see(inventory_id, holding.id, here)
    at_home = here in {place.id for place in rules.line_of(places, holding.place_id)}
    return Scan(holding=holding, at_home=at_home)


def _see(inventory_id: UUID, holding_id: UUID, here: UUID) -> None:
    values = {"place_id": here, "at": clock.now()}
    seen = upsert(Sighting).values(
        tenant_id=context.tenant_id(), inventory_id=inventory_id, holding_id=holding_id, **values
    )
    db.session.execute(seen.on_conflict_do_update(constraint="sighting_pkey", set_=values))


@command("place.write")
def end(inventory_id: UUID) -> Inventory:
    """End an inventory and keep what it found as it stands now."""
    inventory = _running(inventory_id)
    result = rules.frozen(queries.found_by(inventory_id))
    inventory.ended_at, inventory.result = clock.now(), result
    record("inventory.ended", inventory.id, {name: len(rows) for name, rows in result.items()})
    return inventory


@command("place.write")
def settle_astray(inventory_id: UUID) -> tuple[UUID, int]:
    """Write down the papers found elsewhere where they were found; returns what takes it back, and how many went."""
    inventory = queries.inventory(inventory_id)
    if inventory.result is None:
        raise ConflictError(NOT_OVER)
    places = queries.places()
    seen = dict(rules.thawed(inventory.result).astray)
    fit = {h: place for h, place in seen.items() if place in places and rules.may_hold(places[place].kind)}
    return place_papers(fit)
