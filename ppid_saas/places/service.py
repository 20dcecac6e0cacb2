"""Keep the register of places and say which paper lies where. What hurts can be taken back; nothing is forgotten.

Source: SOP 03/SOP-PPID row 4; SOP 74/ORT.06/3604/2022 row 3 (hard copy is kept in a storage place, as archives are).
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import Row, select

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import counted, joined, say
from ppid_saas.access.verbs import actor, command
from ppid_saas.events.service import record
from ppid_saas.notifications.links import short_link
from ppid_saas.places import queries, rules
from ppid_saas.places.models import Holding, Place, Placing
from ppid_saas.register.service import next_numbers
from tenants import clock
from tenants.db import db, new_id

TAKEN = say("Kode %(code)s sudah dipakai. Pilih kode lain.")
NO_PLACE = say("Tempat ini tidak ada. Pindai labelnya, atau ketik kodenya, misalnya A-03-12.")
WRONG_WITHIN = say("%(kind)s tidak dapat diletakkan di sana. Pilih tempat lain.")
NOT_IN_BUILDING = say("Kertas disimpan di ruang atau di dalamnya, bukan langsung di gedung.")
LENT = say("Kertas ini sedang dipinjam. Catat pengembaliannya dahulu.")
STILL_FULL = say("%(code)s belum kosong: di dalamnya masih ada %(contents)s. Pindahkan isinya dahulu.")
NO_ITEM = say("Butir ini tidak ada di daftar. Lihat nomornya di menu Butir.")
NONE_CHOSEN = say("Pilih paling sedikit satu kertas.")
NAMED = 3


@command("place.write")
def add_places(kind: str, within: str, code: str, name: str = "", count: int = 1) -> list[Place]:
    """Add one place, or several of a kind whose codes count on; `within` is the code or label of what they lie in."""
    parent = _parent(kind, within)
    codes = rules.codes_from(code, count)
    _free(codes)
    made = [_place(kind, parent.id if parent else None, one, name) for one in codes]
    for place in made:
        record("place.added", place.id, {"within": str(parent.id) if parent else None})
    return made


def _place(kind: str, parent_id: UUID | None, code: str, name: str) -> Place:
    place_id = new_id()
    place = Place(
        id=place_id, parent_id=parent_id, kind=kind, name=name, code=code, label=_label(f"tempat/{place_id}"),
        created_at=clock.now(),
    )  # fmt: skip
    db.session.add(place)
    db.session.flush()
    return place


def _label(path: str) -> str:
    """Return the last word of the page's short address: it tells nothing and leads nobody but members anywhere."""
    return short_link(path).rpartition("/")[2]


def _parent(kind: str, within: str) -> Place | None:
    parent = _named(within, "within") if within.strip() else None
    if (parent.kind if parent else None) not in rules.WITHIN[kind]:
        words = say(WRONG_WITHIN, kind=say(rules.KINDS[kind]))
        raise InvalidError(words, {"within": [words]})
    return parent


def _named(written: str, field: str) -> Place:
    """Return the place meant and keep it in the register until the command ends."""
    found = queries.place_named(written)
    if found is not None:
        db.session.refresh(found, with_for_update={"read": True})
    if found is None or found.removed_at is not None:
        raise InvalidError(NO_PLACE, {field: [NO_PLACE]})
    return found


def _free(codes: Collection[str], but: UUID | None = None) -> None:
    chosen = select(Place.code).where(Place.code.in_(codes), Place.removed_at.is_(None), Place.id != but)
    taken = db.session.execute(chosen.order_by(Place.code).limit(1)).scalar_one_or_none()
    if taken is not None:
        words = say(TAKEN, code=taken)
        raise InvalidError(words, {"code": [words]})


