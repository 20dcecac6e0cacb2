"""Note and withdraw further publications of an edition, with their evidence. Publishing itself is not done here.

Source: SOP 03/SOP-PPID baris 5.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command, query
from ppid_saas.documents import service as documents
from ppid_saas.editions import queries as editions
from ppid_saas.events.service import record
from ppid_saas.reports import rules
from ppid_saas.reports.models import Elsewhere
from tenants import clock, context
from tenants.db import db, new_id


@query("edition.read")
def noted(edition_n: int | None = None) -> Sequence[Elsewhere]:
    """Return where an edition, or any, was made known besides, newest first; withdrawn notes stay visible."""
    chosen = select(Elsewhere).order_by(Elsewhere.published_on.desc(), Elsewhere.id.desc())
    if edition_n is not None:
        chosen = chosen.where(Elsewhere.edition_n == edition_n)
    return db.session.execute(chosen).scalars().all()


@query("edition.read")
def one(edition_n: int, note_id: UUID) -> Elsewhere:
    """Return one note of an edition."""
    found = db.session.get(Elsewhere, (context.tenant_id(), note_id), populate_existing=True)
    if found is None or found.edition_n != edition_n:
        raise NotFoundError
    return found


@command("elsewhere.note")
def note(
    edition_n: int,
    said: Mapping[str, str],
    published_on: date | None,
    photo: documents.Staged | None = None,
) -> Elsewhere:
    """Note that an edition was also made known somewhere: what, where, when, by whom, with link or photograph."""
    editions.edition(edition_n)
    rules.check_elsewhere(said, published_on, clock.today(actor().zone), has_file=photo is not None)
    made = Elsewhere(
        id=new_id(), edition_n=edition_n, medium=said["medium"], place=said["place"], published_on=published_on or date.min,
        published_by=said["published_by"], url=said["url"], document_id=documents.keep(photo) if photo else None,
        noted_by=actor().person_name, noted_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    record("elsewhere.noted", made.id, {"n": edition_n, "medium": made.medium})
    return made


@command("elsewhere.note")
def withdraw(edition_n: int, note_id: UUID, reason: str) -> None:
    """Take a note back; it stays visible with the reason."""
    found, why = one(edition_n, note_id), reason.replace("\x00", "").strip()
    if not why or len(why) > rules.LONGEST:
        message = say("Tulis alasannya, paling banyak 300 huruf.")
        raise InvalidError(message, {"reason": [message]})
    if found.withdrawn_at is not None:
        raise ConflictError(say("Catatan ini sudah ditarik."))
    found.withdrawn_at, found.withdrawn_by, found.withdrawn_why = clock.now(), actor().person_name, why
    record("elsewhere.withdrawn", found.id, {"n": edition_n})
