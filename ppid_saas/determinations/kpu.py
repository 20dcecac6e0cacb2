"""KPU's items at a central: they carry KPU RI's own determination, and wait for it; the region tests and decides nothing of theirs.

Where the central is KPU RI itself, it grants here. A KPU office's own round is the business of slice `kpu`.
Source: SOP 74/ORT.06/3604/2022 baris 4; PKPU 22/2023.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import insert, select

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command, query
from ppid_saas.accounts import queries as accounts
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation.models import Entry
from ppid_saas.determinations import service
from ppid_saas.determinations.capping import past_cap
from ppid_saas.determinations.models import Determination, DeterminationItem
from ppid_saas.determinations.rules import Letter
from ppid_saas.events.service import record
from ppid_saas.kpu import queries as kpu
from ppid_saas.kpu.models import KpuGrant
from ppid_saas.kpu.rules import Grant, grant_problems
from ppid_saas.law.periods import Period, last_closed_day
from ppid_saas.submissions import service as submissions
from tenants import clock
from tenants.db import db, new_id

KIND = "kpu"
WAITING = "awaiting_kpu_ri"
POSITION = "Komisi Pemilihan Umum Republik Indonesia"


@dataclass(frozen=True)
class Waiting:
    """Items of one KPU office without KPU RI's act."""

    sender_id: UUID
    sender_name: str
    entries: Sequence[Entry]


@query("entry.read")
def waiting() -> list[Waiting]:
    """Return what waits for KPU RI, office by office."""
    chosen = select(Entry).where(Entry.state == WAITING).order_by(Entry.sender_name, Entry.position)
    found: dict[UUID, list[Entry]] = {}
    for entry in db.session.execute(chosen).scalars():
        found.setdefault(entry.sender_id, []).append(entry)
    return [Waiting(sender_id, entries[0].sender_name, entries) for sender_id, entries in found.items()]


@query("entry.read")
def is_kpu_ri() -> bool:
    """Say whether the bound central is KPU RI, which grants in the system itself."""
    who = actor()
    return who.kind == "central" and who.category == "KPU"


@command("kpu.grant")
def grant(sender_id: UUID, said: Grant) -> int:
    """Grant, as KPU RI, everything of one office that waits; the office is told. Returns how many items."""
    if not is_kpu_ri():
        raise NotFoundError
    submissions.serialise(f"kpu:{sender_id}")
    office = next((one for one in waiting() if one.sender_id == sender_id), None)
    if office is None:
        raise ConflictError(say("Tidak ada butir unit ini yang menunggu persetujuan."))
    problems = grant_problems(said, clock.today(actor().zone))
    if problems:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), problems)
    service.refuse_for(office.entries, past_cap(office.entries, said.dated_on))
    act_id = new_id()
    row = {
        "reader_id": sender_id, "id": act_id, "number": said.number.strip(), "dated_on": said.dated_on,
        "title": office.sender_name, "items": {str(entry.item_id): entry.hash for entry in office.entries},
        "by_name": actor().person_name, "at": clock.now(),
    }  # fmt: skip
    db.session.execute(insert(KpuGrant), [row])
    record("kpu.given", act_id, {"number": said.number.strip()}, reader=sender_id)
    return settle_grants(sender_id)


@command("entry.settle")
def settle_grants(sender_id: UUID) -> int:
    """Put waiting items under KPU RI's determination where a known act names them as they are. Safe to repeat.

    Returns how many were determined now; an item whose period is over already, or longer than its grounds allow, stays.
    """
    if sender_id not in accounts.counterparts():
        raise NotFoundError
    submissions.serialise(f"kpu:{sender_id}")
    done = 0
    for act in kpu.grants_of(sender_id):
        ids = [one.item_id for office in waiting() if office.sender_id == sender_id for one in office.entries]
        entries = consolidation.entries(ids, for_update=True) if ids else []
        named = [one for one in entries if act.items.get(str(one.item_id)) == one.hash]
        ends = {
            one.item_id: last_closed_day(Period.from_dict(one.body.get("period")), act.dated_on)
            for one in named
        }
        today, too_long = clock.today(actor().zone), past_cap(named, act.dated_on)
        closed = [
            one for one in named if (ends[one.item_id] or today) >= today and one.item_id not in too_long
        ]
        if closed:
            _determine(act, closed, ends)
            done += len(closed)
    return done


def _determine(act: KpuGrant, entries: Sequence[Entry], ends: Mapping[UUID, date | None]) -> None:
    letter = Letter(
        number=_number(act), title=f"Persetujuan KPU RI atas {act.title}", signatory="KPU RI", signatory_position=POSITION,
        place="Jakarta", dated_on=act.dated_on,
    )  # fmt: skip
    made = _known(letter.number)
    if made is None:
        made = service.write(letter, entries, service.About(KIND), ends, None)
    else:
        _add(made.id, entries, ends)
    for entry in entries:
        end = ends[entry.item_id]
        entry.state, entry.determination_id, entry.ends_on = "determined", made.id, end
        entry.sort_on, entry.updated_at = end or entry.review_on or date.max, clock.now()
    db.session.flush()
    submissions.tell(entries[0].sender_id, [entry.item_id for entry in entries], "determined", "none")
    record("determination.made", made.id, {"items": len(entries), "dated_on": act.dated_on.isoformat()})


def _number(act: KpuGrant) -> str:
    """One number of KPU RI may cover several offices; the region's own numbers are another series."""
    return f"{act.number} (KPU RI)"


def _known(number: str) -> Determination | None:
    chosen = select(Determination).where(Determination.number == number, Determination.kind == KIND)
    return db.session.execute(chosen).scalar_one_or_none()


def _add(determination_id: UUID, entries: Sequence[Entry], ends: Mapping[UUID, date | None]) -> None:
    rows = [
        {
            "determination_id": determination_id, "item_id": entry.item_id, "body": entry.body, "hash": entry.hash,
            "ends_on": ends[entry.item_id], "earlier_id": entry.determination_id,
        }
        for entry in entries
    ]  # fmt: skip
    known = select(DeterminationItem.item_id).where(DeterminationItem.determination_id == determination_id)
    there = set(db.session.execute(known).scalars())
    fresh = [row for row in rows if row["item_id"] not in there]
    if fresh:
        db.session.execute(insert(DeterminationItem), fresh)
