"""Record disputes about items: who tries it under which number, an order to test anew, and how it ended.

While one is open nothing of its items is destroyed or determined; its outcome may open them.
Source: PP 61/2010 Ps 11; Perki 1/2021 Ps 49.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command, query
from ppid_saas.cases.dispute_models import Dispute, DisputeItem, DisputeWord
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation.models import Entry
from ppid_saas.documents import service as documents
from ppid_saas.documents.rules import FORUMS
from ppid_saas.events.service import record
from ppid_saas.reopening import opening
from ppid_saas.reopening.opening import OPENABLE, Order
from ppid_saas.reopening.service import RETESTABLE, ask_retest
from tenants import clock, context
from tenants.db import db, new_id

OUTCOMES: Mapping[str, str] = {
    "opened": say("Informasi dibuka"),
    "kept": say("Tetap dikecualikan"),
    "withdrawn": say("Dicabut atau gugur"),
}
CLOSED = say("Sengketa ini sudah dicatat selesai.")


@dataclass(frozen=True, slots=True)
class Filed:
    """A dispute as registered."""

    number: str
    forum: str
    opened_on: date
    note: str = ""


@command("reopening.work")
def register(filed: Filed, item_ids: Sequence[UUID]) -> UUID:
    """Record a dispute about items and tell their units, who from now on destroy nothing that holds them."""
    entries = _of(item_ids)
    _refuse(filed)
    made = Dispute(
        id=new_id(), number=filed.number.strip(), forum=filed.forum, opened_on=filed.opened_on, note=filed.note.strip(),
        retest_on=None, closed_on=None, outcome="", ruling="", document_id=None, noted_by=actor().person_name,
        noted_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError as error:
        message = say("Sengketa bernomor %(number)s sudah dicatat.", number=made.number)
        raise ConflictError(message, {"number": [message]}) from error
    db.session.add_all(DisputeItem(dispute_id=made.id, item_id=entry.item_id) for entry in entries)
    _tell(made, entries, is_open=True)
    record("dispute.opened", made.id, {"items": len(entries), "forum": filed.forum})
    return made.id


def _of(item_ids: Collection[UUID]) -> Sequence[Entry]:
    entries = consolidation.entries(list(item_ids))
    if not item_ids:
        message = say("Pilih dulu butirnya.")
        raise InvalidError(message, {"items": [message]})
    if len(entries) != len(set(item_ids)):
        raise NotFoundError
    return entries


def _refuse(filed: Filed) -> None:
    found = {}
    if not filed.number.strip():
        found["number"] = [say("Tulis nomor registernya.")]
    if filed.forum not in FORUMS:
        found["forum"] = [say("Pilih salah satu.")]
    if filed.opened_on > clock.today(actor().zone):
        found["opened_on"] = [say("Tanggal ini belum tiba.")]
    if found:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), found)


def _tell(dispute: Dispute, entries: Sequence[Entry], *, is_open: bool) -> None:
    for entry in entries:
        db.session.add(
            DisputeWord(
                reader_id=entry.sender_id, dispute_id=dispute.id, item_id=entry.item_id, n=1 if is_open else 2,
                number=dispute.number, forum=dispute.forum, is_open=is_open, at=clock.now(),
            )
        )  # fmt: skip
    kind = "dispute.told" if is_open else "dispute.ended_told"
    for unit in {entry.sender_id for entry in entries}:
        ids = [str(entry.item_id) for entry in entries if entry.sender_id == unit]
        record(kind, dispute.id, {"items": ids, "number": dispute.number}, reader=unit)


@command("reopening.work")
def order_retest(dispute_id: UUID, reason: str) -> None:
    """Follow the order to test the items anew; from now on the dispute no longer keeps them from being determined.

    Source: Perki 1/2021 Ps 49.
    """
    made = _open_one(dispute_id)
    if not reason.strip():
        message = say("Sebutkan putusan sela atau perintahnya.")
        raise InvalidError(message, {"reason": [message]})
    made.retest_on = clock.today(actor().zone)
    ids = [entry.item_id for entry in items(dispute_id) if entry.state in RETESTABLE]
    if ids:
        ask_retest(ids, reason, trigger="dispute")
    record("dispute.retest_ordered", dispute_id, {"items": len(ids)})


@dataclass(frozen=True, slots=True)
class Ruling:
    """How a dispute ended."""

    outcome: str
    closed_on: date
    ruling: str
    paper: documents.Staged | None = None


@command("reopening.decide")
def close(dispute_id: UUID, said: Ruling) -> None:
    """Record how a dispute ended; where it opened the information, its items open by that decision.

    Source: PP 61/2010 Ps 11.
    """
    made = _open_one(dispute_id)
    found = {}
    if said.outcome not in OUTCOMES:
        found["outcome"] = [say("Pilih salah satu.")]
    if not made.opened_on <= said.closed_on <= clock.today(actor().zone):
        found["closed_on"] = [say("Tanggal selesai ada di antara tanggal dicatat dan hari ini.")]
    if not said.ruling.strip():
        found["ruling"] = [say("Sebutkan nomor dan tanggal putusannya.")]
    if found:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), found)
    made.closed_on, made.outcome, made.ruling = said.closed_on, said.outcome, said.ruling.strip()
    made.document_id = documents.keep(said.paper) if said.paper else None
    entries = items(dispute_id)
    _tell(made, entries, is_open=False)
    db.session.flush()
    still = [entry.item_id for entry in entries if entry.state in OPENABLE]
    if said.outcome == "opened" and still:
        opening.open_by_order(still, Order("by_decision", made.ruling, said.closed_on))
    record("dispute.closed", dispute_id, {"outcome": said.outcome, "items": len(entries)})


def _open_one(dispute_id: UUID) -> Dispute:
    found = db.session.get(
        Dispute, (context.tenant_id(), dispute_id), with_for_update=True, populate_existing=True
    )
    if found is None:
        raise NotFoundError
    if found.closed_on is not None:
        raise ConflictError(CLOSED)
    return found


@query("reopening.read")
def listed() -> list[tuple[Dispute, int]]:
    """Return every dispute with how many items it is about; the open ones first, newest first."""
    rows = (
        db.session.execute(
            select(Dispute).order_by(Dispute.closed_on.desc().nulls_first(), Dispute.id.desc())
        )
        .scalars()
        .all()
    )
    about = db.session.execute(select(DisputeItem.dispute_id)).scalars().all()
    return [(row, about.count(row.id)) for row in rows]


@query("reopening.read")
def one(dispute_id: UUID) -> Dispute:
    """Return one dispute."""
    found = db.session.get(Dispute, (context.tenant_id(), dispute_id), populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


@query("reopening.read")
def items(dispute_id: UUID) -> Sequence[Entry]:
    """Return the items a dispute is about."""
    chosen = select(DisputeItem.item_id).where(DisputeItem.dispute_id == dispute_id)
    return consolidation.entries(list(db.session.execute(chosen).scalars()))
