"""The unit head's confirmation, where a unit asks for it: an officer requests it, the head confirms what she read or declines."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as insert_or_update

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.events.service import record
from ppid_saas.proofs import digest
from ppid_saas.submissions.models import Submission
from ppid_saas.submissions.prepared import Confirmation, SendingRule
from ppid_saas.submissions.queries import preparing, unit
from ppid_saas.submissions.service import refuse_unfit, send, serialise
from tenants import clock
from tenants.db import db, new_id

CHANGED = say("Daftar ini berubah sejak Anda membukanya. Baca yang berubah, lalu konfirmasi sekali lagi.")
NO_NOTE = say("Tulis apa yang perlu diperbaiki petugas.")


@command("submission.rule")
def set_rule(*, needs_head: bool) -> None:
    """Say whether this unit hands in only what its head confirmed."""
    values = {"needs_head": needs_head, "set_by": actor().person_name, "set_at": clock.now()}
    rule = insert_or_update(SendingRule).values(**values)
    db.session.execute(rule.on_conflict_do_update(index_elements=[SendingRule.tenant_id], set_=values))
    record("submission.rule_set", None, {"needs_head": needs_head})


def fingerprint(handing: unit.Handing) -> str:
    """Return a mark over everything the head reads: the items in order and the files."""
    files = [file.sha_plain for file in preparing.enclosed(handing.collection.id)]
    return digest({"round": handing.round, "items": list(handing.hashes), "files": files})


@command("submission.send")
def ask(collection_id: UUID, round_: int, *, declared: bool) -> Confirmation:
    """Ask the head to confirm a round; asked twice, it is one request."""
    serialise("submission")
    waiting = preparing.confirmation(collection_id, round_)
    if waiting is not None and waiting.answer is None:
        return waiting
    refuse_unfit(unit.handing(collection_id), round_, declared=declared)
    asked = Confirmation(
        id=new_id(), collection_id=collection_id, round=round_, asked_by=actor().person_name, asked_at=clock.now(),
        note="",
    )  # fmt: skip
    db.session.add(asked)
    db.session.flush()
    record("submission.confirmation_asked", asked.id, {"round": round_})
    return asked


@command("submission.send")
def cancel(collection_id: UUID, round_: int) -> None:
    """Take the request back; one already answered stays answered."""
    serialise("submission")
    waiting = preparing.confirmation(collection_id, round_)
    if waiting is not None and waiting.answer is None:
        _close(waiting, "cancelled")


@command("submission.confirm")
def confirm(collection_id: UUID, round_: int, mark: str, *, declared: bool) -> Submission:
    """Confirm and hand in what `mark` was made of; whatever changed since must be read again."""
    serialise("submission")
    for earlier in unit.submissions(collection_id):
        if earlier.submission.round == round_:
            return earlier.submission
    if mark != fingerprint(unit.handing(collection_id, for_update=True)):
        raise ConflictError(CHANGED)
    return send(collection_id, round_, declared=declared)


@command("submission.confirm")
def decline(collection_id: UUID, round_: int, note: str) -> None:
    """Send the list back to the officer with what is to be mended."""
    serialise("submission")
    if not note.strip():
        raise InvalidError(NO_NOTE, {"note": [NO_NOTE]})
    waiting = preparing.confirmation(collection_id, round_)
    if waiting is None or waiting.answer is not None:
        raise NotFoundError
    _close(waiting, "declined", note.strip())
    record("submission.confirmation_declined", waiting.id, {"round": round_})


def _close(waiting: Confirmation, answer: str, note: str = "") -> None:
    waiting.answer, waiting.note = answer, note
    waiting.answered_by, waiting.answered_at = actor().person_name, clock.now()
