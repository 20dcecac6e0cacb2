"""Effects of editions: make the files of a prepared one; tell the units of a published one."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any
from uuid import UUID

from ppid_saas.access.sayings import say
from ppid_saas.editions import files, queries, service
from ppid_saas.events import queries as jobs
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.events.service import progress
from ppid_saas.proofs import digest
from ppid_saas.publication import queries as published
from ppid_saas.storage.fixity import opens
from ppid_saas.storage.stocktaking import holds
from tenants import context, vault
from tenants.quota import QuotaExceededError

RENDER_SECONDS = 600


class _StoppedError(Exception):
    """Someone asked the job to stop."""


@handles("edition.prepared", "editions.render", transactional=False, seconds=RENDER_SECONDS, watched=True)
def render(event: Event) -> None:
    """Make and store the files of a draft. After a crash it begins anew; what it had stored is swept with its room."""
    if event.subject is None:
        return
    if queries.draft(event.subject).state != "rendering":
        _tell_late(event.subject)
        return
    with _kept_or_abandoned() as stored:
        try:
            made = _store_each(event.subject, stored)
        except QuotaExceededError as error:
            _give_up(event.subject, "failed", error.message)
            return
        except _StoppedError:
            _give_up(event.subject, "cancelled", "")
            return
        service.keep_files(event.subject, made, stored)
        done = list(stored)
        stored.clear()
    _tell(event.subject, "done", say("Berkas siap"), len(done))


@holds
def objects() -> Iterable[tuple[UUID, int]]:
    """Return object and size of every file of a prepared edition and of those that are published."""
    return queries.stored_objects()


@opens
def opened(object_id: UUID) -> IO[bytes] | None:
    """Open the file of an edition, prepared or published, that an object is."""
    found = queries.stored_object(object_id)
    return vault.open_public(context.tenant_id(), object_id, size=found[0], sha=found[1]) if found else None


@handles("edition.published", "editions.settle")
def settle(event: Event) -> None:
    """Tell the units whose items are in force now, and whose are not any more."""
    if event.subject is not None:
        service.settle(event.subject)


@handles("edition.retracted", "editions.settle_retracted")
def settle_retracted(_: Event) -> None:
    """Tell the units whose items a recalled edition took with it."""
    service.settle_absent()


@handles("determination.revoked", "editions.withdraw_revoked")
def withdraw_revoked(event: Event) -> None:
    """Take what a decision revoked out of the live list; its page stays, and says by which decision."""
    if event.subject is not None:
        service.withdraw_revoked(event.subject, [UUID(one) for one in event.data["items"]])


@contextmanager
def _kept_or_abandoned() -> Iterator[list[vault.Stored]]:
    """Collect uploads; whatever is still in the list at the end was not kept, and is taken back."""
    stored: list[vault.Stored] = []
    try:
        yield stored
    finally:
        for file in stored:
            vault.abandon(file.reservation)


def _store_each(draft_id: UUID, stored: list[vault.Stored]) -> list[dict[str, Any]]:
    draft = queries.draft(draft_id)
    content, sha256, made_files = queries.rebuilt(draft), draft.sha256, []
    if digest(content) != sha256:
        raise ValueError("draft and hash differ")
    for rendered in files.render(_region(), content, sha256):
        if not _tell(
            draft_id, "running", say("Membuat berkas %(format)s", format=rendered.format.upper()), len(stored)
        ):
            raise _StoppedError
        file = vault.put_public(rendered.data, media_type=rendered.media_type)
        stored.append(file)
        made_files.append(files.manifest(rendered, file.object_id, file.sha_plain))
    return made_files


def _region() -> str:
    row = published.list_of(context.tenant_id())
    return str(row.region_name) if row else ""


def _tell(draft_id: UUID, state: str, step: str, done: int, error: str = "") -> bool:
    draft = queries.draft(draft_id)
    if draft.job_id is None:
        return True
    total = files.count([row["body"] for row in draft.items])
    return progress(draft.job_id, state=state, step=step, done=done, total=total, error=error)


def _tell_late(draft_id: UUID) -> None:
    """Tell what became of a draft whose worker died between keeping the files and saying so."""
    draft = queries.draft(draft_id)
    if draft.job_id is None or jobs.job(draft.job_id).finished_at is not None:
        return
    if draft.state == "failed":
        _tell(draft_id, "failed", say("Berkas tidak disimpan"), 0)
    else:
        _tell(draft_id, "done", say("Berkas siap"), len(draft.files))


def _give_up(draft_id: UUID, state: str, reason: str) -> None:
    service.mark_failed(draft_id)
    _tell(draft_id, state, say("Berkas tidak disimpan"), 0, reason)
