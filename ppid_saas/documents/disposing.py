"""Destroy a document for good: one person asks, another decides, and what it was stays written down.

Source: UU 43/2009 Ps 51 ayat (2): nothing whose years are not over, nothing that another law or a case needs. Slices
that know why a document must stay say so through `keeps`; without anybody to ask nothing is destroyed.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy import select

from ppid_saas.access.errors import ConflictError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command, query
from ppid_saas.documents import disposal_queries, filing_queries, redaction_queries
from ppid_saas.documents.filing_queries import Kept
from ppid_saas.documents.models import Disposal, DocumentVersion
from ppid_saas.documents.rules import OWN_KINDS
from ppid_saas.documents.service import locked
from ppid_saas.events.service import record
from ppid_saas.storage import service as storage
from ppid_saas.web.formats import said_date
from tenants import clock
from tenants.db import db, new_id

Keeper = Callable[[UUID], Iterable[str]]
KEEPERS: list[Keeper] = []

USED_ELSEWHERE = say("Berkas ini bukti impor, surat, atau pengajuan, jadi tidak dapat dimusnahkan di sini.")
PERMANENT = say("Menurut masa simpannya, berkas ini disimpan permanen.")
NOT_OVER = say("Masa simpannya belum selesai: sampai %(day)s.")
IN_DISPUTE = say("Sengketa %(number)s belum selesai.")
OFFERED = say("Salinan ini masih disetujui untuk publik. Tarik dulu persetujuannya.")
STILL_ASKED = say("Pemusnahan berkas ini sudah diusulkan dan menunggu keputusan.")
NOT_ASKED = say("Usul ini sudah diputuskan atau dibatalkan. Muat ulang halaman.")
NOT_ALONE = say("Pemusnahan disetujui orang lain, bukan yang mengusulkannya.")


def keeps(keeper: Keeper) -> Keeper:
    """Register what tells, in words, why a document must stay."""
    KEEPERS.append(keeper)
    return keeper


@query("document.read")
def reasons_to_stay(document_id: UUID) -> list[str]:
    """Return why a document may not be destroyed now, each with what stands in the way; empty when it may."""
    if not KEEPERS:
        raise RuntimeError("nobody was registered who knows what documents are needed for")
    found = filing_queries.kept(document_id)
    return [*_own_reasons(found), *(reason for keeper in KEEPERS for reason in keeper(document_id))]


def _own_reasons(found: Kept) -> Iterable[str]:
    if found.kind not in OWN_KINDS:
        yield USED_ELSEWHERE
    if found.fate == "permanent":
        yield PERMANENT
    if found.until is not None and clock.today(actor().zone) <= found.until:
        yield say(NOT_OVER, day=said_date(found.until))
    for hold in filing_queries.holds(found.document_id):
        if hold.ended_at is None:
            yield say(IN_DISPUTE, number=hold.number)
    if redaction_queries.is_approved(found.document_id):
        yield OFFERED


def _refuse_needed(document_id: UUID) -> None:
    reasons = reasons_to_stay(document_id)
    if reasons:
        raise ConflictError(reasons[0])


@command("document.dispose")
def ask(document_id: UUID, reason: str) -> UUID:
    """Propose that a document be destroyed."""
    found = locked(document_id)
    _refuse_needed(document_id)
    if disposal_queries.asked(document_id) is not None:
        raise ConflictError(STILL_ASKED)
    who = actor()
    made = Disposal(
        id=new_id(), document_id=document_id, name=found.name, reason=reason, state="asked", asked_at=clock.now(),
        asked_by=who.person_id, asked_by_name=who.person_name, versions=_told(document_id),
    )  # fmt: skip
    db.session.add(made)
    record("document.disposal_asked", document_id, {"disposal": str(made.id)})
    return made.id


def _told(document_id: UUID) -> list[dict[str, object]]:
    """Return what is remembered of each version, without anything that opens it."""
    return [
        {"n": one.n, "name": one.name, "size": one.size, "sha256": one.sha_plain, "stored_at": one.created_at.isoformat()}
        for one in filing_queries.versions(document_id)
    ]  # fmt: skip


def _decided(document_id: UUID, state: str) -> Disposal:
    """Close what was proposed, by the acting person; it is closed once."""
    locked(document_id)
    found = disposal_queries.asked(document_id)
    if found is None:
        raise ConflictError(NOT_ASKED)
    who = actor()
    found.state, found.decided_at = state, clock.now()
    found.decided_by, found.decided_by_name = who.person_id, who.person_name
    return found


@command("document.dispose")
def withdraw(document_id: UUID) -> None:
    """Take the proposal back."""
    record(
        "document.disposal_withdrawn", document_id, {"disposal": str(_decided(document_id, "withdrawn").id)}
    )


@command("document.approve")
def refuse(document_id: UUID, note: str) -> None:
    """Keep the document, and say why."""
    found = _decided(document_id, "refused")
    found.note = note
    record("document.disposal_refused", document_id, {"disposal": str(found.id)})


@command("document.approve")
def destroy(document_id: UUID, minutes: str) -> None:
    """Destroy what somebody else proposed: keys go now, objects when this has committed, and nothing brings them back.

    The bytes stay counted until the store has let them go. Name, size and hash of each version are kept for ever.
    """
    document = locked(document_id)
    _refuse_needed(document_id)
    found = _decided(document_id, "done")
    if found.asked_by == found.decided_by:
        raise ConflictError(NOT_ALONE)
    found.minutes, found.versions = minutes, _told(document_id)
    document.destroyed_at = found.decided_at
    chosen = select(DocumentVersion).where(DocumentVersion.document_id == document_id)
    holds = [_give_up(version) for version in db.session.execute(chosen).scalars()]
    record(
        "document.destroyed", document_id, {"disposal": str(found.id), "holds": [str(one) for one in holds]}
    )


def _give_up(version: DocumentVersion) -> UUID:
    version.key = b""
    return storage.refund(version.object_id, version.bucket, "disposal")
