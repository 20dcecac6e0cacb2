"""The verbs around handing in: open a collection, remind, send; and the central's answers, written for the unit.

Rows of plane exchange are only added. What the central makes of an item is the business of `consolidation`.
"""

from collections.abc import Collection as Many
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_or_skip

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.policy import may
from ppid_saas.access.sayings import counted, say
from ppid_saas.access.verbs import actor, command
from ppid_saas.accounts import queries as accounts
from ppid_saas.cases import queries as case_queries
from ppid_saas.cases import service as cases
from ppid_saas.cases.rules import day_of
from ppid_saas.documents.rules import purpose_of
from ppid_saas.events.models import Event
from ppid_saas.events.service import record
from ppid_saas.register.rules import LABELS
from ppid_saas.register.service import mark_submitted
from ppid_saas.submissions import keys as keys_along
from ppid_saas.submissions.models import Collection, Decision, Submission, SubmissionFile, SubmissionItem
from ppid_saas.submissions.prepared import Confirmation, Enclosure
from ppid_saas.submissions.queries import central, preparing, unit
from ppid_saas.submissions.queries.unit import BEGUN
from ppid_saas.submissions.rules import OWING, REPAIR_DAYS, VERDICTS, number_of, submission_hash
from ppid_saas.workdays.counting import add_working_days
from tenants import clock, context
from tenants.db import db, new_id

SUBMISSION_DUE = "submission.due"
REVIEW_DUE = "review.due"
COLLECTION_DUE = "collection.due"
WITHDRAWN = say("Unit sudah menarik kembali pengajuan ini. Tunggu pengajuan barunya.")


@dataclass(frozen=True)
class Verdict:
    """The central's answer to one item; a returned one needs a note, and may name the field it is about."""

    item_id: UUID
    verdict: str
    note: str = ""
    field: str = ""


def serialise(subject: UUID | str) -> None:
    """Let the verbs about one subject run one after another until the transaction ends."""
    _lock(f"{context.tenant_id()}:{subject}")


def serialise_both(submission_id: UUID) -> None:
    """Let what unit and central do with one submission run one after another: it is withdrawn or begun, never both."""
    _lock(f"both:{submission_id}")


def _lock(key: str) -> None:
    db.session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 7433))"), {"key": key})


@command("collection.open")
def open_collection(title: str, opens_on: date, due_on: date) -> UUID:
    """Open a window for every unit that sends here, with its case and its deadline. Returns its id.

    Source: Perki 1/2021 Ps 49; SOP 03/SOP-PPID baris 1.
    """
    if due_on < opens_on:
        message = say("Batas pengumpulan lebih awal daripada tanggal dibuka.")
        raise InvalidError(message, {"due_on": [message]})
    units = accounts.units_that_send()
    collection_id = new_id()
    case = cases.open_case("documenting", "collection", collection_id)
    row = {
        "id": collection_id, "title": title, "opens_on": opens_on, "due_on": due_on, "sop": case.sop,
        "sop_version": case.sop_version, "created_at": clock.now(),
    }  # fmt: skip
    db.session.execute(insert(Collection), [{**row, "reader_id": asked.id} for asked in units])
    source = f"{case_queries.sop_of(case).number}, {title}"
    cases.owe_until(COLLECTION_DUE, collection_id, due_on, source, opens_on, case.id)
    for asked in units:
        record("collection.opened", collection_id, _told(due_on), reader=asked.id)
    return collection_id


def _told(due_on: date) -> dict[str, Any]:
    """Return what a unit is told of a window: its last day, and the testing SOP its central walks by."""
    return {"due_on": due_on.isoformat(), "testing": actor().settings.get("sop", {}).get("testing")}


