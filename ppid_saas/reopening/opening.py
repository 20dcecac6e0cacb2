"""The ways out: items determined open, opened by a decision or by consent, or opened by law because nobody decided in time.

No file is released by any of them: what becomes public is the fact and the row of the public list.
Source: PP 61/2010 Ps 10, Ps 11; UU 14/2008 Ps 18(2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from ppid_saas.access.errors import InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.cases import queries as case_queries
from ppid_saas.cases.many import close_many
from ppid_saas.cases.service import end_of
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.moving import move
from ppid_saas.determinations.models import Determination
from ppid_saas.determinations.opening import make_opening
from ppid_saas.determinations.rules import Letter
from ppid_saas.documents import service as documents
from ppid_saas.events.service import record
from ppid_saas.publication import service as publication
from ppid_saas.reopening import rules
from ppid_saas.reopening.models import Opened
from ppid_saas.web.formats import said_date
from tenants import clock, context
from tenants.db import db

ONE_DAY = timedelta(days=1)
OPENABLE = ("determined", "published", "reopening", "accepted", "in_test", "at_board", "deferred")
WORDS: Mapping[str, str] = {
    "decided": say("Dibuka dengan penetapan, terbuka sejak %(day)s."),
    "by_law": say("Terbuka demi hukum sejak %(day)s: masa pengecualiannya berakhir."),
    "by_decision": say("Dibuka karena putusan, terbuka sejak %(day)s."),
    "by_consent": say("Dibuka karena persetujuan tertulis, terbuka sejak %(day)s."),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What the leadership says about an opening: the board's opinion, and of each item its row of the public list."""

    opinion: str
    dip: Mapping[UUID, Mapping[str, str]] = field(default_factory=dict)
    at_end: bool = False
    opinion_file: documents.Staged | None = None


@command("reopening.decide")
def determine_open(
    letter: Letter, item_ids: Sequence[UUID], said: Said, signed: documents.Staged | None = None
) -> Determination:
    """Determine items open by one letter: at once, or each on the day after its last closed day.

    Source: PP 61/2010 Ps 10(1); SOP 03/SOP-PPID baris 3 (Ketua PPID, with the board's lembar pertimbangan).
    """
    entries = _named(item_ids)
    dips = _complete(entries, said)
    later = _later(entries, said, letter.dated_on)
    made = make_opening(letter, item_ids, signed, later=later)
    opinion_id = documents.keep(said.opinion_file) if said.opinion_file else None
    basis = say("Penetapan %(number)s", number=made.number)
    for entry in entries:
        opens_on = later.get(entry.item_id, letter.dated_on)
        row = _row(entry, "decided", opens_on, basis, dips[entry.item_id])
        row.determination_id, row.opinion, row.opinion_id = made.id, said.opinion.strip(), opinion_id
        db.session.add(row)
        if entry.item_id in later:
            record(
                "reopening.decided", entry.item_id, {"due_on": opens_on.isoformat()}, reader=entry.sender_id
            )
    db.session.flush()
    _apply([entry for entry in entries if entry.item_id not in later])
    return made


def _later(entries: Sequence[Entry], said: Said, dated_on: date) -> dict[UUID, date]:
    if not said.at_end:
        return {}
    return {e.item_id: e.ends_on + ONE_DAY for e in entries if e.ends_on and e.ends_on >= dated_on}


def _named(item_ids: Sequence[UUID]) -> Sequence[Entry]:
    entries = consolidation.entries(list(item_ids), for_update=True)
    if not entries or len(entries) != len(set(item_ids)):
        raise NotFoundError
    return entries


def _complete(entries: Sequence[Entry], said: Said) -> dict[UUID, dict[str, str]]:
    """Return each item's row of the public list, or say what it lacks.

    Source: Perki 1/2021 (columns of the daftar informasi publik).
    """
    dips = {entry.item_id: rules.dip_from(entry.body, said.dip.get(entry.item_id, {})) for entry in entries}
    found = {
        f"dip.{item_id}.{name}": [say("Isi %(field)s.", field=rules.DIP_FIELDS[name].lower())]
        for item_id, dip in dips.items()
        for name in rules.missing_dip(dip)
    }
    if not said.opinion.strip() and said.opinion_file is None:
        found = {"opinion": [say("Sebutkan nomor lembar pertimbangan, atau unggah berkasnya.")]} | found
    if found:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), found)
    return dips


@dataclass(frozen=True, slots=True)
class Order:
    """A decision or a consent that opens items: its number and date in words, since when, its paper."""

    how: rules.How
    basis: str
    opens_on: date
    paper: documents.Staged | None = None


