"""What a unit prepares before it hands in: files that go along, its head's confirmation, what differs from last time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import distinct_on

from ppid_saas.access.verbs import query
from ppid_saas.documents.models import Document, DocumentVersion
from ppid_saas.events.models import Event
from ppid_saas.register.models import Item
from ppid_saas.submissions.models import Status, Submission, SubmissionFile, SubmissionItem
from ppid_saas.submissions.prepared import Confirmation, Enclosure, SendingRule
from ppid_saas.submissions.queries import unit
from ppid_saas.submissions.queries.withdrawn import is_withdrawn
from tenants import context
from tenants.db import among, db

OPENED = "submission.file_opened"


@dataclass(frozen=True)
class Enclosed:
    """A file that goes along with the next submission."""

    document_id: UUID
    kind: str
    name: str
    media_type: str
    object_id: UUID
    size: int
    sha_plain: str
    sha_cipher: str
    key_reader: bytes
    key_reader_n: int
    created_at: datetime


@dataclass(frozen=True)
class Differences:
    """What changed since the whole register was last handed in, and in which submission that was."""

    earlier: Submission | None
    bodies: dict[UUID, dict[str, Any]]
    removed: Sequence[Row[Any]]


@query("submission.read")
def enclosed(collection_id: UUID) -> list[Enclosed]:
    """Return the files that wait to go along, in the order in which they were added."""
    chosen = (
        select(
            Document.id, Enclosure.kind, Document.name, DocumentVersion.media_type, DocumentVersion.object_id,
            DocumentVersion.size, DocumentVersion.sha_plain, DocumentVersion.sha_cipher, Enclosure.key_reader,
            Enclosure.key_reader_n, Document.created_at,
        )
        .join(Enclosure, Enclosure.document_id == Document.id)
        .join(DocumentVersion, DocumentVersion.document_id == Document.id)
        .where(Enclosure.tenant_id == Document.tenant_id, DocumentVersion.tenant_id == Document.tenant_id)
        .where(Enclosure.collection_id == collection_id, DocumentVersion.n == 1)
        .where(Enclosure.detached_at.is_(None), Enclosure.submission_id.is_(None))
        .order_by(Document.id)
    )  # fmt: skip
    return [Enclosed(*row) for row in db.session.execute(chosen)]


@query("submission.read")
def files_of(submission: Submission) -> Sequence[SubmissionFile]:
    """Return the files that went along with a submission, in order."""
    return received_files(submission) if submission.file_count else ()


def received_files(submission: Submission) -> Sequence[SubmissionFile]:
    """Read them for either side; whoever calls has asked for the permission of his."""
    chosen = select(SubmissionFile).where(
        SubmissionFile.writer_id == submission.writer_id,
        SubmissionFile.reader_id == submission.reader_id,
        SubmissionFile.submission_id == submission.id,
    )
    return db.session.execute(chosen.order_by(SubmissionFile.n)).scalars().all()


@query("submission.read")
def openings(submission: Submission) -> dict[int, Row[Any]]:
    """Return by whom and when each file of a submission was last opened at the central."""
    if not submission.file_count:
        return {}
    chosen = (
        select(Event.actor_name, Event.at, Event.data["n"].as_integer().label("n"))
        .where(Event.tenant_id == submission.reader_id, Event.subject == submission.id, Event.kind == OPENED)
        .order_by(Event.id)
    )
    return {row.n: row for row in db.session.execute(chosen.execution_options(any_readable=True))}


@query("submission.read")
def needs_head() -> bool:
    """Say whether this unit hands in only what its head confirmed."""
    found = db.session.execute(select(SendingRule.needs_head)).scalar_one_or_none()
    return bool(found)


@query("submission.read")
def confirmation(collection_id: UUID, round_: int) -> Confirmation | None:
    """Return the newest request for confirmation of a round, answered or not."""
    chosen = select(Confirmation).where(
        Confirmation.collection_id == collection_id, Confirmation.round == round_
    )
    newest = chosen.order_by(Confirmation.id.desc()).limit(1)
    return db.session.execute(newest.execution_options(populate_existing=True)).scalar_one_or_none()


def asked_by(collection_id: UUID, round_: int) -> str:
    """Return the officer whose request the head is answering, nothing when nobody asked."""
    found = confirmation(collection_id, round_)
    return found.asked_by if found and found.answer is None else ""


@query("submission.read")
def waiting_confirmation() -> Confirmation | None:
    """Return the request that waits for the head, if one does."""
    chosen = select(Confirmation).where(Confirmation.answer.is_(None))
    return db.session.execute(chosen.order_by(Confirmation.id.desc()).limit(1)).scalar_one_or_none()


@query("submission.read")
def differences(handing: unit.Handing) -> Differences:
    """Return the bodies that changed items had, and the items that are no longer there."""
    bodies = _last_bodies([item.id for item in handing.changed])
    earlier = _earlier(handing.collection.id) if handing.is_whole else None
    removed = _removed(earlier, [item.id for item in handing.items]) if earlier else ()
    return Differences(earlier, bodies, removed)


def _last_bodies(ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    if not ids:
        return {}
    chosen = unit.last_handed(SubmissionItem.body).where(among(SubmissionItem.item_id, ids))
    return {row.item_id: row.body for row in db.session.execute(chosen)}


def _earlier(collection_id: UUID) -> Submission | None:
    """Return the newest whole register handed in for another window."""
    chosen = select(Submission).where(
        Submission.writer_id == context.tenant_id(), Submission.reader_id == unit.recipient(),
        Submission.collection_id != collection_id, Submission.is_whole, ~is_withdrawn(),
    )  # fmt: skip
    return db.session.execute(chosen.order_by(Submission.id.desc()).limit(1)).scalar_one_or_none()


def _removed(earlier: Submission, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Return what the earlier register held and the unit has taken out since, with the central's newest word on it."""
    newest = (
        select(Status.item_id, Status.state)
        .where(Status.writer_id == earlier.reader_id, Status.reader_id == context.tenant_id())
        .ext(distinct_on(Status.item_id))
        .order_by(Status.item_id, Status.n.desc())
        .subquery()
    )
    chosen = (
        select(SubmissionItem.item_id, SubmissionItem.body["title"].astext.label("title"), newest.c.state, Item.ref)
        .outerjoin(newest, newest.c.item_id == SubmissionItem.item_id)
        .join(Item, (Item.tenant_id == SubmissionItem.writer_id) & (Item.id == SubmissionItem.item_id))
        .where(SubmissionItem.writer_id == context.tenant_id(), SubmissionItem.submission_id == earlier.id)
        .where(SubmissionItem.reader_id == earlier.reader_id, SubmissionItem.item_id.not_in(ids))
        .order_by(SubmissionItem.position)
    )  # fmt: skip
    return db.session.execute(chosen).all()
