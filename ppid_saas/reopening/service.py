"""What happens as an exemption nears its end: duties planned, notices given and acknowledged, items reviewed or tested anew.

Opening itself is in `opening`. A timer says what time has done; it decides nothing and publishes no file.
Source: PP 61/2010 Ps 10; SOP 03/SOP-PPID baris 3.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.cases import queries as case_queries
from ppid_saas.cases import service as cases
from ppid_saas.cases.many import REPLACED, close_many, owe_many
from ppid_saas.cases.models import Obligation
from ppid_saas.cases.rules import Due
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation.moving import move
from ppid_saas.determinations import queries as determinations
from ppid_saas.determinations.models import DeterminationItem
from ppid_saas.determinations.opening import OPENING
from ppid_saas.events.service import record
from ppid_saas.law.periods import Period
from ppid_saas.reopening import rules
from ppid_saas.reopening.models import ReopeningNote
from tenants import clock
from tenants.db import db

NO_SUCH_NOTICE = say("Pemberitahuan ini sudah ditanggapi. Muat ulang halaman.")
RETESTABLE = ("published", "reopening", "determined")


@command("reopening.work")
def plan(determination_id: UUID) -> int:
    """Owe what follows from the periods a determination set; what was owed of the same items before is replaced.

    Source: PP 61/2010 Ps 10; SOP 03/SOP-PPID baris 2, 3.
    """
    made = determinations.determination(determination_id)
    if made.kind == OPENING:
        return 0
    calendar, today = case_queries.calendar_for_tenant(), clock.today(actor().zone)
    chosen = select(DeterminationItem).where(DeterminationItem.determination_id == determination_id)
    rows = db.session.execute(chosen).scalars().all()
    close_many(rules.KINDS, [row.item_id for row in rows], REPLACED)
    owed: list[Due] = []
    for row in rows:
        days = (row.ends_on, Period.from_dict(row.body.get("period")).review_on)
        owed += rules.due_of(calendar, row.item_id, days, made.dated_on, today)
    owe_many(owed, made.dated_on)
    return len(owed)


@command("reopening.work")
def give_notice(item_id: UUID, kind: str, due_on: date) -> None:
    """Say that an item's end or review comes near; who works on it acknowledges. A published one is now `reopening`."""
    entry = next(iter(consolidation.entries([item_id], for_update=True)), None)
    if entry is None or entry.state not in rules.CLOSED:
        return
    ends_on = entry.ends_on
    decide_by = rules.decide_by(case_queries.calendar_for_tenant(), ends_on) if ends_on else None
    if entry.state == "published":
        move([item_id], "reopening", turn="central", due_on=decide_by)
    data = {
        "kind": kind, "due_on": due_on.isoformat(), "ends_on": ends_on and ends_on.isoformat(),
        "decide_by": decide_by and decide_by.isoformat(),
    }  # fmt: skip
    record("reopening.noticed", item_id, data, reader=entry.sender_id)


@command("reopening.work")
def acknowledge(duty_ids: Collection[UUID]) -> int:
    """Note that the acting person has seen notices that were given; each is acknowledged once."""
    chosen = (
        select(Obligation)
        .where(
            Obligation.id.in_(duty_ids), Obligation.kind.in_(rules.REMINDERS), Obligation.state == "lapsed"
        )
        .where(Obligation.settled_at.is_(None))
        .with_for_update()
    )
    seen = db.session.execute(chosen).scalars().all()
    if not seen:
        raise ConflictError(NO_SUCH_NOTICE)
    for duty in seen:
        cases.settle(duty)
        record("reopening.acknowledged", duty.subject, {"obligation": str(duty.id), "kind": duty.kind})
    return len(seen)


@command("reopening.work")
def ask_retest(item_ids: Collection[UUID], reason: str, trigger: str = "period") -> None:
    """Have items tested anew for a further period; until a new determination their end stays what it is.

    Source: UU 14/2008 Ps 19; an extension is a new test and a new determination.
    """
    why = reason.strip()
    if not why:
        message = say("Tulis mengapa butir ini perlu diuji ulang.")
        raise InvalidError(message, {"reason": [message]})
    moved = move(item_ids, "accepted", turn="central", frm=RETESTABLE)
    by_unit: defaultdict[UUID, list[str]] = defaultdict(list)
    for entry in moved:
        by_unit[entry.sender_id].append(str(entry.item_id))
        record("reopening.retest_asked", entry.item_id, {"trigger": trigger, "reason": why})
    for unit_id, items in by_unit.items():
        record("reopening.retest_told", None, {"items": items}, reader=unit_id)


@command("reopening.work")
def review_again(item_id: UUID, next_on: date, reason: str) -> None:
    """Keep an item without a computable end closed after looking at it again, until another day of review.

    Source: UU 14/2008 Ps 20; SOP 03/SOP-PPID baris 2.
    """
    today, why = clock.today(actor().zone), reason.strip()
    found = {}
    if next_on <= today:
        found["next_on"] = [say("Tanggal tinjau berikutnya harus sesudah hari ini.")]
    if not why:
        found["reason"] = [say("Tulis mengapa informasi ini masih dikecualikan.")]
    if found:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), found)
    entry = consolidation.entry(item_id)
    if entry.ends_on is not None or entry.state not in rules.CLOSED:
        raise NotFoundError
    close_many([rules.REVIEW], [item_id])
    owe_many([Due(rules.REVIEW, item_id, next_on, 0, rules.SOURCE, reminds=True)], today)
    entry.review_on = entry.sort_on = next_on
    if entry.state == "reopening":
        move([item_id], "published", turn="none")
    record("reopening.reviewed", item_id, {"next_on": next_on.isoformat(), "reason": why})


@dataclass(frozen=True, slots=True)
class Noted:
    """What an officer notes of an item: how many asked for it, whether it matters to many."""

    requests: int
    matters: bool
    note: str


@command("reopening.work")
def note(item_id: UUID, said: Noted) -> None:
    """Note what moves an item up among those of the same day."""
    consolidation.entry(item_id)
    values = {"requests": said.requests, "matters": said.matters, "note": said.note.strip()}
    written = insert_or_update(ReopeningNote).values(item_id=item_id, **values)
    db.session.execute(written.on_conflict_do_update(index_elements=["tenant_id", "item_id"], set_=values))
    record("reopening.noted", item_id, {"requests": said.requests, "matters": said.matters})
