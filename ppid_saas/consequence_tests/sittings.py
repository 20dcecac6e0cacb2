"""The verbs of a sitting: call it, note who is there, decide item by item, end it with minutes, sign them.

What it decides is written on each item's sheet; items move on when their round is passed on. Two officers may write at
once: whoever is late sees both texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, insert, select

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import counted, say
from ppid_saas.access.verbs import actor, command
from ppid_saas.consequence_tests import queries, service, sitting_queries
from ppid_saas.consequence_tests.models import Sitting, SittingItem, SittingPerson
from ppid_saas.consequence_tests.rules import LEAST_PARTICIPANTS, NO_ITEM, OUTCOMES, sitting_problems
from ppid_saas.documents import service as documents
from ppid_saas.events.service import record
from tenants import clock
from tenants.db import db, new_id

CLOSED = say("Sidang ini sudah ditutup.")
SIGNED = say("Berita acara sudah ditandatangani seseorang; sidang tidak dapat dibuka lagi.")


@dataclass(frozen=True, slots=True)
class Head:
    """When and where a sitting is, and who leads it."""

    title: str
    held_on: date | None
    begins: str
    place: str
    chair: str


@dataclass(frozen=True, slots=True)
class Person:
    """Someone asked to a sitting; `person_id` when she is a member here and can sign by herself."""

    name: str
    position: str
    body: str
    person_id: UUID | None = None


@command("test.write")
def call(head: Head, item_ids: Sequence[UUID], people: Sequence[Person] = ()) -> Sitting:
    """Call a sitting with its agenda.

    Source: SOP 01/SOP-PPID baris 2; Perki 1/2021 Ps 49.
    """
    _refuse(head, item_ids)
    known = {one.line.entry.item_id: one for one in sitting_queries.candidates()}
    if any(item_id not in known for item_id in item_ids):
        raise ConflictError(
            say("Ada butir yang tidak lagi diuji, atau sudah ada di sidang lain. Pilih lagi.")
        )
    made = Sitting(
        id=new_id(), n=sitting_queries.next_number(), title=head.title.strip(), held_on=head.held_on,
        begins=head.begins.strip(), place=head.place.strip(), chair=head.chair.strip(), created_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    rows = [
        {
            "sitting_id": made.id, "item_id": item_id, "round_id": known[item_id].line.sheet.round_id, "position": n,
            "why": [str(one) for one in known[item_id].why], "version": 1,
        }
        for n, item_id in enumerate(dict.fromkeys(item_ids), 1)
    ]  # fmt: skip
    db.session.execute(insert(SittingItem), rows)
    _write_people(made.id, people)
    record("sitting.called", made.id, {"items": len(rows), "due_on": made.held_on.isoformat()})
    return made


def _refuse(head: Head, item_ids: Sequence[UUID]) -> None:
    found = sitting_problems(head.title, head.place, head.held_on)
    if not item_ids:
        found["items"] = [NO_ITEM]
    if found:
        raise InvalidError(service.SUMMARY, found)


def _write_people(sitting_id: UUID, people: Sequence[Person]) -> None:
    rows = [
        {
            "sitting_id": sitting_id, "n": n, "name": one.name, "position": one.position, "body": one.body,
            "person_id": one.person_id, "present": False,
        }
        for n, one in enumerate(people, 1)
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(SittingPerson), rows)


def _locked(sitting_id: UUID) -> Sitting:
    chosen = select(Sitting).where(Sitting.id == sitting_id).with_for_update()
    found = db.session.execute(chosen.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return found


def _open(sitting_id: UUID) -> Sitting:
    found = _locked(sitting_id)
    if found.closed_at is not None:
        raise ConflictError(CLOSED)
    return found


@command("test.write")
def change_people(sitting_id: UUID, people: Sequence[Person]) -> None:
    """Write anew who is asked; whoever was noted as present stays so."""
    _open(sitting_id)
    there = {(one.name, one.position) for one in sitting_queries.people(sitting_id) if one.present}
    db.session.execute(delete(SittingPerson).where(SittingPerson.sitting_id == sitting_id))
    _write_people(sitting_id, people)
    for one in sitting_queries.people(sitting_id):
        one.present = (one.name, one.position) in there


@command("test.write")
def note_present(sitting_id: UUID, numbers: Sequence[int]) -> None:
    """Note who is there."""
    _open(sitting_id)
    for one in sitting_queries.people(sitting_id):
        one.present = one.n in numbers
    record("sitting.attended", sitting_id, {"present": len(numbers)})


@command("test.write")
def decide(
    sitting_id: UUID, item_id: UUID, outcome: str, reason: str, dissent: str, notes: str, version: int
) -> SittingItem:
    """Write what the sitting came to on an item; it stands on the item's sheet at once. Without an outcome only notes are kept.

    Source: Perki 1/2021 Ps 49(2); SOP 01/SOP-PPID baris 2.
    """
    _open(sitting_id)
    row = sitting_queries.agenda_line(sitting_id, item_id).row
    if row.version != version:
        message = say("%(name)s menulis lebih dulu di butir ini.", name=row.decided_by or say("Petugas lain"))
        raise ConflictError(message, {"version": [message]})
    if outcome:
        _write_sheet(sitting_id, row, outcome, reason)
    row.outcome, row.reason, row.dissent, row.notes = outcome, reason.strip(), dissent.strip(), notes.strip()
    row.version, row.decided_by = row.version + 1, actor().person_name
    row.decided_at = clock.now() if outcome else None
    record("sitting.decided", item_id, {"sitting": str(sitting_id), "outcome": outcome})
    return row


def _write_sheet(sitting_id: UUID, row: SittingItem, outcome: str, reason: str) -> None:
    """Whoever is there took part in the test."""
    there = [one for one in sitting_queries.people(sitting_id) if one.present]
    if len(there) < LEAST_PARTICIPANTS:
        message = say("Catat kehadiran paling sedikit dua peserta lebih dahulu.")
        raise InvalidError(message, {"outcome": [message]})
    newest = queries.line(row.round_id, row.item_id).sheet
    said: dict[str, object] = {"participants": [present_words(one) for one in there]}
    if outcome == "partly_open" and not newest.body.get("open_part"):
        said["open_part"] = reason.strip()
    service.write_sheet(row.round_id, row.item_id, said, outcome, reason, newest.version)


def present_words(one: SittingPerson) -> str:
    """Return a participant by position and body, as sheets name them."""
    return ", ".join(part for part in (one.position or one.name, one.body) if part)


@command("test.write")
def close(sitting_id: UUID, minutes_number: str) -> Sitting:
    """End a sitting: every item has its outcome, and its minutes a number.

    Source: SOP 01/SOP-PPID baris 2.
    """
    made = _open(sitting_id)
    left = sum(one.row.outcome not in OUTCOMES for one in sitting_queries.agenda(sitting_id))
    if left:
        raise ConflictError(counted("%(num)s butir belum diputus sidang.", left))
    if not minutes_number.strip():
        message = say("Isi nomor berita acara.")
        raise InvalidError(message, {"minutes_number": [message]})
    made.minutes_number, made.closed_at = minutes_number.strip(), clock.now()
    record("sitting.closed", sitting_id)
    return made


@command("test.write")
def reopen(sitting_id: UUID) -> None:
    """Open a closed sitting again while nobody has signed its minutes."""
    made = _locked(sitting_id)
    if made.closed_at is None:
        return
    if made.minutes_id or any(one.signed_at for one in sitting_queries.people(sitting_id)):
        raise ConflictError(SIGNED)
    made.closed_at = None
    record("sitting.reopened", sitting_id)


@command("sitting.sign")
def sign(sitting_id: UUID) -> None:
    """Sign the minutes as a participant who is signed in here."""
    made = _locked(sitting_id)
    if made.closed_at is None:
        raise ConflictError(say("Berita acara ditandatangani setelah sidang ditutup."))
    mine = [
        one
        for one in sitting_queries.people(sitting_id)
        if one.person_id == actor().person_id and one.present
    ]
    if not mine:
        raise NotFoundError
    if mine[0].signed_at is None:
        mine[0].signed_at = clock.now()
        record("sitting.signed", sitting_id, {"n": mine[0].n})


@command("test.write")
def keep_minutes(sitting_id: UUID, signed: documents.Staged) -> None:
    """Keep the signed scan of the minutes."""
    made = _locked(sitting_id)
    if made.closed_at is None:
        raise ConflictError(say("Tutup sidang lebih dahulu, lalu unggah berita acaranya."))
    made.minutes_id = documents.keep(signed)
    record("sitting.minutes_kept", sitting_id, {"document": str(made.minutes_id)})
