"""From draft to number: prepare a decision, send it to the superior, take the answer, and record it as signed.

A superior approves what she has read: whatever changed since has another mark and must be read again. Nothing is
determined here before it has a number and a day.
"""

from collections.abc import Collection as Many
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Update, delete, insert, select, update

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.cases import service as cases
from ppid_saas.consequence_tests import queries as tests
from ppid_saas.consequence_tests.following import follow
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.moving import move, refuse_astray
from ppid_saas.consolidation.rules import DETERMINABLE
from ppid_saas.determinations import draft_queries as queries
from ppid_saas.determinations import service
from ppid_saas.determinations.models import Determination, DeterminationDraft, DraftItem
from ppid_saas.determinations.rules import ASKED, DRAFT_STATES, DRAFTED, EDITABLE, Letter
from ppid_saas.events.service import record
from tenants import clock
from tenants.db import db, new_id

CHANGED = say("Draf ini berubah sejak Anda membukanya. Baca sekali lagi, lalu jawab.")
NO_NOTE = say("Tulis apa yang perlu diperbaiki.")
NOTHING = say("Belum ada butir diterima yang dapat ditetapkan.")
WAITING = "awaiting_superior"


@dataclass(frozen=True, slots=True)
class Head:
    """What a draft says before it has a number and a day."""

    title: str
    signatory: str
    signatory_position: str
    place: str
    kind: str = "exemption"
    tests: str = ""


@command("determination.make")
def prepare(head: Head, item_ids: Sequence[UUID] | None = None) -> DeterminationDraft:
    """Begin a draft over the named entries, or over every one that can be determined.

    Source: SOP 01/SOP-PPID baris 4.
    """
    ids = (
        [entry.item_id for entry in consolidation.accepted_entries()] if item_ids is None else list(item_ids)
    )
    chosen = consolidation.entries(ids, for_update=True)
    if len(chosen) != len(set(ids)):
        raise NotFoundError
    if not chosen:
        raise ConflictError(NOTHING)
    who = actor()
    made = DeterminationDraft(
        id=new_id(), state="draft", created_at=clock.now(), created_by=who.person_id, created_by_name=who.person_name,
        **_tidied(head),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    rows = [{"draft_id": made.id, "item_id": entry.item_id, "was": entry.state} for entry in chosen]
    db.session.execute(insert(DraftItem), rows)
    due_on = _owe_row_4(made.id, ids)
    record("determination.drafted", made.id, {"items": len(chosen), "due_on": due_on.isoformat()})
    return made


def _owe_row_4(draft_id: UUID, item_ids: Many[UUID]) -> date:
    """Return until when the letter is to be drafted: the day of the round that tested its items, else one of its own.

    Source: SOP 01/SOP-PPID baris 4.
    """
    owed = tests.letter_duty(item_ids)
    return owed.due_on if owed else service.owe("determination.draft", draft_id)


def _tidied(head: Head) -> dict[str, str]:
    if head.kind not in DRAFTED:
        raise NotFoundError
    said = {name: " ".join(str(value).split()) for name, value in asdict(head).items()}
    missing = {name: [ASKED[name]] for name in ASKED if name in said and not said[name]}
    if missing:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), missing)
    return said


@command("determination.make")
def change(draft_id: UUID, head: Head, leave: Many[UUID] = ()) -> None:
    """Write a draft's head anew and leave items out; what the superior had opened must be read again."""
    draft = _locked(draft_id, EDITABLE)
    for name, value in _tidied(head).items():
        setattr(draft, name, value)
    if leave:
        _leave_out(draft, leave)
    record("determination.draft_changed", draft.id, {"left": len(leave)})


def _leave_out(draft: DeterminationDraft, leave: Many[UUID]) -> None:
    if draft.state == WAITING:
        _give_back(draft, only=leave)
    chosen = delete(DraftItem).where(DraftItem.draft_id == draft.id, DraftItem.item_id.in_(leave))
    db.session.execute(chosen)
    if not queries.item_ids(draft.id):
        raise ConflictError(say("Draf tanpa butir tidak dapat disimpan. Batalkan drafnya."))


@command("determination.make")
def send(draft_id: UUID) -> None:
    """Send a draft to the superior; its items wait with it.

    Source: PP 61/2010 Ps 3(2); SOP 01/SOP-PPID baris 5.
    """
    draft = _locked(draft_id, ("draft", "returned"))
    ids = queries.item_ids(draft.id)
    chosen = consolidation.entries(ids, for_update=True)
    service.refuse_unfit(chosen, clock.today(actor().zone))
    for entry in chosen:
        db.session.execute(_item(draft, entry.item_id).values(was=entry.state))
    cases.settle_all("determination.draft", draft.id)
    due_on = service.owe("determination.approval", draft.id)
    move(ids, WAITING, turn="superior", due_on=due_on, frm=DETERMINABLE)
    draft.state, draft.sent_at, draft.sent_by_name, draft.due_on = (
        WAITING,
        clock.now(),
        actor().person_name,
        due_on,
    )
    draft.note, draft.answered_at, draft.answered_by_name = "", None, ""
    follow(ids, "draft_letter")
    record("determination.sent", draft.id, {"items": len(ids), "due_on": due_on.isoformat()})