@command("collection.open")
def ask_in_open_windows(unit_id: UUID) -> None:
    """Ask one more unit in every window that has not ended; a unit asked before is not asked again."""
    today = clock.today(actor().zone)
    for window in central.opened():
        if window.due_on < today or unit_id in central.asked(window.id):
            continue
        row = {
            name: getattr(window, name)
            for name in ("id", "title", "opens_on", "due_on", "sop", "sop_version")
        }
        db.session.execute(insert(Collection), [{**row, "created_at": clock.now(), "reader_id": unit_id}])
        record("collection.opened", window.id, _told(window.due_on), reader=unit_id)


@command("collection.open")
def take_step(collection_id: UUID, action: str) -> str:
    """Take a step of the collection's case; returns its new state. Closing settles the central's own deadline."""
    central.opened_one(collection_id)
    case = case_queries.case_of("collection", collection_id)
    if case is None:
        raise NotFoundError
    before = case.state
    cases.advance(case, action)
    if before == case_queries.sop_of(case).initial:
        cases.settle_all(COLLECTION_DUE, collection_id)
    return case.state


@command("collection.remind")
def remind(collection_id: UUID, slugs: Many[str]) -> list[str]:
    """Remind units that still owe something, each once a day at most; returns the names of those reminded now."""
    serialise(collection_id)
    window = central.opened_one(collection_id)
    today, zone = clock.today(actor().zone), actor().zone
    names = []
    for row in central.board(collection_id):
        reminded = row.reminded_at is not None and day_of(row.reminded_at, zone) == today
        if row.unit.slug in slugs and row.standing in OWING and not reminded:
            said = {"standing": row.standing, "title": window.title, "due_on": window.due_on.isoformat()}
            record("collection.reminded", collection_id, said, reader=row.unit.id)
            names.append(row.unit.name)
    return names


@command("collection.remind")
def note_message(collection_id: UUID, slug: str) -> None:
    """Note that a unit was written to by hand on WhatsApp; nothing goes out."""
    found = next((row for row in central.board(collection_id) if row.unit.slug == slug), None)
    if found is None:
        raise NotFoundError
    record("collection.messaged", collection_id, {"channel": "whatsapp"}, reader=found.unit.id)


@command("submission.send")
def send(collection_id: UUID, round_: int, *, declared: bool) -> Submission:
    """Hand in round `round_`, frozen. A round already handed in is returned as it is: a double click sends once.

    Source: UU 14/2008 Ps 19; SOP 03/SOP-PPID baris 1.
    """
    serialise("submission")
    for earlier in unit.submissions(collection_id):
        if earlier.submission.round == round_:
            return earlier.submission
    handing = unit.handing(collection_id, for_update=True)
    refuse_unfit(handing, round_, declared=declared)
    confirmed_by = _confirmation()
    made = _freeze(handing, confirmed_by)
    _close_request(made, confirmed_by)
    mark_submitted([item.id for item in handing.items if item.state != "submitted"])
    cases.settle_all(SUBMISSION_DUE, collection_id)
    data = {"collection": str(collection_id), "round": made.round, "items": made.item_count}
    record("submission.sent", made.id, data, reader=made.reader_id)
    return made


def _confirmation() -> str:
    """Return who confirmed, when this unit asks its head; an officer alone cannot send then."""
    who = actor()
    if not preparing.needs_head():
        return ""
    if not may(who.roles, "submission.confirm"):
        raise ConflictError("Unit ini mengirim setelah dikonfirmasi pimpinannya. Minta konfirmasinya dulu.")
    return who.person_name


def _close_request(made: Submission, confirmed_by: str) -> None:
    """End the request that waited for the head: she confirmed, or it is no longer asked of her."""
    ended = {"answer": "confirmed" if confirmed_by else "cancelled", "answered_by": actor().person_name}
    waiting = update(Confirmation).where(
        Confirmation.collection_id == made.collection_id, Confirmation.answer.is_(None)
    )
    db.session.execute(waiting.values(answered_at=made.submitted_at, **ended))


