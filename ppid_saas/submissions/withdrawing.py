"""The verb by which a unit takes a submission back, as long as the central has not begun. What was sent stays on record."""

from uuid import UUID

from sqlalchemy import update

from ppid_saas.access.errors import ConflictError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.cases import service as cases
from ppid_saas.events.service import record
from ppid_saas.register.service import mark_open
from ppid_saas.submissions.models import Withdrawal
from ppid_saas.submissions.prepared import Enclosure
from ppid_saas.submissions.queries import unit
from ppid_saas.submissions.service import SUBMISSION_DUE, serialise, serialise_both
from tenants import clock
from tenants.db import db

BEGUN = say("PPID Utama sudah mulai memeriksa, jadi pengajuan ini tidak dapat ditarik. Tunggu hasilnya.")


@command("submission.send")
def withdraw(submission_id: UUID, reason: str = "") -> unit.Handed:
    """Take a submission back and open its items again; one already taken back stays as it is."""
    serialise("submission")
    serialise_both(submission_id)
    handed = unit.submission(submission_id)
    if handed.withdrawal:
        return handed
    if unit.is_begun(submission_id):
        raise ConflictError(BEGUN)
    sent = handed.submission
    taken_back = Withdrawal(
        reader_id=sent.reader_id, submission_id=sent.id, reason=reason.strip(), withdrawn_by=actor().person_name,
        withdrawn_at=clock.now(),
    )  # fmt: skip
    db.session.add(taken_back)
    items = [row.item_id for row in unit.handed_items(submission_id)]
    mark_open(items, "draft" if sent.is_whole else "returned")
    db.session.execute(update(Enclosure).where(Enclosure.submission_id == sent.id).values(submission_id=None))
    window = handed.collection
    if sent.is_whole:
        cases.owe_until(SUBMISSION_DUE, window.id, window.due_on, window.title, window.opens_on)
    record("submission.withdrawn", sent.id, {"items": sent.item_count}, reader=sent.reader_id)
    return unit.submission(submission_id)