def _item(draft: DeterminationDraft, item_id: UUID) -> Update:
    return update(DraftItem).where(DraftItem.draft_id == draft.id, DraftItem.item_id == item_id)


@command("determination.approve")
def approve(draft_id: UUID, mark: str) -> None:
    """Approve what `mark` was made of; whatever changed since must be read again.

    Source: PP 61/2010 Ps 3(2); SOP 01/SOP-PPID baris 5.
    """
    draft = _answered(draft_id)
    ids = queries.item_ids(draft.id)
    chosen = consolidation.entries(ids, for_update=True)
    if mark != queries.mark(draft) or any(entry.state != WAITING for entry in chosen):
        raise ConflictError(CHANGED)
    draft.state, draft.mark = "approved", mark
    move(ids, WAITING, turn="central", frm=(WAITING,))
    record("determination.approved", draft.id, {"items": len(ids)})


@command("determination.approve")
def send_back(draft_id: UUID, note: str) -> None:
    """Send a draft back with what is to be mended; its items can be determined again."""
    if not note.strip():
        raise InvalidError(NO_NOTE, {"note": [NO_NOTE]})
    draft = _answered(draft_id)
    draft.state, draft.note = "returned", note.strip()
    _give_back(draft)
    due_on = _owe_row_4(draft.id, queries.item_ids(draft.id))
    record("determination.returned", draft.id, {"due_on": due_on.isoformat()})


def _answered(draft_id: UUID) -> DeterminationDraft:
    draft = _locked(draft_id, (WAITING,))
    draft.answered_at, draft.answered_by_name = clock.now(), actor().person_name
    cases.settle_all("determination.approval", draft.id)
    return draft


def _give_back(draft: DeterminationDraft, only: Many[UUID] | None = None) -> None:
    """Put the draft's items back where they came from; what moved on meanwhile stays where it is."""
    for state in DETERMINABLE:
        ids = [one for one in queries.items_that_were(draft.id, state) if only is None or one in only]
        waiting = [entry.item_id for entry in consolidation.entries(ids) if entry.state == WAITING]
        if waiting:
            move(waiting, state, turn="central", frm=(WAITING,))
            follow(waiting, "return_letter")


@command("determination.make")
def cancel(draft_id: UUID) -> None:
    """Give a draft up; its items can be determined by another."""
    draft = _locked(draft_id, (*EDITABLE, "approved"))
    _give_back(draft)
    for kind in ("determination.draft", "determination.approval"):
        cases.settle_all(kind, draft.id)
    draft.state = "cancelled"
    record("determination.cancelled", draft.id)


@command("determination.make")
def issue(draft_id: UUID, number: str, dated_on: date) -> Determination:
    """Record an approved draft as signed, under its number and day; its letter is made from it.

    Source: PP 61/2010 Ps 4; SOP 01/SOP-PPID baris 5 and 6.
    """
    draft = _locked(draft_id, ("approved",))
    letter = Letter(number, draft.title, draft.signatory, draft.signatory_position, draft.place, dated_on)
    service.refuse_head(letter)
    if draft.mark != queries.mark(draft):
        raise ConflictError(say("Draf ini berubah sejak disetujui Atasan. Batalkan, lalu kirim yang baru."))
    chosen = _still_waiting(draft)
    about = service.About(draft.kind, draft.tests, draft_id=draft.id)
    made = service.determine(letter, chosen, about)
    draft.state, draft.determination_id = "determined", made.id
    record("determination.letter_asked", made.id)
    return made


def _still_waiting(draft: DeterminationDraft) -> Sequence[Entry]:
    chosen = consolidation.entries(queries.item_ids(draft.id), for_update=True)
    refuse_astray(chosen, (WAITING,))
    return chosen


def _locked(draft_id: UUID, states: Many[str]) -> DeterminationDraft:
    chosen = select(DeterminationDraft).where(DeterminationDraft.id == draft_id).with_for_update()
    found = db.session.execute(chosen.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    if found.state not in states:
        words = say(
            "Draf ini sudah berstatus %(state)s. Muat ulang halaman.", state=DRAFT_STATES[found.state][0]
        )
        raise ConflictError(words)
    return found