def refuse_unfit(handing: unit.Handing, round_: int, *, declared: bool) -> None:
    """Raise unless this round may be handed in now, as it is, by someone who stands by it."""
    if handing.collection.opens_on > clock.today(actor().zone):
        raise ConflictError("Masa pengumpulan ini belum dibuka.")
    if handing.waiting is not None:
        number = handing.waiting.number
        raise ConflictError(
            say("Pengajuan %(number)s masih diperiksa PPID Utama. Tunggu sampai selesai.", number=number)
        )
    if handing.round != round_ or not handing.has_something:
        raise ConflictError(
            "Tidak ada yang perlu dikirim, atau pengajuan ini sudah berubah. Muat ulang halaman."
        )
    if handing.blocks:
        fields: dict[str, list[str]] = {}
        for problem in handing.blocks:
            fields.setdefault(f"butir {problem.ref}", []).append(problem.message)
        raise InvalidError(counted("%(num)s butir perlu diperbaiki sebelum dikirim.", len(fields)), fields)
    if not declared:
        message = say("Centang pernyataan sebelum mengirim.")
        raise InvalidError(message, {"declared": [message]})


def _freeze(handing: unit.Handing, confirmed_by: str) -> Submission:
    who, reader, at = actor(), unit.recipient(), clock.now()
    earlier, files = len(unit.submissions()), preparing.enclosed(handing.collection.id)
    made = Submission(
        id=new_id(), reader_id=reader, number=number_of(clock.today(who.zone).year, earlier),
        collection_id=handing.collection.id, round=handing.round, is_nil=handing.is_nil,
        item_count=len(handing.items), hash=submission_hash(handing.hashes), sender_name=who.name,
        submitted_by=preparing.asked_by(handing.collection.id, handing.round) or who.person_name, submitted_at=at,
        is_whole=handing.is_whole, file_count=len(files), confirmed_by=confirmed_by,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    rows = [
        {
            "reader_id": reader, "submission_id": made.id, "item_id": item.id, "position": n,
            "version": item.version, "body": item.body, "hash": mark,
        }
        for n, (item, mark) in enumerate(zip(handing.items, handing.hashes, strict=True), 1)
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(SubmissionItem), rows)
    _freeze_files(made, files)
    return made


def _freeze_files(made: Submission, files: Sequence[preparing.Enclosed]) -> None:
    """Name the files that go along, each with its key for the reader; the objects stay the sender's and are his to pay."""
    if not files:
        return
    keys = [keys_along.key_for(made.reader_id, file) for file in files]
    rows = [
        {
            "reader_id": made.reader_id, "submission_id": made.id, "n": n, "kind": file.kind, "name": file.name,
            "media_type": file.media_type, "object_id": file.object_id, "purpose": purpose_of(file.document_id, 1),
            "size": file.size, "sha_plain": file.sha_plain, "sha_cipher": file.sha_cipher,
            "key_reader": key, "key_reader_n": key_n,
        }
        for n, (file, (key, key_n)) in enumerate(zip(files, keys, strict=True), 1)
    ]  # fmt: skip
    db.session.execute(insert(SubmissionFile), rows)
    named = Enclosure.document_id.in_([file.document_id for file in files])
    db.session.execute(update(Enclosure).where(named).values(submission_id=made.id))


@command("review.decide")
def answer(submission: Submission, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Write the central's answers for the unit; an item answered before keeps its answer. Returns the new ones."""
    _refuse_unknown(submission, verdicts)
    serialise_both(submission.id)
    refuse_withdrawn(submission.id)
    who, at = actor().person_name, clock.now()
    rows = [
        {
            "id": new_id(), "reader_id": submission.writer_id, "submission_id": submission.id,
            "item_id": given.item_id, "verdict": given.verdict, "note": given.note.strip(), "decided_by": who,
            "decided_at": at, "field": given.field if given.verdict == "returned" else "",
        }
        for given in verdicts
    ]  # fmt: skip
    statement = insert_or_skip(Decision).on_conflict_do_nothing().returning(Decision.item_id)
    written = set(db.session.execute(statement, rows).scalars()) if rows else set()
    fresh = [given for given in verdicts if given.item_id in written]
    if fresh:
        data = {v: [str(f.item_id) for f in fresh if f.verdict == v] for v in VERDICTS}
        record("review.decided", submission.id, data, reader=submission.writer_id)
    return fresh


def refuse_withdrawn(submission_id: UUID) -> None:
    """Raise when the unit took the submission back; asked under the lock that withdrawing takes too."""
    if central.one(submission_id).withdrawal:
        raise ConflictError(WITHDRAWN)


@command("review.decide")
def begin(submission: Submission) -> None:
    """Say that someone began to review: from now on the unit cannot withdraw. Saying it again changes nothing."""
    serialise_both(submission.id)
    refuse_withdrawn(submission.id)
    told = select(Event.id).where(Event.kind == BEGUN, Event.subject == submission.id)
    if db.session.execute(told).first() is None:
        record(BEGUN, submission.id, reader=submission.writer_id)


def _refuse_unknown(submission: Submission, verdicts: Sequence[Verdict]) -> None:
    known = {item.item_id for item in central.items_of(submission)}
    if any(given.item_id not in known for given in verdicts):
        raise NotFoundError
    refuse_unfit_verdicts(verdicts)


def refuse_unfit_verdicts(verdicts: Sequence[Verdict]) -> None:
    """Raise unless each verdict is one of ours, and each returned item says why."""
    for given in verdicts:
        if given.field and given.field not in LABELS:
            raise InvalidError("Bagian tidak dikenal.", {"field": [say("Pilih salah satu bagian butir.")]})
        if given.verdict not in VERDICTS:
            raise InvalidError(
                "Putusan tidak dikenal.", {"verdict": [say("Pilih diterima atau dikembalikan.")]}
            )
        if given.verdict == "returned" and not given.note.strip():
            message = say("Tulis apa yang perlu diperbaiki unit.")
            raise InvalidError(message, {"note": [message]})


@command("review.decide")
def finish(submission: Submission) -> bool:
    """Close the review of a submission once every item has its answer; returns False when it was closed before."""
    serialise(submission.id)
    serialise_both(submission.id)
    row = central.one(submission.id)
    if row.withdrawal:
        raise ConflictError(WITHDRAWN)
    if row.finished:
        return False
    left = submission.item_count - row.decided
    if left:
        raise ConflictError(counted("%(num)s butir belum diperiksa.", left))
    cases.settle_all(REVIEW_DUE, submission.id)
    told = {"returned": row.returned, "number": submission.number}
    record("review.finished", submission.id, told, reader=submission.writer_id)
    return True


def repair_day(collection_due: date) -> date:
    """Return until when returned items may come back: the collection's own end, five working days at least."""
    days = int(actor().settings.get("limits", {}).get("repair", REPAIR_DAYS))
    today = clock.today(actor().zone)
    return max(collection_due, add_working_days(case_queries.calendar_for_tenant(), today, days))


def tell(reader: UUID, item_ids: Many[UUID], state: str, turn: str, due_on: date | None = None) -> None:
    """Append a unit's next status row for each item; joins a running command of the central."""
    db.session.execute(
        text(
            "insert into exchange.status (writer_id, reader_id, item_id, n, state, turn, due_on, at)"
            " select :me, :reader, i.id, coalesce((select max(s.n) from exchange.status s where s.writer_id = :me"
            " and s.reader_id = :reader and s.item_id = i.id), 0) + 1, :state, :turn, cast(:due_on as date), :at"
            " from unnest(cast(:ids as uuid[])) as i (id)"
        ),
        {
            "me": context.tenant_id(), "reader": reader, "ids": list(item_ids), "state": state, "turn": turn,
            "due_on": due_on, "at": clock.now(),
        },
    )  # fmt: skip
