"""The verbs around the advisory board: a member drafts and gives a view, PPID Utama closes when enough have or the day is over.

The board advises and decides nothing: whatever it says, the item becomes determinable and the views go along.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import counted, say
from ppid_saas.access.verbs import actor, command
from ppid_saas.consequence_tests import board_queries, queries, walking
from ppid_saas.consequence_tests.models import Opinion, Round
from ppid_saas.consequence_tests.rules import AFTER_ADVICE, NEEDS_REASON, VIEWS
from ppid_saas.consolidation.moving import move
from ppid_saas.documents import service as documents
from ppid_saas.events.service import record
from tenants import clock
from tenants.db import db

CLOSED = say("Pertimbangan untuk butir ini sudah ditutup.")


def _locked(round_id: UUID) -> Round:
    chosen = select(Round).where(Round.id == round_id).with_for_update()
    found = db.session.execute(chosen.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    if found.passed_at is None or found.advised_at is not None:
        raise ConflictError(CLOSED)
    return found


@command("opinion.give")
def give(round_id: UUID, item_id: UUID, view: str, reason: str = "") -> None:
    """Give one's view on an item, or change it while the round lies at the board.

    Source: SOP 01/SOP-PPID baris 3; UU 14/2008 Ps 2(4).
    """
    _locked(round_id)
    board_queries.my_item(round_id, item_id)
    if view not in VIEWS:
        raise InvalidError("Pilih pendapat Anda.", {"view": [say("Pilih pendapat Anda.")]})
    if view in NEEDS_REASON and not reason.strip():
        message = say("Tulis alasannya lebih dahulu.")
        raise InvalidError(message, {"reason": [message]})
    _write(round_id, item_id, view, reason.strip(), given=True)
    record("opinion.given", item_id, {"round": str(round_id), "view": view})


@command("opinion.give")
def keep_draft(round_id: UUID, item_id: UUID, view: str, reason: str) -> None:
    """Keep what a member has typed and not given; a view once given is not touched by a draft."""
    _locked(round_id)
    board_queries.my_item(round_id, item_id)
    _write(round_id, item_id, view if view in VIEWS else "", reason, given=False)


def _write(round_id: UUID, item_id: UUID, view: str, reason: str, *, given: bool) -> None:
    who, at = actor(), clock.now()
    row = insert_or_update(Opinion).values(
        round_id=round_id, item_id=item_id, person_id=who.person_id, person_name=who.person_name, view=view,
        reason=reason, saved_at=at, given_at=at if given else None,
    )  # fmt: skip
    key = [Opinion.tenant_id, Opinion.round_id, Opinion.item_id, Opinion.person_id]
    names = ("view", "reason", "saved_at", "given_at", "person_name")
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=key,
            set_={name: row.excluded[name] for name in names},
            where=None if given else Opinion.given_at.is_(None),
        )
    )


@command("test.write")
def close(round_id: UUID, number: str, note: str = "") -> Round:
    """End the board's part: enough views on every item, or its day is over. Items become determinable.

    Source: SOP 01/SOP-PPID baris 3, 4; PP 61/2010 Ps 2.
    """
    made, found = _locked(round_id), board_queries.counted(round_id)
    if not number.strip():
        message = say("Isi nomor lembar pertimbangan.")
        raise InvalidError(message, {"number": [message]})
    short = [one for one in found if not one.tally.is_met]
    if short and not board_queries.is_overdue(round_id):
        raise ConflictError(
            counted("%(num)s butir belum cukup pertimbangannya, dan batas waktu Tim belum lewat.", len(short))
        )
    made.advised_at, made.advice_number, made.advice_note = clock.now(), number.strip(), note.strip()
    due_on = walking.step(walking.case_of(round_id), "close_advice")
    for outcome, state in AFTER_ADVICE.items():
        ids = [one.line.entry.item_id for one in found if one.line.outcome == outcome]
        if ids:
            move(ids, state, turn="central", due_on=due_on, frm=("at_board",))
    data = {"items": len(found), "due_on": due_on and due_on.isoformat()}
    record("board.closed", round_id, data)
    return made


@command("test.write")
def keep_signed(round_id: UUID, signed: documents.Staged) -> None:
    """Keep the signed opinion that came back on paper."""
    made = queries.one(round_id)
    if made.advised_at is None:
        raise ConflictError(say("Tutup pertimbangan lebih dahulu, lalu unggah lembarnya."))
    made.advice_document_id = documents.keep(signed)
    record("board.signed", round_id, {"document": str(made.advice_document_id)})
