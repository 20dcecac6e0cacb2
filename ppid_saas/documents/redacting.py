"""Copies for the public, the closed parts blacked out: made by one person, looked at and approved by another.

A copy is a document of its own: it has no link and no key of its original, and says of it only its name and version.
To offer it anywhere is the business of other slices, which ask `redaction_queries.approved`.
"""

from uuid import UUID

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from ppid_saas.access.errors import ConflictError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.documents import examining, filing_queries, incoming, queries, redaction_queries, service
from ppid_saas.documents.incoming import Incoming, Taken
from ppid_saas.documents.models import Redaction
from ppid_saas.documents.rules import ATTACHMENT, REDACTED
from ppid_saas.documents.service import Staged, locked
from ppid_saas.events.service import record
from tenants import clock
from tenants.db import db

NOT_AN_ORIGINAL = say("Salinan untuk publik dibuat dari berkas tertutup yang diunggah sendiri.")
HIDES_NOTHING = say(
    "Isi berkas ini sama dengan berkas tertutup “%(name)s”. Tutup dulu bagian yang dikecualikan, lalu unggah hasilnya."
)
NOT_LOOKED = say("Unduh dan baca versi %(n)s dulu, baru setujui.")
NOT_ALONE = say("Salinan disetujui orang lain, bukan yang membuatnya.")
NOT_A_DRAFT = say("Salinan ini sudah disetujui. Muat ulang halaman.")
WITHDRAWN = say("Salinan ini sudah ditarik. Muat ulang halaman.")


def make(original_id: UUID, sent: FileStorage | None) -> UUID:
    """Keep a file as a draft copy of a document's latest version."""
    original = queries.version(original_id)
    if original.kind != ATTACHMENT:
        raise ConflictError(NOT_AN_ORIGINAL)
    coming = _hiding(sent)
    with examining.receiving(REDACTED, coming.name, coming.stream) as staged:
        return _keep(staged, original_id, original.n)


def _hiding(sent: FileStorage | None) -> Incoming:
    coming = incoming.received(sent)
    if name := redaction_queries.closed_with(coming.sha):
        raise incoming.refused(say(HIDES_NOTHING, name=name))
    return coming


@command("document.write")
def _keep(staged: Staged, original_id: UUID, original_n: int) -> UUID:
    locked(original_id)
    document_id, who = service.keep(staged), actor()
    db.session.add(
        Redaction(
            document_id=document_id, original_id=original_id, original_n=original_n, state="draft", made_by=who.person_id,
            made_by_name=who.person_name, made_at=clock.now(),
        )
    )  # fmt: skip
    record("document.copy_made", document_id, {"original": str(original_id), "n": original_n})
    return document_id


def make_again(document_id: UUID, sent: FileStorage | None) -> Taken:
    """Keep a file as the next version of a copy, which is a draft again."""
    filing_queries.changeable(document_id)
    redaction_queries.copy(document_id)
    coming = _hiding(sent)
    if same := filing_queries.same_content(coming.sha, document_id):
        return Taken(document_id, same)
    with examining.receiving(REDACTED, coming.name, coming.stream, document_id=document_id) as staged:
        return Taken(_keep_again(staged))


@command("document.write")
def _keep_again(staged: Staged) -> UUID:
    document_id, who = service.keep(staged), actor()
    found = _row(document_id)
    found.state, found.n, found.note = "draft", None, ""
    found.made_by, found.made_by_name, found.made_at = who.person_id, who.person_name, clock.now()
    found.decided_by, found.decided_by_name, found.decided_at = None, "", None
    record("document.copy_made", document_id, {"original": str(found.original_id), "n": found.original_n})
    return document_id


def _row(document_id: UUID) -> Redaction:
    locked(document_id)
    chosen = select(Redaction).where(Redaction.document_id == document_id).with_for_update()
    found = db.session.execute(chosen.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return found


@command("document.approve")
def approve(document_id: UUID, n: int) -> None:
    """Let a copy be offered to the public, by somebody who did not make it and who has fetched this very version."""
    found, who = _row(document_id), actor()
    if found.state == "approved":
        raise ConflictError(NOT_A_DRAFT)
    if found.made_by == who.person_id:
        raise ConflictError(NOT_ALONE)
    latest = queries.version(document_id).n
    if n != latest or not redaction_queries.was_looked_at(document_id, latest):
        raise ConflictError(say(NOT_LOOKED, n=latest))
    found.state, found.n, found.note = "approved", latest, ""
    found.decided_by, found.decided_by_name, found.decided_at = who.person_id, who.person_name, clock.now()
    record("document.copy_approved", document_id, {"n": latest})


@command("document.withdraw")
def withdraw(document_id: UUID, note: str) -> None:
    """Take a copy back, with the reason: whoever makes copies may, and whoever approves them."""
    found, who = _row(document_id), actor()
    if found.state == "withdrawn":
        raise ConflictError(WITHDRAWN)
    found.state, found.n, found.note = "withdrawn", None, note
    found.decided_by, found.decided_by_name, found.decided_at = who.person_id, who.person_name, clock.now()
    record("document.copy_withdrawn", document_id)