@command("reopening.decide")
def open_by_order(item_ids: Sequence[UUID], order: Order) -> None:
    """Open items because Komisi Informasi or a court said so, or because the person concerned consented in writing.

    Source: PP 61/2010 Ps 11; UU 14/2008 Ps 18(2).
    """
    found = {}
    if not order.basis.strip():
        found["basis"] = [say("Sebutkan nomor dan tanggal putusan atau persetujuannya.")]
    if order.opens_on > clock.today(actor().zone):
        found["opens_on"] = [say("Tanggal ini belum tiba.")]
    if order.how not in {"by_decision", "by_consent"}:
        found["how"] = [say("Pilih salah satu.")]
    if found:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), found)
    entries = _named(item_ids)
    document_id = documents.keep(order.paper) if order.paper else None
    move([e.item_id for e in entries], rules.STATE_OF[order.how], turn="unit", frm=OPENABLE)
    for entry in entries:
        row = _row(entry, order.how, order.opens_on, order.basis.strip(), rules.dip_from(entry.body, {}))
        row.document_id = document_id
        db.session.add(row)
    db.session.flush()
    _apply(entries)


@command("reopening.work")
def fall_open(item_id: UUID, ended_on: date) -> None:
    """Note what the end of a period did: the item is open, as was determined before or by law. Nobody decides here.

    Source: PP 61/2010 Ps 10(2).
    """
    entry = next(iter(consolidation.entries([item_id], for_update=True)), None)
    if entry is None or entry.state not in OPENABLE:
        close_many(rules.KINDS, [item_id])
        return
    row = db.session.get(Opened, (context.tenant_id(), item_id), populate_existing=True)
    if row is None:
        row = _row(entry, "by_law", ended_on + ONE_DAY, "", {})
        row.decided_by, row.decided_at, row.ended_on = "", end_of(ended_on, actor().zone), ended_on
        db.session.add(row)
        db.session.flush()
    move([item_id], rules.STATE_OF[row.how], turn="unit")
    _apply([entry])


def _row(entry: Entry, how: rules.How, opens_on: date, basis: str, dip: Mapping[str, Any]) -> Opened:
    calendar = case_queries.calendar_for_tenant()
    return Opened(
        item_id=entry.item_id, how=how, opens_on=opens_on, ended_on=entry.ends_on,
        decide_by=rules.decide_by(calendar, entry.ends_on) if entry.ends_on else None, determination_id=None,
        basis=basis, opinion="", document_id=None, opinion_id=None, dip=dict(dip), decided_by=actor().person_name,
        decided_at=clock.now(), applied_at=None,
    )  # fmt: skip


def _apply(entries: Sequence[Entry]) -> None:
    """Let openings take effect: the public list says so on their day, nothing is owed of them any more, units hear."""
    rows = {
        row.item_id: row for e in entries if (row := db.session.get(Opened, (context.tenant_id(), e.item_id)))
    }
    publication.open_items([_told(row) for row in rows.values()])
    close_many(rules.KINDS, list(rows))
    for entry in entries:
        row = rows[entry.item_id]
        row.applied_at = _moment(row)
        data = {"how": row.how, "opens_on": row.opens_on.isoformat()}
        record("reopening.opened", entry.item_id, data, reader=entry.sender_id)


def _told(row: Opened) -> publication.Opening:
    words = say(WORDS[row.how], day=said_date(row.opens_on))
    return publication.Opening(
        row.item_id,
        row.how,
        row.opens_on,
        _moment(row),
        str(words),
        row.basis if row.how != "by_law" else "",
        row.dip,
    )


def _moment(row: Opened) -> datetime:
    """Return when an opening took effect: at the end of the period, at once otherwise."""
    ended = end_of(row.ended_on, actor().zone) if row.ended_on else None
    if ended and (row.how == "by_law" or row.opens_on == row.ended_on + ONE_DAY):  # type: ignore[operator]
        return ended
    return clock.now()


@command("reopening.work")
def complete_dip(item_id: UUID, said: Mapping[str, str]) -> None:
    """Complete the public row of an item that was opened.

    Source: PP 61/2010 Ps 11; Perki 1/2021 (columns of the daftar informasi publik).
    """
    row = db.session.get(Opened, (context.tenant_id(), item_id))
    if row is None:
        raise NotFoundError
    dip = {name: " ".join(said.get(name, "").split()) for name in rules.DIP_FIELDS}
    lacking = {
        name: [say("Isi %(field)s.", field=rules.DIP_FIELDS[name].lower())] for name in rules.missing_dip(dip)
    }
    if lacking:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), lacking)
    row.dip = dip
    publication.describe_opened(item_id, dip)
    record("reopening.described", item_id)