def _locked(place_id: UUID) -> Place:
    chosen = select(Place).where(Place.id == place_id).with_for_update()
    found = db.session.execute(chosen.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return found


@command("place.write")
def change_place(place_id: UUID, within: str, code: str, name: str = "") -> Place:
    """Rename a place or put it elsewhere; what lies in it goes along. The order of kinds keeps it out of itself."""
    place = _locked(place_id)
    if place.removed_at is not None:
        raise NotFoundError
    parent = _parent(place.kind, within)
    _free([code], but=place.id)
    before = {"code": place.code, "within": str(place.parent_id) if place.parent_id else None}
    place.code, place.name, place.parent_id = code, name, parent.id if parent else None
    after = {"code": code, "within": str(parent.id) if parent else None}
    record("place.changed", place.id, {"before": before, "after": after})
    return place


@command("place.write")
def remove_place(place_id: UUID) -> Place:
    """Take an empty place out of the register; `restore_place` brings it back. A full one says what lies there."""
    place = _locked(place_id)
    if place.removed_at is not None:
        raise NotFoundError
    contents = _contents(place)
    if contents:
        raise ConflictError(say(STILL_FULL, code=place.code, contents=contents))
    place.removed_at = clock.now()
    record("place.removed", place.id)
    return place


def _contents(place: Place) -> str:
    below = sorted(p.code for p in queries.places().values() if p.parent_id == place.id)
    papers = [f"K-{paper.n}" for paper in queries.papers_in([place.id])]
    lies = (
        counted("%(num)s tempat (%(names)s)", len(below), names=_first(below)) if below else "",
        counted("%(num)s kertas (%(names)s)", len(papers), names=_first(papers)) if papers else "",
    )
    return joined(say(" dan "), lies)


def _first(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")


@command("place.write")
def restore_place(place_id: UUID) -> Place:
    """Bring a removed place back where it was; its code must still be free and what it lay in still there."""
    place = _locked(place_id)
    if place.removed_at is None:
        return place
    if place.parent_id is not None and place.parent_id not in queries.places():
        raise ConflictError(NO_PLACE)
    _free([place.code])
    place.removed_at = None
    record("place.restored", place.id)
    return place


@command("place.write")
def add_holding(ref: int, where: str, title: str = "", sheets: int | None = None) -> Holding:
    """Say that a paper of an item lies in a place."""
    item, place, holding_id = _item(ref), _for_papers(where), new_id()
    holding = Holding(
        id=holding_id, n=next_numbers("holding"), item_id=item.id, title=title, sheets=sheets,
        label=_label(f"tempat/kertas/{holding_id}"), place_id=place.id, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(holding)
    db.session.flush()
    _put(holding, place.id)
    record("paper.added", holding.id, {"item": str(item.id), "place": str(place.id)})
    return holding


def _item(ref: int) -> Row[UUID, int, str]:
    try:
        return queries.item_of(ref)
    except NotFoundError:
        raise InvalidError(NO_ITEM, {"ref": [NO_ITEM]}) from None


def _for_papers(where: str) -> Place:
    place = _named(where, "where")
    if not rules.may_hold(place.kind):
        raise InvalidError(NOT_IN_BUILDING, {"where": [NOT_IN_BUILDING]})
    return place


def _put(holding: Holding, place_id: UUID) -> None:
    holding.place_id = place_id
    db.session.add(Placing(holding_id=holding.id, place_id=place_id, at=clock.now(), by=actor().person_name))


def locked_papers(holding_ids: Collection[UUID]) -> dict[UUID, Holding]:
    """Return papers by their ids and keep them as they are until the command ends; removed ones are left out."""
    chosen = select(Holding).where(Holding.id.in_(holding_ids), Holding.removed_at.is_(None))
    locking = chosen.order_by(Holding.id).with_for_update().execution_options(populate_existing=True)
    return {holding.id: holding for holding in db.session.execute(locking).scalars()}


def locked_paper(holding_id: UUID) -> Holding:
    """Return one paper that is kept as it is until the command ends."""
    found = locked_papers([holding_id]).get(holding_id)
    if found is None:
        raise NotFoundError
    return found


@command("place.write")
def change_holding(holding_id: UUID, title: str, sheets: int | None) -> Holding:
    """Write another title or number of sheets on a paper."""
    holding = locked_paper(holding_id)
    holding.title, holding.sheets = title, sheets
    record("paper.changed", holding.id)
    return holding


@command("place.write")
def move_papers(holding_ids: Collection[UUID], where: str) -> tuple[UUID, int]:
    """Put papers into another place; returns what `take_back_move` needs, and how many went."""
    if not holding_ids:
        raise InvalidError(NONE_CHOSEN, {"paper": [NONE_CHOSEN]})
    place = _for_papers(where)
    return place_papers(dict.fromkeys(holding_ids, place.id))


def place_papers(targets: Mapping[UUID, UUID]) -> tuple[UUID, int]:
    """Put each paper into its place, joining the running command; those that are there already stay."""
    found = locked_papers(targets)
    moved = {
        str(holding.id): [str(holding.place_id), str(targets[holding.id])]
        for holding in found.values()
        if holding.place_id != targets[holding.id]
    }
    for holding_id in moved:
        _put(found[UUID(holding_id)], targets[UUID(holding_id)])
    made = new_id()
    record("papers.moved", made, {"papers": moved})
    return made, len(moved)


@command("place.write")
def take_back_move(made: UUID) -> int:
    """Put papers moved together back, but for those moved again since and those whose place is gone; returns how many."""
    moves = queries.moved_together(made)
    if moves is None:
        raise NotFoundError
    live = queries.places()
    found = locked_papers([UUID(holding_id) for holding_id in moves])
    back = {
        holding.id: UUID(moves[str(holding.id)][0])
        for holding in found.values()
        if str(holding.place_id) == moves[str(holding.id)][1]
    }
    return place_papers({holding: place for holding, place in back.items() if place in live})[1]


@command("place.write")
def remove_holding(holding_id: UUID) -> Holding:
    """Take a paper out of the register, as when it was destroyed or handed to the archive; it can be brought back."""
    holding = locked_paper(holding_id)
    if queries.paper(holding_id).loan_id is not None:
        raise ConflictError(LENT)
    holding.removed_at = clock.now()
    record("paper.removed", holding.id)
    return holding


@command("place.write")
def restore_holding(holding_id: UUID) -> Holding:
    """Bring a removed paper back to where it lay, if that place is still there."""
    chosen = select(Holding).where(Holding.id == holding_id).with_for_update()
    found = db.session.execute(chosen).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    if found.removed_at is not None:
        if found.place_id not in queries.places():
            raise ConflictError(NO_PLACE)
        found.removed_at = None
        record("paper.restored", found.id)
    return found
